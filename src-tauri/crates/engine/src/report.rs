//! An examination as a file: redacted, and as JSON, text or a web page that prints well.

mod branding;
mod html;
mod redaction;
mod text;

pub(crate) use branding::read_logo;
pub use branding::{Branding, Helpdesk};
pub use html::to_html;
pub use redaction::redact;

pub use text::{answer, finding, mark, name_of, standing, to_text};

use inbox_model::{Examination, RedactionLevel};

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// The examination itself; can be replayed.
    Json,
    /// A self-contained web page.
    Html,
    /// Plain text.
    Text,
}

impl ReportFormat {
    /// The form that a file name asks for: `.html`/`.htm`, `.txt`, anything else is JSON.
    #[must_use]
    pub fn of_path(path: &std::path::Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "html" | "htm" => Self::Html,
            "txt" | "text" => Self::Text,
            _ => Self::Json,
        }
    }
}

/// The report as the bytes of a file.
///
/// # Errors
/// Only when the examination cannot be written as JSON, which no examination of ours can cause.
pub fn render(
    examination: &Examination,
    format: ReportFormat,
    level: RedactionLevel,
) -> Result<String, serde_json::Error> {
    render_for(examination, format, level, &Branding::default())
}

/// The report of an organisation as the bytes of a file.
///
/// # Errors
/// As [`render`].
pub fn render_for(
    examination: &Examination,
    format: ReportFormat,
    level: RedactionLevel,
    branding: &Branding,
) -> Result<String, serde_json::Error> {
    let copy = redact(examination, level)?;
    let helpdesk = branding.helpdesk.as_ref().map(|helpdesk| helpdesk.line(copy.language));
    Ok(match format {
        ReportFormat::Json => serde_json::to_string_pretty(&copy)? + "\n",
        ReportFormat::Html => html::page(&copy, branding),
        ReportFormat::Text => match helpdesk {
            Some(line) => format!("{line}\n\n{}", to_text(&copy)),
            None => to_text(&copy),
        },
    })
}
