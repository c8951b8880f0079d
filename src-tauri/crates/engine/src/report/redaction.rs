//! Masks people and, where asked, organisations in a copy of an examination, with the same mask for the same name, so that
//! a masked report still correlates.

use std::collections::BTreeMap;

use inbox_model::{Examination, RedactionLevel};
use serde_json::Value;

/// A copy with this much masked. Masking again with a lower level changes nothing back.
///
/// # Errors
/// Only when the examination cannot be written as JSON.
pub fn redact(examination: &Examination, level: RedactionLevel) -> Result<Examination, serde_json::Error> {
    if level <= examination.redaction {
        return Ok(examination.clone());
    }
    let mut masks = Masks { level, ..Masks::default() };
    masks.learn(examination);
    let mut value = serde_json::to_value(examination)?;
    masks.walk(&mut value);
    // The discovered domain is typed and must stay a domain name: masked, it is dropped with the discovery's own fields.
    if level == RedactionLevel::Everything
        && let Some(fields) = value.as_object_mut()
    {
        fields.insert("discovery".to_owned(), Value::Null);
    }
    if let Some(fields) = value.as_object_mut() {
        fields.insert("redaction".to_owned(), serde_json::to_value(level)?);
    }
    serde_json::from_value(value)
}

#[derive(Default)]
struct Masks {
    level: RedactionLevel,
    users: BTreeMap<String, String>,
    domains: BTreeMap<String, String>,
    words: Vec<(String, String)>,
}

impl Masks {
    /// Learns the names that stand in fields of their own and would not be recognised as addresses.
    fn learn(&mut self, examination: &Examination) {
        if let Some((local, domain)) = examination.address.rsplit_once('@') {
            self.user(local);
            self.domain(domain);
        }
        if self.level != RedactionLevel::Everything {
            return;
        }
        if let Some(discovery) = &examination.discovery {
            self.domain(discovery.domain.as_ascii());
            if let Some(registrable) = discovery.domain.registrable() {
                self.domain(registrable.as_ascii());
            }
            if let Some(tenant) = &discovery.tenant {
                self.words.push((tenant.id.clone(), "<tenant-1>".to_owned()));
                if let Some(brand) = tenant.brand.as_ref().filter(|brand| brand.chars().count() >= 3) {
                    self.words.push((brand.clone(), "<organisation-1>".to_owned()));
                }
            }
        }
        if let Some(tenant) = examination.account.as_ref().and_then(|account| account.tenant.clone()) {
            let number = self.words.len() + 1;
            if !self.words.iter().any(|(word, _)| *word == tenant) {
                self.words.push((tenant, format!("<tenant-{number}>")));
            }
        }
    }

    fn user(&mut self, local: &str) -> String {
        let number = self.users.len() + 1;
        self.users.entry(local.to_lowercase()).or_insert_with(|| format!("<user-{number}>")).clone()
    }

    fn domain(&mut self, domain: &str) -> String {
        if self.level != RedactionLevel::Everything {
            return domain.to_owned();
        }
        let number = self.domains.len() + 1;
        self.domains.entry(domain.to_lowercase()).or_insert_with(|| format!("<domain-{number}>")).clone()
    }

    fn walk(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.mask(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item)),
            Value::Object(fields) => fields.iter_mut().for_each(|(_, item)| self.walk(item)),
            _ => {}
        }
    }

    fn mask(&mut self, text: &str) -> String {
        let mut out = self.mask_addresses(text);
        if self.level == RedactionLevel::Everything {
            for (word, mask) in self.words.clone() {
                out = replace_ignoring_case(&out, &word, &mask);
            }
            let mut domains: Vec<(String, String)> =
                self.domains.iter().map(|(domain, mask)| (domain.clone(), mask.clone())).collect();
            domains.sort_by_key(|(domain, _)| std::cmp::Reverse(domain.len()));
            for (domain, mask) in domains {
                out = replace_ignoring_case(&out, &domain, &mask);
            }
        }
        out
    }

    /// Masks every address in a text: plain, percent-encoded (`%40`) and the guest form `ana_contoso.example#EXT#@…`.
    fn mask_addresses(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, width)) = next_at(rest) {
            let (head, tail) = rest.split_at(at);
            let tail = tail.get(width..).unwrap_or_default();
            let local_start = head
                .rfind(|c: char| !is_local(c))
                .map_or(0, |found| found + head.get(found..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
            let domain_end = tail.find(|c: char| !is_domain(c)).unwrap_or(tail.len());
            let (before, local) = head.split_at(local_start);
            let (domain, after) = tail.split_at(domain_end);
            out.push_str(before);
            if local.is_empty() || !domain.contains('.') {
                out.push_str(local);
                out.push_str(rest.get(at..at + width).unwrap_or("@"));
                rest = tail;
                continue;
            }
            out.push_str(&self.user(local));
            out.push_str(rest.get(at..at + width).unwrap_or("@"));
            out.push_str(&self.domain(domain.trim_end_matches('.')));
            if domain.ends_with('.') {
                out.push('.');
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

fn next_at(text: &str) -> Option<(usize, usize)> {
    let plain = text.find('@').map(|at| (at, 1));
    let encoded = text.find("%40").map(|at| (at, 3));
    match (plain, encoded) {
        (Some(a), Some(b)) => Some(if a.0 < b.0 { a } else { b }),
        (a, b) => a.or(b),
    }
}

fn is_local(c: char) -> bool {
    // Less than RFC 5322 allows: `=`, `&`, `/` and quotes stand around addresses far more often than inside them.
    c.is_alphanumeric() || "._+-#".contains(c)
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || c == '.' || c == '-'
}

fn replace_ignoring_case(text: &str, word: &str, mask: &str) -> String {
    if word.is_empty() {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let needle = word.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(found) = lower.get(from..).and_then(|rest| rest.find(&needle)) {
        out.push_str(text.get(from..from + found).unwrap_or_default());
        out.push_str(mask);
        from += found + needle.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Masks {
        Masks { level: RedactionLevel::Names, ..Masks::default() }
    }

    #[test]
    fn the_same_person_gets_the_same_mask_and_the_domain_stays() {
        let mut masks = names();
        assert_eq!(
            masks.mask("Ana.Lima@contoso.example wrote to bob@contoso.example; ana.lima@contoso.example."),
            "<user-1>@contoso.example wrote to <user-2>@contoso.example; <user-1>@contoso.example."
        );
        assert_eq!(
            masks.mask("login_hint=ana.lima%40contoso.example&x=1"),
            "login_hint=<user-1>%40contoso.example&x=1"
        );
    }

    #[test]
    fn an_at_that_is_no_address_stays() {
        assert_eq!(names().mask("meet @ noon, user@host"), "meet @ noon, user@host");
    }

    #[test]
    fn everything_masks_domains_too() {
        let mut masks = Masks { level: RedactionLevel::Everything, ..Masks::default() };
        masks.domain("contoso.example");
        assert_eq!(
            masks.mask("MX of Contoso.example: contoso-example.mail.protection.outlook.com"),
            "MX of <domain-1>: contoso-example.mail.protection.outlook.com"
        );
    }
}
