//! The rule files as tables.
//!
//! A rule file is lines of `id, cause, confidence, rank, expression, options`, split by tabs. In an expression `&` joins
//! terms that must stand near each other, `|` parts the ways to say one term, `~` before a term lets it stand anywhere,
//! `!` before a term forbids it, `@name` takes in a list of words, `*` at an edge of a string opens that edge. Options:
//! `variant=`, `code=`, `window=` (how far apart the terms may stand), `short=` (only for texts up to so many bytes).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use crate::codes::{Codes, cause, confidence, optional};
use crate::documents::packed;
use crate::fold::fold_pattern;
use crate::grams::SHORTEST;
use crate::literals::{Literal, index};

/// The files; the lists of words first.
const FILES: &[&str] = &[
    "words", "consent", "account", "policy", "mailbox", "google", "protocol", "network", "machine", "told", "retold",
    "families", "quiet",
];
/// How far apart the terms of a rule may stand, in bytes of the plain form, where the rule does not say.
const WINDOW: u32 = 220;
/// Shorter names of sign-in codes (`InvalidGrant`, `AuthenticationFailed`) are everyday words of many programs.
const SHORTEST_NAME: usize = 22;
/// Longer ones that are so too.
const EVERYDAY: &[&str] = &["CertificateValidationFailed", "InvalidRequestParameter", "UnsupportedBindingError"];
/// How specific the name of a sign-in code is.
const NAME_RANK: u8 = 81;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    text: String,
    open_start: bool,
    open_end: bool,
}

struct Term {
    literals: Vec<usize>,
    anywhere: bool,
    forbidden: bool,
}

struct Rule {
    id: String,
    cause: String,
    confidence: String,
    rank: u8,
    variant: String,
    code: String,
    terms: Vec<Term>,
    window: u32,
    short: Option<u32>,
    /// A name that a machine writes.
    is_name: bool,
}

/// All rules with their strings.
#[derive(Default)]
pub struct Book {
    rules: Vec<Rule>,
    literals: Vec<Key>,
    sources: Vec<String>,
    known: HashMap<Key, usize>,
    lists: BTreeMap<String, String>,
}

/// Reads the files.
pub fn read(folder: &Path, codes: &Codes) -> Result<Book, Box<dyn Error>> {
    let mut book = Book::default();
    for name in FILES {
        let file = folder.join(format!("{name}.tsv"));
        let text = std::fs::read_to_string(&file)?;
        crate::codes::head(&text).map_err(|fault| format!("{}: {fault}", file.display()))?;
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            book.line(line).map_err(|fault| format!("{}:{}: {fault}", file.display(), index + 1))?;
        }
    }
    for code in codes.named.iter().filter(|code| code.in_text) {
        book.name(&code.value, &code.cause, &code.confidence, code.rank, &code.variant)?;
    }
    for code in &codes.entra {
        if code.name.len() >= SHORTEST_NAME && !EVERYDAY.contains(&code.name.as_str()) {
            let sure = if code.confidence == "certain" { "likely" } else { &code.confidence };
            book.name(&code.name, &code.cause, sure, NAME_RANK, &code.variant)?;
        }
    }
    let mut ids = BTreeSet::new();
    for rule in &book.rules {
        if !ids.insert(&rule.id) {
            return Err(format!("the rule id {} stands twice", rule.id).into());
        }
    }
    Ok(book)
}

