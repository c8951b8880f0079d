//! What the program tells the window by itself: menu items, report files opened outside, faults.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::call::News;
use crate::error::{HostError, HostErrorCode};

/// Most that is kept for a window that does not listen yet.
const MOST_WAITING: usize = 16;

/// What a menu item asks for, as `MENU_EVENTS` in `ui/src/api/events.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MenuItem {
    /// An empty start.
    NewCheck,
    /// A report file to open.
    OpenReport,
    /// The report on the screen as a file.
    SaveReport,
    /// The page that explains a text.
    Explain,
    /// The technician's table.
    Desk,
    /// The settings.
    Settings,
    /// About the program.
    About,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// As it was made.
    ZoomReset,
    /// The end.
    Quit,
}

impl MenuItem {
    /// Every item.
    pub const ALL: [Self; 11] = [
        Self::NewCheck,
        Self::OpenReport,
        Self::SaveReport,
        Self::Explain,
        Self::Desk,
        Self::Settings,
        Self::About,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::Quit,
    ];

    /// Its name, which is also the id of the menu item.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NewCheck => "new-check",
            Self::OpenReport => "open-report",
            Self::SaveReport => "save-report",
            Self::Explain => "explain",
            Self::Desk => "desk",
            Self::Settings => "settings",
            Self::About => "about",
            Self::ZoomIn => "zoom-in",
            Self::ZoomOut => "zoom-out",
            Self::ZoomReset => "zoom-reset",
            Self::Quit => "quit",
        }
    }
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Told {
    /// A menu item was chosen.
    Menu {
        /// Which.
        item: MenuItem,
    },
    /// A report file was opened outside.
    Report(ReportFile),
    /// Something outside a command went wrong.
    Fault {
        /// What.
        error: HostError,
    },
}

/// A report file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportFile {
    /// File name without folder.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
}

impl ReportFile {
    /// Reads a file that is no larger than a report can be.
    pub(crate) fn read(path: &Path) -> Result<Self, HostError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let failed = |reason: &dyn std::fmt::Display| HostErrorCode::NotAReport.with(format!("{name}: {reason}"));
        let file = std::fs::metadata(path).map_err(|error| failed(&error))?;
        if !file.is_file() {
            return Err(failed(&"this is no file"));
        }
        if file.len() > inbox_engine::MAX_TEXT as u64 {
            return Err(HostErrorCode::TooLong.with(format!("{name}: {} bytes", file.len())));
        }
        let bytes = std::fs::read(path).map_err(|error| failed(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| failed(&"this is no text in UTF-8"))?;
        Ok(Self { name, text })
    }
}

/// Where news goes: to the window that listens, or into a short queue until one does.
#[derive(Clone, Default)]
pub(crate) struct Ear(Arc<Mutex<Hearing>>);

#[derive(Default)]
struct Hearing {
    listener: Option<News>,
    waiting: Vec<Told>,
}

impl Ear {
    /// From now on news goes to this listener; what waited goes first.
    pub(crate) fn listen(&self, listener: News) {
        let mut hearing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for told in hearing.waiting.drain(..) {
            say(&listener, &told);
        }
        hearing.listener = Some(listener);
    }

    /// Tells.
    pub(crate) fn tell(&self, told: Told) {
        let mut hearing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &hearing.listener {
            Some(listener) => say(listener, &told),
            None if hearing.waiting.len() < MOST_WAITING => hearing.waiting.push(told),
            None => {}
        }
    }
}

fn say(listener: &News, told: &Told) {
    if let Ok(value) = serde_json::to_value(told) {
        listener(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_before_the_window_listens_waits_for_it() {
        let ear = Ear::default();
        ear.tell(Told::Menu { item: MenuItem::Settings });
        let heard = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&heard);
        ear.listen(Arc::new(move |value| into.lock().unwrap().push(value.to_string())));
        ear.tell(Told::Fault { error: HostErrorCode::NotAReport.with("x") });
        assert_eq!(
            *heard.lock().unwrap(),
            [
                r#"{"event":"menu","item":"settings"}"#,
                r#"{"event":"fault","error":{"code":"not-a-report","detail":"x"}}"#
            ]
        );
    }

    #[test]
    fn an_item_has_one_name_everywhere() {
        for item in MenuItem::ALL {
            assert_eq!(serde_json::to_value(item).unwrap(), item.id());
        }
    }

    #[test]
    fn a_file_that_is_no_text_or_no_file_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.inboxdoctor");
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        let error = ReportFile::read(&path).unwrap_err();
        assert_eq!(error.code, HostErrorCode::NotAReport);
        assert!(error.detail.starts_with("a.inboxdoctor: "), "{}", error.detail);
        assert!(ReportFile::read(folder.path()).is_err());
        assert!(ReportFile::read(&folder.path().join("missing")).is_err());
    }
}
