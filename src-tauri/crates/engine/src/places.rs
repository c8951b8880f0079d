//! Where the program keeps its few small files on this operating system.

use std::path::PathBuf;

/// Folder of the user's settings.
#[must_use]
pub fn config_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("app", "", "inbox-doctor").map(|dirs| dirs.config_dir().to_path_buf())
}

/// A path of the settings; `~/` at its head stands for the person's own folder.
#[must_use]
pub(crate) fn full_path(text: &str) -> PathBuf {
    match text.strip_prefix("~/").zip(directories::UserDirs::new()) {
        Some((rest, person)) => person.home_dir().join(rest),
        None => PathBuf::from(text),
    }
}

/// Folder of what the program remembers between runs (things to clean up, recent checks). Never holds a secret.
#[must_use]
pub fn state_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("app", "", "inbox-doctor")
        .map(|dirs| dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_path_buf())
}
