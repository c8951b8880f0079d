//! The window: builder, plugins, commands.

use std::sync::atomic::{AtomicBool, Ordering};

use inbox_engine::SettingsSources;
use tauri::{AppHandle, Manager as _, RunEvent};

use crate::arguments::Arguments;
use crate::browser::Browser;
use crate::commands::{Desktop, accounts, check, desk, explain, history, outside, report, start};

/// Opens the window and runs until it is closed. Gives the exit code.
///
/// # Errors
/// When the window cannot be made (no display, no web view).
pub(crate) fn run(arguments: Arguments) -> tauri::Result<i32> {
    let desktop = Desktop::new(SettingsSources::of_this_computer(arguments.settings), Browser::new(arguments.browser));
    let app = tauri::Builder::default()
        // First, so that a second start ends before it does anything.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| show(app)))
        .plugin(tauri_plugin_dialog::init())
        // Without its script for links: the window opens them through `open_link` only.
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(tauri::generate_handler![
            start::start_state,
            start::set_language,
            check::check,
            check::reply,
            check::cancel,
            explain::explain,
            explain::message,
            explain::reword,
            outside::open_link,
            outside::open_mail,
            outside::save_message,
            outside::copy_text,
            report::save_report,
            report::open_report,
            report::save_text,
            history::recent_examination,
            history::delete_recent,
            history::restore_recent,
            history::purge_recent,
            desk::discover_many,
            desk::self_test,
            accounts::accounts,
            accounts::forget_account,
        ])
        .manage(desktop.clone())
        .setup(move |_app| {
            // Beside the web view, which takes longer to come up.
            tauri::async_runtime::spawn(async move { desktop.engine().await.map(drop) });
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let stopping = AtomicBool::new(false);
    Ok(app.run_return(move |app, event| {
        if let RunEvent::ExitRequested { api, code, .. } = event {
            let desktop = app.state::<Desktop>().inner().clone();
            if desktop.runs.idle() || stopping.swap(true, Ordering::Relaxed) {
                return;
            }
            // A check is under way: it stops now, and cleans up what it made before the program ends.
            api.prevent_exit();
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                desktop.runs.stop().await;
                app.exit(code.unwrap_or(0));
            });
        }
    }))
}

/// Brings the window to the front when the program is started a second time.
fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}
