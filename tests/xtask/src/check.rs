//! `cargo xtask check`: what must hold besides the tests.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Result;

use crate::{app, children, children::step, place};

const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Formatting, lints, floors, licences.
pub(crate) fn check() -> Result<ExitCode> {
    step("formatting", || children::run(app::cargo().args(["fmt", "--all", "--", "--check"]), LIMIT))?;
    step("floors", || children::run(app::cargo().args(["test", "-q", "-p", "xtask", "--test", "floors"]), LIMIT))?;
    step("lints", || {
        children::run(
            app::cargo()
                .args(["clippy", "--workspace", "--all-targets", "--features", app::WINDOW_FEATURES])
                .args(["--", "-D", "warnings"]),
            LIMIT,
        )
    })?;
    if cargo_deny().is_some() {
        deny()?;
    } else {
        eprintln!("\n!! cargo-deny is not installed: licences, bans and sources were NOT checked.");
        eprintln!("!! `cargo xtask deny` installs it and checks them.");
    }
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask deny`.
pub(crate) fn deny_installing() -> Result<ExitCode> {
    if cargo_deny().is_none() {
        step("cargo-deny from crates.io", || {
            children::run(
                app::cargo().args(["install", "cargo-deny", "--locked", "--root"]).arg(place::target().join("tools")),
                LIMIT,
            )
        })?;
    }
    deny()?;
    Ok(ExitCode::SUCCESS)
}

fn deny() -> Result<()> {
    let Some(mut command) = cargo_deny() else { anyhow::bail!("cargo-deny is not installed") };
    step("licences, bans and sources", || {
        // Not `advisories`: that one loads a database from the network, and must not decide whether tests pass.
        command.current_dir(place::root()).args(["--workspace", "check", "licenses", "bans", "sources"]);
        children::run(&mut command, LIMIT)
    })
}

fn cargo_deny() -> Option<Command> {
    let own = place::target().join("tools/bin/cargo-deny");
    if own.is_file() {
        return Some(Command::new(own));
    }
    place::on_path("cargo-deny").then(|| Command::new("cargo-deny"))
}
