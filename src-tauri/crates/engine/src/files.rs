//! Small files that are replaced whole, so that a crash leaves the old or the new one, never half of either.

use std::{io::Write, path::Path};

/// Writes a file by way of a neighbour and a rename; on Unix readable by its owner only.
///
/// # Errors
/// When folder or file cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.new", std::process::id()));
    let neighbour = folder.join(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&neighbour).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| std::fs::rename(&neighbour, path));
    if renamed.is_err() {
        let _ = std::fs::remove_file(&neighbour);
    }
    renamed
}
