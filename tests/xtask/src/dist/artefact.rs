//! What is handed out: the files of `target/dist`, with their checksums and the size that each may have.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::stamp::Stamp;

/// Bytes in the megabyte of the budgets.
pub(crate) const MEGABYTE: u64 = 1_000_000;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Artefact {
    /// What it is, in words.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The largest size in bytes, where there is a budget.
    pub(crate) budget: Option<u64>,
}

impl Artefact {
    /// A file with a budget in megabytes.
    pub(crate) fn within(name: &'static str, path: PathBuf, megabytes: u64) -> Self {
        Self { name, path, budget: Some(megabytes * MEGABYTE) }
    }

    /// A file without one.
    pub(crate) fn new(name: &'static str, path: PathBuf) -> Self {
        Self { name, path, budget: None }
    }
}

/// Writes `manifest.json` and `SHA256SUMS` beside the files and prints a table.
///
/// # Errors
/// When a file cannot be read, or one is larger than its budget.
pub(crate) fn publish(out: &Path, stamp: &Stamp, artefacts: &[Artefact]) -> Result<()> {
    let mut sums = String::new();
    let mut rows = Vec::new();
    let mut over = Vec::new();
    println!("\n{:<34} {:>12} {:>12}", "artefact", "bytes", "at most");
    for artefact in artefacts {
        let content = std::fs::read(&artefact.path).with_context(|| artefact.path.display().to_string())?;
        let file = artefact.path.strip_prefix(out).unwrap_or(&artefact.path).display().to_string();
        let size = u64::try_from(content.len())?;
        let digest = Sha256::digest(&content).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let limit = artefact.budget.map_or_else(|| "–".to_owned(), |budget| budget.to_string());
        println!("{file:<34} {size:>12} {limit:>12}");
        if artefact.budget.is_some_and(|budget| size > budget) {
            over.push(format!("{file} has {size} bytes, {limit} are allowed"));
        }
        let _ = writeln!(sums, "{digest}  {file}");
        rows.push(json!({"file": file, "what": artefact.name, "bytes": size, "sha256": digest, "budgetBytes": artefact.budget}));
    }
    std::fs::write(out.join("SHA256SUMS"), sums)?;
    let manifest = json!({
        "schema": 1,
        "version": stamp.version,
        "commit": stamp.commit,
        "date": stamp.date,
        "artefacts": rows,
    });
    std::fs::write(out.join("manifest.json"), serde_json::to_string_pretty(&manifest)? + "\n")?;
    if over.is_empty() { Ok(()) } else { bail!("over budget: {}", over.join("; ")) }
}
