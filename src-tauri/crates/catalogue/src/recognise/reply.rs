//! Finds the enhanced status codes of SMTP (RFC 3463) where they stand in a mail server's reply.

use super::fold::Folded;
use super::judge::{Clue, Clues};
use crate::codes::named_codes;
use inbox_model::CodeFamily;

/// Words near a code that show a mail server's reply. A bare `5.7.1` may be a version number.
const SCENE: &[&str] = &[
    "smtp",
    "undeliver",
    "bounce",
    "recipient",
    "remote server",
    "authentic",
    "sendas",
    "ndr",
    "mail from",
    "mailbox",
    "relay",
    "送信",
    "配信",
];
/// How far from the code these words may stand, in bytes.
const REACH: usize = 200;

/// Looks for codes.
pub(super) fn look(folded: &Folded, clues: &mut Clues) {
    let text = folded.text.as_str();
    for (start, token) in tokens(text) {
        let mut parts = token.split('.');
        let class = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        if !matches!(class, "4" | "5")
            || rest.len() != 2
            || rest
                .iter()
                .any(|part| part.is_empty() || part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()))
        {
            continue;
        }
        let Some(row) = named_codes().iter().find(|row| row.family == CodeFamily::Smtp && row.value == token) else {
            continue;
        };
        if !(follows_reply(text, start, class) || near_scene(text, start)) {
            continue;
        }
        clues.all.push(Clue {
            cause: row.cause,
            confidence: row.confidence,
            rank: row.rank,
            code: Some(row.value.to_owned()),
            variant: row.variant,
            rule: format!("smtp-{}", row.value),
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(start + token.len()).unwrap_or(u32::MAX),
        });
    }
}

fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| c.is_ascii_digit())?;
        let token = text.get(start..)?;
        let length = token.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        at = start + length.max(1);
        Some((start, token.get(..length)?.trim_end_matches('.')))
    })
}

/// `550 5.7.60`, `550-5.4.5`, `#5.7.1`.
fn follows_reply(text: &str, start: usize, class: &str) -> bool {
    let before = text.get(..start).unwrap_or_default();
    if before.ends_with('#') {
        return true;
    }
    let word = before.trim_end_matches([' ', 'b']).rsplit([' ', '#']).next().unwrap_or_default();
    word.len() == 3 && word.starts_with(class) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn near_scene(text: &str, start: usize) -> bool {
    let mut from = start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (start + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let near = text.get(from..to).unwrap_or_default();
    SCENE.iter().any(|word| near.contains(word))
}
