//! The well-known browsers in the folders of programs. The system's own list of what opens `https` needs a framework call;
//! these places are what `open -a` searches by itself.

use std::path::{Path, PathBuf};

use super::super::InstalledBrowser;

/// Names of bundles. A browser that is not here is opened when it is the system's choice.
const KNOWN: &[&str] = &[
    "Safari",
    "Google Chrome",
    "Firefox",
    "Microsoft Edge",
    "Arc",
    "Brave Browser",
    "Opera",
    "Vivaldi",
    "Chromium",
    "DuckDuckGo",
    "Orion",
    "Zen",
];

pub(in super::super) fn all() -> Vec<InstalledBrowser> {
    let mut folders = vec![PathBuf::from("/Applications"), PathBuf::from("/System/Cryptexes/App/System/Applications")];
    if let Some(home) = std::env::var_os("HOME") {
        folders.push(Path::new(&home).join("Applications"));
    }
    KNOWN
        .iter()
        .filter(|name| folders.iter().any(|folder| folder.join(format!("{name}.app")).is_dir()))
        .map(|name| InstalledBrowser {
            id: (*name).to_owned(),
            name: (*name).to_owned(),
            command: ["/usr/bin/open", "-a", name, "%u"].map(str::to_owned).to_vec(),
        })
        .collect()
}
