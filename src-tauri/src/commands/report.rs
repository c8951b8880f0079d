//! `save_report`, `open_report`, `save_text`: examinations and tables as files.

use inbox_engine::{ReportFormat, render};
use inbox_model::{Examination, Language, Origin, RedactionLevel};
use serde::{Deserialize, Serialize};
use tauri::{State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use crate::commands::Desktop;
use crate::error::{HostError, HostErrorCode, guarded_blocking};

/// The forms that the window offers.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReportForm {
    Html,
    Json,
    Text,
}

/// What became of a file that the window wanted saved.
#[derive(Debug, Serialize)]
pub(crate) struct SaveResult {
    saved: bool,
    path: Option<String>,
}

impl ReportForm {
    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Text => "txt",
        }
    }

    fn format(self) -> ReportFormat {
        match self {
            Self::Html => ReportFormat::Html,
            Self::Json => ReportFormat::Json,
            Self::Text => ReportFormat::Text,
        }
    }
}

/// Asks where to save a report, and writes it, masked at least as far as the organisation's policy says.
#[tauri::command]
pub(crate) async fn save_report(
    desktop: State<'_, Desktop>,
    window: WebviewWindow,
    examination: Examination,
    format: ReportForm,
    redaction: RedactionLevel,
) -> Result<SaveResult, HostError> {
    let engine = desktop.engine().await?;
    guarded_blocking(move || {
        let settings = engine.settings();
        let least = match settings.origin("redaction") {
            Some(Origin::MandatoryPolicy) => settings.values.redaction.unwrap_or_default(),
            _ => RedactionLevel::Secrets,
        };
        let text = render(&examination, format.format(), redaction.max(least))
            .map_err(|error| HostErrorCode::NotSaved.with(error))?;
        let day = examination.finished.get(..10).unwrap_or("report");
        let name = format!("inbox-doctor-{day}.{}", format.extension());
        ask_and_write(&window, &name, text.as_bytes())
    })
    .await
}

/// Asks where to save, with this name proposed, and writes there. Blocks while the dialog is open.
pub(crate) fn ask_and_write(window: &WebviewWindow, name: &str, bytes: &[u8]) -> Result<SaveResult, HostError> {
    let chosen = window.dialog().file().set_parent(window).set_file_name(name).blocking_save_file();
    let Some(chosen) = chosen else { return Ok(SaveResult { saved: false, path: None }) };
    let path = chosen.into_path().map_err(|error| HostErrorCode::NotSaved.with(error))?;
    inbox_engine::replace_file(&path, bytes).map_err(|error| HostErrorCode::NotSaved.with(error))?;
    Ok(SaveResult { saved: true, path: Some(path.display().to_string()) })
}

/// A report that somebody sent, judged again with today's knowledge.
#[tauri::command]
pub(crate) async fn open_report(
    desktop: State<'_, Desktop>,
    text: String,
    language: Language,
) -> Result<Examination, HostError> {
    let engine = desktop.engine().await?;
    guarded_blocking(move || {
        if text.len() > inbox_engine::MAX_TEXT {
            return Err(HostErrorCode::TooLong.with(text.len()));
        }
        Ok(engine.replay(text.trim_start_matches('\u{feff}'), language)?)
    })
    .await
}

/// Asks where to save a table that the window made, and writes it.
#[tauri::command]
pub(crate) async fn save_text(window: WebviewWindow, name: String, text: String) -> Result<SaveResult, HostError> {
    if !is_plain_name(&name) {
        return Err(HostErrorCode::NotSaved.with("this is no name for a table"));
    }
    guarded_blocking(move || ask_and_write(&window, &name, text.as_bytes())).await
}

/// A file name without folder that ends like a table.
fn is_plain_name(name: &str) -> bool {
    name.strip_suffix(".csv").is_some_and(|stem| {
        !stem.is_empty() && stem.len() < 64 && stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::is_plain_name;

    #[test]
    fn the_window_proposes_names_of_tables_only() {
        assert!(is_plain_name("domains-2026-11-24.csv"));
        for name in [".csv", "../a.csv", "a.desktop", "/etc/a.csv", "a.csv.exe"] {
            assert!(!is_plain_name(name), "{name}");
        }
    }
}
