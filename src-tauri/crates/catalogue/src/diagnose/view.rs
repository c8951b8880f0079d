//! Reading a list of observations, and the bench on which findings are collected.

use std::collections::BTreeSet;

use inbox_model::{
    Cause, CodeFamily, Confidence, Discovery, EmailAddress, Failure, Finding, Observation, Operation, Outcome, Severity,
};
use serde_json::Value;

use super::DiagnosisContext;

/// Observations with questions that rules ask of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) observations: &'a [Observation],
    pub(super) context: &'a DiagnosisContext<'a>,
}

/// A failed observation with its failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failed<'a> {
    pub(super) observation: &'a Observation,
    pub(super) failure: &'a Failure,
}

impl<'a> Failed<'a> {
    pub(super) fn probe(&self) -> &'a str {
        &self.observation.probe
    }

    pub(super) fn has_code(&self, family: CodeFamily, value: &str) -> bool {
        self.failure.codes.iter().any(|code| code.family == family && code.value.eq_ignore_ascii_case(value))
    }

    pub(super) fn has_any_code(&self, family: CodeFamily, values: &[&str]) -> bool {
        values.iter().any(|value| self.has_code(family, value))
    }

    pub(super) fn is_sign_in(&self) -> bool {
        self.probe().starts_with("sign-in")
    }
}

impl<'a> View<'a> {
    pub(super) fn new(observations: &'a [Observation], context: &'a DiagnosisContext<'a>) -> Self {
        Self { observations, context }
    }

    pub(super) fn discovery(&self) -> Option<&'a Discovery> {
        self.context.discovery
    }

    /// Failures that no later success of the same probe has made void. What the roads beside the API answered without a
    /// sign-in is shown, not judged: a guessed host that does not answer keeps nobody from connecting.
    pub(super) fn failed(&self) -> impl Iterator<Item = Failed<'a>> + '_ {
        self.observations.iter().enumerate().filter_map(|(place, observation)| match &observation.outcome {
            Outcome::Failed { failure } if !is_survey(&observation.probe) && !self.is_void(place, observation) => {
                Some(Failed { observation, failure })
            }
            _ => None,
        })
    }

    /// All failures of a probe, also those that became void.
    pub(super) fn failed_ever(&self, probe: &'a str) -> impl Iterator<Item = Failed<'a>> + '_ {
        self.observations.iter().filter(move |o| o.probe == probe).filter_map(|observation| {
            match &observation.outcome {
                Outcome::Failed { failure } => Some(Failed { observation, failure }),
                _ => None,
            }
        })
    }

    fn is_void(&self, place: usize, observation: &Observation) -> bool {
        let sign_in = observation.probe.starts_with("sign-in");
        self.observations.iter().skip(place + 1).any(|later| {
            let passed = matches!(later.outcome, Outcome::Passed { .. });
            let same = later.probe == observation.probe && (sign_in || later.target == observation.target);
            // A kept sign-in that no longer works is void once somebody signed in anew.
            let renewed = observation.probe == "sign-in-stored"
                && later.probe.starts_with("sign-in")
                && later.operation == Operation::ExchangeCode;
            passed && (same || renewed)
        })
    }

    pub(super) fn passed(&self, probe: &str) -> bool {
        self.observations.iter().any(|o| o.probe == probe && matches!(o.outcome, Outcome::Passed { .. }))
    }

    pub(super) fn any_passed(&self, probes: &[&str]) -> bool {
        probes.iter().any(|probe| self.passed(probe))
    }

    /// Whether a probe was run at all, however it ended.
    pub(super) fn tried(&self, probe: &str) -> bool {
        self.observations.iter().any(|o| o.probe == probe && !matches!(o.outcome, Outcome::Skipped { .. }))
    }

    pub(super) fn signed_in(&self) -> bool {
        self.observations.iter().any(|o| {
            o.probe.starts_with("sign-in")
                && matches!(o.operation, Operation::ExchangeCode | Operation::Refresh)
                && matches!(o.outcome, Outcome::Passed { .. })
        })
    }

    /// A fact of the last passed observation of a probe, with that observation.
    pub(super) fn fact(&self, probe: &str, name: &str) -> Option<(&'a Observation, &'a Value)> {
        self.observations.iter().rev().filter(|o| o.probe == probe).find_map(|o| match &o.outcome {
            Outcome::Passed { facts } => facts.get(name).map(|value| (o, value)),
            _ => None,
        })
    }

    pub(super) fn flag(&self, probe: &str, name: &str) -> Option<bool> {
        self.fact(probe, name).and_then(|(_, value)| value.as_bool())
    }

    pub(super) fn text(&self, probe: &str, name: &str) -> Option<&'a str> {
        self.fact(probe, name).and_then(|(_, value)| value.as_str()).filter(|text| !text.is_empty())
    }

    pub(super) fn list(&self, probe: &str, name: &str) -> Vec<&'a str> {
        let list = self.fact(probe, name).and_then(|(_, value)| value.as_array());
        list.map(|values| values.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }

    /// Ids of the passed observations of these probes, as evidence.
    pub(super) fn evidence(&self, probes: &[&str]) -> Vec<String> {
        let passed = self
            .observations
            .iter()
            .filter(|o| probes.contains(&o.probe.as_str()) && matches!(o.outcome, Outcome::Passed { .. }));
        passed.map(|o| o.id.clone()).collect()
    }

    /// Whether a personal Microsoft account signed in (or the address belongs to one).
    pub(super) fn personal(&self) -> bool {
        let tenant = self.context.account.and_then(|account| account.tenant.as_deref());
        let by_tenant = tenant.map(|tenant| tenant.eq_ignore_ascii_case(CONSUMER_TENANT));
        self.flag("graph-me", "personal")
            .or(by_tenant)
            .unwrap_or_else(|| self.discovery().is_some_and(|d| d.provider == inbox_model::Provider::OutlookCom))
    }

    /// Whether Microsoft or Google was signed in to; `None` when that cannot be told.
    pub(super) fn side(&self) -> Option<Side> {
        if let Some(account) = self.context.account {
            return match account.provider.as_str() {
                "microsoft" => Some(Side::Microsoft),
                "google" => Some(Side::Google),
                _ => None,
            };
        }
        let has = |prefixes: &[&str]| {
            self.observations.iter().any(|o| {
                prefixes.iter().any(|prefix| o.probe.starts_with(prefix))
                    && !matches!(o.outcome, Outcome::Skipped { .. })
            })
        };
        if has(&["graph-"]) {
            return Some(Side::Microsoft);
        }
        if has(&["gmail-", "google-"]) {
            return Some(Side::Google);
        }
        let provider = self.discovery().map(|d| &d.provider)?;
        if provider.is_microsoft() {
            Some(Side::Microsoft)
        } else if provider.is_google() {
            Some(Side::Google)
        } else {
            None
        }
    }

    /// The mail host's short name in the table of exchanges.
    pub(super) fn host(&self) -> Option<&'a str> {
        use inbox_model::Provider as P;
        match &self.discovery()?.provider {
            P::Microsoft365 { .. } => Some("microsoft-365"),
            P::OutlookCom => Some("outlook-com"),
            P::GoogleWorkspace => Some("google-workspace"),
            P::Gmail => Some("gmail"),
            P::Other { host, .. } => Some(host),
            P::None | P::Unknown => None,
        }
    }

    /// The provider's name for the words.
    pub(super) fn provider_name(&self) -> Option<String> {
        use inbox_model::Provider as P;
        let found = self.discovery().and_then(|d| match &d.provider {
            P::Microsoft365 { .. } => Some("Microsoft 365".to_owned()),
            P::OutlookCom => Some("Outlook.com".to_owned()),
            P::GoogleWorkspace => Some("Google Workspace".to_owned()),
            P::Gmail => Some("Gmail".to_owned()),
            P::Other { name, .. } => Some(name.clone()),
            P::None | P::Unknown => None,
        });
        found.or_else(|| {
            self.side().map(|side| match side {
                Side::Microsoft => "Microsoft 365".to_owned(),
                Side::Google => "Google".to_owned(),
            })
        })
    }

    pub(super) fn address(&self) -> Option<&'a EmailAddress> {
        self.context.address
    }
}

