//! Reads files of any size in bounded memory: decodes them, finds the lines that speak of an error, counts each finding.

use std::collections::HashMap;
use std::io::Read;

use inbox_model::{Cause, Confidence, Finding};
use serde::{Deserialize, Serialize};

use crate::recognise::{SupportId, TextContext, recognise};

mod decode;
mod grams;
mod lines;
mod mail;
mod prefilter;

use decode::Decoder;
use lines::LineCutter;
use mail::MailBody;
use prefilter::{Hits, hits};

/// Bytes that are read at once.
const CHUNK: usize = 128 * 1024;
/// Up to this size a text that is no log is read as one, so that words on several lines are seen together.
const WHOLE: usize = 512 * 1024;
/// The most different findings and ids that a scan keeps.
const MOST: usize = 500;
/// How many answers for like lines are remembered.
const REMEMBERED: usize = 8192;
/// The longest part of a line that is examined, in bytes; what follows in a longer line is examined as lines of its own.
const LONGEST_LINE: usize = 64 * 1024;

/// Why a file cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Reading failed.
    #[error("cannot read: {0}")]
    Read(#[from] std::io::Error),
    /// It holds no text.
    #[error("this is no text file ({kind})")]
    Binary {
        /// What it looks like, in a word (`zip`, `pdf`, `program`, `image`, `binary`).
        kind: &'static str,
    },
    /// The caller asked to stop.
    #[error("stopped")]
    Stopped,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogScan {
    /// Each distinct finding once, the most specific first as far as certainty tells, then the most frequent.
    pub findings: Vec<LogFinding>,
    /// Ids and times of the lines that led to a finding.
    pub ids: Vec<SupportId>,
    /// Lines read.
    pub lines: u64,
    /// Bytes read, as they lie in the file.
    pub bytes: u64,
    /// How it was decoded, by the name that the Encoding Standard gives.
    pub encoding: String,
    /// More findings or ids were there than are kept.
    pub cut: bool,
}

/// A finding with how often and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogFinding {
    /// The finding; its places are those of the first line.
    pub finding: Finding,
    /// Lines that say so.
    pub count: u64,
    /// The first of them, from 1.
    pub first_line: u64,
    /// The last of them.
    pub last_line: u64,
}

/// Scans a file of any size: UTF-8, UTF-16 with a mark, Shift_JIS, EUC-JP, ISO-2022-JP, GBK or Windows-1252; HTML; mails with
/// quoted-printable and base64 parts. Memory stays bounded whatever the size.
///
/// `progress` gets the bytes read so far after each piece; it returns false to stop. A line is examined when it holds one of
/// the longer strings that rules for machines' words look for; what a person tells in own words over several lines is
/// seen in texts up to half a megabyte, which are read as a whole unless their lines begin with times.
///
/// # Errors
/// When reading fails, the file holds no text, or `progress` says stop.
pub fn scan(
    mut reader: impl Read,
    context: &TextContext<'_>,
    mut progress: impl FnMut(u64) -> bool,
) -> Result<LogScan, ScanError> {
    let mut head = Vec::new();
    reader.by_ref().take(WHOLE as u64 + 1).read_to_end(&mut head)?;
    let decoder = Decoder::sniff(&head)?;
    let mut bytes = head.len() as u64;
    if !progress(bytes) {
        return Err(ScanError::Stopped);
    }
    if head.len() <= WHOLE
        && let Some(scan) = whole(&head, decoder.clone(), context)
    {
        return Ok(scan);
    }
    let mut tally = Tally::new(decoder.name());
    let mut machine = Machine { decoder, mail: MailBody::new(&head), cutter: LineCutter::new(LONGEST_LINE) };
    let mut take = |first: u64, block: &str| tally.block(first, block, &hits(block), context);
    machine.feed(&head, false, &mut take);
    drop(head);
    let mut chunk = vec![0_u8; CHUNK];
    loop {
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        bytes += length as u64;
        machine.feed(chunk.get(..length).unwrap_or_default(), false, &mut take);
        if !progress(bytes) {
            return Err(ScanError::Stopped);
        }
    }
    machine.feed(&[], true, &mut take);
    Ok(tally.finish(bytes, machine.cutter.lines()))
}

/// A whole file in memory as text, decoded as [`scan`] does it.
///
/// # Errors
/// `Binary` where it holds no text.
pub fn decode_text(bytes: &[u8]) -> Result<String, ScanError> {
    let decoder = Decoder::sniff(bytes)?;
    let mut text = String::new();
    let mut machine = Machine { decoder, mail: MailBody::new(bytes), cutter: LineCutter::new(LONGEST_LINE) };
    machine.feed(bytes, true, &mut |_, block| text.push_str(block));
    Ok(text)
}

/// Whether a text is a log, whose findings are counted, rather than one message, which is read as a whole.
#[must_use]
pub fn looks_like_log(text: &str) -> bool {
    lines::looks_like_log(text)
}

