//! Start of the window until its first field takes text, and the memory of all its processes, against an empty Tauri
//! window of the same profile. Both run under WebKitWebDriver on a screen of their own; what the driver costs is in both.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use super::driver::{Driver, free_port};
use super::{Ratio, median, milliseconds};
use crate::{children::Running, place};

const RUNS: usize = 7;
const BUDGET: f64 = 1.25;
/// A debug build on a busy computer.
const USABLE: Duration = Duration::from_secs(30);
/// Memory is read when the web process has settled.
const SETTLE: Duration = Duration::from_secs(2);

/// Measures both alternately, the first run of each left out.
pub(super) fn measure(folder: &str) -> Result<Vec<Ratio>> {
    let home = place::target().join("bench-home");
    let programs = [place::program(folder, "inbox-doctor-desktop"), place::program(folder, "empty-window")];
    let mut times = [Vec::new(), Vec::new()];
    let mut memories = [Vec::new(), Vec::new()];
    for run in 0..=RUNS {
        for ((program, times), memories) in programs.iter().zip(&mut times).zip(&mut memories) {
            let (time, memory) = once(program, &home)?;
            if run > 0 {
                times.push(time);
                memories.push(memory);
            }
        }
    }
    let [our_times, empty_times] = times;
    let [our_memories, empty_memories] = memories;
    Ok(vec![
        Ratio {
            name: "window usable / an empty Tauri window",
            ours: median(our_times),
            against: median(empty_times),
            unit: "ms",
            budget: BUDGET,
        },
        Ratio {
            name: "memory of all its processes (PSS) / the empty one's",
            ours: median(our_memories),
            against: median(empty_memories),
            unit: "MB",
            budget: BUDGET,
        },
    ])
}

/// One start: milliseconds until usable, and megabytes.
fn once(program: &Path, home: &Path) -> Result<(f64, f64)> {
    let run = home.join("run");
    fs::create_dir_all(&run)?;
    #[cfg(unix)]
    fs::set_permissions(&run, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let port = free_port()?;
    let mut command = Command::new("xvfb-run");
    command
        .args(["-a", "-s", "-screen 0 1280x900x24 -nolisten tcp", "dbus-run-session", "--", "WebKitWebDriver"])
        .arg(format!("--port={port}"))
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", &run)
        // Without it the driver waits for ever for its window.
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let driver_process = Running::start(&mut command)?;
    Driver::wait_for(port, USABLE)?;
    let begun = Instant::now();
    let driver = Driver::open(port, &json!({"webkitgtk:browserOptions": {"binary": program, "args": []}}))?;
    while !driver.has("[data-testid=\"address-input\"]:enabled")? {
        if begun.elapsed() > USABLE {
            bail!("{} was not usable within {USABLE:?}", program.display());
        }
    }
    let time = milliseconds(begun.elapsed());
    std::thread::sleep(SETTLE);
    let memory = memory(program)?;
    driver.close();
    drop(driver_process);
    Ok((time, memory))
}

/// Proportional set size of a program and all its descendants, in megabytes (Linux, proc(5), `smaps_rollup`).
fn memory(program: &Path) -> Result<f64> {
    let mut parents = BTreeMap::new();
    let mut ours = Vec::new();
    for entry in fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == program) {
            ours.push(id);
        }
        // A process that has just ended is none.
        let Ok(status) = fs::read_to_string(entry.path().join("status")) else { continue };
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse::<u32>().ok());
        parents.insert(id, parent.unwrap_or(0));
    }
    let root = *ours.first().with_context(|| format!("{} does not run", program.display()))?;
    let belongs = |mut id: u32| loop {
        if id == root {
            return true;
        }
        match parents.get(&id) {
            Some(parent) if *parent != 0 => id = *parent,
            _ => return false,
        }
    };
    let mut kilobytes = 0;
    for id in parents.keys().copied().filter(|id| belongs(*id)) {
        let Ok(rollup) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else { continue };
        kilobytes += rollup
            .lines()
            .find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix("kB")?.trim().parse::<u32>().ok())
            .unwrap_or(0);
    }
    Ok(f64::from(kilobytes) / 1024.0)
}
