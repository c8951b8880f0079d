//! The rules that read words: which fixed strings, alone or together, speak for which cause.
//!
//! A rule file is lines of `id, cause, confidence, rank, expression, options`, split by tabs. In an expression `&` joins
//! terms that must stand near each other, `|` parts the ways to say one term, `~` before a term lets it stand anywhere,
//! `!` before a term forbids it, `@name` takes in a list of words, `*` at an edge of a string opens that edge.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use inbox_model::{Cause, Confidence};

use super::fold::fold_pattern;
use super::literals::{Hit, Literal, LiteralSet};
use crate::codes::{EntraCode, NamedCode, entra_codes, named_codes};

/// How far apart the terms of a rule may stand, in bytes of the plain form, where the rule does not say.
const WINDOW: u32 = 220;
/// Finds of one term that are tried; a text that repeats itself more often says nothing new.
const TRIED: usize = 24;

/// Shorter strings would make every other line of a log worth examining.
const SHORTEST_TRIGGER: usize = 5;

/// Shorter names (`InvalidGrant`, `AuthenticationFailed`) are everyday words of many programs.
const SHORTEST_NAME: usize = 22;
/// Longer ones that are so too.
const EVERYDAY: &[&str] = &["CertificateValidationFailed", "InvalidRequestParameter", "UnsupportedBindingError"];

/// The rule files.
const FILES: &[(&str, &str)] = &[
    ("words", include_str!("../../data/rules/words.tsv")),
    ("consent", include_str!("../../data/rules/consent.tsv")),
    ("account", include_str!("../../data/rules/account.tsv")),
    ("policy", include_str!("../../data/rules/policy.tsv")),
    ("mailbox", include_str!("../../data/rules/mailbox.tsv")),
    ("google", include_str!("../../data/rules/google.tsv")),
    ("protocol", include_str!("../../data/rules/protocol.tsv")),
    ("network", include_str!("../../data/rules/network.tsv")),
    ("quiet", include_str!("../../data/rules/quiet.tsv")),
];

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
    terms: Vec<Term>,
    window: u32,
    /// The longest plain text, in bytes, that it speaks for: words that mean something only where little else stands.
    short: usize,
}

#[derive(Debug)]
struct Term {
    literals: Vec<u16>,
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

/// All rules with their strings.
pub(crate) struct RuleBook {
    rules: Vec<Rule>,
    set: LiteralSet,
    /// The strings as the files have them.
    sources: Vec<String>,
}

/// A line of a rule file that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("rule file `{file}`, line {line}: {reason}")]
pub(crate) struct RuleFault {
    file: &'static str,
    line: usize,
    reason: &'static str,
}

/// The rules, read once.
pub(crate) fn rule_book() -> &'static RuleBook {
    static BOOK: OnceLock<RuleBook> = OnceLock::new();
    // Faulty lines are left out here; a test refuses to let one in.
    BOOK.get_or_init(|| RuleBook::read().0)
}

impl RuleBook {
    /// Reads the files; the faults beside what could be read.
    pub fn read() -> (Self, Vec<RuleFault>) {
        let mut reader = Reader::default();
        let mut faults = Vec::new();
        for (file, text) in FILES {
            for (index, line) in text.lines().enumerate() {
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                if let Err(reason) = reader.line(line) {
                    faults.push(RuleFault { file, line: index + 1, reason });
                }
            }
        }
        for code in named_codes().iter().filter(|code| code.in_text) {
            if let Err(reason) = reader.name(code) {
                faults.push(RuleFault { file: "names", line: 0, reason });
            }
        }
        for code in
            entra_codes().iter().filter(|code| code.name.len() >= SHORTEST_NAME && !EVERYDAY.contains(&code.name))
        {
            if let Err(reason) = reader.entra_name(code) {
                faults.push(RuleFault { file: "aadsts", line: 0, reason });
            }
        }
        let book = Self { rules: reader.rules, set: LiteralSet::new(reader.literals), sources: reader.sources };
        (book, faults)
    }

