//! The program behind the window: every command of `ui/src/api/host.ts` by its name, with arguments and results as JSON.
//!
//! Whoever draws the window (the desktop shell, a server for tests) brings an [`Outside`] for what leaves the program, hands
//! each command to [`Host::call`], and decides nothing.

mod browser;
mod call;
mod commands;
mod error;
mod host;
mod outside;
mod runs;
mod told;
mod watcher;

pub use browser::InstalledBrowser;
pub use call::{COMMANDS, News};
pub use error::{HostError, HostErrorCode};
pub use host::Host;
pub use outside::{Outside, ZoomStep};
pub use told::{MenuItem, Told};
