//! Looking at mailbox, calendar and permissions with a grant. Read-only but for the write test, which runs on request.

mod ask;
pub mod caldav;
pub mod exchange;
pub mod google;
pub mod graph;
pub mod journal;
pub mod mail_server;
mod permissions;
pub mod write_test;

pub use ask::{Asker, refusal};
pub use permissions::check_permissions;
