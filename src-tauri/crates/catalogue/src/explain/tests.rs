//! Tests over every text file, every link and every day that matters.

use std::collections::BTreeSet;

use inbox_model::{Cause, Cloud, Confidence, Realm};
use jiff::civil::date;

use super::fill::condition;
use super::*;
use crate::builtin_app;
use crate::links::rows;
use crate::text::{DatedWords, parse, raw};

/// Every cause has words: the tests below read them all.
fn written() -> impl Iterator<Item = Cause> {
    Cause::ALL.iter().copied()
}

fn read(cause: Cause, language: Language) -> CauseText {
    let text = raw(cause, language).unwrap_or_else(|| panic!("{cause}: no words in {}", language.tag()));
    let mut words = parse(text).unwrap_or_else(|error| panic!("{} {cause}: {error}", language.tag()));
    // The words for single codes are read like the cause's own cases, so that every test below sees them.
    for name in codes::named().into_iter().filter(|(of, _)| *of == cause).map(|(_, name)| name) {
        if let Some(entry) = words.narrow(&name, language).map(|entry| entry.into_owned()) {
            words.variant.insert(name, entry);
        }
    }
    words
}

/// The words of the cause itself (`""`) and of each narrower case.
fn cases(words: &CauseText) -> Vec<(String, CauseText)> {
    // The language does not matter: `read` has put the words for single codes among the cases.
    let narrow = words.variant.keys().map(|name| (name.clone(), words.of_variant(Some(name), Language::En)));
    std::iter::once((String::new(), words.clone())).chain(narrow).collect()
}

/// Every text of a case.
fn texts(words: &CauseText) -> Vec<&str> {
    let mut all = vec![&*words.title, &*words.what_happened, &*words.why, &*words.who, &*words.how_to_tell];
    all.extend(words.you_can_do.iter().chain(&words.fixer_steps).map(StepWords::text));
    all.extend(words.dated.iter().map(|dated| &*dated.text));
    all.extend(words.message.iter().flat_map(|message| [&*message.subject, &*message.body]));
    all
}

/// The names in braces, with the mark of a condition.
fn names(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).map(|part| part.split_once('}').expect("a brace is not closed").0.to_owned()).collect()
}

fn address() -> EmailAddress {
    EmailAddress::parse("ana@contoso.example").unwrap()
}

fn tenant() -> Tenant {
    Tenant {
        id: "6f2b3c4d-0000-4000-8000-00000000abcd".to_owned(),
        cloud: Cloud::Worldwide,
        realm: Realm::Managed,
        brand: Some("Contoso".to_owned()),
    }
}

fn context<'a>(app: &str, address: Option<&'a EmailAddress>, tenant: Option<&'a Tenant>) -> ExplainContext<'a> {
    ExplainContext {
        app: builtin_app(app).unwrap(),
        address,
        domain: None,
        tenant,
        helpdesk: None,
        login: None,
        today: date(2026, 11, 24),
    }
}

fn finding(cause: Cause, variant: &str) -> Finding {
    let mut finding = Finding::of(cause, Confidence::Certain);
    finding.variant = (!variant.is_empty()).then(|| variant.to_owned());
    finding
}

#[test]
fn every_text_file_is_valid_and_belongs_to_a_cause() {
    for language in Language::ALL {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/text").join(language.tag());
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // The words for the steps of a check, for questions and for single codes.
            if ["steps.toml", "questions.toml", "aadsts.toml"].contains(&&*name) {
                continue;
            }
            let cause = Cause::from_id(name.strip_suffix(".toml").unwrap()).unwrap_or_else(|| panic!("{name}"));
            read(cause, *language);
        }
    }
}

#[test]
fn both_languages_have_the_same_cases_parameters_links_and_dated_statements() {
    for cause in written() {
        let (english, japanese) = (read(cause, Language::En), read(cause, Language::Ja));
        let (english, japanese) = (cases(&english), cases(&japanese));
        let keys = |cases: &[(String, CauseText)]| cases.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&english), keys(&japanese), "{cause}: cases differ");
        for ((case, english), (_, japanese)) in english.iter().zip(&japanese) {
            let parameters = |words: &CauseText| texts(words).into_iter().flat_map(names).collect::<BTreeSet<_>>();
            assert_eq!(parameters(english), parameters(japanese), "{cause} {case}: parameters differ");
            let links = |words: &CauseText| {
                let steps =
                    |steps: &[StepWords]| steps.iter().map(|step| step.link().map(str::to_owned)).collect::<Vec<_>>();
                (steps(&words.you_can_do), steps(&words.fixer_steps), words.links.clone())
            };
            assert_eq!(links(english), links(japanese), "{cause} {case}: steps or links differ");
            let dated = |words: &CauseText| {
                let facts = |row: &DatedWords| (row.id.clone(), row.valid_from, row.valid_to, row.source.clone());
                words.dated.iter().map(facts).collect::<Vec<_>>()
            };
            assert_eq!(dated(english), dated(japanese), "{cause} {case}: dated statements differ");
            assert_eq!(english.message.is_some(), japanese.message.is_some(), "{cause} {case}: message");
            let fixer = |language| read(cause, language).variant.get(case).and_then(|narrow| narrow.fixer);
            assert_eq!(fixer(Language::En), fixer(Language::Ja), "{cause} {case}: fixer");
        }
    }
}

