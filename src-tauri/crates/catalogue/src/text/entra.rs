//! The words for single sign-in codes of Microsoft Entra, `data/text/{en,ja}/aadsts.toml`.
//!
//! The file is long and one finding needs one entry of it, so only that entry is read.

use std::collections::BTreeMap;

use inbox_model::Language;

use super::{CauseText, FILES, VariantText};

/// What the names of such narrower cases begin with.
const PREFIX: &str = "aadsts-";

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
    name.strip_prefix(PREFIX).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    let mut entries: BTreeMap<String, VariantText> = toml::from_str(section(raw(language)?, name)?).ok()?;
    entries.remove(name)
}

/// The whole file.
pub(crate) fn raw(language: Language) -> Option<&'static str> {
    FILES.get_file(format!("{}/aadsts.toml", language.tag()))?.contents_utf8()
}

/// The lines of an entry: from its head to the head of the next one.
fn section<'a>(file: &'a str, name: &str) -> Option<&'a str> {
    let start = file.find(&format!("\n[{name}]\n"))?.checked_add(1)?;
    let text = file.get(start..)?;
    let own = format!("\n[{name}.");
    let end = text
        .match_indices("\n[")
        .map(|(at, _)| at)
        .find(|at| text.get(*at..).is_some_and(|rest| !rest.starts_with(&own)));
    text.get(..end.unwrap_or(text.len()))
}
