//! The words for single codes: each is used, each is there, and who mends it gets what they need.

use std::collections::BTreeMap;

use super::*;
use crate::text::VariantText;

/// Narrower cases that the tables name and that read like the cause on purpose, because nothing in the cause's words
/// misleads there.
const AS_THE_CAUSE: &[(Cause, &str)] = &[
    // "No Exchange Online licence" is what the words for the cause itself say.
    (Cause::LicenceMissing, "no-exchange-online"),
];

/// Every narrower case that the tables of codes and the rules for words name, with its cause.
pub(super) fn all_named() -> BTreeSet<(Cause, String)> {
    let entra = crate::codes::entra_codes().iter().map(|row| (row.cause, row.variant));
    let named = crate::codes::named_codes().iter().map(|row| (row.cause, row.variant));
    let words = crate::recognise::rules::all().iter().map(|rule| (rule.cause, rule.variant));
    let every = entra.chain(named).chain(words);
    every.filter_map(|(cause, variant)| Some((cause, variant?.to_owned()))).collect()
}

/// Those that are single codes.
pub(super) fn named() -> BTreeSet<(Cause, String)> {
    all_named().into_iter().filter(|(_, name)| name.starts_with("aadsts-")).collect()
}

fn entries(language: Language) -> BTreeMap<String, VariantText> {
    let file = match language {
        Language::En => include_str!("../../../data/text/en/aadsts.toml"),
        Language::Ja => include_str!("../../../data/text/ja/aadsts.toml"),
    };
    toml::from_str(file).unwrap_or_else(|error| panic!("{}: {error}", language.tag()))
}

#[test]
fn every_case_that_a_table_names_has_words() {
    let named = all_named();
    assert!(named.len() > 100, "the tables are read in the wrong way");
    for (cause, name) in AS_THE_CAUSE {
        assert!(named.contains(&(*cause, (*name).to_owned())), "{cause} {name}: no table names it any more");
    }
    for (cause, name) in named {
        if AS_THE_CAUSE.contains(&(cause, name.as_str())) {
            continue;
        }
        for language in Language::ALL {
            let words = crate::text::cause_text(cause, *language).unwrap();
            assert!(words.narrow(&name, *language).is_some(), "{} {cause} {name}", language.tag());
        }
    }
}

#[test]
fn no_entry_is_unused_and_each_stands_in_one_place() {
    let named: BTreeSet<String> = named().into_iter().map(|(_, name)| name).collect();
    for language in Language::ALL {
        for name in entries(*language).keys() {
            assert!(named.contains(name), "{} {name}: no table names it", language.tag());
            let elsewhere = Cause::ALL
                .iter()
                .find(|cause| parse(raw(**cause, *language).unwrap()).unwrap().variant.contains_key(name));
            assert_eq!(elsewhere, None, "{} {name} stands twice", language.tag());
        }
    }
}

#[test]
fn a_single_entry_reads_like_it_does_in_the_whole_file() {
    for (cause, name) in named() {
        for language in Language::ALL {
            let whole = entries(*language).remove(&name);
            let words = crate::text::cause_text(cause, *language).unwrap();
            let Some(whole) = whole.filter(|entry| entry.like.is_none()) else { continue };
            let alone = words.narrow(&name, *language).unwrap();
            assert_eq!(format!("{alone:?}"), format!("{whole:?}"), "{} {name}", language.tag());
        }
    }
}

#[test]
fn both_languages_take_over_the_same_and_give_the_same_fields() {
    let (english, japanese) = (entries(Language::En), entries(Language::Ja));
    assert!(english.keys().eq(japanese.keys()));
    for (name, english) in &english {
        let japanese = &japanese[name];
        assert_eq!(english.like, japanese.like, "{name}");
        assert_eq!(english.given(), japanese.given(), "{name}");
    }
}

#[test]
fn words_of_a_code_differ_from_the_causes() {
    let context = context("hubspot", None, None);
    for (cause, name) in named() {
        for language in Language::ALL {
            let plain = explain(&finding(cause, ""), &context, *language);
            let narrow = explain(&finding(cause, &name), &context, *language);
            assert_ne!(plain.what_happened, narrow.what_happened, "{} {cause} {name}", language.tag());
        }
    }
}

#[test]
fn whoever_mends_a_code_gets_a_message_and_steps() {
    let context = context("hubspot", None, None);
    for (cause, name) in named() {
        let finding = finding(cause, &name);
        let words = explain(&finding, &context, Language::En);
        let by_others = matches!(fixer(&finding), Fixer::Admin | Fixer::Vendor | Fixer::Network);
        assert_eq!(words.message.is_some(), by_others, "{cause} {name}: message");
        assert_eq!(!words.fixer_steps.is_empty(), by_others, "{cause} {name}: steps");
        if fixer(&finding) != cause.fixer() {
            assert_ne!(
                words.who,
                explain(&super::finding(cause, ""), &context, Language::En).who,
                "{cause} {name}: who"
            );
        }
    }
}

#[test]
fn the_vendor_is_not_asked_about_inbox_doctors_own_request() {
    let context = context("hubspot", None, None);
    let mut finding = finding(Cause::ClockWrong, "aadsts-700024");
    assert_eq!(fixer(&finding), Fixer::Vendor);
    finding.parameters.insert("met_by".to_owned(), "inbox-doctor".to_owned());
    assert_eq!(fixer(&finding), Fixer::You);
    assert_eq!(explain(&finding, &context, Language::En).message, None);
}

#[test]
fn two_codes_read_like_this() {
    let (address, tenant) = (address(), tenant());
    let context = context("hubspot", Some(&address), Some(&tenant));
    for (cause, number) in [(Cause::InteractionRequired, "50199"), (Cause::PasswordExpired, "120013")] {
        let mut finding = finding(cause, &format!("aadsts-{number}"));
        finding.codes = vec![format!("AADSTS{number}")];
        for language in Language::ALL {
            let words = explain(&finding, &context, *language);
            insta::assert_json_snapshot!(format!("aadsts-{number}-{}", language.tag()), words);
        }
    }
}
