//! Takes persons out of a text: addresses become tokens that are the same wherever the same person or domain stands.

use std::collections::BTreeMap;

/// The tokens given so far. Use one for a whole report, so that it still correlates.
#[derive(Debug, Default)]
pub struct Pseudonyms {
    users: BTreeMap<String, usize>,
    domains: BTreeMap<String, usize>,
}

/// The text with addresses as `<user-1>@<domain-1>`, numbered as they first stand, and names of home folders as
/// `<user-2>`.
#[must_use]
pub fn redact_personal(text: &str) -> String {
    Pseudonyms::default().redact(text)
}

impl Pseudonyms {
    /// The text with its persons replaced; the same person gets the same token in every text given to this object.
    pub fn redact(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some((start, end, token)) = self.next(text, at) {
            out.push_str(text.get(at..start).unwrap_or_default());
            out.push_str(&token);
            at = end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }

    fn next(&mut self, text: &str, from: usize) -> Option<(usize, usize, String)> {
        let address = next_address(text, from);
        let home = next_home(text, from);
        match (address, home) {
            (Some((start, at, end, sign)), home) if home.is_none_or(|(home_start, _)| start < home_start) => {
                let user = self.user(text.get(start..at)?);
                let domain = self.domain(text.get(at + sign..end)?);
                Some((start, end, format!("{user}@{domain}")))
            }
            (_, Some((start, end))) => Some((start, end, self.user(text.get(start..end)?))),
            _ => None,
        }
    }

    fn user(&mut self, name: &str) -> String {
        let next = self.users.len() + 1;
        format!("<user-{}>", self.users.entry(name.to_lowercase()).or_insert(next))
    }

    fn domain(&mut self, name: &str) -> String {
        let next = self.domains.len() + 1;
        format!("<domain-{}>", self.domains.entry(name.to_lowercase()).or_insert(next))
    }
}

/// Start, place of the sign, end, and length of the sign (`@` or `%40`).
fn next_address(text: &str, from: usize) -> Option<(usize, usize, usize, usize)> {
    let mut search = from;
    loop {
        let rest = text.get(search..)?;
        let plain = rest.find(['@', '＠']);
        let encoded = rest.find("%40");
        let found = match (plain, encoded) {
            (Some(a), Some(b)) => a.min(b),
            (Some(a), None) | (None, Some(a)) => a,
            (None, None) => return None,
        };
        let at = search + found;
        let sign = if text.get(at..)?.starts_with("%40") { 3 } else { text.get(at..)?.chars().next()?.len_utf8() };
        let start = text
            .get(from..at)?
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphanumeric() || "._+-'#~!".contains(*c))
            .last()
            .map_or(at, |(offset, _)| from + offset);
        let start = start + text.get(start..at)?.len() - text.get(start..at)?.trim_start_matches(['\'', '.']).len();
        let tail = text.get(at + sign..)?;
        let length = tail
            .char_indices()
            .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
            .map_or(tail.len(), |(offset, _)| offset);
        let domain = tail.get(..length)?.trim_end_matches(['.', '-']);
        let end = at + sign + domain.len();
        if start < at && domain.contains('.') {
            return Some((start, at, end, sign));
        }
        search = at + sign;
    }
}

/// The name in `C:\Users\name\…`, `/home/name/…`, `/Users/name/…`.
fn next_home(text: &str, from: usize) -> Option<(usize, usize)> {
    ["\\Users\\", "/home/", "/Users/", "\\\\Users\\\\"]
        .iter()
        .filter_map(|lead| {
            let start = from + text.get(from..)?.find(lead)? + lead.len();
            let tail = text.get(start..)?;
            let length = tail
                .find(|c: char| c.is_whitespace() || matches!(c, '\\' | '/' | '"' | '\'' | ':' | '<'))
                .unwrap_or(tail.len());
            (length > 0).then_some((start, start + length))
        })
        .min()
}
