//! The last examinations, in one folder of small files: no secrets, capped, deletable.

use std::path::{Path, PathBuf};

use inbox_model::{AppReference, Examination, Fixer, Verdict};
use serde::{Deserialize, Serialize};

/// More examinations than this are not kept; the oldest go first.
const MOST: usize = 50;
/// Largest file that is read back, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentCheck {
    /// The examination's id.
    pub id: String,
    /// The address that was checked.
    pub address: String,
    /// The target app.
    pub app: AppReference,
    /// End, RFC 3339 in UTC.
    pub finished: String,
    /// Over everything.
    pub verdict: Verdict,
    /// Title of the first finding.
    pub title: Option<String>,
    /// Who mends the first finding.
    pub fixer: Option<Fixer>,
}

/// The folder of past examinations.
#[derive(Debug, Clone)]
pub struct History {
    folder: Option<PathBuf>,
}

impl History {
    /// A history below this folder; `None` keeps nothing.
    #[must_use]
    pub fn in_folder(folder: Option<&Path>) -> Self {
        Self { folder: folder.map(|folder| folder.join("history")) }
    }

    /// Newest first. Files that cannot be read are left out.
    #[must_use]
    pub fn recent(&self) -> Vec<RecentCheck> {
        let mut all: Vec<RecentCheck> = self
            .files()
            .iter()
            .filter_map(|path| read(path))
            .map(|examination| RecentCheck {
                id: examination.id,
                address: examination.address,
                app: examination.app,
                finished: examination.finished,
                verdict: examination.verdict,
                title: examination.findings.first().map(|finding| finding.explanation.title.clone()),
                fixer: examination.findings.first().map(|finding| finding.finding.fixer),
            })
            .collect();
        all.sort_by(|a, b| b.finished.cmp(&a.finished));
        all
    }

    /// A whole examination.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Examination> {
        let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let path = self.folder.as_ref().filter(|_| plain)?.join(format!("{id}.json"));
        read(&path)
    }

    /// Keeps one.
    ///
    /// # Errors
    /// When the folder cannot be written; the check itself is not hurt by it.
    pub fn keep(&self, examination: &Examination) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        crate::files::replace(&folder.join(format!("{}.json", examination.id)), &serde_json::to_vec(examination)?)?;
        let mut files = self.files();
        if files.len() > MOST {
            files.sort_by_key(|path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok());
            for path in files.iter().take(files.len() - MOST) {
                let _ = std::fs::remove_file(path);
            }
        }
        Ok(())
    }

    /// Deletes everything.
    ///
    /// # Errors
    /// When a file cannot be deleted.
    pub fn clear(&self) -> std::io::Result<()> {
        self.files().iter().try_for_each(std::fs::remove_file)
    }

    fn files(&self) -> Vec<PathBuf> {
        let Some(Ok(entries)) = self.folder.as_ref().map(std::fs::read_dir) else { return Vec::new() };
        entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect()
    }
}

fn read(path: &Path) -> Option<Examination> {
    if std::fs::metadata(path).ok()?.len() > MAX_FILE {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
