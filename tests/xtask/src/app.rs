//! Building the programs.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Result;

use crate::{children, place};

/// A clean build on two slow cores.
const BUILD_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Far above what thousands of texts take.
const EVAL_LIMIT: Duration = Duration::from_secs(600);

/// `--features` that make the window load the embedded user interface in place of a development server.
pub(crate) const WINDOW_FEATURES: &str = "inbox-doctor-desktop/custom-protocol";

/// Cargo, as it was when it started us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root());
    // Set by cargo for us; a nested cargo must find its own.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// Builds these packages with these further arguments.
pub(crate) fn cargo_build(names: &[&str], more: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.arg("build");
    for name in names {
        command.args(["-p", name]);
    }
    children::run(command.args(more), BUILD_LIMIT)
}

/// `cargo xtask eval-explain FILE`: how well the causes of labelled texts are named.
pub(crate) fn eval_explain(arguments: &[String]) -> Result<ExitCode> {
    cargo_build(&["eval-explain"], &[])?;
    let mut command = Command::new(place::program("debug", "eval-explain"));
    let status = children::Running::start(command.args(arguments))?.wait(Some(EVAL_LIMIT))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
