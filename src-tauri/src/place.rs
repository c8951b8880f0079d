//! Where the window was and how large, and how far its content was zoomed: remembered in a small file, so that it opens as it
//! was left. A monitor that has gone takes nothing with it.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tauri::{Monitor, PhysicalPosition, PhysicalSize, WebviewWindow};

/// File below the state folder.
const FILE: &str = "window.json";
/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 16 * 1024;
/// So much of the window's upper edge must be on a monitor to be taken hold of, in pixels.
const GRIP: (i64, i64) = (120, 40);
/// Limits of the zoom: 320 pixels wide content must still fit, and so must a few words on a small screen.
const ZOOM: (f64, f64) = (0.5, 3.0);
/// One step of the zoom.
const ZOOM_STEP: f64 = 1.1;

/// A rectangle in pixels of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Area {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// What is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Left {
    area: Option<Area>,
    maximized: bool,
    zoom: Option<f64>,
}

/// The memory of the window's place.
#[derive(Debug, Default)]
pub(crate) struct Place {
    file: Option<PathBuf>,
    left: Mutex<Left>,
}

impl Place {
    /// Reads the file; one that is missing, too large or damaged is as none.
    pub(crate) fn in_folder(folder: Option<PathBuf>) -> Self {
        let file = folder.map(|folder| folder.join(FILE));
        let read = |file: &PathBuf| {
            let small = std::fs::metadata(file).is_ok_and(|file| file.len() <= MAX_FILE);
            let text = small.then(|| std::fs::read_to_string(file).ok()).flatten()?;
            serde_json::from_str(&text).ok()
        };
        let left = file.as_ref().and_then(read).unwrap_or_default();
        Self { file, left: Mutex::new(left) }
    }

    /// Puts a window that is not shown yet where the last one was, as far as the monitors of today let it.
    pub(crate) fn restore(&self, window: &WebviewWindow) {
        let left = *self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let monitors: Vec<Area> = window.available_monitors().unwrap_or_default().iter().map(area_of).collect();
        if let Some(area) = left.area.and_then(|area| fitted(area, &monitors)) {
            let _ = window.set_size(PhysicalSize::new(area.width, area.height));
            let _ = window.set_position(PhysicalPosition::new(area.x, area.y));
        }
        if left.maximized {
            let _ = window.maximize();
        }
        if let Some(zoom) = left.zoom {
            let _ = window.set_zoom(zoom.clamp(ZOOM.0, ZOOM.1));
        }
    }

    /// Takes note of where the window is now. A maximised or minimised one keeps the place that it goes back to.
    pub(crate) fn note(&self, window: &WebviewWindow) {
        let (Ok(position), Ok(size)) = (window.outer_position(), window.inner_size()) else { return };
        let maximized = window.is_maximized().unwrap_or(false);
        let minimized = window.is_minimized().unwrap_or(false);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.maximized = maximized;
        if !maximized && !minimized && size.width > 0 && size.height > 0 {
            left.area = Some(Area { x: position.x, y: position.y, width: size.width, height: size.height });
        }
    }

    /// Writes what was noted. Where that cannot be (a full disk, a home that is read-only) the window opens at its first
    /// place again; nothing else depends on it.
    pub(crate) fn keep(&self) {
        let left = *self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(file), Ok(text)) = (&self.file, serde_json::to_vec(&left)) {
            let _ = inbox_engine::replace_file(file, &text);
        }
    }

    /// The zoom after a step: larger for `Some(true)`, smaller for `Some(false)`, as it was made for `None`.
    pub(crate) fn zoomed(&self, larger: Option<bool>) -> f64 {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let now = left.zoom.unwrap_or(1.0);
        let next = match larger {
            Some(true) => now * ZOOM_STEP,
            Some(false) => now / ZOOM_STEP,
            None => 1.0,
        }
        .clamp(ZOOM.0, ZOOM.1);
        left.zoom = Some(next);
        next
    }
}

