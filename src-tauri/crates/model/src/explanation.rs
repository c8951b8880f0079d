//! A finding in words that a person can act on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The languages that texts exist in. Both are written by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// All languages.
    pub const ALL: &'static [Language] = &[Language::En, Language::Ja];

    /// The language tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Ja => "ja",
        }
    }

    /// The language of a tag such as `ja-JP`, `ja_JP.UTF-8`; `None` for languages without texts.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let head = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| head.eq_ignore_ascii_case(language.tag()))
    }
}

/// The words for one finding in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Language of the words.
    pub language: Language,
    /// Headline: one sentence, no code in it.
    pub title: String,
    /// What happened.
    pub what_happened: String,
    /// Why it happens.
    pub why: String,
    /// Who can mend it and how long it takes, as one sentence.
    pub who: String,
    /// What the person can do now.
    pub you_can_do: Vec<StepText>,
    /// What the fixer (admin, vendor, network person) does, step by step. Empty when the fixer is the person.
    pub fixer_steps: Vec<StepText>,
    /// How to tell that it worked.
    pub how_to_tell: String,
    /// All links, the most useful first.
    pub links: Vec<Link>,
    /// The message to send to whoever can mend it.
    pub message: Option<Message>,
    /// Statements that are true only for a time, already chosen for today.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dated: Vec<String>,
}

/// One step of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepText {
    /// What to do.
    pub text: String,
    /// Where to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What it is for: `admin-consent`, `admin-consent-full`, `admin-centre`, `provider-code`, `vendor-article`, `guide`.
    pub kind: String,
    /// Words to show.
    pub label: String,
    /// The address; https only.
    pub url: String,
}

/// A message ready to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Language of the message.
    pub language: Language,
    /// Recipient, where known (policy's helpdesk address).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Subject line.
    pub subject: String,
    /// Plain text body.
    pub body: String,
}
