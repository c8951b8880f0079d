//! The two programs, built for Windows.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};

use super::toolchain::{self, TARGET, Toolchain};
use crate::dist::stamp::Stamp;
use crate::{app, children, ui};

/// Both from nothing on two slow cores that others use, too.
const BUILD_LIMIT: Duration = Duration::from_secs(90 * 60);
const PROFILE: &str = "windows";

/// What was built.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) command_line: PathBuf,
    pub(super) window: PathBuf,
    /// The part of WebView2 that finds the runtime; the window does not start without it.
    pub(super) web_view_loader: PathBuf,
}

/// Builds them.
pub(super) fn build(toolchain: &Toolchain, stamp: &Stamp) -> Result<Built> {
    // The window embeds it.
    ui::build()?;
    let mut command = toolchain.cargo();
    command.args(["build", "--locked", "--profile", PROFILE, "--target", TARGET, "--target-dir"]);
    command.arg(toolchain::folder());
    command.args(["-p", "inbox-doctor", "-p", "inbox-doctor-desktop", "--features", app::WINDOW_FEATURES]);
    command.env("INBOX_DOCTOR_BUILD", stamp.build()).env("SOURCE_DATE_EPOCH", stamp.epoch.to_string());
    children::run(&mut command, BUILD_LIMIT)?;
    let folder = toolchain::folder().join(TARGET).join(PROFILE);
    let built = Built {
        command_line: folder.join("inbox-doctor.exe"),
        window: folder.join("inbox-doctor-desktop.exe"),
        web_view_loader: folder.join("WebView2Loader.dll"),
    };
    for file in [&built.command_line, &built.window, &built.web_view_loader] {
        if !file.is_file() {
            bail!("{} was not built", file.display());
        }
    }
    Ok(built)
}
