//! What leaves the program: the seam between the commands and whoever draws the window.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use serde::Deserialize;
use url::Url;

/// A step of the zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoomStep {
    /// Larger.
    In,
    /// Smaller.
    Out,
    /// As it was made.
    Reset,
}

/// The desktop, or what stands in for it. Errors are words for technicians.
#[async_trait]
pub trait Outside: Send + Sync + 'static {
    /// Opens an address in the system's browser. May block.
    ///
    /// # Errors
    /// When nothing could be started.
    fn open(&self, url: &Url) -> Result<(), String>;

    /// Opens a `mailto:` address in the mail program. May block.
    ///
    /// # Errors
    /// When nothing could be started.
    fn open_mail(&self, address: &str) -> Result<(), String>;

    /// Puts a text on the clipboard.
    ///
    /// # Errors
    /// When the desktop refuses.
    async fn copy(&self, text: String) -> Result<(), String>;

    /// Asks where to save, with this name and, where there is one, this folder proposed. Blocks while the dialog is open; `None` when it was closed.
    ///
    /// # Errors
    /// When the answer is no place in the file system.
    fn ask_where_to_save(&self, folder: Option<&Path>, name: &str) -> Result<Option<PathBuf>, String>;

    /// Asks for a report file. Blocks while the dialog is open; `None` when it was closed.
    ///
    /// # Errors
    /// When the answer is no place in the file system.
    fn ask_for_report(&self) -> Result<Option<PathBuf>, String>;

    /// Makes the window's content larger or smaller.
    ///
    /// # Errors
    /// When the web view refuses.
    fn zoom(&self, step: ZoomStep) -> Result<(), String>;

    /// Ends the program as if its window had been closed.
    fn quit(&self);

    /// A user's setting was changed through the window.
    fn setting_changed(&self, key: &str);
}
