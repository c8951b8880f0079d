//! Small work on files that the packages share: templates, folders, listings, compressed documents.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::children;

/// Compressing the largest of them.
const PACK_LIMIT: Duration = Duration::from_secs(600);

/// Fills `{name}` marks; a mark that is left is an error, so that no template goes out half filled.
///
/// # Errors
/// When the template cannot be read or a mark of these names is not there.
pub(crate) fn fill(template: &Path, values: &[(&str, &str)]) -> Result<String> {
    let mut text = std::fs::read_to_string(template).with_context(|| template.display().to_string())?;
    for (name, value) in values {
        let mark = format!("{{{name}}}");
        if !text.contains(&mark) {
            bail!("{} has no {mark}", template.display());
        }
        text = text.replace(&mark, value);
    }
    Ok(text)
}

/// Writes a file with its folders and the given mode.
pub(crate) fn put(path: &Path, content: &[u8], mode: u32) -> Result<()> {
    folder_of(path)?;
    std::fs::write(path, content).with_context(|| path.display().to_string())?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Copies a file likewise.
pub(crate) fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    put(to, &std::fs::read(from).with_context(|| from.display().to_string())?, mode)
}

/// Writes a file compressed as Debian wants its documents: best, with no name and no time in it.
pub(crate) fn put_gzipped(path: &Path, content: &[u8]) -> Result<()> {
    put(path, content, 0o644)?;
    children::run(Command::new("gzip").args(["-9", "-n", "-f"]).arg(path), PACK_LIMIT)
}

fn folder_of(path: &Path) -> Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    make_folder(parent)
}

/// Makes a folder and those above it, readable by all.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    folder_of(path)?;
    std::fs::create_dir(path).with_context(|| path.display().to_string())?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// All files and folders below, as paths from there, sorted; the folder itself is not among them.
pub(crate) fn list(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path.clone());
            }
            found.push(path.strip_prefix(root)?.to_owned());
        }
    }
    found.sort();
    Ok(found)
}

/// Runs a command and gives what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = children::shown(command);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().with_context(|| shown.clone())?;
    if !output.status.success() {
        bail!("`{shown}` ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_without_the_mark_is_refused() {
        let folder = std::env::temp_dir().join(format!("inbox-doctor-fill-{}", std::process::id()));
        put(&folder.join("t.in"), b"version {version}", 0o644).unwrap();
        assert_eq!(fill(&folder.join("t.in"), &[("version", "1.2.3")]).unwrap(), "version 1.2.3");
        assert!(fill(&folder.join("t.in"), &[("date", "x")]).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
