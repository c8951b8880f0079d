//! Which host a mail exchanger belongs to (`data/mx.tsv`), and which host other records of a domain speak for
//! (`data/mail-targets.tsv`).
//!
//! Names are compared label by label from the right. Inside a label `*` stands for any characters; a pattern that begins
//! with `*.` stands for one or more labels. The most specific pattern wins. Rows whose last column is `unverified` are
//! from general knowledge and were not confirmed against a public source: they decide a name to show, nothing more.

pub(crate) mod pattern;

use std::sync::OnceLock;

use inbox_model::Language;
use pattern::Pattern;

/// What a mail exchanger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MxClass {
    /// Keeps the mailbox.
    Host,
    /// Filters in front of the mailbox.
    Gateway,
    /// Forwards to some other place.
    Forwarder,
    /// Generic web hosting ("rental server") that usually keeps the mailbox.
    Hosting,
}

impl MxClass {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "host" => Some(Self::Host),
            "gateway" => Some(Self::Gateway),
            "forwarder" => Some(Self::Forwarder),
            "hosting" => Some(Self::Hosting),
            _ => None,
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MxEntry {
    /// Short name (`microsoft-365`, `google-workspace`, `proofpoint`).
    pub host: String,
    /// Name as people know it.
    pub name: String,
    /// The same as its vendor writes it in Japanese.
    pub name_ja: String,
    /// What it is.
    pub class: MxClass,
    /// Whether the row was confirmed against a public source.
    pub verified: bool,
}

/// Records beside MX that name a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// The name after `include:` or `redirect=` of an SPF record.
    Spf,
    /// The CNAME target of a DKIM selector.
    Dkim,
    /// The CNAME target of `autodiscover.<domain>` or the target of the SRV record `_autodiscover._tcp`.
    Autodiscover,
}

struct MxRow {
    pattern: Pattern,
    entry: MxEntry,
}

struct TargetRow {
    kind: TargetKind,
    pattern: Pattern,
    host: String,
}

fn mx_rows() -> &'static [MxRow] {
    static ROWS: OnceLock<Vec<MxRow>> = OnceLock::new();
    ROWS.get_or_init(|| parse_mx(include_str!("../data/mx.tsv")))
}

fn target_rows() -> &'static [TargetRow] {
    static ROWS: OnceLock<Vec<TargetRow>> = OnceLock::new();
    ROWS.get_or_init(|| parse_targets(include_str!("../data/mail-targets.tsv")))
}

fn parse_mx(text: &str) -> Vec<MxRow> {
    let mut rows: Vec<MxRow> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let pattern = Pattern::parse(cells.next()?);
            let (host, name, name_ja) = (cells.next()?, cells.next()?, cells.next()?);
            let class = MxClass::parse(cells.next()?)?;
            let _source = cells.next()?;
            let verified = cells.next()? != "unverified";
            let entry =
                MxEntry { host: host.to_owned(), name: name.to_owned(), name_ja: name_ja.to_owned(), class, verified };
            Some(MxRow { pattern, entry })
        })
        .collect();
    rows.sort_by(|a, b| b.pattern.cmp_specific(&a.pattern));
    rows
}

fn parse_targets(text: &str) -> Vec<TargetRow> {
    let mut rows: Vec<TargetRow> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let kind = match cells.next()? {
                "spf" => TargetKind::Spf,
                "dkim" => TargetKind::Dkim,
                "autodiscover" => TargetKind::Autodiscover,
                _ => return None,
            };
            Some(TargetRow { kind, pattern: Pattern::parse(cells.next()?), host: cells.next()?.to_owned() })
        })
        .collect();
    rows.sort_by(|a, b| b.pattern.cmp_specific(&a.pattern));
    rows
}

/// The row for this MX name. Case and one trailing dot do not count.
#[must_use]
pub fn match_mx(exchange: &str) -> Option<&'static MxEntry> {
    let labels = pattern::labels(exchange)?;
    mx_rows().iter().find(|row| row.pattern.matches(&labels)).map(|row| &row.entry)
}

/// The host that this target of an SPF include, a DKIM CNAME or an `autodiscover` CNAME speaks for.
///
/// An SPF include only says that the host may send for the domain; it weighs less than the other two.
#[must_use]
pub fn match_target(kind: TargetKind, name: &str) -> Option<&'static MxEntry> {
    let labels = pattern::labels(name)?;
    let row = target_rows().iter().find(|row| row.kind == kind && row.pattern.matches(&labels))?;
    host_entry(&row.host)
}

/// A row of the table by the host's short name.
#[must_use]
pub fn host_entry(host: &str) -> Option<&'static MxEntry> {
    mx_rows().iter().map(|row| &row.entry).find(|entry| entry.host == host)
}

/// The host's name in a language.
#[must_use]
pub fn host_name(host: &str, language: Language) -> Option<&'static str> {
    host_entry(host).map(|entry| match language {
        Language::En => entry.name.as_str(),
        Language::Ja => entry.name_ja.as_str(),
    })
}

#[cfg(test)]
mod tests;
