//! Whether a browser can be opened here: without one no sign-in begins.

use std::{path::Path, process::Stdio, time::Duration};

use inbox_model::{Facts, Failure, FailureKind, Operation};

use crate::Recorder;

/// A desktop answers this question from a file.
const LIMIT: Duration = Duration::from_secs(3);
/// What opens an address on Linux and its relatives.
const OPENERS: &[&str] = &["xdg-open", "gio", "gnome-open", "kde-open", "wslview"];
/// Browsers by their commands, for desktops that do not tell which one is set.
const BROWSERS: &[&str] = &[
    "firefox",
    "firefox-esr",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "brave-browser",
    "vivaldi",
    "opera",
    "epiphany",
    "falkon",
    "konqueror",
];

/// Looks for the browser that a sign-in would open and records it as `browser`. `command` is the one that was asked for.
pub(crate) async fn look_for_browser(command: Option<&str>, recorder: &Recorder) {
    let pending = recorder.begin("browser", Operation::Authorize, "");
    let (found, how) = match command.map(str::trim).filter(|command| !command.is_empty()) {
        Some(command) => {
            let program = command.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
            (is_there(program), "command")
        }
        None => (system_has_one().await, "system"),
    };
    if found {
        pending.passed(Facts::from_iter([("opens".to_owned(), how.into())]));
    } else {
        pending.failed(Failure::of(FailureKind::BrowserNotOpened).with_detail(how));
    }
}

async fn system_has_one() -> bool {
    // Windows and macOS come with one, and always know which.
    if !cfg!(all(unix, not(target_os = "macos"))) || is_there("wslview") {
        return true;
    }
    if !OPENERS.iter().any(|program| is_there(program)) {
        return false;
    }
    default_is_set().await || BROWSERS.iter().any(|program| is_there(program))
}

/// Whether the desktop names a default (<https://portland.freedesktop.org/doc/xdg-settings.html>).
async fn default_is_set() -> bool {
    let asked = tokio::process::Command::new("xdg-settings")
        .args(["get", "default-web-browser"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    match tokio::time::timeout(LIMIT, asked).await {
        Ok(Ok(output)) => output.status.success() && !output.stdout.trim_ascii().is_empty(),
        _ => false,
    }
}

/// Whether a program is there, by its path or in `PATH`.
fn is_there(program: &str) -> bool {
    if program.contains(['/', '\\']) {
        return Path::new(program).is_file();
    }
    let suffixes: &[&str] = if cfg!(windows) { &["", ".exe", ".cmd", ".bat"] } else { &[""] };
    let path = std::env::var_os("PATH").unwrap_or_default();
    !program.is_empty()
        && std::env::split_paths(&path)
            .any(|folder| suffixes.iter().any(|suffix| folder.join(format!("{program}{suffix}")).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_is_not_there_opens_nothing() {
        let recorder = Recorder::default();
        look_for_browser(Some("no-such-browser-here %s"), &recorder).await;
        look_for_browser(Some("cargo --version"), &recorder).await;
        let all = recorder.observations();
        assert!(matches!(&all[0].outcome,
            inbox_model::Outcome::Failed { failure } if failure.kind == FailureKind::BrowserNotOpened));
        assert!(matches!(&all[1].outcome, inbox_model::Outcome::Passed { .. }));
    }
}
