//! `completions`, `manual`: what is made from the definition of the command line itself, so that it cannot differ.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{
    arguments::Arguments,
    output::{self, Exit},
};

/// The name under which the program is installed.
const NAME: &str = "inbox-doctor";

/// Prints the completions for a shell.
pub fn completions(shell: Shell) -> Exit {
    clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut std::io::stdout());
    Exit::Works
}

/// Writes `inbox-doctor.1` and one page for each command, in the format of man(7).
pub fn manual(folder: &Path) -> Exit {
    match clap_mangen::generate_to(Arguments::command(), folder) {
        Ok(()) => Exit::Works,
        Err(error) => {
            output::complain(&format!("inbox-doctor: {}: {error}", folder.display()));
            Exit::NotExamined
        }
    }
}
