//! Remembers what the write test made until it is gone again, so that a crash leaves nothing behind.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// More entries than this are not kept: each is one write test that could not be cleaned up.
const MOST: usize = 200;

/// What kind of thing was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftoverKind {
    /// A draft message.
    Draft,
    /// A calendar event.
    Event,
    /// A mail to oneself.
    Mail,
}

/// Something that the write test made, or was about to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Leftover {
    /// `microsoft` or `google`.
    pub provider: String,
    /// The account in which it lies.
    pub account: String,
    /// What it is.
    pub kind: LeftoverKind,
    /// Its subject; unique, so that it can be found when the id was not learnt any more.
    pub subject: String,
    /// Its id at the provider, once known.
    pub id: Option<String>,
}

/// The list of leftovers in one small file; without a place to write it lives in memory only.
#[derive(Debug, Clone)]
pub struct Journal {
    path: Option<PathBuf>,
}

impl Journal {
    /// A journal in this folder.
    #[must_use]
    pub fn in_folder(folder: Option<&Path>) -> Self {
        Self { path: folder.map(|folder| folder.join("write-test.json")) }
    }

    /// Everything that is still there. A torn file counts as empty.
    #[must_use]
    pub fn entries(&self) -> Vec<Leftover> {
        let Some(path) = &self.path else { return Vec::new() };
        std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Adds or updates an entry (same subject).
    ///
    /// # Errors
    /// When the file cannot be written; then the write test is not run.
    pub fn put(&self, leftover: &Leftover) -> std::io::Result<()> {
        let mut all = self.entries();
        all.retain(|entry| entry.subject != leftover.subject);
        all.push(leftover.clone());
        let surplus = all.len().saturating_sub(MOST);
        all.drain(..surplus);
        self.write(&all)
    }

    /// Removes an entry.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn done(&self, subject: &str) -> std::io::Result<()> {
        let mut all = self.entries();
        all.retain(|entry| entry.subject != subject);
        self.write(&all)
    }

    fn write(&self, all: &[Leftover]) -> std::io::Result<()> {
        let Some(path) = &self.path else {
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no folder to remember in"));
        };
        crate::files::replace(path, &serde_json::to_vec_pretty(all)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stays_until_it_is_done_and_a_torn_file_counts_as_empty() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::in_folder(Some(folder.path()));
        let mut leftover = Leftover {
            provider: "microsoft".to_owned(),
            account: "ana@contoso.example".to_owned(),
            kind: LeftoverKind::Draft,
            subject: "s1".to_owned(),
            id: None,
        };
        journal.put(&leftover).unwrap();
        leftover.id = Some("42".to_owned());
        journal.put(&leftover).unwrap();
        assert_eq!(journal.entries(), [leftover]);
        journal.done("s1").unwrap();
        assert!(journal.entries().is_empty());
        std::fs::write(folder.path().join("write-test.json"), "[{").unwrap();
        assert!(journal.entries().is_empty());
    }
}
