//! Finds the lines worth examining.

use super::grams::{Entry, Grams};

include!(concat!(env!("OUT_DIR"), "/triggers.rs"));

/// Where the lines worth examining stand in a block: start and end, in bytes.
pub(super) type Hits = Vec<(usize, usize)>;

const GRAMS: Grams<'static> = Grams {
    text: TRIGGER_TEXT,
    ends: TRIGGER_ENDS,
    filter: TRIGGER_FILTER,
    buckets: TRIGGER_BUCKETS,
    entries: TRIGGER_ENTRIES,
};

/// The lines of a block that hold one of the strings which make a line worth examining, each once, in order.
pub(super) fn hits(block: &str) -> Hits {
    let mut hits = Hits::new();
    let mut at = 0;
    while let Some(hit) = GRAMS.next(block.as_bytes(), at) {
        let start = block.get(..hit).and_then(|head| head.rfind('\n')).map_or(0, |end| end + 1);
        let end = block.get(hit..).and_then(|tail| tail.find('\n')).map_or(block.len(), |offset| hit + offset);
        hits.push((start, end));
        at = end.max(hit + 1);
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every string, by the plainest of all searches.
    fn plainly(block: &str) -> Hits {
        let lower = block.to_ascii_lowercase();
        let mut strings = Vec::new();
        let mut start = 0;
        for end in TRIGGER_ENDS {
            strings.push(TRIGGER_TEXT.get(start..*end as usize).unwrap().to_ascii_lowercase());
            start = *end as usize;
        }
        let mut hits = Hits::new();
        let mut at = 0;
        for line in lower.split_inclusive('\n') {
            let bare = line.strip_suffix('\n').unwrap_or(line);
            if strings.iter().any(|string| bare.contains(string.as_str())) {
                hits.push((at, at + bare.len()));
            }
            at += line.len();
        }
        hits
    }

    #[test]
    fn the_same_lines_are_found_as_by_a_plain_search() {
        let samples = include_str!("../../tests/samples.tsv");
        for shift in 0..3 {
            let block = format!("{}{samples}", ".".repeat(shift));
            assert_eq!(hits(&block), plainly(&block));
            assert!(hits(&block).len() > 50, "the strings are there");
            let upper = block.to_ascii_uppercase();
            assert_eq!(hits(&upper), plainly(&upper));
        }
    }
}
