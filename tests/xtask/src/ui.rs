//! The user interface: its npm packages, its build, its own tests.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::{children, place};

const NPM_LIMIT: Duration = Duration::from_secs(15 * 60);
/// Where the lock file of the last complete `npm ci` is remembered.
const STAMP: &str = "node_modules/.lock-installed";

/// Installs the npm packages of a folder exactly as its lock file says, unless they are there already.
pub(crate) fn packages(folder: &Path) -> Result<()> {
    if !place::on_path("npm") && !cfg!(windows) {
        bail!("npm is not on the search path; install Node.js 20.19 or later (https://nodejs.org)");
    }
    let lock = std::fs::read(folder.join("package-lock.json"))?;
    if std::fs::read(folder.join(STAMP)).is_ok_and(|installed| installed == lock) {
        println!("{}: the npm packages are there", folder.display());
        return Ok(());
    }
    children::run(npm(folder).args(["ci", "--no-audit", "--no-fund"]), NPM_LIMIT)?;
    std::fs::write(folder.join(STAMP), lock)?;
    Ok(())
}

/// Runs a script of a folder's `package.json`.
pub(crate) fn script(folder: &Path, name: &str) -> Result<()> {
    children::run(npm(folder).args(["run", name]), NPM_LIMIT)
}

/// Installs and builds the user interface that the window embeds.
pub(crate) fn build() -> Result<()> {
    let folder = place::root().join("ui");
    packages(&folder)?;
    script(&folder, "build")
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}
