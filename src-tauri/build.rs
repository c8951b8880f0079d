//! Generates the permission of each command, so that `capabilities/main.json` can list them one by one.

/// Every command that the window may call.
const COMMANDS: &[&str] = &[
    "start_state",
    "check",
    "reply",
    "cancel",
    "explain",
    "message",
    "reword",
    "recent_examination",
    "open_link",
    "open_mail",
    "save_message",
    "save_report",
    "copy_text",
    "set_language",
    "accounts",
    "forget_account",
    "open_report",
    "save_text",
    "delete_recent",
    "restore_recent",
    "purge_recent",
    "discover_many",
    "self_test",
    "settings",
    "set_setting",
    "test_registration",
    "preview_report",
    "browsers",
    "choose_browser",
    "choose_report",
    "zoom",
    "quit",
    "listen",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let attributes = tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    Ok(tauri_build::try_build(attributes)?)
}
