//! The clipboard of the desktop, through the toolkit that draws the window.

use tauri::AppHandle;

/// Puts a text on the clipboard.
///
/// # Errors
/// When the toolkit's thread is gone or there is no clipboard.
#[cfg(target_os = "linux")]
pub(crate) async fn copy(app: &AppHandle, text: String) -> Result<(), String> {
    let (tell, told) = tokio::sync::oneshot::channel();
    // GTK is used from its own thread only.
    app.run_on_main_thread(move || {
        let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
        clipboard.set_text(&text);
        // Leaves it with the desktop's clipboard keeper, where there is one, so that it outlives the window.
        clipboard.store();
        let _ = tell.send(());
    })
    .map_err(|error| error.to_string())?;
    told.await.map_err(|_| "the window is closing".to_owned())
}

/// Puts a text on the clipboard.
///
/// # Errors
/// When the operating system refuses.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn copy(_app: &AppHandle, text: String) -> Result<(), String> {
    tokio::task::spawn_blocking(move || {
        arboard::Clipboard::new().and_then(|mut clipboard| clipboard.set_text(text)).map_err(|error| error.to_string())
    })
    .await
    .map_err(|error| error.to_string())?
}
