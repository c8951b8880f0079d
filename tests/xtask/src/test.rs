//! `cargo xtask test`: all tests, in as few builds as possible.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::{app, children, children::step, dist, packages, place, ui};

/// Build and run of everything on two slow cores.
const TEST_LIMIT: Duration = Duration::from_secs(80 * 60);

/// Test files of the package `installed`, which need what `dist` makes.
const INSTALLED: &[&str] = &["linux", "windows"];

/// Sets up and tests; arguments go to `cargo test`.
pub(crate) fn test(arguments: &[String]) -> Result<ExitCode> {
    let presence = step("packages of the operating system", || {
        packages::ensure(&[packages::BUILD, packages::TEST, packages::DIST].concat())
    })?;
    if let packages::Presence::Missing(names) = presence {
        packages::explain_missing(&names);
        return Ok(ExitCode::from(2));
    }
    let root = place::root();
    let interface = root.join("ui");
    let mut failed = Vec::new();
    step("npm packages", || {
        ui::packages(&interface)?;
        // The independent OpenID provider that the sign-in is tested against.
        let oidc = root.join("tests/oidc");
        if oidc.join("package.json").exists() { ui::packages(&oidc) } else { Ok(()) }
    })?;
    // The window embeds what this makes: without it nothing else can be built.
    step("user interface: build", || ui::script(&interface, "build"))?;
    for name in ["check", "test", "e2e"] {
        if has_script(&interface, name)? {
            note(&mut failed, &format!("user interface: {name}"), || ui::script(&interface, name));
        } else {
            failed.push(format!("user interface: {name} (package.json has no such script)"));
        }
    }
    // One invocation with one set of features: anything else would build part of the tree a second time. The tests
    // of src-tauri make cargo build the real program that they drive. `empty` is for the benchmarks only.
    note(&mut failed, "cargo test", || {
        children::run(
            app::cargo()
                .args([
                    "test",
                    "--workspace",
                    "--exclude",
                    "empty",
                    "--exclude",
                    "installed",
                    "--no-fail-fast",
                    "--features",
                    app::WINDOW_FEATURES,
                ])
                .args(arguments),
            TEST_LIMIT,
        )
    });
    // What is handed out: built as it is handed out, then installed, used and removed.
    if !arguments.is_empty() {
        println!("\nNOT RUN: the tests of the installed packages, because a filter was given");
    } else {
        note(&mut failed, "packages", || match dist::dist(&[])? {
            ExitCode::SUCCESS => Ok(()),
            code => bail!("`cargo xtask dist` ended with {code:?}"),
        });
        let names: Vec<&str> =
            INSTALLED.iter().copied().filter(|name| *name != "windows" || dist::builds_for_windows()).collect();
        if names.len() < INSTALLED.len() {
            println!("\nNOT RUN: the tests of the installers for Windows, which cannot be built on this system");
        }
        note(&mut failed, "installed packages", || {
            children::run(
                app::cargo()
                    .args(["test", "--workspace", "--exclude", "empty", "--no-fail-fast"])
                    .args(["--features", app::WINDOW_FEATURES])
                    .args(names.iter().flat_map(|name| ["--test", name]))
                    .env("INBOX_DOCTOR_DIST", dist::folder())
                    .env("INBOX_DOCTOR_XTASK", place::own_program()),
                TEST_LIMIT,
            )
        });
    }
    if failed.is_empty() {
        println!("\nall tests passed");
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!("\nFAILED: {}", failed.join("; "));
        Ok(ExitCode::FAILURE)
    }
}

/// Runs a part and goes on after its failure, so that one run shows all of them.
fn note(failed: &mut Vec<String>, name: &str, job: impl FnOnce() -> Result<()>) {
    if children::interrupted() {
        failed.push(format!("{name} (stopped)"));
        return;
    }
    if let Err(error) = step(name, job) {
        eprintln!("{error:#}");
        failed.push(name.to_owned());
    }
}

fn has_script(folder: &Path, name: &str) -> Result<bool> {
    let text = std::fs::read_to_string(folder.join("package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&text)?;
    Ok(package.get("scripts").is_some_and(|scripts| scripts.get(name).is_some()))
}
