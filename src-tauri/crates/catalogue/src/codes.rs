//! What a single code of a provider means, from `data/codes/*.tsv`.

use std::sync::OnceLock;

use inbox_model::{Cause, CodeFamily, Confidence};

use crate::recognise::rules::confidence;

/// The meaning of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeMeaning {
    /// The cause that the code settles or points to.
    pub cause: Cause,
    /// How sure the code alone makes it. Wrapper codes (`invalid_grant`, 401) are `Possible`.
    pub confidence: Confidence,
    /// A narrower case with words of its own.
    pub variant: Option<String>,
}

/// A sign-in code of Microsoft Entra.
#[derive(Debug)]
pub(crate) struct EntraCode {
    /// The digits after `AADSTS`.
    pub number: &'static str,
    /// The name that the sign-in log shows, or nothing.
    pub name: &'static str,
    /// The cause.
    pub cause: Cause,
    /// How sure the code alone makes it.
    pub confidence: Confidence,
    /// A narrower case with words of its own.
    pub variant: Option<&'static str>,
    /// What the code means, in English.
    pub meaning: &'static str,
}

/// A code or name of another family.
#[derive(Debug)]
pub(crate) struct NamedCode {
    /// Where it comes from.
    pub family: CodeFamily,
    /// As the provider writes it.
    pub value: &'static str,
    /// The cause.
    pub cause: Cause,
    /// How sure the code alone makes it.
    pub confidence: Confidence,
    /// How specific it is, 0 to 100.
    pub rank: u8,
    /// Whether the bare name in a text is enough to recognise it.
    pub in_text: bool,
    /// A narrower case with words of its own.
    pub variant: Option<&'static str>,
}

/// Looks a code up. `None` for a code that is not known: that is not an error.
///
/// Case does not count, and `AADSTS` before an Entra number may be missing.
#[must_use]
pub fn code_meaning(family: CodeFamily, value: &str) -> Option<CodeMeaning> {
    let value = value.trim();
    if family == CodeFamily::Aadsts {
        let digits = value.trim_start_matches(|c: char| !c.is_ascii_digit());
        let row = entra_code(digits)?;
        return Some(meaning(row.cause, row.confidence, row.variant));
    }
    let row = named_codes().iter().find(|row| row.family == family && row.value.eq_ignore_ascii_case(value))?;
    Some(meaning(row.cause, row.confidence, row.variant))
}

/// What the provider's table says about an Entra number, in English; `None` for a number that is not known.
///
/// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>, in own words.
#[must_use]
pub fn entra_meaning(number: &str) -> Option<&'static str> {
    entra_code(number).map(|row| row.meaning)
}

fn meaning(cause: Cause, confidence: Confidence, variant: Option<&'static str>) -> CodeMeaning {
    CodeMeaning { cause, confidence, variant: variant.map(str::to_owned) }
}

/// The row of an Entra number.
pub(crate) fn entra_code(digits: &str) -> Option<&'static EntraCode> {
    // The file is in the order of length and then of digits.
    let rows = entra_codes();
    let at = rows.binary_search_by(|row| row.number.len().cmp(&digits.len()).then(row.number.cmp(digits))).ok()?;
    rows.get(at)
}

/// All sign-in codes of Microsoft Entra.
pub(crate) fn entra_codes() -> &'static [EntraCode] {
    static ROWS: OnceLock<Vec<EntraCode>> = OnceLock::new();
    ROWS.get_or_init(|| lines(include_str!("../data/codes/aadsts.tsv")).filter_map(entra_row).collect())
}

/// All codes of the other families.
pub(crate) fn named_codes() -> &'static [NamedCode] {
    static ROWS: OnceLock<Vec<NamedCode>> = OnceLock::new();
    ROWS.get_or_init(|| lines(include_str!("../data/codes/names.tsv")).filter_map(named_row).collect())
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1)
}

fn entra_row(line: &'static str) -> Option<EntraCode> {
    let mut fields = line.split('\t');
    Some(EntraCode {
        number: fields.next()?,
        name: fields.next()?,
        cause: Cause::from_id(fields.next()?)?,
        confidence: confidence(fields.next()?)?,
        variant: fields.next().filter(|variant| !variant.is_empty()),
        meaning: fields.next()?,
    })
}

fn named_row(line: &'static str) -> Option<NamedCode> {
    let mut fields = line.split('\t');
    Some(NamedCode {
        family: family(fields.next()?)?,
        value: fields.next()?,
        cause: Cause::from_id(fields.next()?)?,
        confidence: confidence(fields.next()?)?,
        rank: fields.next()?.parse().ok()?,
        in_text: match fields.next()? {
            "text" => true,
            "field" => false,
            _ => return None,
        },
        variant: fields.next().filter(|variant| !variant.is_empty()),
    })
}

fn family(text: &str) -> Option<CodeFamily> {
    Some(match text {
        "oauth" => CodeFamily::Oauth,
        "suberror" => CodeFamily::Suberror,
        "graph" => CodeFamily::Graph,
        "google" => CodeFamily::Google,
        "imap" => CodeFamily::Imap,
        "smtp" => CodeFamily::Smtp,
        "ews" => CodeFamily::Ews,
        "vendor" => CodeFamily::Vendor,
        "network" => CodeFamily::Network,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data_lines(text: &str) -> usize {
        text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count() - 1
    }

    #[test]
    fn every_line_of_the_code_files_is_read() {
        assert_eq!(entra_codes().len(), data_lines(include_str!("../data/codes/aadsts.tsv")));
        assert_eq!(named_codes().len(), data_lines(include_str!("../data/codes/names.tsv")));
    }

    #[test]
    fn entra_codes_are_in_order_and_stand_once() {
        let key = |row: &EntraCode| (row.number.len(), row.number);
        assert!(entra_codes().windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
    }

    #[test]
    fn codes_are_looked_up_however_they_are_written() {
        for value in ["AADSTS50105", "50105", "aadsts50105"] {
            assert_eq!(code_meaning(CodeFamily::Aadsts, value).unwrap().cause, Cause::UserNotAssigned, "{value}");
        }
        assert_eq!(code_meaning(CodeFamily::Aadsts, "AADSTS12345678"), None);
        let wrapper = code_meaning(CodeFamily::Oauth, "invalid_grant").unwrap();
        assert_eq!(wrapper.confidence, Confidence::Possible);
    }

    #[test]
    fn a_code_stands_once_in_its_family() {
        let mut keys: Vec<_> = named_codes().iter().map(|row| (row.family, row.value.to_lowercase())).collect();
        let before = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), before);
    }
}
