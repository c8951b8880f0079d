//! Inbox Doctor as a window: the shell around the engine, and nothing else.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
#[cfg(test)]
mod bundle;
mod clipboard;
mod desktop;
mod menu;
mod place;
mod web_view;

use std::io::Write as _;
use std::process::ExitCode;

/// Wrong usage, as in the command line's contract.
const USAGE: u8 = 2;
/// The window could not be opened.
const NO_WINDOW: u8 = 3;

fn main() -> ExitCode {
    match arguments::read(std::env::args_os().skip(1)) {
        Ok(arguments::Start::Window(_)) if !web_view::present_or_explained() => ExitCode::from(NO_WINDOW),
        Ok(arguments::Start::Window(arguments)) => match app::run(arguments) {
            Ok(code) => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
            Err(error) => {
                web_view::tell(&format!("the window cannot be opened: {error}"));
                ExitCode::from(NO_WINDOW)
            }
        },
        Ok(arguments::Start::Version) => say(&format!("inbox-doctor-desktop {}\n", inbox_model::version_line())),
        Ok(arguments::Start::Help) => say(arguments::HELP),
        Err(reason) => {
            web_view::tell(&format!("{reason}\n\n{}", arguments::HELP));
            ExitCode::from(USAGE)
        }
    }
}

fn say(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
