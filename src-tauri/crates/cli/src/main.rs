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
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::complain(&format!("the program cannot start: {error}"));
            Exit::NotExamined.leave();
        }
    };
    let exit = runtime.block_on(commands::run(arguments));
    // A thread may still wait for a line from the keyboard; it must not keep the program alive.
    runtime.shutdown_background();
    exit.leave();
}