impl Book {
    fn line(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        let mut fields = line.split('\t');
        let id = fields.next().unwrap_or_default();
        if let Some(name) = id.strip_prefix('@') {
            self.lists.insert(name.to_owned(), fields.next().ok_or("a list without words")?.to_owned());
            return Ok(());
        }
        let cause = fields.next().ok_or("no cause")?.to_owned();
        let sure = fields.next().ok_or("no confidence")?.to_owned();
        let rank = fields.next().ok_or("no rank")?.parse()?;
        let expression = fields.next().ok_or("no expression")?;
        let mut rule = Rule {
            id: id.to_owned(),
            cause,
            confidence: sure,
            rank,
            variant: String::new(),
            code: String::new(),
            terms: Vec::new(),
            window: WINDOW,
            short: None,
            is_name: false,
        };
        for option in fields.next().unwrap_or_default().split(';').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("variant", value)) => value.clone_into(&mut rule.variant),
                Some(("code", value)) => value.clone_into(&mut rule.code),
                Some(("window", value)) => rule.window = value.parse()?,
                Some(("short", value)) => rule.short = Some(value.parse()?),
                _ => return Err(format!("no such option: {option}").into()),
            }
        }
        for term in expression.split(" & ") {
            let term = self.term(term)?;
            rule.terms.push(term);
        }
        if rule.terms.first().is_none_or(|term| term.forbidden || term.anywhere) {
            return Err("the first term must be wanted, and near".into());
        }
        self.rules.push(rule);
        Ok(())
    }

    /// A name that is enough by itself wherever it stands.
    fn name(&mut self, name: &str, cause: &str, sure: &str, rank: u8, variant: &str) -> Result<(), Box<dyn Error>> {
        if self.rules.iter().any(|rule| rule.id == name) {
            return Ok(());
        }
        let literals = vec![self.literal(name)?];
        self.rules.push(Rule {
            id: name.to_owned(),
            cause: cause.to_owned(),
            confidence: sure.to_owned(),
            rank,
            variant: variant.to_owned(),
            code: name.to_owned(),
            terms: vec![Term { literals, anywhere: false, forbidden: false }],
            window: WINDOW,
            short: None,
            is_name: true,
        });
        Ok(())
    }

    fn term(&mut self, text: &str) -> Result<Term, Box<dyn Error>> {
        let text = text.trim();
        let (forbidden, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (anywhere, text) = text.strip_prefix('~').map_or((false, text), |rest| (true, rest));
        let mut literals = Vec::new();
        self.alternatives(text, &mut literals)?;
        literals.sort_unstable();
        literals.dedup();
        Ok(Term { literals, anywhere, forbidden })
    }

    fn alternatives(&mut self, text: &str, literals: &mut Vec<usize>) -> Result<(), Box<dyn Error>> {
        for way in text.split('|').map(str::trim) {
            if let Some(name) = way.strip_prefix('@').filter(|name| !name.contains('.')) {
                let words = self.lists.get(name).ok_or_else(|| format!("no such list: {name}"))?.clone();
                self.alternatives(&words, literals)?;
            } else {
                literals.push(self.literal(way)?);
            }
        }
        Ok(())
    }

    fn literal(&mut self, way: &str) -> Result<usize, Box<dyn Error>> {
        let bare = way.trim_matches('*');
        let key = Key { text: fold_pattern(bare), open_start: way.starts_with('*'), open_end: way.ends_with('*') };
        if key.text.len() < 2 {
            return Err(format!("a string shorter than two bytes: {way:?}").into());
        }
        if let Some(index) = self.known.get(&key) {
            return Ok(*index);
        }
        self.known.insert(key.clone(), self.literals.len());
        self.literals.push(key);
        self.sources.push(bare.to_owned());
        Ok(self.literals.len() - 1)
    }

    /// The strings that make a line of a log worth examining: whole phrases and the names that machines write. Rules of
    /// everyday words have no part in it, nor have names of hosts, which stand in every line that says that all is well.
    pub fn triggers(&self) -> BTreeSet<&str> {
        let specific = |source: &str| {
            let words = source.split([' ', '-']).filter(|word| word.len() > 2).count();
            !source.ends_with(".com")
                && source.len() >= 10
                && (words >= 3 || source.contains('_') || !source.is_ascii())
        };
        let mut triggers = BTreeSet::new();
        for rule in self.rules.iter().filter(|rule| rule.cause != "unknown") {
            let sources = |term: &Term| -> Vec<&str> {
                term.literals.iter().filter_map(|literal| self.sources.get(*literal)).map(String::as_str).collect()
            };
            if rule.is_name {
                triggers.extend(rule.terms.iter().flat_map(sources).filter(|name| name.len() >= SHORTEST));
                continue;
            }
            let wanted = rule.terms.iter().filter(|term| !term.forbidden && !term.anywhere);
            let specifics =
                wanted.map(|term| sources(term).into_iter().filter(|source| specific(source)).collect::<Vec<_>>());
            triggers.extend(specifics.max_by_key(Vec::len).unwrap_or_default());
        }
        triggers
    }

    /// The tables as Rust.
    pub fn tables(&self) -> Result<String, Box<dyn Error>> {
        let literals: Vec<Literal<'_>> = self
            .literals
            .iter()
            .map(|key| Literal { text: &key.text, open_start: key.open_start, open_end: key.open_end })
            .collect();
        if literals.len() > usize::from(u16::MAX) {
            return Err("too many strings".into());
        }
        let (by_key, filter) = index(&literals);
        let mut out = String::from("static RULES: &[Rule] = &[\n");
        let (mut terms, mut term_literals) = (String::new(), Vec::new());
        let mut term_count = 0_u16;
        for rule in &self.rules {
            writeln!(
                out,
                "Rule {{ id: {:?}, cause: {}, confidence: {}, rank: {}, variant: {}, code: {}, window: {}, short: {}, terms: ({}, {}) }},",
                rule.id,
                cause(&rule.cause),
                confidence(&rule.confidence)?,
                rule.rank,
                optional(&rule.variant),
                optional(&rule.code),
                rule.window,
                rule.short.map_or_else(|| "usize::MAX".to_owned(), |short| short.to_string()),
                term_count,
                usize::from(term_count) + rule.terms.len()
            )?;
            for term in &rule.terms {
                let first = term_literals.len();
                term_literals.extend(term.literals.iter().copied());
                writeln!(
                    terms,
                    "Term {{ literals: ({first}, {}), anywhere: {}, forbidden: {} }},",
                    term_literals.len(),
                    term.anywhere,
                    term.forbidden
                )?;
                term_count = term_count.checked_add(1).ok_or("too many terms")?;
            }
        }
        writeln!(out, "];\nstatic TERMS: &[Term] = &[{terms}];")?;
        writeln!(out, "static TERM_LITERALS: &[u16] = &{term_literals:?};")?;
        writeln!(out, "static LITERALS: Packed<'static> = {};", packed(literals.iter().map(|literal| literal.text))?)?;
        writeln!(out, "static OPEN: &[u8] = &{:?};", literals.iter().map(Literal::open).collect::<Vec<_>>())?;
        writeln!(out, "static BY_KEY: &[(u16, u16)] = &{by_key:?};")?;
        writeln!(out, "static FILTER: &[u64] = &{filter:?};")?;
        writeln!(out, "static SOURCES: Packed<'static> = {};", packed(self.sources.iter().map(String::as_str))?)?;
        Ok(out)
    }
}
