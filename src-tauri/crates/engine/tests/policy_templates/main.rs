//! What administrators get is made from the table of settings and kept in the repository; a difference fails here.
//!
//! `UPDATE_DOCS=1 cargo test -p inbox-engine --test policy_templates` writes it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

mod admx;
mod mac;
mod page;
mod schema;
mod xml;

use std::path::{Path, PathBuf};

use inbox_engine::{Definition, Scope, definitions};
use inbox_model::Language;

/// The groups in the order of the table, with their names.
const GROUPS: &[(&str, &str, &str)] = &[
    ("registration", "Registration", "アプリの登録"),
    ("endpoints", "Provider addresses", "プロバイダーのアドレス"),
    ("allowed", "What is allowed", "許可する機能"),
    ("kept", "What is kept", "保存するもの"),
    ("helpdesk", "Helpdesk and messages", "ヘルプデスクとメッセージ"),
    ("network", "Network", "ネットワーク"),
    ("program", "Program", "プログラム"),
    ("handover", "Hand-over of results", "結果の送信"),
];

fn group(language: Language, id: &str) -> &'static str {
    let (_, english, japanese) = GROUPS.iter().find(|(known, _, _)| *known == id).unwrap();
    match language {
        Language::En => english,
        Language::Ja => japanese,
    }
}

/// A key or value as an identifier for formats that allow neither dot nor hyphen.
fn identifier(key: &str) -> String {
    key.replace(['.', '-'], "_")
}

/// The settings that a policy can set.
fn policies() -> impl Iterator<Item = &'static Definition> {
    definitions().iter().filter(|definition| definition.scope != Scope::Preference)
}

/// The public properties of the Windows package.
fn msi_properties() -> String {
    let mut text = String::from(
        "# Written by the test `policy_templates` of the crate `inbox-engine` from data/policies.toml. Do not edit.\n\
         property\tkey\ttype\n",
    );
    for line in policies() {
        let property = identifier(&line.key).to_uppercase();
        text.push_str(&format!("{property}\t{}\t{}\n", line.key, line.kind.name()));
    }
    text
}

fn files() -> Vec<(&'static str, String)> {
    vec![
        ("src-tauri/packaging/policies/windows/InboxDoctor.admx", admx::admx()),
        ("src-tauri/packaging/policies/windows/en-US/InboxDoctor.adml", admx::adml(Language::En)),
        ("src-tauri/packaging/policies/windows/ja-JP/InboxDoctor.adml", admx::adml(Language::Ja)),
        ("src-tauri/packaging/policies/macos/inbox-doctor.mobileconfig", mac::profile()),
        ("src-tauri/packaging/policies/macos/jamf-manifest.json", mac::manifest()),
        ("src-tauri/packaging/policies/settings.schema.json", schema::schema()),
        ("src-tauri/packaging/policies/msi-properties.tsv", msi_properties()),
        ("docs/policies.md", page::page(Language::En)),
        ("docs/policies.ja.md", page::page(Language::Ja)),
    ]
}

fn place(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(file)
}

#[test]
fn templates_and_pages_are_those_of_the_table() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for (file, wanted) in files() {
        let path = place(file);
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            found == wanted,
            "{file} is not current: run UPDATE_DOCS=1 cargo test -p inbox-engine --test policy_templates"
        );
    }
}

#[test]
fn every_group_is_named_and_used() {
    let used: std::collections::BTreeSet<&str> = definitions().iter().map(|line| line.group.as_str()).collect();
    let named: std::collections::BTreeSet<&str> = GROUPS.iter().map(|(id, _, _)| *id).collect();
    assert_eq!(used, named);
}

#[test]
fn every_key_is_in_every_template() {
    for (file, text) in files() {
        for line in definitions() {
            let here = line.scope != Scope::Preference || file.ends_with(".md") || file.contains("schema");
            let names = [line.key.clone(), identifier(&line.key)];
            // In a profile and a schema an address is nested: its last part stands by itself.
            let last = line.key.rsplit('.').next().unwrap().to_owned();
            assert!(
                !here || names.iter().chain([&last]).any(|name| text.contains(name.as_str())),
                "{file}: {}",
                line.key
            );
        }
    }
}
