//! The text files `data/text/{en,ja}/<cause>.toml`: made JSON by the build script and read one at a time, when asked for, so that the program starts fast.

pub(crate) mod entra;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use inbox_model::{Cause, Fixer, Language};
use jiff::civil::Date;
use serde::Deserialize;

use crate::packed::{Documents, Packed};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The words for one cause in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CauseText {
    /// Headline.
    pub title: String,
    /// What happened.
    pub what_happened: String,
    /// Why.
    pub why: String,
    /// Who can mend it, and how long it takes.
    pub who: String,
    /// What the person does now, in order.
    pub you_can_do: Vec<StepWords>,
    /// What the fixer does, in order.
    pub fixer_steps: Vec<StepWords>,
    /// How to tell that it worked.
    pub how_to_tell: String,
    /// Further links.
    #[serde(default)]
    pub links: Vec<String>,
    /// The message to whoever can mend it.
    pub message: Option<MessageWords>,
    /// Statements that are true only for a time.
    #[serde(default)]
    pub dated: Vec<DatedWords>,
    /// Narrower cases: what is given replaces the field above, the rest is inherited.
    #[serde(default)]
    pub variant: BTreeMap<String, VariantText>,
}

/// A narrower case of a cause.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VariantText {
    title: Option<String>,
    what_happened: Option<String>,
    why: Option<String>,
    who: Option<String>,
    you_can_do: Option<Vec<StepWords>>,
    fixer_steps: Option<Vec<StepWords>>,
    how_to_tell: Option<String>,
    links: Option<Vec<String>>,
    message: Option<MessageWords>,
    /// Who can mend the narrower case, where that is somebody else than for the cause.
    pub fixer: Option<Fixer>,
    /// The narrower case is mended by the person, so that the cause's message would go to the wrong one.
    #[serde(default)]
    no_message: bool,
    dated: Option<Vec<DatedWords>>,
    /// Another entry whose words this one takes over before its own (only in the file of single codes).
    pub like: Option<String>,
}

impl VariantText {
    /// Which fields are given, in order.
    #[cfg(test)]
    pub fn given(&self) -> [bool; 11] {
        [
            self.title.is_some(),
            self.what_happened.is_some(),
            self.why.is_some(),
            self.who.is_some(),
            self.you_can_do.is_some(),
            self.fixer_steps.is_some(),
            self.how_to_tell.is_some(),
            self.links.is_some(),
            self.message.is_some(),
            self.dated.is_some(),
            self.no_message,
        ]
    }

    /// These words, and those of another case where these are silent.
    fn over(self, other: VariantText) -> VariantText {
        VariantText {
            title: self.title.or(other.title),
            what_happened: self.what_happened.or(other.what_happened),
            why: self.why.or(other.why),
            who: self.who.or(other.who),
            you_can_do: self.you_can_do.or(other.you_can_do),
            fixer_steps: self.fixer_steps.or(other.fixer_steps),
            how_to_tell: self.how_to_tell.or(other.how_to_tell),
            links: self.links.or(other.links),
            no_message: self.no_message || (other.no_message && self.message.is_none()),
            message: self.message.or(other.message),
            fixer: self.fixer.or(other.fixer),
            dated: self.dated.or(other.dated),
            like: other.like,
        }
    }
}

/// A step: words, or words with a link.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum StepWords {
    /// Words only.
    Plain(String),
    /// Words and the id of a link of `data/links.toml`.
    Linked {
        /// The words.
        text: String,
        /// The link.
        link: String,
    },
}

impl StepWords {
    /// The words.
    pub fn text(&self) -> &str {
        match self {
            StepWords::Plain(text) | StepWords::Linked { text, .. } => text,
        }
    }

    /// The link's id.
    pub fn link(&self) -> Option<&str> {
        match self {
            StepWords::Plain(_) => None,
            StepWords::Linked { link, .. } => Some(link),
        }
    }
}

/// Subject and body of a message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessageWords {
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// A statement that is true only for a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatedWords {
    /// The same in both languages.
    pub id: String,
    /// The statement.
    pub text: String,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day.
    pub valid_to: Option<Date>,
    /// When somebody looked it up.
    #[cfg_attr(not(test), allow(dead_code, reason = "kept for those who maintain the texts; tests require it"))]
    pub checked_on: Date,
    /// Where it stands.
    #[cfg_attr(not(test), allow(dead_code, reason = "kept for those who maintain the texts; tests require it"))]
    pub source: String,
}

impl DatedWords {
    /// Whether the statement is true on this day.
    pub fn holds_on(&self, today: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= today) && self.valid_to.is_none_or(|last| today <= last)
    }
}

impl CauseText {
    /// A narrower case: one of the cause's own, else the words for a single code.
    pub fn narrow(&self, variant: &str, language: Language) -> Option<Cow<'_, VariantText>> {
        let own = self.variant.get(variant).map(Cow::Borrowed);
        own.or_else(|| entra::entry(variant, self, language).map(Cow::Owned))
    }

    /// The words of a narrower case; the cause's own words where the case has none.
    pub fn of_variant(&self, variant: Option<&str>, language: Language) -> CauseText {
        let mut words = self.clone();
        let Some(narrow) = variant.and_then(|name| self.narrow(name, language)) else {
            return words;
        };
        replace(&mut words.title, narrow.title.as_ref());
        replace(&mut words.what_happened, narrow.what_happened.as_ref());
        replace(&mut words.why, narrow.why.as_ref());
        replace(&mut words.who, narrow.who.as_ref());
        replace(&mut words.you_can_do, narrow.you_can_do.as_ref());
        replace(&mut words.fixer_steps, narrow.fixer_steps.as_ref());
        replace(&mut words.how_to_tell, narrow.how_to_tell.as_ref());
        replace(&mut words.links, narrow.links.as_ref());
        replace(&mut words.dated, narrow.dated.as_ref());
        if narrow.no_message {
            words.message = None;
        } else if narrow.message.is_some() {
            words.message.clone_from(&narrow.message);
        }
        words
    }
}

fn replace<T: Clone>(field: &mut T, with: Option<&T>) {
    if let Some(value) = with {
        field.clone_from(value);
    }
}

/// Reads the words of a cause; the message of the error names the field.
pub(crate) fn parse(text: &str) -> Result<CauseText, serde_json::Error> {
    serde_json::from_str(text)
}

/// The words of a cause as JSON.
pub(crate) fn raw(cause: Cause, language: Language) -> Option<&'static str> {
    match language {
        Language::En => CAUSES_EN.find(cause.id()),
        Language::Ja => CAUSES_JA.find(cause.id()),
    }
}

/// The words for a cause. A test keeps every cause complete in every language, so that `None` cannot be met.
pub(crate) fn cause_text(cause: Cause, language: Language) -> Option<&'static CauseText> {
    static ENGLISH: [OnceLock<Option<CauseText>>; Cause::ALL.len()] = [const { OnceLock::new() }; Cause::ALL.len()];
    static JAPANESE: [OnceLock<Option<CauseText>>; Cause::ALL.len()] = [const { OnceLock::new() }; Cause::ALL.len()];
    let place = Cause::ALL.iter().position(|other| *other == cause)?;
    let cells = match language {
        Language::En => &ENGLISH,
        Language::Ja => &JAPANESE,
    };
    cells.get(place)?.get_or_init(|| parse(raw(cause, language)?).ok()).as_ref()
}
