//! `policy list`, `policy show`: what can be set, and what is set, by whom.

use inbox_engine::{Changer, Scope, definitions};
use inbox_model::{Language, Origin};
use serde_json::{Value, json};

use crate::{
    arguments::Common,
    commands::Session,
    output::{self, Exit},
};

/// The settings that exist.
pub fn list(common: &Common) -> Exit {
    let language = common.language(None);
    if common.json {
        let keys: Vec<&str> = definitions().iter().map(|definition| definition.key.as_str()).collect();
        output::document(&json!({"keys": keys, "definitions": definitions()}), true);
        return Exit::Works;
    }
    for definition in definitions() {
        let (title, text) = definition.words(language);
        let mut limits = definition.kind.name().to_owned();
        if !definition.values.is_empty() {
            limits = format!("{limits}: {}", definition.values.join(" | "));
        }
        if let Some(default) = &definition.default {
            limits = format!("{limits}; {} {}", word(language, Word::Default), plain(default));
        }
        let who = match (definition.scope, definition.user) {
            (Scope::Preference, _) => Word::OnlyPerson,
            (_, Changer::No) => Word::OnlyPolicy,
            _ => Word::Either,
        };
        output::say(&format!("{}  ({limits}; {})\n    {title}\n    {text}", definition.key, word(language, who)));
    }
    Exit::Works
}

/// What is set, where each value came from, and what was ignored.
pub fn show(session: &Session) -> Exit {
    let settings = session.engine.settings();
    let rows = settings.rows(session.language);
    if session.common.json {
        output::document(&json!({"settings": rows, "problems": settings.problems}), true);
        return Exit::Works;
    }
    for row in rows {
        if row.value.is_null() && row.problems.is_empty() && !row.locked {
            continue;
        }
        let place = row.place.map(|place| format!(", {place}")).unwrap_or_default();
        let value = if row.value.is_null() { "-".to_owned() } else { plain(&row.value) };
        output::say(&format!("{} = {value}   ({}{place})", row.key, word(session.language, of(row.origin))));
        for problem in row.problems {
            output::say(&format!("    {}: {problem}", word(session.language, Word::Ignored)));
        }
    }
    for problem in settings.problems.iter().filter(|problem| !is_known(problem.key.as_deref())) {
        let key = problem.key.as_deref().map(|key| format!("{key}: ")).unwrap_or_default();
        let ignored = word(session.language, Word::Ignored);
        output::say(&format!("{ignored}: {key}{}: {}", problem.file, problem.reason));
    }
    Exit::Works
}

fn is_known(key: Option<&str>) -> bool {
    key.is_some_and(|key| inbox_engine::definition(key).is_some())
}

/// Text without quotation marks, everything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn of(origin: Origin) -> Word {
    match origin {
        Origin::BuiltIn => Word::BuiltIn,
        Origin::RecommendedPolicy => Word::Recommended,
        Origin::User => Word::User,
        Origin::MandatoryPolicy => Word::Mandatory,
    }
}

#[derive(Clone, Copy)]
enum Word {
    Default,
    OnlyPerson,
    OnlyPolicy,
    Either,
    Ignored,
    BuiltIn,
    Recommended,
    User,
    Mandatory,
}

fn word(language: Language, word: Word) -> &'static str {
    match (language, word) {
        (Language::En, Word::Default) => "default",
        (Language::En, Word::OnlyPerson) => "set by each person, not by policy",
        (Language::En, Word::OnlyPolicy) => "set by policy only",
        (Language::En, Word::Either) => "set by policy or by each person",
        (Language::En, Word::Ignored) => "ignored",
        (Language::En, Word::BuiltIn) => "built-in",
        (Language::En, Word::Recommended) => "recommended by your organisation",
        (Language::En, Word::User) => "your own setting",
        (Language::En, Word::Mandatory) => "set by your organisation",
        (Language::Ja, Word::Default) => "既定値",
        (Language::Ja, Word::OnlyPerson) => "利用者だけが設定できます",
        (Language::Ja, Word::OnlyPolicy) => "ポリシーだけで設定できます",
        (Language::Ja, Word::Either) => "ポリシーまたは利用者が設定できます",
        (Language::Ja, Word::Ignored) => "無視されました",
        (Language::Ja, Word::BuiltIn) => "組み込みの値",
        (Language::Ja, Word::Recommended) => "組織の推奨",
        (Language::Ja, Word::User) => "ご自身の設定",
        (Language::Ja, Word::Mandatory) => "組織による設定",
    }
}
