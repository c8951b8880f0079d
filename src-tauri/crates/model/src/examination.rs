//! One whole run as a file: what was collected, what was judged, in which words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Discovery, EmailAddress, ExplainedFinding, Language, Observation, Road, Step, StepState, Suppressed, Verdict,
};

/// One whole run. Never holds a secret; personal names and addresses are masked according to `redaction`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Examination {
    /// Version of this document: [`crate::SCHEMA`].
    pub schema: u32,
    /// Random id of the run.
    pub id: String,
    /// The program's version.
    pub program: String,
    /// The day of the catalogue that judged (`YYYY-MM-DD`).
    pub catalogue: String,
    /// Begin, RFC 3339 in UTC.
    pub started: String,
    /// End.
    pub finished: String,
    /// The address that was asked; masked where `redaction` says so.
    pub address: String,
    /// The target app.
    pub app: AppReference,
    /// What is masked in this copy.
    pub redaction: RedactionLevel,
    /// Over everything.
    pub verdict: Verdict,
    /// In the order of action, in words.
    pub findings: Vec<ExplainedFinding>,
    /// Left out, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<Suppressed>,
    /// The roads for the target app, the one to take first, with values to copy. Empty where nothing is known of the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Road>>", optional)]
    pub roads: Vec<Road>,
    /// How each step ended.
    pub steps: Vec<StepSummary>,
    /// Language of the words.
    pub language: Language,
    /// What was found without sign-in.
    pub discovery: Option<Discovery>,
    /// Who signed in, as the provider says.
    pub account: Option<Account>,
    /// Everything that was tried.
    pub observations: Vec<Observation>,
}

/// The target app of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppReference {
    /// Short name.
    pub id: String,
    /// Name as people know it.
    pub name: String,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepSummary {
    /// Which.
    pub step: Step,
    /// How.
    pub state: StepState,
    /// In a few words of the asked language.
    pub note: Option<String>,
}

/// The account that signed in, as the provider says; no tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// `microsoft` or `google`.
    pub provider: String,
    /// The address that the provider gives.
    pub address: String,
    /// Tenant id at Microsoft.
    pub tenant: Option<String>,
    /// Scopes that were granted.
    pub granted: Vec<String>,
    /// Scopes that were asked for and not granted.
    pub missing: Vec<String>,
    /// Whether the sign-in is kept in the computer's password store.
    pub kept: bool,
}

impl Account {
    /// The address as an [`EmailAddress`], where it is one.
    #[must_use]
    pub fn email(&self) -> Option<EmailAddress> {
        EmailAddress::parse(&self.address).ok()
    }
}

/// What is masked in a copy. Secrets are never in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RedactionLevel {
    /// Only secrets are gone: for the user's own screen.
    Secrets,
    /// Names and the local parts of addresses are masked; domain, tenant and ids stay, because whoever mends it needs
    /// them. The default of saved reports.
    #[default]
    Names,
    /// Domains, tenants and host names are masked too.
    Everything,
}
