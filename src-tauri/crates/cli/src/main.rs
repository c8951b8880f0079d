//! The command `inbox-doctor`: the engine on a terminal and in scripts.

mod arguments;
mod browser;
mod commands;
mod output;
mod terminal;

use clap::Parser as _;

use arguments::Arguments;
use output::Exit;

fn main() {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help and version to stdout with success, everything else to stderr.
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Works };
            let _ = error.print();
            code.leave();
        }
    };
    output::forget_broken_pipes();
    log();
    commands::run(arguments).leave()
}

/// Logs to standard error where `INBOX_DOCTOR_LOG` (`error`, `warn`, `info`, `debug`, `trace`) asks for it. Libraries below
/// ours stay at warnings whatever is asked: their finer logs hold headers and bodies.
fn log() {
    let Some(level) = std::env::var("INBOX_DOCTOR_LOG").ok().filter(|level| !level.is_empty()) else { return };
    let level = match level.to_ascii_lowercase().as_str() {
        level @ ("error" | "warn" | "info" | "debug" | "trace") => level.to_owned(),
        _ => "info".to_owned(),
    };
    let ours = ["inbox_doctor", "inbox_engine", "inbox_net"].map(|name| format!("{name}={level}")).join(",");
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(format!("warn,{ours}")))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}
