//! Which program this is.

use std::sync::OnceLock;

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Commit and day of a build that is handed out, from `INBOX_DOCTOR_BUILD` at compile time; `None` in a developer's.
pub const BUILD: Option<&str> = option_env!("INBOX_DOCTOR_BUILD");

/// Version and build as a person reads them: `0.1.0 (1a2b3c4d5e 2026-11-24)`.
#[must_use]
pub fn version_line() -> &'static str {
    static LINE: OnceLock<String> = OnceLock::new();
    LINE.get_or_init(|| BUILD.map_or_else(|| VERSION.to_owned(), |build| format!("{VERSION} ({build})")))
}
