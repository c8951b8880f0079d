//! Finds many fixed strings in a plain text in one pass, without anything to build that costs more than a short paste.

/// A fixed string in plain form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Literal {
    /// The plain form; at least [`KEY`] bytes.
    pub text: String,
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

/// Bytes that pick the candidates at a position.
const KEY: usize = 2;
/// Bits of the filter that lets most positions pass by: 64 Ki.
const FILTER: usize = 1 << 16;

/// A set of literals.
pub(crate) struct LiteralSet {
    literals: Vec<Literal>,
    /// Key and literal, sorted by key.
    by_key: Vec<(u32, u16)>,
    filter: Vec<u64>,
}

impl LiteralSet {
    /// Prepares the search.
    pub fn new(literals: Vec<Literal>) -> Self {
        let mut by_key: Vec<(u32, u16)> = literals
            .iter()
            .enumerate()
            .filter_map(|(index, literal)| Some((key_at(literal.text.as_bytes(), 0)?, u16::try_from(index).ok()?)))
            .collect();
        by_key.sort_unstable();
        let mut filter = vec![0_u64; FILTER / 64];
        for (key, _) in &by_key {
            let bit = slot(*key);
            if let Some(word) = filter.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
        }
        Self { literals, by_key, filter }
    }

    /// The literal at a place in the set.
    pub fn get(&self, index: u16) -> Option<&Literal> {
        self.literals.get(usize::from(index))
    }

    /// All finds, ordered by literal and then by place.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let bytes = text.as_bytes();
        let mut hits = Vec::new();
        for start in 0..bytes.len().saturating_sub(KEY - 1) {
            let Some(key) = key_at(bytes, start) else { break };
            let bit = slot(key);
            if self.filter.get(bit / 64).is_none_or(|word| word & (1 << (bit % 64)) == 0) {
                continue;
            }
            let first = self.by_key.partition_point(|(known, _)| *known < key);
            for (_, index) in self.by_key.iter().skip(first).take_while(|(known, _)| *known == key) {
                let Some(literal) = self.get(*index) else { continue };
                let end = start + literal.text.len();
                if bytes.get(start..end) != Some(literal.text.as_bytes())
                    || (!literal.open_start && joined(bytes, start))
                    || (!literal.open_end && joined(bytes, end))
                {
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

fn key_at(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..at + KEY)?;
    Some(part.iter().fold(0, |key, byte| (key << 8) | u32::from(*byte)))
}

fn slot(key: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> 16) as usize & (FILTER - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Literal {
        Literal { text: text.to_owned(), open_start: false, open_end: false }
    }

    #[test]
    fn words_are_found_whole_and_stems_at_their_start() {
        let set = LiteralSet::new(vec![literal("proxy"), Literal { open_end: true, ..literal("admin") }]);
        let found = |text: &str| set.find(text).iter().map(|hit| hit.literal).collect::<Vec<_>>();
        assert_eq!(found("a proxy and an administrator"), vec![0, 1]);
        assert_eq!(found("proxyh sysadmin"), Vec::<u16>::new());
    }
}
