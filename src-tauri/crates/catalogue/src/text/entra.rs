//! The words for single sign-in codes of Microsoft Entra, `data/text/{en,ja}/aadsts.toml`.
//!
//! The file is long and one finding needs one entry of it, so only that entry is read.

use inbox_model::Language;

use super::{CODES_EN, CODES_JA, CauseText, VariantText};

/// The words for a code, with what it takes over from another entry or from a narrower case of its cause.
pub(super) fn entry(name: &str, cause: &CauseText, language: Language) -> Option<VariantText> {
    let own = read(name, language)?;
    let Some(other) = own.like.as_deref() else {
        return Some(own);
    };
    let other = cause.variant.get(other).cloned().or_else(|| entry(other, cause, language))?;
    Some(own.over(other))
}

/// Reads one entry of the file.
fn read(name: &str, language: Language) -> Option<VariantText> {
    let file = match language {
        Language::En => &CODES_EN,
        Language::Ja => &CODES_JA,
    };
    serde_json::from_str(file.find(name)?).ok()
}
