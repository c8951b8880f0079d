//! Where things are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

static OWN: OnceLock<PathBuf> = OnceLock::new();

/// This program's own file, to be started again. Asked for first thing: a later build may put another file in its place,
/// after which Linux gives a name that does not exist.
pub(crate) fn own_program() -> PathBuf {
    OWN.get_or_init(|| std::env::current_exe().unwrap_or_else(|_| program("debug", "xtask"))).clone()
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // `CARGO_MANIFEST_DIR` is <root>/tests/xtask.
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_owned()
}

/// Cargo's target directory.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |named| root().join(named))
}

/// A program built by cargo in this profile directory (`debug`, `release`).
pub(crate) fn program(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Whether a program of this name is on the search path.
pub(crate) fn on_path(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}
