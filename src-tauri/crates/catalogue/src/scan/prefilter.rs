//! Finds the next line worth examining.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::recognise::triggers;

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

    /// Where the next string begins. Without an automaton every line is worth examining.
    pub fn next(&mut self, block: &str, at: usize) -> Option<usize> {
        let rest = block.get(at..)?;
        match &self.automaton {
            Some(automaton) => automaton.find(rest).map(|found| at + found.start()),
            None => {
                (!rest.is_empty()).then_some(at + usize::from(rest.starts_with('\n'))).filter(|at| *at < block.len())
            }
        }
    }
}
