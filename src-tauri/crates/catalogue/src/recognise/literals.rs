//! Finds many fixed strings in a plain text in one pass, without anything to build that costs more than a short paste.

use crate::packed::Packed;

/// A fixed string in plain form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(dead_code, reason = "used by the build script and by tests")]
pub(crate) struct Literal<'a> {
    /// The plain form; at least [`KEY`] bytes.
    pub text: &'a str,
    /// May begin inside a word (second half of a German compound).
    pub open_start: bool,
    /// May end inside a word (a stem).
    pub open_end: bool,
}

/// A find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Which literal, by its place in the set.
    pub literal: u16,
    /// First byte in the plain text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The literal may begin inside a word.
const OPEN_START: u8 = 1;
/// The literal may end inside a word.
const OPEN_END: u8 = 2;
/// Bytes that pick the candidates at a position.
const KEY: usize = 2;
/// Bits of the filter that lets most positions pass by: one for each key.
#[allow(dead_code, reason = "used by the build script and by tests")]
const FILTER: usize = 1 << 16;

/// A set of literals with what makes the search fast. Everything is prepared by the build script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LiteralSet<'a> {
    /// The literals' plain forms.
    pub texts: Packed<'a>,
    /// For each literal [`OPEN_START`] and [`OPEN_END`].
    pub open: &'a [u8],
    /// Key and literal, sorted.
    pub by_key: &'a [(u16, u16)],
    /// One bit for each key that a literal begins with.
    pub filter: &'a [u64],
}

impl Literal<'_> {
    /// Which ends are open.
    #[allow(dead_code, reason = "used by the build script and by tests")]
    pub fn open(&self) -> u8 {
        (if self.open_start { OPEN_START } else { 0 }) | (if self.open_end { OPEN_END } else { 0 })
    }
}

/// Prepares the search: keys with their literals, and the filter.
#[allow(dead_code, reason = "used by the build script and by tests")]
pub(crate) fn index(literals: &[Literal<'_>]) -> (Vec<(u16, u16)>, Vec<u64>) {
    let mut by_key: Vec<(u16, u16)> = literals
        .iter()
        .enumerate()
        .filter_map(|(index, literal)| Some((key_at(literal.text.as_bytes(), 0)?, u16::try_from(index).ok()?)))
        .collect();
    by_key.sort_unstable();
    let mut filter = vec![0_u64; FILTER / 64];
    for (key, _) in &by_key {
        if let Some(word) = filter.get_mut(usize::from(*key) / 64) {
            *word |= 1 << (key % 64);
        }
    }
    (by_key, filter)
}

impl LiteralSet<'_> {
    /// All finds, ordered by literal and then by place.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let bytes = text.as_bytes();
        let mut hits = Vec::new();
        for start in 0..bytes.len().saturating_sub(KEY - 1) {
            let Some(key) = key_at(bytes, start) else { break };
            if self.filter.get(usize::from(key) / 64).is_none_or(|word| word & (1 << (key % 64)) == 0) {
                continue;
            }
            let inside_word = joined(bytes, start);
            let first = self.by_key.partition_point(|(known, _)| *known < key);
            for (_, index) in self.by_key.iter().skip(first).take_while(|(known, _)| *known == key) {
                let open = self.open.get(usize::from(*index)).copied().unwrap_or_default();
                if inside_word && open & OPEN_START == 0 {
                    continue;
                }
                let Some(text) = self.texts.get(usize::from(*index)) else { continue };
                let end = start + text.len();
                if bytes.get(start..end) != Some(text.as_bytes()) || (open & OPEN_END == 0 && joined(bytes, end)) {
                    continue;
                }
                if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
                    hits.push(Hit { literal: *index, start, end });
                }
            }
        }
        hits.sort_unstable();
        hits
    }
}

/// Whether the bytes on both sides of a boundary are letters or digits of one word.
fn joined(bytes: &[u8], boundary: usize) -> bool {
    let word = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    boundary > 0 && word(bytes.get(boundary - 1)) && word(bytes.get(boundary))
}

fn key_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_stems_at_their_start() {
        let word = Literal { text: "proxy", open_start: false, open_end: false };
        let stem = Literal { text: "admin", open_start: false, open_end: true };
        let literals = [word, stem];
        let (by_key, filter) = index(&literals);
        let open = literals.map(|literal| literal.open());
        let texts = Packed::new("proxyadmin", &[5, 10]);
        let set = LiteralSet { texts, open: &open, by_key: &by_key, filter: &filter };
        let found = |text: &str| set.find(text).iter().map(|hit| hit.literal).collect::<Vec<_>>();
        assert_eq!(found("a proxy and an administrator"), vec![0, 1]);
        assert_eq!(found("proxyh sysadmin"), Vec::<u16>::new());
    }
}