/// A short text that is no log: read as one.
fn whole(head: &[u8], decoder: Decoder, context: &TextContext<'_>) -> Option<LogScan> {
    let name = decoder.name();
    let mut text = String::new();
    let mut machine = Machine { decoder, mail: MailBody::new(head), cutter: LineCutter::new(LONGEST_LINE) };
    machine.feed(head, true, &mut |_, block| text.push_str(block));
    if lines::looks_like_log(&text) {
        return None;
    }
    let recognition = recognise(&text, context);
    let findings =
        recognition.findings.into_iter().filter(|finding| finding.cause != Cause::Unknown || !finding.codes.is_empty());
    let findings = findings
        .map(|finding| LogFinding {
            count: finding.places.len().max(1) as u64,
            first_line: finding.places.iter().map(|place| place.line).min().unwrap_or(1),
            last_line: finding.places.iter().map(|place| place.line).max().unwrap_or(1),
            finding,
        })
        .collect();
    let lines = machine.cutter.lines();
    Some(LogScan { findings, ids: recognition.ids, lines, bytes: head.len() as u64, encoding: name, cut: false })
}

/// From bytes to blocks of whole lines.
struct Machine {
    decoder: Decoder,
    mail: MailBody,
    cutter: LineCutter,
}

impl Machine {
    fn feed(&mut self, bytes: &[u8], last: bool, take: &mut dyn FnMut(u64, &str)) {
        let Self { decoder, mail, cutter } = self;
        decoder.decode(bytes, last, &mut |text| cutter.feed(&mail.decode(text), take));
        if last {
            let rest = mail.finish();
            cutter.feed(&rest, take);
            cutter.finish(take);
        }
    }
}

/// The answers so far.
struct Tally {
    found: Vec<LogFinding>,
    index: HashMap<(Cause, String), usize>,
    ids: Vec<SupportId>,
    remembered: HashMap<u64, Vec<usize>>,
    encoding: String,
    cut: bool,
}

impl Tally {
    fn new(encoding: String) -> Self {
        Self {
            found: Vec::new(),
            index: HashMap::new(),
            ids: Vec::new(),
            remembered: HashMap::new(),
            encoding,
            cut: false,
        }
    }

    /// Takes a block of whole lines whose first has this number, with the lines in it that are worth examining.
    fn block(&mut self, first: u64, block: &str, hits: &Hits, context: &TextContext<'_>) {
        let mut line_number = first;
        let mut counted = 0;
        for (start, end) in hits.iter().copied() {
            line_number += lines::count(block.get(counted..start).unwrap_or_default());
            counted = start;
            let line = block.get(start..end).unwrap_or_default();
            if !self.known(line, line_number) {
                let wider = end + lines::continuation(block.get(end..).unwrap_or_default());
                self.examine(line, block.get(start..wider).unwrap_or_default(), line_number, context);
            }
        }
    }

    /// Counts a line like one that was examined before.
    fn known(&mut self, line: &str, number: u64) -> bool {
        let Some(findings) = self.remembered.get(&lines::shape(line)) else { return false };
        for index in findings {
            if let Some(found) = self.found.get_mut(*index) {
                found.count += 1;
                found.last_line = number;
            }
        }
        true
    }

    fn examine(&mut self, line: &str, wider: &str, number: u64, context: &TextContext<'_>) {
        let mut recognition = recognise(line, context);
        let settled = |finding: &Finding| finding.cause != Cause::Unknown || !finding.codes.is_empty();
        if !recognition.findings.iter().any(settled) && wider.len() > line.len() && wider.len() < LONGEST_LINE {
            recognition = recognise(wider, context);
        }
        let mut indices = Vec::new();
        for mut finding in recognition.findings.into_iter().filter(settled) {
            let key = (finding.cause, finding.codes.join(" "));
            for place in &mut finding.places {
                place.line += number - 1;
            }
            let at = match self.index.get(&key) {
                Some(at) => *at,
                None if self.found.len() < MOST => {
                    self.index.insert(key, self.found.len());
                    self.found.push(LogFinding { finding, count: 0, first_line: number, last_line: number });
                    self.found.len() - 1
                }
                None => {
                    self.cut = true;
                    continue;
                }
            };
            if let Some(found) = self.found.get_mut(at) {
                found.count += 1;
                found.last_line = number;
            }
            indices.push(at);
        }
        if !indices.is_empty() {
            for id in recognition.ids {
                if self.ids.len() >= MOST {
                    self.cut = true;
                } else if !self.ids.contains(&id) {
                    self.ids.push(id);
                }
            }
        }
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        self.remembered.insert(lines::shape(line), indices);
    }

    fn finish(mut self, bytes: u64, lines: u64) -> LogScan {
        let sure = |found: &LogFinding| match found.finding.confidence {
            Confidence::Certain => 0,
            Confidence::Likely => 1,
            Confidence::Possible => 2,
        };
        self.found.sort_by(|a, b| {
            (a.finding.cause == Cause::Unknown)
                .cmp(&(b.finding.cause == Cause::Unknown))
                .then(sure(a).cmp(&sure(b)))
                .then(b.count.cmp(&a.count))
                .then(a.first_line.cmp(&b.first_line))
        });
        LogScan { findings: self.found, ids: self.ids, lines, bytes, encoding: self.encoding, cut: self.cut }
    }
}

#[cfg(test)]
mod tests;