    /// The strings that the rules look for, as the files write them.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The strings that make a line of a log worth examining: of each rule for machines' words the term whose strings
    /// are longest, because the others are the more common. Rules for what people tell (`-told`) have no part in it.
    pub fn triggers(&self) -> Vec<&str> {
        let mut literals: Vec<u16> = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.cause != Cause::Unknown && !rule.id.ends_with("-told")) {
            let wanted = rule.terms.iter().filter(|term| !term.forbidden && !term.anywhere);
            let best = wanted.max_by_key(|term| {
                term.literals.iter().filter_map(|index| self.set.get(*index)).map(|literal| literal.text.len()).min()
            });
            literals.extend(best.into_iter().flat_map(|term| &term.literals));
        }
        literals.sort_unstable();
        literals.dedup();
        let sources = literals.iter().filter_map(|index| self.sources.get(usize::from(*index)));
        sources.map(String::as_str).filter(|source| source.len() >= SHORTEST_TRIGGER).collect()
    }

    /// All rules.
    #[cfg(test)]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that a plain text fulfils.
    pub fn matches(&'static self, plain: &str) -> Vec<Match> {
        let hits = self.set.find(plain);
        let found = Found::new(&hits);
        self.rules.iter().filter(|rule| plain.len() <= rule.short).filter_map(|rule| rule.test(&found)).collect()
    }
}

/// Finds by literal.
struct Found<'a> {
    hits: &'a [Hit],
    first: HashMap<u16, (usize, usize)>,
}

impl<'a> Found<'a> {
    fn new(hits: &'a [Hit]) -> Self {
        let mut first: HashMap<u16, (usize, usize)> = HashMap::new();
        for (index, hit) in hits.iter().enumerate() {
            first.entry(hit.literal).or_insert((index, index)).1 = index + 1;
        }
        Self { hits, first }
    }

    fn of(&self, term: &Term) -> impl Iterator<Item = Hit> {
        term.literals
            .iter()
            .filter_map(|literal| self.first.get(literal))
            .flat_map(|(from, to)| self.hits.get(*from..*to).unwrap_or_default().iter().copied().take(TRIED))
    }
}

impl Rule {
    fn test(&'static self, found: &Found<'_>) -> Option<Match> {
        let first_term = self.terms.first()?;
        found.of(first_term).next()?;
        for term in &self.terms {
            if term.forbidden == found.of(term).next().is_some() {
                return None;
            }
        }
        let near: Vec<&Term> = self.terms.iter().skip(1).filter(|term| !term.anywhere && !term.forbidden).collect();
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

#[derive(Default)]
struct Reader {
    rules: Vec<Rule>,
    literals: Vec<Literal>,
    sources: Vec<String>,
    known: HashMap<Literal, u16>,
    lists: BTreeMap<&'static str, &'static str>,
}

impl Reader {
    fn line(&mut self, line: &'static str) -> Result<(), &'static str> {
        let mut fields = line.split('\t');
        let id = fields.next().unwrap_or_default();
        if let Some(name) = id.strip_prefix('@') {
            self.lists.insert(name, fields.next().ok_or("a list without words")?);
            return Ok(());
        }
        let cause = fields.next().and_then(Cause::from_id).ok_or("no such cause")?;
        let confidence = fields.next().and_then(confidence).ok_or("no such confidence")?;
        let rank = fields.next().and_then(|text| text.parse().ok()).ok_or("the rank is no number")?;
        let expression = fields.next().ok_or("no expression")?;
        let (mut variant, mut code, mut window, mut short) = (None, None, WINDOW, usize::MAX);
        for option in fields.next().unwrap_or_default().split(';').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("variant", value)) => variant = Some(value),
                Some(("code", value)) => code = Some(value),
                Some(("short", value)) => short = value.parse().map_err(|_| "the length is no number")?,
                Some(("window", value)) => window = value.parse().map_err(|_| "the window is no number")?,
                _ => return Err("no such option"),
            }
        }
        let terms = expression.split(" & ").map(|term| self.term(term)).collect::<Result<Vec<_>, _>>()?;
        if terms.first().is_none_or(|term| term.forbidden || term.anywhere) {
            return Err("the first term must be wanted, and near");
        }
        self.rules.push(Rule { id, cause, confidence, rank, variant, code, terms, window, short });
        Ok(())
    }

