//! What leaves the program, through the desktop: browser, mail program, clipboard, file dialogs, the window itself.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use inbox_engine::SettingsInForce;
use inbox_host::{Host, Outside, ZoomStep};
use tauri::{AppHandle, Manager as _, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use url::Url;

use crate::place::Place;
use crate::{clipboard, menu};

/// Name of the one window.
pub(crate) const WINDOW: &str = "main";
/// Endings of report files: the one that is opened by double click, and what other ways of saving give them.
const REPORTS: &[&str] = &["inboxdoctor", "json"];

/// The desktop around the window.
#[derive(Debug, Clone)]
pub(crate) struct Desktop(AppHandle);

impl Desktop {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self(app)
    }

    fn window(&self) -> Result<WebviewWindow, String> {
        self.0.get_webview_window(WINDOW).ok_or_else(|| "the window is closing".to_owned())
    }
}

#[async_trait]
impl Outside for Desktop {
    fn open(&self, url: &Url) -> Result<(), String> {
        tauri_plugin_opener::open_url(url.as_str(), None::<&str>).map_err(|error| error.to_string())
    }

    fn open_mail(&self, address: &str) -> Result<(), String> {
        tauri_plugin_opener::open_url(address, None::<&str>).map_err(|error| error.to_string())
    }

    async fn copy(&self, text: String) -> Result<(), String> {
        clipboard::copy(&self.0, text).await
    }

    fn ask_where_to_save(&self, folder: Option<&Path>, name: &str) -> Result<Option<PathBuf>, String> {
        let window = self.window()?;
        let dialog = window.dialog().file().set_parent(&window).set_file_name(name);
        let dialog = match folder {
            Some(folder) => dialog.set_directory(folder),
            None => dialog,
        };
        path_of(dialog.blocking_save_file())
    }

    fn ask_for_report(&self) -> Result<Option<PathBuf>, String> {
        let window = self.window()?;
        let dialog = window.dialog().file().set_parent(&window).add_filter("Inbox Doctor", REPORTS);
        path_of(dialog.blocking_pick_file())
    }

    fn zoom(&self, step: ZoomStep) -> Result<(), String> {
        let larger = match step {
            ZoomStep::In => Some(true),
            ZoomStep::Out => Some(false),
            ZoomStep::Reset => None,
        };
        let zoom = self.0.state::<Place>().zoomed(larger);
        self.window()?.set_zoom(zoom).map_err(|error| error.to_string())
    }

    fn quit(&self) {
        if let Ok(window) = self.window() {
            self.0.state::<Place>().note(&window);
        }
        self.0.exit(0);
    }

    fn setting_changed(&self, key: &str) {
        match key {
            "language" => menu::set(&self.0),
            "theme" => set_theme(&self.0),
            _ => {}
        }
    }
}

fn path_of(chosen: Option<FilePath>) -> Result<Option<PathBuf>, String> {
    chosen.map(|path| path.into_path().map_err(|error| error.to_string())).transpose()
}

/// The frame of the window follows the theme of its content. High contrast is drawn by the page alone: no desktop has it
/// for one window.
pub(crate) fn set_theme(app: &AppHandle) {
    let Ok(settings) = SettingsInForce::read(app.state::<Host>().sources()) else { return };
    app.set_theme(match settings.resolved().theme.value {
        inbox_model::Theme::Light => Some(tauri::Theme::Light),
        inbox_model::Theme::Dark => Some(tauri::Theme::Dark),
        inbox_model::Theme::System | inbox_model::Theme::HighContrast => None,
    });
}
