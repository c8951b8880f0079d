//! Finds the send-only address of a personal Microsoft account whose primary alias lies elsewhere:
//! `outlook_28CABF904928312D@outlook.com`.

use inbox_model::{Cause, Confidence};

use super::fold::Folded;
use super::judge::{Clue, Clues};

/// The fewest digits; doubled letters are one in the plain form, so that sixteen may come down to ten.
const FEWEST: usize = 6;

/// Looks for the address.
pub(super) fn look(folded: &Folded, clues: &mut Clues) {
    let text = folded.text.as_str();
    for (start, lead) in text.match_indices("outlok_") {
        let digits_at = start + lead.len();
        let Some(tail) = text.get(digits_at..) else { continue };
        let digits = tail.bytes().take_while(u8::is_ascii_hexdigit).count();
        let Some(domain) = tail.get(digits..) else { continue };
        if digits < FEWEST || !(domain.starts_with("@outlok.com") || domain.starts_with(" @outlok.com")) {
            continue;
        }
        clues.all.push(Clue {
            cause: Cause::PrimaryAliasForeign,
            confidence: Confidence::Certain,
            rank: 87,
            code: None,
            variant: None,
            rule: "alias-address".to_owned(),
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(digits_at + digits + "@outlok.com".len()).unwrap_or(u32::MAX),
        });
    }
}
