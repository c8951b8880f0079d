//! The rules that read words: which fixed strings, alone or together, speak for which cause. The build script makes the
//! tables from `data/rules/*.tsv` (their form is told in `build/rules.rs`).

use std::collections::HashMap;

use inbox_model::{Cause, Confidence};

use super::literals::{Hit, LiteralSet};
use crate::packed::Packed;

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Finds of one term that are tried; a text that repeats itself more often says nothing new.
const TRIED: usize = 24;

/// A rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Stable id.
    pub id: &'static str,
    /// What it speaks for; `Unknown` silences what ranks lower.
    pub cause: Cause,
    /// How sure it makes.
    pub confidence: Confidence,
    /// How specific it is, 0 to 100: the more specific goes first.
    pub rank: u8,
    /// A narrower case with words of its own.
    pub variant: Option<&'static str>,
    /// A code that the words are, as a finding shows it.
    pub code: Option<&'static str>,
    /// First and last but one of its terms in `TERMS`: no pointer that the start of the program would have to mend.
    terms: (u16, u16),
    window: u32,
    /// The longest plain text, in bytes, that it speaks for: words that mean something only where little else stands.
    short: usize,
}

#[derive(Debug)]
struct Term {
    /// First and last but one of its strings in `TERM_LITERALS`.
    literals: (u32, u32),
    anywhere: bool,
    forbidden: bool,
}

/// A rule that a text fulfils.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    /// The rule.
    pub rule: &'static Rule,
    /// First byte of the words, in the plain text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Every rule.
#[cfg(test)]
pub(crate) fn all() -> &'static [Rule] {
    RULES
}

/// The rules that a plain text fulfils.
pub(crate) fn matches(plain: &str) -> Vec<Match> {
    let hits = LiteralSet { texts: LITERALS, open: OPEN, by_key: BY_KEY, filter: FILTER }.find(plain);
    if hits.is_empty() {
        return Vec::new();
    }
    let found = Found::new(&hits);
    RULES.iter().filter(|rule| plain.len() <= rule.short).filter_map(|rule| rule.test(&found)).collect()
}

/// The strings that the rules look for, as the files write them.
pub(crate) fn sources() -> Packed<'static> {
    SOURCES
}

/// Finds by literal.
struct Found<'a> {
    hits: &'a [Hit],
    by_literal: HashMap<u16, (usize, usize)>,
    /// One bit for each literal that was found: most rules end here.
    present: Vec<u64>,
}

impl<'a> Found<'a> {
    fn new(hits: &'a [Hit]) -> Self {
        let mut by_literal: HashMap<u16, (usize, usize)> = HashMap::new();
        let mut present = vec![0_u64; LITERALS.len() / 64 + 1];
        for (index, hit) in hits.iter().enumerate() {
            by_literal.entry(hit.literal).or_insert((index, index)).1 = index + 1;
            if let Some(word) = present.get_mut(usize::from(hit.literal) / 64) {
                *word |= 1 << (hit.literal % 64);
            }
        }
        Self { hits, by_literal, present }
    }

    fn has(&self, term: &Term) -> bool {
        term.literals().iter().any(|literal| self.holds(*literal))
    }

    fn holds(&self, literal: u16) -> bool {
        self.present.get(usize::from(literal) / 64).is_some_and(|word| word & (1 << (literal % 64)) != 0)
    }

    fn of(&self, term: &Term) -> impl Iterator<Item = Hit> {
        term.literals()
            .iter()
            .filter(|literal| self.holds(**literal))
            .filter_map(|literal| self.by_literal.get(literal))
            .flat_map(|(from, to)| self.hits.get(*from..*to).unwrap_or_default().iter().copied().take(TRIED))
    }
}

impl Term {
    fn literals(&self) -> &'static [u16] {
        TERM_LITERALS.get(self.literals.0 as usize..self.literals.1 as usize).unwrap_or_default()
    }
}

impl Rule {
    fn terms(&self) -> &'static [Term] {
        TERMS.get(usize::from(self.terms.0)..usize::from(self.terms.1)).unwrap_or_default()
    }

    fn test(&'static self, found: &Found<'_>) -> Option<Match> {
        if self.terms().iter().any(|term| term.forbidden == found.has(term)) {
            return None;
        }
        let first_term = self.terms().first()?;
        let near: Vec<&Term> = self.terms().iter().skip(1).filter(|term| !term.anywhere && !term.forbidden).collect();
        found.of(first_term).take(TRIED).find_map(|hit| {
            let (mut start, mut end) = (hit.start, hit.end);
            for term in &near {
                let nearest = found.of(term).min_by_key(|other| distance(hit, *other))?;
                start = start.min(nearest.start);
                end = end.max(nearest.end);
            }
            (near.is_empty() || end - start <= self.window).then_some(Match { rule: self, start, end })
        })
    }
}

fn distance(one: Hit, other: Hit) -> u32 {
    other.start.saturating_sub(one.end).max(one.start.saturating_sub(other.end))
}
