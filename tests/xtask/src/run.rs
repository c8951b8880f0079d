//! `cargo xtask run`: from a fresh machine to a running program in one command.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::{app, children::Running, children::step, packages, place, practice, ui};

/// A window that ends sooner than this with an error never came up.
const CAME_UP: Duration = Duration::from_secs(10);
/// The longest check on the practice cloud, with the sign-in.
const CHECK_LIMIT: Duration = Duration::from_secs(120);

/// Sets up, builds, starts.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let real = arguments.iter().any(|argument| argument == "--real");
    if let Some(unknown) = arguments.iter().find(|argument| *argument != "--real") {
        eprintln!("xtask run: `{unknown}` is not known; there is only --real");
        return Ok(ExitCode::from(2));
    }
    if !display() {
        println!("No display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.");
        return on_the_command_line(real);
    }
    let presence = step("packages of the operating system", || packages::ensure(packages::BUILD))?;
    if let packages::Presence::Missing(names) = presence {
        packages::explain_missing(&names);
        return Ok(ExitCode::from(2));
    }
    step("user interface", ui::build)?;
    step("programs", || {
        app::cargo_build(&["inbox-doctor-desktop", "practice-cloud"], &["--features", app::WINDOW_FEATURES])
    })?;
    let mut command = Command::new(place::program("debug", "inbox-doctor-desktop"));
    let cloud = if real {
        None
    } else {
        let cloud = practice::Practice::start("debug", &place::target().join("practice"), &[])?;
        command.arg("--settings").arg(&cloud.settings);
        println!("\nThe window opens on the practice cloud, which plays Microsoft and Google on this computer.");
        println!("Type one of these addresses; the browser then shows the practice sign-in page:\n");
        for (address, cause) in practice::accounts("debug")? {
            println!("  {address:<48} {cause}");
        }
        println!("\nClosing the window or Ctrl-C ends it.");
        Some(cloud)
    };
    let begun = Instant::now();
    let status = Running::start(command.stdin(Stdio::null()))?.wait(None)?;
    drop(cloud);
    if !status.success() && begun.elapsed() < CAME_UP {
        println!("\nThe window could not open ({status}); the same job on the command line instead:");
        return on_the_command_line(real);
    }
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The same main job without a window.
fn on_the_command_line(real: bool) -> Result<ExitCode> {
    if real {
        step("programs", || app::cargo_build(&["inbox-doctor"], &[]))?;
        println!(
            "\nOn the real providers, from the command line:\n\n  {} check you@your-company.example",
            place::program("debug", "inbox-doctor").display()
        );
        println!("\nPut your own address there; `--no-sign-in` looks only at what needs no sign-in.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Running the same main job on the command line instead, against the practice cloud.");
    step("programs", || app::cargo_build(&["inbox-doctor", "practice-cloud"], &[]))?;
    let cloud = practice::Practice::start("debug", &place::target().join("practice"), &["--sso"])?;
    let browser = format!("{} browse", place::own_program().display());
    let mut as_expected = true;
    // Exit codes: 0 works, 1 a cause was found.
    for (address, expected) in [("works@contoso.example", 0), ("user-not-assigned@contoso.example", 1)] {
        let mut command = Command::new(place::program("debug", "inbox-doctor"));
        command.args(["check", address, "--browser", &browser, "--settings"]).arg(&cloud.settings);
        println!("\n$ inbox-doctor check {address} --settings … --browser …\n");
        let status = Running::start(command.stdin(Stdio::null()))?.wait(Some(CHECK_LIMIT))?;
        as_expected &= status.code() == Some(expected);
        println!(
            "(exit code {}, expected {expected})",
            status.code().map_or("none".to_owned(), |code| code.to_string())
        );
    }
    println!("\nMore practice accounts: {} --list", place::program("debug", "practice-cloud").display());
    Ok(if as_expected { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
