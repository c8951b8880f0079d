//! Where words stand in the examined text.

use inbox_model::Place;

use crate::redact::redact_secrets;

/// The longest stretch of words that a place repeats, in characters.
const WORDS: usize = 160;

/// The place of a stretch of bytes.
pub(super) fn place(text: &str, start: usize, end: usize) -> Place {
    let (start, end) = (floor(text, start), floor(text, end));
    let before = text.get(..start).unwrap_or_default();
    let inside = text.get(start..end).unwrap_or_default();
    let from = utf16(before);
    Place {
        start: from,
        end: from.saturating_add(utf16(inside)),
        line: before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1,
        words: redact_secrets(&inside.chars().take(WORDS).collect::<String>()),
    }
}

fn utf16(text: &str) -> u32 {
    u32::try_from(text.chars().map(char::len_utf16).sum::<usize>()).unwrap_or(u32::MAX)
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
