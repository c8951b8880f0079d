//! `docs/policies.md` and its Japanese twin.

use std::fmt::Write as _;

use inbox_engine::{Changer, Definition, Scope, definitions};
use inbox_model::Language;
use serde_json::Value;

use crate::{GROUPS, group, identifier};

/// Text without quotation marks, everything else as JSON.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

pub fn page(language: Language) -> String {
    let mut out = String::from(
        "<!-- Written by `UPDATE_DOCS=1 cargo test -p inbox-engine --test policy_templates`; edit data/policies.toml. -->\n\n",
    );
    out.push_str(match language {
        Language::En => include_str!("page.en.md"),
        Language::Ja => include_str!("page.ja.md"),
    });
    for (id, _, _) in GROUPS {
        let _ = write!(out, "\n## {}\n", group(language, id));
        for line in definitions().iter().filter(|line| line.group == *id) {
            entry(&mut out, line, language);
        }
    }
    out
}

fn entry(out: &mut String, line: &Definition, language: Language) {
    let (title, text) = line.words(language);
    let _ = write!(out, "\n### `{}`\n\n**{title}.** {text}\n\n", line.key);
    let words: [&str; 9] = match language {
        Language::En => [
            "type",
            "values",
            "default",
            "example",
            "policy for",
            "people may change it",
            "MSI property",
            "while it cannot be read",
            "since",
        ],
        Language::Ja => [
            "種類",
            "値",
            "既定値",
            "例",
            "ポリシーの対象",
            "利用者による変更",
            "MSI プロパティ",
            "値を読み取れないとき",
            "対応バージョン",
        ],
    };
    let kind = match line.items {
        Some(items) => format!("list of {}", items.name()),
        None => line.kind.name().to_owned(),
    };
    let range = match (line.min, line.max, line.kind) {
        (Some(min), Some(max), _) => format!(" ({min}–{max})"),
        _ => String::new(),
    };
    row(out, words[0], &format!("{kind}{range}"));
    if !line.values.is_empty() {
        row(out, words[1], &line.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "));
    }
    if let Some(value) = &line.default {
        row(out, words[2], &format!("`{}`", plain(value)));
    }
    if let Some(value) = &line.example {
        row(out, words[3], &format!("`{}`", plain(value)));
    }
    row(out, words[4], scope(line.scope, language));
    row(out, words[5], changer(line.user, language));
    if line.scope != Scope::Preference {
        row(out, words[6], &format!("`{}`", identifier(&line.key).to_uppercase()));
    }
    if let Some(value) = &line.broken {
        row(out, words[7], &format!("`{}`", plain(value)));
    }
    row(out, words[8], &line.since);
}

fn row(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "- {name}: {value}");
}

fn scope(scope: Scope, language: Language) -> &'static str {
    match (language, scope) {
        (Language::En, Scope::Both) => "the computer or a person",
        (Language::En, Scope::Machine) => "the computer only",
        (Language::En, Scope::Preference) => "none",
        (Language::Ja, Scope::Both) => "コンピューターまたはユーザー",
        (Language::Ja, Scope::Machine) => "コンピューターのみ",
        (Language::Ja, Scope::Preference) => "なし",
    }
}

fn changer(changer: Changer, language: Language) -> &'static str {
    match (language, changer) {
        (Language::En, Changer::Window) => "in the window or in settings.json",
        (Language::En, Changer::File) => "in settings.json",
        (Language::En, Changer::No) => "no",
        (Language::Ja, Changer::Window) => "ウィンドウまたは settings.json で可能",
        (Language::Ja, Changer::File) => "settings.json で可能",
        (Language::Ja, Changer::No) => "不可",
    }
}
