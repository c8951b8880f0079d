//! What a single code of a provider means, from `data/codes/*.tsv`.

use inbox_model::{Cause, CodeFamily, Confidence};

// Made by the build script, so that nothing has to be read at run time.
include!(concat!(env!("OUT_DIR"), "/codes.rs"));

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
    // Of `535 5.7.8` the second says more; a bare `535` has no row.
    let value = if family == CodeFamily::Smtp { value.rsplit(' ').next().unwrap_or(value) } else { value };
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
    let rows = entra_codes();
    let at = rows.binary_search_by(|row| row.number.len().cmp(&digits.len()).then(row.number.cmp(digits))).ok()?;
    rows.get(at)
}

/// All sign-in codes of Microsoft Entra, in the order of length and then of digits.
pub(crate) fn entra_codes() -> &'static [EntraCode] {
    ENTRA
}

/// All codes of the other families.
pub(crate) fn named_codes() -> &'static [NamedCode] {
    NAMED
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
        for value in ["5.7.30", "550 5.7.30"] {
            assert_eq!(code_meaning(CodeFamily::Smtp, value).unwrap().cause, Cause::BasicAuthOff, "{value}");
        }
        assert_eq!(code_meaning(CodeFamily::Smtp, "535"), None);
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
