//! The values for the braces in the texts: from the finding, from the context, else a neutral phrase.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use inbox_model::{Finding, Language};
use serde::Deserialize;

use super::ExplainContext;
use crate::consent::consent_links;
use crate::links::{consent_tenant, mail_domain};

/// The longest value taken from an examined text, in characters: longer ones are no names.
const LONGEST_VALUE: usize = 300;

/// The names that texts may use.
pub(crate) const NAMES: &[&str] = &[
    "address",
    "app",
    "app_display",
    "app_id",
    "codes",
    "consent_link",
    "consent_link_full",
    "domain",
    "evidence_ids",
    "gateway",
    "google_client_id",
    "issuer",
    // Only inside a condition: known where the host's mail servers were found and answered.
    "mail_servers",
    // Only as a condition: known where Inbox Doctor's own sign-in was refused, and not the app's.
    "met_by",
    "missing",
    "organisation",
    "other",
    "port",
    "provider",
    "proxy",
    "publisher",
    "schemes",
    "scopes",
    "subject",
    "valid_from",
    "valid_to",
    "version",
];

/// Ids and times that support asks for, by the names that findings give them, in the order of the list.
const EVIDENCE: &[&str] = &["timestamp", "correlation-id", "trace-id", "request-id", "client-request-id"];

/// Whose voice speaks: the window's to the person, or the person's to whoever can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Window,
    Message,
}

/// Phrases for values that are not known, from `data/neutral.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Neutral {
    en: String,
    ja: String,
    /// In the person's own voice, where that differs.
    en_message: Option<String>,
    ja_message: Option<String>,
}

fn neutral() -> &'static BTreeMap<String, Neutral> {
    static PHRASES: OnceLock<BTreeMap<String, Neutral>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/neutral.json"))).unwrap_or_default()
    })
}

/// A phrase of `data/neutral.toml`.
fn phrase(name: &str, language: Language, voice: Voice) -> String {
    let Some(row) = neutral().get(name) else {
        return String::new();
    };
    match (language, voice) {
        (Language::En, Voice::Message) => row.en_message.as_ref().unwrap_or(&row.en),
        (Language::En, Voice::Window) => &row.en,
        (Language::Ja, Voice::Message) => row.ja_message.as_ref().unwrap_or(&row.ja),
        (Language::Ja, Voice::Window) => &row.ja,
    }
    .clone()
}

/// All values for one text.
#[derive(Debug)]
pub(super) struct Parameters {
    known: BTreeMap<&'static str, String>,
    phrases: BTreeMap<&'static str, String>,
}

impl Parameters {
    /// Collects the values.
    pub(super) fn new(finding: &Finding, context: &ExplainContext<'_>, language: Language, voice: Voice) -> Self {
        let mut known = BTreeMap::new();
        let mut set = |name: &'static str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                known.insert(name, value);
            }
        };
        let app = context.app;
        let given = |name: &str| finding.parameters.get(name).map(|value| clean(value));
        // An app that stands for "any other" has a phrase in place of a name.
        if app.wording.is_empty() {
            set("app", Some(app.name.clone()));
            set("app_display", Some(app.microsoft.as_ref().map_or(&app.name, |app| &app.display_name).clone()));
            set("publisher", Some(app.publisher.clone()));
        }
        set("app_id", app.microsoft.as_ref().map(|app| app.client_id.clone()));
        set("google_client_id", app.google.as_ref().and_then(|app| app.client_id.clone()));
        let scopes = app.microsoft.as_ref().map(|app| &app.scopes).or(app.google.as_ref().map(|app| &app.scopes));
        set("scopes", scopes.map(|scopes| scopes.join(", ")));
        let domain = mail_domain(context).map(ToOwned::to_owned).or_else(|| given("domain"));
        let brand = context.tenant.and_then(|tenant| tenant.brand.as_deref()).map(clean);
        set("organisation", brand.or_else(|| shown_domain(context)).or_else(|| given("organisation")));
        set("domain", domain);
        set("address", context.address.map(ToString::to_string).or_else(|| given("address")));
        for name in [
            "provider",
            "missing",
            "other",
            "gateway",
            "mail_servers",
            "met_by",
            "issuer",
            "port",
            "proxy",
            "schemes",
            "subject",
            "valid_from",
            "valid_to",
            "version",
        ] {
            set(name, given(name));
        }
        // A mail host has a name of its own in Japanese (さくらインターネット).
        let host = finding.parameters.get("other_host").and_then(|host| crate::mx::host_name(host, language));
        set("other", host.map(ToOwned::to_owned));
        set("codes", Some(finding.codes.iter().map(|code| clean(code)).collect::<Vec<_>>().join(", ")));
        set("evidence_ids", given("evidence_ids").or_else(|| given("evidence-ids")).or_else(|| evidence(finding)));
        let cloud = context.tenant.map(|tenant| tenant.cloud).unwrap_or_default();
        if let Some(links) = consent_links(app, &consent_tenant(context), cloud, context.login) {
            set("consent_link", Some(links.short));
            set("consent_link_full", links.full);
        }
        let wording = |name: &str| {
            let named = name == "app" || (name == "app_display" && voice == Voice::Window);
            let own = app.wording.get(language.tag()).filter(|_| named);
            own.cloned().unwrap_or_else(|| phrase(name, language, voice))
        };
        let phrases = NAMES.iter().map(|name| (*name, wording(name))).collect();
        Self { known, phrases }
    }

    /// Whether the value is known, and not just a phrase.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// The value, else the phrase; a phrase at the beginning of a sentence begins with a capital.
    pub(super) fn value(&self, name: &str, begins_sentence: bool) -> String {
        if let Some(value) = self.known.get(name) {
            return value.clone();
        }
        let phrase = self.phrases.get(name).map(String::as_str).unwrap_or_default();
        let mut letters = phrase.chars();
        match letters.next() {
            Some(first) if begins_sentence => first.to_uppercase().chain(letters).collect(),
            _ => phrase.to_owned(),
        }
    }
}

fn shown_domain(context: &ExplainContext<'_>) -> Option<String> {
    context.domain.or(context.address.map(|address| address.domain())).map(|domain| domain.to_unicode())
}

/// One line of the ids, by the field names that the admin centre uses.
fn evidence(finding: &Finding) -> Option<String> {
    let ids: Vec<String> = EVIDENCE
        .iter()
        .filter_map(|name| finding.parameters.get(*name).map(|value| format!("{name} {}", clean(value))))
        .collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// A value that may come from an examined text: one line, no braces, not endless.
fn clean(value: &str) -> String {
    let line: String =
        value.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !matches!(c, '{' | '}')).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_VALUE).collect()
}
