//! `save_report`, `preview_report`, `open_report`, `choose_report`, `save_text`: examinations and tables as files.

use std::path::Path;

use inbox_engine::{Engine, ReportFormat};
use inbox_model::{Examination, Language, RedactionLevel};
use serde::{Deserialize, Serialize};

use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::host::Host;
use crate::outside::Outside;
use crate::told::ReportFile;

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
    /// The one that this program opens by double click has an ending of its own; its content is JSON.
    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "inboxdoctor",
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

/// A report that is to be made.
#[derive(Debug, Deserialize)]
pub(crate) struct ReportOrder {
    examination: Examination,
    format: ReportForm,
    redaction: RedactionLevel,
}

/// A report as it would be saved.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    text: String,
    redaction: RedactionLevel,
}

/// Makes a report, masked at least as far as the organisation's policy says.
fn made(engine: &Engine, order: &ReportOrder) -> Result<Preview, HostError> {
    let redaction = engine.redaction(Some(order.redaction));
    let text = engine
        .report(&order.examination, order.format.format(), Some(redaction))
        .map_err(|error| HostErrorCode::NotSaved.with(error))?;
    Ok(Preview { text, redaction })
}

/// Asks where to save a report, and writes it.
pub(crate) async fn save_report(host: &Host, order: ReportOrder) -> Result<SaveResult, HostError> {
    let engine = host.engine().await?;
    let outside = host.outside.clone();
    guarded_blocking(move || {
        let report = made(&engine, &order)?;
        let day = order.examination.finished.get(..10).unwrap_or("report");
        let name = format!("inbox-doctor-{day}.{}", order.format.extension());
        ask_and_write(&*outside, engine.report_folder().as_deref(), &name, report.text.as_bytes())
    })
    .await
}

/// A report as [`save_report`] would write it.
pub(crate) async fn preview_report(host: &Host, order: ReportOrder) -> Result<Preview, HostError> {
    let engine = host.engine().await?;
    guarded_blocking(move || made(&engine, &order)).await
}

/// Asks where to save, with this name and folder proposed, and writes there. Blocks while the dialog is open.
pub(crate) fn ask_and_write(
    outside: &dyn Outside,
    folder: Option<&Path>,
    name: &str,
    bytes: &[u8],
) -> Result<SaveResult, HostError> {
    let chosen = outside.ask_where_to_save(folder, name).map_err(|error| HostErrorCode::NotSaved.with(error))?;
    let Some(path) = chosen else { return Ok(SaveResult { saved: false, path: None }) };
    inbox_engine::replace_file(&path, bytes)
        .map_err(|error| HostErrorCode::NotSaved.with(format!("{}: {error}", path.display())))?;
    Ok(SaveResult { saved: true, path: Some(path.display().to_string()) })
}

/// A report as text.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    text: String,
    language: Language,
}

/// A report that somebody sent, judged again with today's knowledge.
pub(crate) async fn open_report(host: &Host, order: Sent) -> Result<Examination, HostError> {
    let engine = host.engine().await?;
    guarded_blocking(move || {
        if order.text.len() > inbox_engine::MAX_TEXT {
            return Err(HostErrorCode::TooLong.with(order.text.len()));
        }
        Ok(engine.replay(order.text.trim_start_matches('\u{feff}'), order.language)?)
    })
    .await
}

/// Asks for a report file and reads it; `None` when the dialog was closed.
pub(crate) async fn choose_report(host: &Host) -> Result<Option<ReportFile>, HostError> {
    let outside = host.outside.clone();
    guarded_blocking(move || {
        let chosen = outside.ask_for_report().map_err(|error| HostErrorCode::NotAReport.with(error))?;
        chosen.map(|path| ReportFile::read(&path)).transpose()
    })
    .await
}

/// A table of the window.
#[derive(Debug, Deserialize)]
pub(crate) struct Table {
    name: String,
    text: String,
}

/// Asks where to save a table that the window made, and writes it.
pub(crate) async fn save_text(host: &Host, order: Table) -> Result<SaveResult, HostError> {
    if !is_plain_name(&order.name) {
        return Err(HostErrorCode::NotSaved.with("this is no name for a table"));
    }
    let outside = host.outside.clone();
    guarded_blocking(move || ask_and_write(&*outside, None, &order.name, order.text.as_bytes())).await
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