fn area_of(monitor: &Monitor) -> Area {
    let (position, size) = (monitor.position(), monitor.size());
    Area { x: position.x, y: position.y, width: size.width, height: size.height }
}

/// An area that a person can reach: as it was where a monitor still shows its upper edge, else in the middle of the first
/// monitor; never larger than its monitor. `None` without monitors.
fn fitted(area: Area, monitors: &[Area]) -> Option<Area> {
    let seen = monitors.iter().find(|monitor| holds_grip(area, **monitor));
    let monitor = seen.or(monitors.first())?;
    let width = area.width.clamp(1, monitor.width.max(1));
    let height = area.height.clamp(1, monitor.height.max(1));
    let middle = |start: i32, room: u32, length: u32| {
        start.saturating_add(i32::try_from(room.saturating_sub(length) / 2).unwrap_or_default())
    };
    let (x, y) = match seen {
        Some(_) => (area.x, area.y),
        None => (middle(monitor.x, monitor.width, width), middle(monitor.y, monitor.height, height)),
    };
    Some(Area { x, y, width, height })
}

/// Whether enough of the window's upper edge lies on a monitor.
fn holds_grip(area: Area, monitor: Area) -> bool {
    let range = |start: i32, length: u32| (i64::from(start), i64::from(start) + i64::from(length));
    let overlap = |a: (i64, i64), b: (i64, i64)| a.1.min(b.1) - a.0.max(b.0);
    let across = overlap(range(area.x, area.width), range(monitor.x, monitor.width));
    let down = overlap((i64::from(area.y), i64::from(area.y) + GRIP.1), range(monitor.y, monitor.height));
    across >= GRIP.0.min(i64::from(area.width)) && down >= GRIP.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: Area = Area { x: 0, y: 0, width: 1920, height: 1080 };
    const SECOND: Area = Area { x: 1920, y: -200, width: 2560, height: 1440 };

    fn at(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area { x, y, width, height }
    }

    #[test]
    fn a_window_comes_back_where_it_was() {
        let area = at(2400, 100, 960, 720);
        assert_eq!(fitted(area, &[LAPTOP, SECOND]), Some(area));
    }

    #[test]
    fn a_window_of_a_monitor_that_has_gone_comes_to_the_middle_of_the_first() {
        assert_eq!(fitted(at(2400, 100, 960, 720), &[LAPTOP]), Some(at(480, 180, 960, 720)));
        assert_eq!(fitted(at(2400, 100, 2500, 1400), &[LAPTOP]), Some(LAPTOP), "and is no larger than it");
    }

    #[test]
    fn a_window_whose_edge_cannot_be_reached_comes_back() {
        for lost in
            [at(100, -300, 960, 720), at(-950, 0, 960, 720), at(100, 1079, 960, 720), at(i32::MAX, i32::MIN, 1, 1)]
        {
            let found = fitted(lost, &[LAPTOP]).unwrap();
            assert!(holds_grip(found, LAPTOP), "{lost:?} -> {found:?}");
        }
    }

    #[test]
    fn without_monitors_nothing_is_moved() {
        assert_eq!(fitted(at(0, 0, 960, 720), &[]), None);
    }

    #[test]
    fn a_damaged_file_is_as_none_and_the_zoom_stays_within_its_limits() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{\"area\":{\"x\":1").unwrap();
        let place = Place::in_folder(Some(folder.path().to_owned()));
        assert_eq!(place.left.lock().unwrap().area, None);
        for _ in 0..50 {
            place.zoomed(Some(true));
        }
        assert!((place.zoomed(Some(true)) - ZOOM.1).abs() < 1e-9);
        place.keep();
        let again = Place::in_folder(Some(folder.path().to_owned()));
        assert!((again.left.lock().unwrap().zoom.unwrap() - ZOOM.1).abs() < 1e-9);
        assert!((again.zoomed(None) - 1.0).abs() < 1e-9);
    }
}
