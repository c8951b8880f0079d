//! Rules as data: `data/rules/roads.toml`, then `data/rules/diagnose.toml`.

use std::sync::OnceLock;

use inbox_model::{Cause, CodeFamily, Confidence, Fixer, Observation, Operation, Outcome, Severity};
use serde::Deserialize;

use super::view::{Side, View};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

/// A rule: when it fits an observation, it names a cause.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// Unique.
    pub id: String,
    /// Conditions on the observation, all of which must hold.
    #[serde(default)]
    all: Vec<Condition>,
    /// Conditions on the observation, one of which must hold.
    #[serde(default)]
    any: Vec<Condition>,
    /// Conditions for each of which some other observation must be there.
    #[serde(default)]
    with: Vec<Condition>,
    /// Conditions that no observation may meet.
    #[serde(default)]
    without: Vec<Condition>,
    /// The cause.
    pub cause: Cause,
    /// A narrower case.
    pub variant: Option<String>,
    /// How sure.
    pub confidence: Confidence,
    /// Further causes that the same observation leaves possible.
    #[serde(default)]
    pub also: Vec<Cause>,
    /// How much it matters; else what the probe is worth.
    pub severity: Option<Severity>,
    /// Who mends it here, when that is not the cause's own.
    pub fixer: Option<Fixer>,
    /// The probe says more than the code does: the rule stands before the code tables.
    #[serde(default)]
    before_codes: bool,
    /// The parameter `other` is the target of the observation.
    #[serde(default)]
    pub names_target: bool,
    /// Where it is documented.
    #[cfg_attr(not(test), allow(dead_code, reason = "kept for those who maintain the rules; tests require it"))]
    references: Vec<String>,
    /// When somebody looked it up.
    #[cfg_attr(not(test), allow(dead_code, reason = "kept for those who maintain the rules; tests require it"))]
    checked_on: jiff::civil::Date,
}

/// Every field that is given must hold; inside a field one value is enough. `*` at an end stands for anything.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Condition {
    probe: Vec<String>,
    operation: Vec<Operation>,
    kind: Vec<inbox_model::FailureKind>,
    status: Vec<u16>,
    code: Vec<CodeCondition>,
    detail: Vec<String>,
    fact: Vec<FactCondition>,
    passed: Option<bool>,
    side: Option<String>,
    workspace: Option<bool>,
    /// Short names of mail hosts, as in the table of exchanges.
    host: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeCondition {
    family: CodeFamily,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactCondition {
    name: String,
    is: Option<toml::Value>,
    /// The list or text is there and not empty.
    #[serde(default)]
    filled: bool,
}

/// All rules, in the order of the file: the first that fits an observation decides.
pub(super) fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let mut all = parse(include_str!("../../data/rules/roads.toml")).unwrap_or_default();
        all.extend(parse(include_str!("../../data/rules/diagnose.toml")).unwrap_or_default());
        all
    })
}

fn parse(text: &str) -> Result<Vec<Rule>, toml::de::Error> {
    toml::from_str::<File>(text).map(|file| file.rule)
}

impl Rule {
    /// Whether the rule looks beyond the code: then it knows more than a code row does.
    pub(super) fn is_contextual(&self) -> bool {
        let beyond = |condition: &Condition| {
            condition.side.is_some() || condition.workspace.is_some() || !condition.host.is_empty()
        };
        self.before_codes
            || !self.with.is_empty()
            || !self.without.is_empty()
            || self.all.iter().chain(&self.any).any(beyond)
    }

    /// Whether the rule fits this observation among the others.
    pub(super) fn fits(&self, observation: &Observation, view: &View<'_>) -> bool {
        self.all.iter().all(|condition| condition.holds(observation, view))
            && (self.any.is_empty() || self.any.iter().any(|condition| condition.holds(observation, view)))
            && self.with.iter().all(|condition| view.observations.iter().any(|o| condition.holds(o, view)))
            && !self.without.iter().any(|condition| view.observations.iter().any(|o| condition.holds(o, view)))
    }
}

