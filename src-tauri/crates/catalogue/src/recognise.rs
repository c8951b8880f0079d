//! Names the cause of an error text that somebody pasted.

use inbox_model::{AppProfile, Cause, Domain, Finding};
use serde::{Deserialize, Serialize};

mod address;
mod alias;
mod entra;
pub(crate) mod fold;
mod ids;
mod judge;
pub(crate) mod literals;
mod place;
mod reply;
pub(crate) mod rules;

/// What is known beside the text.
#[derive(Debug, Clone, Copy)]
pub struct TextContext<'a> {
    /// Today, for statements that are true only for a time.
    pub today: jiff::civil::Date,
    /// The mail domain of the person, where known.
    pub domain: Option<&'a Domain>,
    /// The target app, where known.
    pub app: Option<&'a AppProfile>,
}

/// What a text says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recognition {
    /// Causes, best first; one finding `unknown` when nothing in the text settles a cause.
    pub findings: Vec<Finding>,
    /// Questions whose answers would split a code with several causes.
    pub questions: Vec<Question>,
    /// Ids and times that support needs, as they stand in the text.
    pub ids: Vec<SupportId>,
    /// Things in a pasted sign-in address that are wrong or worth knowing though they are no cause by themselves:
    /// `prompt-consent`, `common-in-consent`, `tenant-mismatch`, `consent-granted`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A question that settles between causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Id of the question; its words are in the text files.
    pub id: String,
    /// Possible answers: id of the answer, and the cause that it settles.
    pub answers: Vec<(String, Cause)>,
}

/// An id or a time that support needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SupportId {
    /// `trace-id`, `correlation-id`, `request-id`, `client-request-id`, `timestamp`.
    pub kind: String,
    /// As given.
    pub value: String,
}

/// Reads a text.
///
/// Pure: the same text and context give the same answer. A text of megabytes is read whole; for files use `scan`.
#[must_use]
pub fn recognise(text: &str, context: &TextContext<'_>) -> Recognition {
    let folded = fold::fold(text);
    let mut clues = judge::Clues::default();
    entra::look(&folded, &mut clues);
    reply::look(&folded, &mut clues);
    alias::look(&folded, &mut clues);
    for found in rules::matches(&folded.text) {
        clues.rule(&found);
    }
    let notes = address::notes(text, context);
    let (mut findings, questions) = judge::judge(clues, text, &folded);
    let ids = ids::support_ids(text, &folded);
    // The message to whoever can mend it names the ids and times: they find the sign-in in the logs.
    for finding in &mut findings {
        for id in &ids {
            finding.parameters.entry(id.kind.clone()).or_insert_with(|| id.value.clone());
        }
    }
    Recognition { findings, questions, ids, notes }
}

/// The literal strings that recognition looks for, one each, in the order of the rule files: what a plain search over a
/// log would need. Short words that only help a longer rule are among them.
#[must_use]
pub fn patterns() -> Vec<String> {
    let mut all: Vec<String> = vec!["AADSTS".to_owned()];
    all.extend(rules::sources().iter().map(str::to_owned));
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests;
