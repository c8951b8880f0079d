//! Finds the lines worth examining.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::recognise::triggers;

/// Where the lines worth examining stand in a block: start and end, in bytes.
pub(super) type Hits = Vec<(usize, usize)>;

/// One automaton over the strings that make a line worth examining.
pub(super) struct Prefilter {
    automaton: Option<AhoCorasick>,
}

impl Prefilter {
    /// Builds the automaton. For big files one that takes longer to build and runs faster.
    pub fn new(big: bool) -> Self {
        let kind = if big { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(kind)).build(triggers()).ok();
        Self { automaton }
    }

    /// The lines of a block that hold one of the strings, each once. Without an automaton every line is worth examining.
    pub fn hits(&self, block: &str) -> Hits {
        let mut hits = Hits::new();
        let mut at = 0;
        while at < block.len() {
            let Some(hit) = self.next(block, at) else { break };
            let start = block.get(..hit).and_then(|head| head.rfind('\n')).map_or(0, |end| end + 1);
            let end = block.get(hit..).and_then(|tail| tail.find('\n')).map_or(block.len(), |offset| hit + offset);
            hits.push((start, end));
            at = end.max(hit + 1);
        }
        hits
    }

    fn next(&self, block: &str, at: usize) -> Option<usize> {
        let rest = block.get(at..)?;
        match &self.automaton {
            Some(automaton) => automaton.find(rest).map(|found| at + found.start()),
            None => {
                (!rest.is_empty()).then_some(at + usize::from(rest.starts_with('\n'))).filter(|at| *at < block.len())
            }
        }
    }
}