impl Condition {
    fn holds(&self, observation: &Observation, view: &View<'_>) -> bool {
        let one_of = |patterns: &[String], text: &str| patterns.iter().any(|pattern| glob(pattern, text));
        let failure = match &observation.outcome {
            Outcome::Failed { failure } => Some(failure),
            _ => None,
        };
        let about_failure =
            !(self.kind.is_empty() && self.status.is_empty() && self.code.is_empty() && self.detail.is_empty());
        let failure_holds = match failure {
            None => !about_failure,
            Some(failure) => {
                (self.kind.is_empty() || self.kind.contains(&failure.kind))
                    && (self.status.is_empty() || failure.status.is_some_and(|status| self.status.contains(&status)))
                    && (self.code.is_empty()
                        || failure.codes.iter().any(|code| {
                            self.code.iter().any(|wanted| {
                                wanted.family == code.family && wanted.value.eq_ignore_ascii_case(&code.value)
                            })
                        }))
                    && (self.detail.is_empty() || {
                        let detail = failure.detail.to_lowercase();
                        self.detail.iter().any(|part| detail.contains(&part.to_lowercase()))
                    })
            }
        };
        let facts_hold = self.fact.iter().all(|fact| match &observation.outcome {
            Outcome::Passed { facts } => facts.get(&fact.name).is_some_and(|value| fact.holds(value)),
            _ => false,
        });
        let passed = matches!(observation.outcome, Outcome::Passed { .. });
        failure_holds
            && self.passed.is_none_or(|wanted| wanted == passed)
            && facts_hold
            && (self.probe.is_empty() || one_of(&self.probe, &observation.probe))
            && (self.operation.is_empty() || self.operation.contains(&observation.operation))
            && self
                .side
                .as_deref()
                .is_none_or(|side| view.side() == Some(if side == "google" { Side::Google } else { Side::Microsoft }))
            && self.workspace.is_none_or(|wanted| wanted == is_workspace(view))
            && (self.host.is_empty() || view.host().is_some_and(|host| self.host.iter().any(|name| name == host)))
    }
}

impl FactCondition {
    fn holds(&self, value: &serde_json::Value) -> bool {
        let equal = self.is.as_ref().is_none_or(|wanted| match wanted {
            toml::Value::Boolean(flag) => value.as_bool() == Some(*flag),
            toml::Value::String(text) => value.as_str().is_some_and(|have| have.eq_ignore_ascii_case(text)),
            toml::Value::Integer(number) => value.as_i64() == Some(*number),
            _ => false,
        });
        let filled = match value {
            serde_json::Value::Array(items) => !items.is_empty(),
            serde_json::Value::String(text) => !text.is_empty(),
            serde_json::Value::Null => false,
            _ => true,
        };
        equal && (!self.filled || filled)
    }
}

fn is_workspace(view: &View<'_>) -> bool {
    view.text("google-userinfo", "hd").is_some()
        || view.discovery().is_some_and(|d| d.provider == inbox_model::Provider::GoogleWorkspace)
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(head) => text.starts_with(head),
        None => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_is_read_and_every_rule_is_complete() {
        let mut rules = parse(include_str!("../../data/rules/diagnose.toml")).unwrap();
        rules.extend(parse(include_str!("../../data/rules/roads.toml")).unwrap());
        assert!(rules.len() > 30);
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "ids are unique");
        for rule in &rules {
            assert!(!rule.references.is_empty(), "{}", rule.id);
            assert!(rule.checked_on.year() >= 2026, "{}", rule.id);
            assert!(!(rule.all.is_empty() && rule.any.is_empty()), "{} would fit everything", rule.id);
            assert_ne!(rule.cause, Cause::Unknown, "{}", rule.id);
        }
    }

    #[test]
    fn a_condition_without_fields_is_refused_by_no_one_and_a_wrong_field_by_the_reader() {
        assert!(parse("[[rule]]\nid = \"x\"\nwhen = 1\n").is_err());
    }
}
