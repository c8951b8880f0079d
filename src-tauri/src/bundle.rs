//! The configuration of bundles that are not built here is at least understood by the framework.

use std::path::Path;

use tauri::utils::config::{BundleConfig, HandlerRank};

#[test]
fn the_bundle_for_macos_is_understood_and_names_files_that_exist() {
    let text = include_str!("../tauri.macos.conf.json");
    let config: serde_json::Value = serde_json::from_str(text).unwrap();
    let bundle: BundleConfig = serde_json::from_value(config["bundle"].clone()).unwrap();
    assert!(bundle.macos.hardened_runtime);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(root.join(bundle.macos.entitlements.unwrap()).is_file());
    assert!(root.join(bundle.macos.info_plist.unwrap()).is_file());
    let association = bundle.file_associations.unwrap().remove(0);
    assert_eq!(association.ext[0].0, "inboxdoctor");
    assert_eq!(association.rank, HandlerRank::Owner);
}