    /// A name that is enough by itself wherever it stands.
    fn name(&mut self, code: &'static NamedCode) -> Result<(), &'static str> {
        let literals = vec![self.literal(code.value)?];
        self.rules.push(Rule {
            id: code.value,
            cause: code.cause,
            confidence: code.confidence,
            rank: code.rank,
            variant: code.variant,
            code: Some(code.value),
            terms: vec![Term { literals, anywhere: false, forbidden: false }],
            window: WINDOW,
            short: usize::MAX,
        });
        Ok(())
    }

    /// The name that the sign-in log shows beside or in place of a number.
    fn entra_name(&mut self, code: &'static EntraCode) -> Result<(), &'static str> {
        let literals = vec![self.literal(code.name)?];
        self.rules.push(Rule {
            id: code.name,
            cause: code.cause,
            confidence: code.confidence.min(Confidence::Likely),
            rank: 81,
            variant: code.variant,
            code: Some(code.name),
            terms: vec![Term { literals, anywhere: false, forbidden: false }],
            window: WINDOW,
            short: usize::MAX,
        });
        Ok(())
    }

    fn term(&mut self, text: &'static str) -> Result<Term, &'static str> {
        let text = text.trim();
        let (forbidden, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (anywhere, text) = text.strip_prefix('~').map_or((false, text), |rest| (true, rest));
        let mut literals = Vec::new();
        self.alternatives(text, &mut literals)?;
        if literals.is_empty() { Err("an empty term") } else { Ok(Term { literals, anywhere, forbidden }) }
    }

    fn alternatives(&mut self, text: &'static str, literals: &mut Vec<u16>) -> Result<(), &'static str> {
        for way in text.split('|').map(str::trim) {
            if let Some(name) = way.strip_prefix('@').filter(|name| !name.contains('.')) {
                let words = self.lists.get(name).copied().ok_or("no such list")?;
                self.alternatives(words, literals)?;
            } else {
                literals.push(self.literal(way)?);
            }
        }
        Ok(())
    }

    fn literal(&mut self, way: &'static str) -> Result<u16, &'static str> {
        let bare = way.trim_matches('*');
        let literal =
            Literal { text: fold_pattern(bare), open_start: way.starts_with('*'), open_end: way.ends_with('*') };
        if literal.text.len() < 2 {
            return Err("a string shorter than two bytes");
        }
        if let Some(index) = self.known.get(&literal) {
            return Ok(*index);
        }
        let index = u16::try_from(self.literals.len()).map_err(|_| "too many strings")?;
        self.known.insert(literal.clone(), index);
        self.literals.push(literal);
        self.sources.push(bare.to_owned());
        Ok(index)
    }
}

/// A confidence by its name in the files.
pub(crate) fn confidence(text: &str) -> Option<Confidence> {
    match text {
        "certain" => Some(Confidence::Certain),
        "likely" => Some(Confidence::Likely),
        "possible" => Some(Confidence::Possible),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_rule_files_can_be_used() {
        let (book, faults) = RuleBook::read();
        assert_eq!(faults, Vec::new());
        let mut ids: Vec<_> = book.rules().iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        let before = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), before, "a rule id stands twice");
    }

    #[test]
    fn every_rule_file_names_its_sources_and_its_date() {
        for (file, text) in FILES {
            assert!(text.contains("# checked_on: "), "{file}");
            assert!(*file == "words" || *file == "quiet" || text.contains("# https://"), "{file}");
        }
    }
}
