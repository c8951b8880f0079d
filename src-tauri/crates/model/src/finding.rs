//! Judgements: what the observations mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Cause, Explanation, Fixer};

/// How sure a judgement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// One of several explanations.
    Possible,
    /// The best explanation, not proven.
    Likely,
    /// A documented code or an unmistakable phrase settles it.
    Certain,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Part of it does not work.
    Limits,
    /// The connection cannot work.
    Blocks,
}

/// The judgement over everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that the app needs was checked and works.
    Works,
    /// It works in part.
    Limited,
    /// A cause was found that keeps it from working.
    Blocked,
    /// Not enough could be checked to say.
    Inconclusive,
}

/// A cause that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The cause.
    pub cause: Cause,
    /// Who can mend it here. Usually the cause's own fixer.
    pub fixer: Fixer,
    /// How sure it is.
    pub confidence: Confidence,
    /// How much it matters.
    pub severity: Severity,
    /// Codes as they stand in the text or answer (`AADSTS50105`).
    #[serde(default)]
    pub codes: Vec<String>,
    /// Ids of the observations that led here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Where in the examined text the words stand that led here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// A narrower case of the cause that has words of its own (`no-licence`, `guest`, `aadsts-50055`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Values for the explanation's texts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Ids of the rules that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

impl Finding {
    /// A finding of this cause with nothing else known; severity `Blocks`.
    #[must_use]
    pub fn of(cause: Cause, confidence: Confidence) -> Self {
        Self {
            cause,
            fixer: cause.fixer(),
            confidence,
            severity: Severity::Blocks,
            codes: Vec::new(),
            evidence: Vec::new(),
            places: Vec::new(),
            variant: None,
            parameters: BTreeMap::new(),
            rules: Vec::new(),
        }
    }
}

/// A stretch of the examined text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// First character, counted in UTF-16 code units from 0 (as a web view counts).
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// Line, from 1.
    pub line: u64,
    /// The words themselves, redacted.
    pub words: String,
}

/// A finding that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Suppressed {
    /// The cause that was left out.
    pub cause: Cause,
    /// The cause that explains it.
    pub because_of: Cause,
    /// Observations behind it.
    pub evidence: Vec<String>,
}

/// All judgements of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// Over everything.
    pub verdict: Verdict,
    /// In the order of action: the first is what to mend first.
    pub findings: Vec<Finding>,
    /// Left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<Suppressed>,
}

/// A finding with its words in one language: what every JSON document and the window carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedFinding {
    /// The judgement.
    #[serde(flatten)]
    pub finding: Finding,
    /// The words.
    #[serde(flatten)]
    pub explanation: Explanation,
}
