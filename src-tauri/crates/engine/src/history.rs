//! The last examinations, in one folder of small files: no secrets, capped, deletable.

use std::path::{Path, PathBuf};

use inbox_model::{AppReference, Examination, Fixer, Verdict};
use serde::{Deserialize, Serialize};

/// More examinations than this are not kept; the oldest go first.
const MOST: usize = 50;
/// Ending of a file in the history.
const KEPT: &str = "json";
/// Ending of a file that waits for its deletion.
const ASIDE: &str = "deleted";
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

    /// Names of files that are not read: damaged, too large, or of a newer version. They stay where they are.
    #[must_use]
    pub fn damaged(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .files()
            .iter()
            .filter(|path| read(path).is_none())
            .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect();
        names.sort();
        names
    }

    /// A whole examination.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Examination> {
        let path = self.path(id)?;
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

    /// Deletes one; one that is not there is fine.
    ///
    /// # Errors
    /// When the file cannot be deleted.
    pub fn remove(&self, id: &str) -> std::io::Result<()> {
        match self.path(id).map(std::fs::remove_file) {
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes these checks (all for `None`) out of the history so that [`History::bring_back`] can undo it until
    /// [`History::purge`], or until the program starts again.
    ///
    /// # Errors
    /// When a file cannot be renamed; those before it are set aside.
    pub fn set_aside(&self, ids: Option<&[String]>) -> std::io::Result<()> {
        let files = match ids {
            None => self.files(),
            Some(ids) => ids.iter().filter_map(|id| self.path(id)).filter(|path| path.exists()).collect(),
        };
        files.iter().try_for_each(|path| std::fs::rename(path, path.with_extension(ASIDE)))
    }

    /// Puts back what was set aside.
    ///
    /// # Errors
    /// When a file cannot be renamed.
    pub fn bring_back(&self) -> std::io::Result<()> {
        self.with_extension(ASIDE).iter().try_for_each(|path| std::fs::rename(path, path.with_extension(KEPT)))
    }

    /// Deletes what was set aside.
    ///
    /// # Errors
    /// When a file cannot be deleted.
    pub fn purge(&self) -> std::io::Result<()> {
        self.with_extension(ASIDE).iter().try_for_each(std::fs::remove_file)
    }

    /// Deletes everything.
    ///
    /// # Errors
    /// When a file cannot be deleted.
    pub fn clear(&self) -> std::io::Result<()> {
        self.purge()?;
        self.files().iter().try_for_each(std::fs::remove_file)
    }

    /// The file of an id; `None` for an id that could lead out of the folder.
    fn path(&self, id: &str) -> Option<PathBuf> {
        let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        Some(self.folder.as_ref().filter(|_| plain)?.join(format!("{id}.{KEPT}")))
    }

    fn files(&self) -> Vec<PathBuf> {
        self.with_extension(KEPT)
    }

    fn with_extension(&self, wanted: &str) -> Vec<PathBuf> {
        let Some(Ok(entries)) = self.folder.as_ref().map(std::fs::read_dir) else { return Vec::new() };
        entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == wanted))
            .collect()
    }
}

fn read(path: &Path) -> Option<Examination> {
    if std::fs::metadata(path).ok()?.len() > MAX_FILE {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history_with(ids: &[&str]) -> (tempfile::TempDir, History) {
        let folder = tempfile::tempdir().unwrap();
        let history = History::in_folder(Some(folder.path()));
        std::fs::create_dir_all(folder.path().join("history")).unwrap();
        for id in ids {
            std::fs::write(folder.path().join(format!("history/{id}.json")), "{}").unwrap();
        }
        (folder, history)
    }

    fn names(folder: &tempfile::TempDir) -> Vec<String> {
        let entries = std::fs::read_dir(folder.path().join("history")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn one_is_removed_and_the_others_stay() {
        let (folder, history) = history_with(&["a", "b"]);
        history.remove("a").unwrap();
        history.remove("gone").unwrap();
        assert_eq!(names(&folder), ["b.json"]);
    }

    #[test]
    fn an_id_never_leads_out_of_the_folder() {
        let (folder, history) = history_with(&["a"]);
        std::fs::write(folder.path().join("precious.json"), "{}").unwrap();
        history.remove("../precious").unwrap();
        history.set_aside(Some(&["../precious".to_owned()])).unwrap();
        assert!(folder.path().join("precious.json").exists());
        assert_eq!(names(&folder), ["a.json"]);
    }

    #[test]
    fn what_is_set_aside_comes_back_until_it_is_purged() {
        let (folder, history) = history_with(&["a", "b", "c"]);
        history.set_aside(Some(&["a".to_owned()])).unwrap();
        assert_eq!(names(&folder), ["a.deleted", "b.json", "c.json"]);
        history.set_aside(None).unwrap();
        history.bring_back().unwrap();
        assert_eq!(names(&folder), ["a.json", "b.json", "c.json"]);
        history.set_aside(None).unwrap();
        history.purge().unwrap();
        history.bring_back().unwrap();
        assert!(names(&folder).is_empty());
    }

    #[test]
    fn the_program_purges_when_it_starts_and_keeps_nothing_when_told_so() {
        let (folder, history) = history_with(&["a", "b"]);
        history.set_aside(Some(&["a".to_owned()])).unwrap();
        std::fs::write(folder.path().join("settings.json"), r#"{"keepHistory":false}"#).unwrap();
        let mut sources =
            crate::SettingsSources { state: Some(folder.path().to_owned()), ..crate::SettingsSources::default() };
        crate::Engine::start(&sources).unwrap();
        assert_eq!(names(&folder), ["b.json"]);
        sources.user = Some(folder.path().join("settings.json"));
        let engine = crate::Engine::start(&sources).unwrap();
        assert!(engine.history().folder.is_none());
    }
}
