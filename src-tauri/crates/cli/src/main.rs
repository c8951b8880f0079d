//! The command `inbox-doctor`: the engine on a terminal and in scripts.

mod arguments;
mod browser;
mod commands;
mod log;
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
    commands::run(arguments).leave()
}
