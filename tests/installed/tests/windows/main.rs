//! The installers for Windows in a Windows of the test's own (Wine): installed, used, upgraded, repaired and removed
//! without leftovers. What only a real Windows has (the web view, elevation, group policies) is not tested here.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(missing_docs, clippy::print_stdout, reason = "tests")]

mod administrators;
mod command_line;
mod people;
mod policies;
mod signatures;
mod window;
mod wine;

/// Where both installers put the programs.
const ADMINISTRATORS: &str = r"C:\Program Files\Inbox Doctor";

/// The policies of the computer.
const POLICIES: &str = r"HKLM\Software\Policies\InboxDoctor";
