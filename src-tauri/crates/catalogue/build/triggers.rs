//! The strings that make a line of a log worth examining, as tables for the search.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write;

use crate::grams::{SHORTEST, tables};

/// Beside what the rules name: what recognition reads without a rule.
const ALWAYS: &[&str] = &[
    "AADSTS",
    "error_codes",
    "login.microsoftonline.com/error",
    "outlook_",
    // Replies of mail servers: the enhanced codes behind their usual numbers.
    "535 5.",
    "535-5.",
    "534-5.",
    "534 5.",
    "550 5.",
    "550-5.",
    "554 5.",
    "552 5.",
    "432 4.",
    "454 4.",
    "451 4.",
    "530 5.",
];

/// What most lines of logs hold although all is well: the search looks at other stretches of the strings where they have any.
const USUAL: &str = "2026-11-24T08:00:00.000Z INFO [main] account user message messages=12 events=3 folder=inbox sent items \
    calendar sync synchronised synchronization started finished completed done successfully took 350 ms cursor token \
    refreshed request response status 200 OK GET POST https://graph.microsoft.com/v1.0/users https://www.googleapis.com/ \
    https://login.microsoftonline.com/common/oauth2/v2.0 outlook.office365.com imap.gmail.com smtp connection connected \
    client server session service worker thread process job task queue email address mailbox contact the and for with \
    from this that not was has been will are of to in on is at by error warning failed failure retry attempt timeout \
    exception access denied permission application authentication authorization sign in signin login password id";

/// The tables as Rust.
pub fn rust(of_rules: BTreeSet<&str>) -> Result<String, Box<dyn Error>> {
    let mut all: Vec<&str> = ALWAYS.iter().copied().chain(of_rules).collect();
    all.sort_unstable();
    all.dedup();
    if let Some(short) = all.iter().find(|text| text.len() < SHORTEST) {
        return Err(format!("a line cannot be searched for {short:?}: {SHORTEST} bytes at least").into());
    }
    let tables = tables(&all, USUAL).ok_or("too many strings to search lines for")?;
    let mut out = String::new();
    writeln!(out, "static TRIGGER_TEXT: &str = {:?};", tables.text)?;
    writeln!(out, "static TRIGGER_ENDS: &[u32] = &{:?};", tables.ends)?;
    writeln!(out, "static TRIGGER_FILTER: &[u64] = &{:?};", tables.filter)?;
    writeln!(out, "static TRIGGER_BUCKETS: &[u16] = &{:?};", tables.buckets)?;
    writeln!(out, "static TRIGGER_ENTRIES: &[Entry] = &{:?};", tables.entries)?;
    Ok(out)
}
