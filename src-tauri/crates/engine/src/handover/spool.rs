//! Results that wait for their hand-over: one small file each, bounded, in the state folder.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
};

use inbox_model::Examination;

/// Results for the collector.
pub(super) const COLLECTOR: &str = "collector";
/// Results for the folder.
pub(super) const FOLDER: &str = "folder";
/// More than this many do not wait for one target; the oldest go first, and are counted. A result has some ten kilobytes.
pub(super) const MOST: usize = 100;
/// Largest file that is read back, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The folder of waiting results.
#[derive(Debug, Clone)]
pub(crate) struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// Below the folder of what the program remembers.
    pub(crate) fn in_folder(state: Option<&Path>) -> Option<Self> {
        state.map(|state| Self { folder: state.join("handover") })
    }

    /// Adds a result.
    pub(super) fn put(&self, target: &str, id: &str, bytes: &[u8]) -> std::io::Result<()> {
        // The time in front keeps the order.
        let name = format!("{:020}-{id}.json", jiff::Timestamp::now().as_microsecond());
        crate::files::replace(&self.folder.join(target).join(name), bytes)?;
        let files = self.files(target);
        for file in files.iter().take(files.len().saturating_sub(MOST)) {
            tracing::warn!("too many results wait for their hand-over; the oldest is dropped");
            self.done(file);
            self.lose(1);
        }
        Ok(())
    }

    /// The waiting files, the oldest first.
    pub(super) fn files(&self, target: &str) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.join(target)) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        files
    }

    /// How many wait, for both targets.
    pub(super) fn waiting(&self) -> usize {
        [COLLECTOR, FOLDER].into_iter().map(|target| self.files(target).len()).sum()
    }

    /// Takes one away.
    pub(super) fn done(&self, file: &Path) {
        if let Err(error) = std::fs::remove_file(file) {
            tracing::warn!(%error, "a result that was handed over could not be removed");
        }
    }

    /// Takes all of a target away.
    pub(super) fn clear(&self, target: &str) {
        self.files(target).iter().for_each(|file| self.done(file));
    }

    /// How many were lost and not yet told.
    pub(super) fn lost(&self) -> u64 {
        std::fs::read_to_string(self.counter()).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// Counts lost ones.
    pub(super) fn lose(&self, more: u64) {
        self.count(self.lost().saturating_add(more));
    }

    /// The collector was told of this many.
    pub(super) fn found(&self, told: u64) {
        if told > 0 {
            self.count(self.lost().saturating_sub(told));
        }
    }

    fn count(&self, lost: u64) {
        if let Err(error) = crate::files::replace(&self.counter(), lost.to_string().as_bytes()) {
            tracing::warn!(%error, lost, "lost results could not be counted");
        }
    }

    fn counter(&self) -> PathBuf {
        self.folder.join("lost")
    }

    /// The right to hand over; `None` while another run has it.
    pub(super) fn lock(&self) -> Option<File> {
        std::fs::create_dir_all(&self.folder).ok()?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.folder.join("lock")).ok()?;
        file.try_lock().ok()?;
        Some(file)
    }
}

/// Reads a result back.
pub(super) fn read(file: &Path) -> Option<Examination> {
    if std::fs::metadata(file).ok()?.len() > MAX_FILE {
        return None;
    }
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

/// Tells a folder how many results will never come.
pub(super) fn note_lost(folder: &Path, lost: u64) -> std::io::Result<()> {
    let name = format!("{:020}-lost.json", jiff::Timestamp::now().as_microsecond());
    std::fs::write(folder.join(name), format!("{{\"schema\":1,\"lost\":{lost}}}\n"))
}

/// Copies a result into a folder, whole or not at all. The folder is never made: one that is not there is a share that is away.
pub(super) fn copy(from: &Path, folder: &Path) -> std::io::Result<()> {
    let name = from.file_name().unwrap_or_default();
    let mut part = name.to_os_string();
    part.push(".part");
    let part = folder.join(part);
    std::fs::write(&part, std::fs::read(from)?)?;
    std::fs::rename(&part, folder.join(name))
}
