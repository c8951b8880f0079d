//! The table of all settings (`data/policies.toml`): what may be set, by whom, within which limits, and in words.

use std::sync::OnceLock;

use inbox_model::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What kind of value a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Words.
    Text,
    /// Yes or no.
    Bool,
    /// A whole number.
    Integer,
    /// One of the values of the table.
    Choice,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// An IP address with a port.
    Socket,
    /// A file or folder.
    Path,
    /// Several of the kind that `items` names.
    List,
}

impl Kind {
    /// The name in the table and in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Integer => "integer",
            Self::Choice => "choice",
            Self::Email => "email",
            Self::Url => "url",
            Self::Socket => "socket",
            Self::Path => "path",
            Self::List => "list",
        }
    }
}

/// For whom a policy can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The computer or one person.
    Both,
    /// The computer only.
    Machine,
    /// No policy: a person's own preference.
    Preference,
}

/// How a person may change it, where no mandatory policy stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changer {
    /// In the window, or in the settings file.
    Window,
    /// In the settings file.
    File,
    /// Not at all: policy only.
    No,
}

/// One setting of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Definition {
    /// Key, as in settings files; a dot stands for one level of nesting.
    pub key: String,
    /// Which part it belongs to.
    pub group: String,
    /// Kind of value.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Kind of one entry of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Kind>,
    /// Values of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Schemes of a web address; empty stands for http and https.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemes: Vec<String>,
    /// The only values that this version takes, where there are fewer than the kind says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Value>,
    /// Least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// Greatest number; most characters of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// Only letters, digits, dot, hyphen and underscore.
    #[serde(default, skip_serializing_if = "is_false")]
    pub plain: bool,
    /// May hold line breaks.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lines: bool,
    /// Never shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub secret: bool,
    /// For whom a policy can be set.
    pub scope: Scope,
    /// How a person may change it.
    pub user: Changer,
    /// Version that knew it first.
    pub since: String,
    /// What counts when nobody sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// What counts while a value that was set cannot be read: what allows least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Value>,
    /// A value as it may look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// Title and explanation in English.
    pub en: [String; 2],
    /// Title and explanation in Japanese.
    pub ja: [String; 2],
}

impl Definition {
    /// Title and explanation.
    #[must_use]
    pub fn words(&self, language: Language) -> (&str, &str) {
        let [title, text] = match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        };
        (title, text)
    }

    /// A value as a person may see it.
    #[must_use]
    pub fn shown(&self, value: Value) -> Value {
        match value {
            value if self.secret && !value.is_null() => Value::String("***".to_owned()),
            // An address may carry a user name and a password (the proxy's).
            Value::String(text) if text.contains("://") && text.contains('@') => Value::String(without_sign_in(&text)),
            value => value,
        }
    }
}

/// An address with its user name and password masked; other texts stay.
fn without_sign_in(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else { return text.to_owned() };
    if url.username().is_empty() && url.password().is_none() {
        return text.to_owned();
    }
    let _ = url.set_username("***");
    let _ = url.set_password(None);
    url.to_string()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// All settings, in the order of the table.
#[must_use]
pub fn definitions() -> &'static [Definition] {
    #[derive(Deserialize)]
    struct Table {
        policy: Vec<Definition>,
    }
    static TABLE: OnceLock<Vec<Definition>> = OnceLock::new();
    TABLE.get_or_init(|| {
        toml::from_str::<Table>(include_str!("../../data/policies.toml"))
            .map(|table| table.policy)
            .unwrap_or_else(|error| unreachable!("the table is part of the program and read by a test: {error}"))
    })
}

/// The setting with this key.
#[must_use]
pub fn definition(key: &str) -> Option<&'static Definition> {
    definitions().iter().find(|definition| definition.key == key)
}
