//! The browsers that registered themselves for the Start menu
//! (<https://learn.microsoft.com/en-us/windows/win32/shell/start-menu-reg>): below `StartMenuInternet` each has a key whose
//! default value is its name, and `shell\open\command` its program.

use std::collections::BTreeMap;

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use super::super::InstalledBrowser;

const LIST: &str = r"SOFTWARE\Clients\StartMenuInternet";

pub(in super::super) fn all() -> Vec<InstalledBrowser> {
    let mut found = BTreeMap::new();
    // The user's own installation wins over the computer's.
    for root in [LOCAL_MACHINE, CURRENT_USER] {
        let Ok(list) = root.open(LIST) else { continue };
        let Ok(keys) = list.keys() else { continue };
        for id in keys {
            if let Some(browser) = list.open(&id).ok().and_then(|key| read(&id, &key)) {
                found.insert(id, browser);
            }
        }
    }
    found.into_values().collect()
}

fn read(id: &str, key: &Key) -> Option<InstalledBrowser> {
    let command = key.open(r"shell\open\command").ok()?.get_string("").ok()?;
    let name = key.get_string("").ok().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| id.to_owned());
    let mut words = super::words(&command);
    words.push("%u".to_owned());
    Some(InstalledBrowser { id: id.to_owned(), name, command: words })
}
