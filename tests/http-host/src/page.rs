//! The files of the user interface.

use std::path::{Component, Path, PathBuf};

/// The same rule as in the real window: nothing inline, nothing from elsewhere.
pub(crate) const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    img-src 'self' data:; object-src 'none'";

/// The file of an address below this folder, and its type; `None` for what leads out of it or is not there.
pub(crate) fn read(folder: &Path, address: &str) -> Option<(Vec<u8>, &'static str)> {
    let name = match address.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let relative = PathBuf::from(name);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let kind = match relative.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "md" => "text/plain; charset=utf-8",
        _ => return None,
    };
    Some((std::fs::read(folder.join(relative)).ok()?, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("index.html"), "hello").expect("a file");
        assert!(read(folder.path(), "/").is_some());
        for address in ["/../index.html", "//etc/passwd.html", "/a/../../x.html", "/missing.js", "/index"] {
            assert!(read(folder.path(), address).is_none(), "{address}");
        }
    }
}