#[test]
fn no_field_is_empty_and_the_message_has_a_reader() {
    for cause in written() {
        for language in Language::ALL {
            for (case, words) in cases(&read(cause, *language)) {
                let place = format!("{} {cause} {case}", language.tag());
                assert!(texts(&words).iter().all(|text| !text.trim().is_empty()), "{place}: an empty text");
                assert!(!words.you_can_do.is_empty(), "{place}: nothing for the person to do");
                if case.is_empty() {
                    let has_fixer = matches!(cause.fixer(), Fixer::Admin | Fixer::Vendor | Fixer::Network);
                    assert_eq!(words.message.is_some(), has_fixer || cause == Cause::Unknown, "{place}: message");
                    assert!(!has_fixer || !words.fixer_steps.is_empty(), "{place}: steps of the fixer");
                    assert!(cause.fixer() != Fixer::You || words.fixer_steps.is_empty(), "{place}: steps of nobody");
                }
            }
        }
    }
}

#[test]
fn texts_use_only_known_parameters() {
    for cause in written() {
        for language in Language::ALL {
            for (case, words) in cases(&read(cause, *language)) {
                for text in texts(&words) {
                    for line in text.lines() {
                        let rest = condition(line).map_or(line, |(_, name, rest)| {
                            assert!(parameters::NAMES.contains(&name), "{cause} {case}: {name}");
                            rest
                        });
                        for name in names(rest) {
                            assert!(parameters::NAMES.contains(&&*name), "{} {cause} {case}: {name}", language.tag());
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn voice_is_kept() {
    for cause in written() {
        for language in Language::ALL {
            for (case, words) in cases(&read(cause, *language)) {
                let place = format!("{} {cause} {case}", language.tag());
                assert!(
                    !words.title.chars().any(|c| c.is_ascii_digit()) || words.title.contains("365"),
                    "{place}: a code in the headline"
                );
                for text in texts(&words) {
                    assert!(!text.contains(['!', '！']) || text.contains("{!"), "{place}: exclamation mark");
                    for word in ["Simply", "simply", "Oops", "sorry", "device code", "less secure apps"] {
                        assert!(!text.contains(word), "{place}: {word}");
                    }
                    // Window, command line and report put message and links in different places.
                    for word in
                        ["message below", "link below", "details below", "下のメッセージ", "下の情報", "下のリンク"]
                    {
                        assert!(!text.contains(word), "{place}: {word}");
                    }
                    if *language == Language::Ja {
                        assert!(
                            !text.contains("。 ") && !text.contains("、 "),
                            "{place}: a blank after full-width punctuation"
                        );
                        assert!(!text.contains(['，', '．']), "{place}: wrong punctuation");
                    }
                }
            }
        }
    }
}

#[test]
fn links_of_texts_exist_and_every_link_is_allowed() {
    let mut used = BTreeSet::new();
    for cause in written() {
        for language in Language::ALL {
            for (_, words) in cases(&read(cause, *language)) {
                used.extend(words.links.clone());
                used.extend(
                    words.you_can_do.iter().chain(&words.fixer_steps).filter_map(|step| step.link().map(str::to_owned)),
                );
            }
        }
    }
    for id in &used {
        assert!(rows().contains_key(id), "link `{id}` is not in links.toml");
    }
    let (address, tenant) = (address(), tenant());
    for app in ["hubspot", "other"] {
        for cloud in [Cloud::Worldwide, Cloud::UsGovernment, Cloud::UsDefense, Cloud::China] {
            let tenant = Tenant { cloud, ..tenant.clone() };
            for context in [context(app, Some(&address), Some(&tenant)), context(app, None, None)] {
                for id in rows().keys() {
                    for language in Language::ALL {
                        let values = LinkValues { code: Some("50105"), ..LinkValues::default() };
                        if let Some(link) = links::build(id, &context, values, *language) {
                            assert!(crate::is_allowed_link(&link.url), "{id}: {}", link.url);
                            assert!(!link.url.contains(['{', '}']) && !link.label.contains(['{', '}']), "{id}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn link_rows_are_complete() {
    let count = include_str!("../../data/links.toml").matches("[[link]]").count();
    assert_eq!(rows().len(), count, "links.toml is broken or an id stands twice");
    for row in rows().values() {
        assert!(
            ["admin-consent", "admin-consent-full", "admin-centre", "provider-code", "vendor-article", "guide"]
                .contains(&&*row.kind),
            "{}",
            row.id
        );
        assert!(row.source.starts_with("https://") && row.checked_on >= date(2026, 11, 1), "{}", row.id);
        assert!(
            !row.en.is_empty() && !row.ja.is_empty() && row.en.contains("{app}") == row.ja.contains("{app}"),
            "{}",
            row.id
        );
    }
}

#[test]
fn nothing_unreplaced_remains_whatever_is_known() {
    let (address, tenant) = (address(), tenant());
    let contexts = [
        context("hubspot", Some(&address), Some(&tenant)),
        context("hubspot", None, None),
        context("other", None, None),
    ];
    for cause in written() {
        for language in Language::ALL {
            for (case, _) in cases(&read(cause, *language)) {
                for context in &contexts {
                    let mut finding = finding(cause, &case);
                    // A value from an examined text that looks like a template must not be read as one.
                    finding.parameters.insert("other".to_owned(), "{app} {consent_link".to_owned());
                    let words = explain(&finding, context, *language);
                    let all = serde_json::to_string(&words).unwrap();
                    let shown: serde_json::Value = serde_json::from_str(&all).unwrap();
                    each_string(&shown, &mut |text| {
                        assert!(!text.contains(['{', '}']), "{cause} {case}: {text}");
                        assert!(!text.contains("  "), "{cause} {case}: two blanks: {text}");
                    });
                    assert_eq!(message(&finding, context, *language), words.message);
                    assert!(words.you_can_do.iter().all(|step| !step.text.is_empty()));
                }
            }
        }
    }
}

fn each_string(value: &serde_json::Value, check: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => check(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| each_string(item, check)),
        serde_json::Value::Object(fields) => fields.values().for_each(|item| each_string(item, check)),
        _ => {}
    }
}

mod cases;
mod codes;
