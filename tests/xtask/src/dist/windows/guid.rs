//! Identifiers that are the same for the same name, so that the same sources give the same package.

use sha2::{Digest as _, Sha256};

/// Ties all versions of the product together; never changes.
pub(super) const UPGRADE_CODE: &str = "C0F1B0A4-7E7C-4E0E-9C53-2D4B7C1B0D01";

/// A GUID out of a name: a hash, marked as version 8 (<https://www.rfc-editor.org/rfc/rfc9562#section-5.8>).
pub(super) fn of_name(name: &str) -> String {
    let mut bytes: Vec<u8> = Sha256::digest(format!("inbox-doctor {name}")).iter().copied().take(16).collect();
    if let Some(byte) = bytes.get_mut(6) {
        *byte = (*byte & 0x0f) | 0x80;
    }
    if let Some(byte) = bytes.get_mut(8) {
        *byte = (*byte & 0x3f) | 0x80;
    }
    let mut text = String::new();
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02X}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_guid_of_its_own() {
        assert_eq!(of_name("a"), of_name("a"));
        assert_ne!(of_name("a"), of_name("b"));
        let guid = of_name("a");
        let groups: Vec<usize> = guid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(guid.as_bytes()[14], b'8');
    }

    #[test]
    fn the_catalogue_of_windows_names_the_same_upgrade_code() {
        let file = "src-tauri/packaging/templates/winget/InboxDoctor.InboxDoctor.installer.yaml.in";
        let text = std::fs::read_to_string(crate::place::root().join(file)).unwrap();
        assert!(text.contains(&format!("'{{{UPGRADE_CODE}}}'")), "{text}");
    }
}