/// The search for mail servers and what they say before a sign-in (docs/observations.md).
fn is_survey(probe: &str) -> bool {
    probe.starts_with("servers-") || matches!(probe, "imap-server" | "smtp-server" | "pop-server" | "ews-offer")
}

/// The tenant of personal Microsoft accounts
/// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>).
const CONSUMER_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// At which provider the sign-in happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Microsoft,
    Google,
}

/// Findings so far, and the observations that they explain.
#[derive(Debug, Default)]
pub(super) struct Bench {
    pub(super) findings: Vec<Finding>,
    claimed: BTreeSet<String>,
}

impl Bench {
    pub(super) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The observation is explained; nobody judges it again.
    pub(super) fn claim(&mut self, observation: &Observation) {
        self.claimed.insert(observation.id.clone());
    }

    pub(super) fn is_claimed(&self, observation: &Observation) -> bool {
        self.claimed.contains(&observation.id)
    }
}

/// A finding under construction.
pub(super) fn finding(cause: Cause, confidence: Confidence, severity: Severity, rule: &str) -> Finding {
    let mut finding = Finding::of(cause, confidence);
    finding.severity = severity;
    finding.rules.push(rule.to_owned());
    finding
}

/// Small steps that every part takes with a finding.
pub(super) trait Build: Sized {
    fn shown_by(self, failed: &Failed<'_>) -> Self;
    fn variant(self, name: &str) -> Self;
    fn parameter(self, name: &str, value: impl Into<String>) -> Self;
    fn evidence(self, ids: impl IntoIterator<Item = String>) -> Self;
}

impl Build for Finding {
    fn shown_by(mut self, failed: &Failed<'_>) -> Self {
        self.evidence.push(failed.observation.id.clone());
        self.codes
            .extend(failed.failure.codes.iter().filter(|c| c.family != CodeFamily::Vendor).map(|c| c.value.clone()));
        let ids: Vec<String> =
            failed.failure.ids.iter().map(|(name, value)| format!("{} {value}", name.replace('_', "-"))).collect();
        if !ids.is_empty() {
            self.parameters.insert("evidence_ids".to_owned(), ids.join(", "));
        }
        if let Some(seconds) = failed.failure.retry_after {
            self.parameters.insert("retry_after".to_owned(), seconds.to_string());
        }
        self
    }

    fn variant(mut self, name: &str) -> Self {
        self.variant = Some(name.to_owned());
        self
    }

    fn parameter(mut self, name: &str, value: impl Into<String>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    fn evidence(mut self, ids: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(ids);
        self
    }
}
