//! Collects the ids and times that a provider's support asks for.

use super::SupportId;
use super::fold::Folded;

/// Labels in plain form, the longer ones first, and the kind that they announce.
const LABELS: &[(&str, &str)] = &[
    ("client request id", "client-request-id"),
    ("x ms request id", "request-id"),
    ("request id", "request-id"),
    ("requestid", "request-id"),
    ("trace id", "trace-id"),
    ("trace_id", "trace-id"),
    ("traceid", "trace-id"),
    ("トレースid", "trace-id"),
    ("corelation id", "correlation-id"),
    ("corelation_id", "correlation-id"),
    ("corelationid", "correlation-id"),
    ("关联id", "correlation-id"),
    ("相関id", "correlation-id"),
    ("timestamp", "timestamp"),
    ("タイムスタンプ", "timestamp"),
];
/// How many bytes may stand between a label and its value.
const GAP: usize = 24;
/// The most ids that a text gives; a log is read by `scan`.
const MOST: usize = 64;

/// The ids of a text, each once, in the order in which they stand.
pub(super) fn support_ids(text: &str, folded: &Folded) -> Vec<SupportId> {
    let plain = folded.text.as_str();
    let mut found: Vec<(usize, SupportId)> = Vec::new();
    for (label, kind) in LABELS {
        for (at, _) in plain.match_indices(label).take(MOST) {
            let (_, end) = folded.origin(at, at + label.len());
            // A shorter label at the end of a longer one is the same label.
            if found.iter().any(|(known, _)| *known == end) {
                continue;
            }
            let tail = text.get(end..).unwrap_or_default();
            let value = if *kind == "timestamp" { time(tail) } else { guid(tail) };
            let Some(value) = value else { continue };
            let id = SupportId { kind: (*kind).to_owned(), value };
            if !found.iter().any(|(_, known)| *known == id) {
                found.push((end, id));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, id)| id).take(MOST).collect()
}

/// 8-4-4-4-12 hexadecimal digits soon after the label.
fn guid(tail: &str) -> Option<String> {
    let bytes = tail.as_bytes();
    (0..GAP.min(bytes.len())).find_map(|from| {
        let value = bytes.get(from..from + 36)?;
        let fits = value.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        fits.then(|| String::from_utf8_lossy(value).into_owned())
    })
}

/// `2026-11-12 08:41:07Z`, with a `T` or a plus in the middle, also percent-encoded.
fn time(tail: &str) -> Option<String> {
    let head: String = tail.chars().take(GAP + 40).collect();
    let head = head.replace("%3a", ":").replace("%3A", ":").replace("%20", " ").replace('+', " ");
    let bytes = head.as_bytes();
    (0..GAP.min(bytes.len())).find_map(|from| {
        let value = bytes.get(from..from + 19)?;
        let fits = value.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            10 => matches!(*byte, b'T' | b' '),
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
        if !fits {
            return None;
        }
        let more = bytes.get(from + 19..)?.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        let zone = usize::from(bytes.get(from + 19 + more) == Some(&b'Z'));
        bytes.get(from..from + 19 + more + zone).map(|all| String::from_utf8_lossy(all).into_owned())
    })
}
