//! Files of any size, explained: decoded, scanned in bounded memory, each finding once and in words.

use std::io::Read;

use inbox_catalogue::{LogScan, ScanError, SupportId, TextContext, scan};
use inbox_model::{AppProfile, Cause, Confidence, Domain, ExplainedFinding, Finding, Language};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{Engine, EngineError, today};

/// What a log says, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedLog {
    /// Each distinct finding once; one `unknown` when nothing settles a cause.
    pub findings: Vec<CountedFinding>,
    /// Ids and times that support needs.
    pub ids: Vec<SupportId>,
    /// Lines read.
    pub lines: u64,
    /// Bytes read.
    pub bytes: u64,
    /// How it was decoded.
    pub encoding: String,
    /// More was there than is kept.
    pub cut: bool,
}

/// A finding in words with how often and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountedFinding {
    /// The finding.
    #[serde(flatten)]
    pub finding: ExplainedFinding,
    /// Lines that say so.
    pub count: u64,
    /// The first of them, from 1.
    pub first_line: u64,
    /// The last of them.
    pub last_line: u64,
}

impl From<ScanError> for EngineError {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Read(error) => Self::File(error),
            ScanError::Binary { kind } => Self::NotText(kind),
            ScanError::Stopped => Self::Cancelled,
        }
    }
}

impl Engine {
    /// Scans a file of any size. `progress` is told the bytes read so far.
    ///
    /// # Errors
    /// When it cannot be read, is no text, or was stopped.
    pub fn explain_log(
        &self,
        reader: impl Read,
        app: &AppProfile,
        domain: Option<&Domain>,
        language: Language,
        cancel: &CancellationToken,
        mut progress: impl FnMut(u64),
    ) -> Result<ExplainedLog, EngineError> {
        let context = TextContext { today: today(), domain, app: Some(app) };
        let scanned = scan(reader, &context, |bytes| {
            progress(bytes);
            !cancel.is_cancelled()
        })?;
        let LogScan { findings, ids, lines, bytes, encoding, cut } = scanned;
        let mut findings: Vec<CountedFinding> = findings
            .into_iter()
            .map(|row| CountedFinding {
                finding: self.in_words(row.finding, app, domain, language),
                count: row.count,
                first_line: row.first_line,
                last_line: row.last_line,
            })
            .collect();
        if findings.is_empty() {
            let unknown = Finding::of(Cause::Unknown, Confidence::Possible);
            findings.push(CountedFinding {
                finding: self.in_words(unknown, app, domain, language),
                count: 0,
                first_line: 0,
                last_line: 0,
            });
        }
        Ok(ExplainedLog { findings, ids, lines, bytes, encoding, cut })
    }
}
