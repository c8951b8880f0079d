//! The use cases of Inbox Doctor: discovery, sign-in, probes, examination, accounts, reports.

pub mod discovery;
mod endpoints;
mod observe;
pub mod probe;
pub mod signin;
mod watcher;

pub use endpoints::{GoogleAddresses, MicrosoftAddresses, join, local_hosts};
pub use observe::Recorder;
pub use watcher::{BrowserFailure, Watcher};
