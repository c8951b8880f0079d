//! The general ladder for whatever nothing else claimed: a code row, a rule, a text, else `unknown` with the evidence.

use inbox_model::{Cause, CodeFamily, Confidence, FailureKind, Finding, Observation, Outcome, Severity};

use super::consent::error_page;
use super::rules::{Rule, rules};
use super::view::{Bench, Build, Failed, Side, View, finding};
use crate::codes::{CodeMeaning, code_meaning};

pub(super) fn judge(view: &View<'_>, bench: &mut Bench) {
    for failed in view.failed() {
        if bench.is_claimed(failed.observation) {
            continue;
        }
        bench.claim(failed.observation);
        climb(view, &failed).into_iter().for_each(|finding| bench.add(finding));
    }
    for observation in view.observations.iter().filter(|o| matches!(o.outcome, Outcome::Passed { .. })) {
        if let Some(rule) = rules().iter().find(|rule| rule.fits(observation, view)) {
            bench.add(by_fact(rule, observation, view));
        }
    }
}

fn climb(view: &View<'_>, failed: &Failed<'_>) -> Vec<Finding> {
    let severity = severity(view, failed);
    let rule = rules().iter().find(|rule| rule.fits(failed.observation, view));
    let code = best_meaning(view, failed);
    let by_rule = |rule: &Rule, confidence: Confidence, variant: Option<String>| {
        let mut found = finding(rule.cause, confidence, rule.severity.unwrap_or(severity), &rule.id).shown_by(failed);
        found.variant = rule.variant.clone().or(variant);
        if let Some(fixer) = rule.fixer {
            found.fixer = fixer;
        }
        if rule.names_target && !failed.observation.target.is_empty() {
            found = found.parameter("other", host(&failed.observation.target));
        }
        let also = rule.also.iter().map(|cause| {
            finding(*cause, Confidence::Possible, rule.severity.unwrap_or(severity), &rule.id).shown_by(failed)
        });
        let mut all = vec![with_missing(found, failed)];
        all.extend(also);
        all
    };
    let by_code = |meaning: CodeMeaning| {
        let mut found =
            finding(meaning.cause, meaning.confidence, severity_of(meaning.cause, severity), "code").shown_by(failed);
        found.variant = meaning.variant;
        with_missing(found, failed)
    };
    match (rule, code) {
        (Some(rule), Some(code)) if rule.cause == code.cause => {
            by_rule(rule, rule.confidence.max(code.confidence), code.variant)
        }
        (Some(rule), Some(code)) if rule.is_contextual() || rule.confidence > code.confidence => {
            by_rule(rule, rule.confidence, None)
        }
        (_, Some(code)) => vec![by_code(code)],
        (Some(rule), None) => by_rule(rule, rule.confidence, None),
        (None, None) => by_text(view, failed, severity),
    }
}

/// The surest meaning among the codes; of equally sure ones the innermost.
fn best_meaning(view: &View<'_>, failed: &Failed<'_>) -> Option<CodeMeaning> {
    // Google writes its own words into the fields of OAuth (`error_subtype`: `invalid_rapt`).
    let google = view.side() == Some(Side::Google);
    let meanings = failed.failure.codes.iter().filter_map(|code| {
        let own = code_meaning(code.family, &code.value);
        let oauth = matches!(code.family, CodeFamily::Oauth | CodeFamily::Suberror);
        if google && oauth { code_meaning(CodeFamily::Google, &code.value).or(own) } else { own }
    });
    let named = failed.failure.codes.iter().filter(|_| failed.failure.kind == FailureKind::AccountCondition);
    let conditions = named.filter_map(|code| Cause::from_id(&code.value)).map(|cause| CodeMeaning {
        cause,
        confidence: Confidence::Likely,
        variant: None,
    });
    meanings
        .chain(conditions)
        .filter(|meaning| meaning.cause != Cause::Unknown)
        .max_by_key(|meaning| meaning.confidence)
}

fn by_text(view: &View<'_>, failed: &Failed<'_>, severity: Severity) -> Vec<Finding> {
    let speaks = matches!(failed.failure.kind, FailureKind::ProviderRefused | FailureKind::HttpStatus);
    if speaks && !failed.failure.detail.trim().is_empty() {
        let mut found = error_page(view, failed);
        for finding in &mut found {
            finding.severity = finding.severity.min(severity);
        }
        return found;
    }
    vec![finding(Cause::Unknown, Confidence::Possible, severity, "no-rule").shown_by(failed)]
}

fn by_fact(rule: &Rule, observation: &Observation, view: &View<'_>) -> Finding {
    let mut found = finding(rule.cause, rule.confidence, rule.severity.unwrap_or(Severity::Limits), &rule.id)
        .evidence([observation.id.clone()]);
    found.variant.clone_from(&rule.variant);
    if let Some(fixer) = rule.fixer {
        found.fixer = fixer;
    }
    let missing = view.list(&observation.probe, "missing");
    if missing.is_empty() {
        return found;
    }
    found.severity = missing_severity(&missing.join(","));
    found.parameter("missing", missing.join(", "))
}

fn with_missing(mut found: Finding, failed: &Failed<'_>) -> Finding {
    if failed.failure.kind != FailureKind::ScopesMissing || failed.failure.detail.trim().is_empty() {
        return found;
    }
    let scopes: Vec<&str> = failed.failure.detail.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect();
    found.severity = missing_severity(&failed.failure.detail);
    found.parameter("missing", scopes.join(", "))
}

/// Without the permissions for mail nothing works; without others it works in part. `email` is an identity scope.
fn missing_severity(scopes: &str) -> Severity {
    let scopes = scopes.to_lowercase();
    let mail = ["mail.", "gmail", "mailbox"].iter().any(|part| scopes.contains(part));
    if mail { Severity::Blocks } else { Severity::Limits }
}

/// What a failure of a probe means for the connection as a whole.
fn severity(view: &View<'_>, failed: &Failed<'_>) -> Severity {
    let probe = failed.probe();
    let by_probe = match probe {
        "graph-licences" | "keychain" => Severity::Note,
        "loopback" if view.signed_in() => Severity::Note,
        // The kept sign-in is Inbox Doctor's own. Where somebody was asked to sign in anew, that answer counts.
        "sign-in-stored" if view.tried("sign-in-identity") => Severity::Limits,
        "graph-calendar" | "graph-calendar-view" | "google-calendar-list" | "permissions" => Severity::Limits,
        // What a write test left behind is in nobody's way.
        "write-test-clean-up" => Severity::Note,
        _ if probe.contains("-write-") || probe.ends_with("-send-self") => Severity::Limits,
        "discovery-mx" | "discovery-openid" if view.signed_in() => Severity::Note,
        "discovery-mx" | "discovery-openid" => Severity::Blocks,
        _ if probe.starts_with("discovery-") => Severity::Note,
        _ if probe.starts_with("caldav-") || probe == "ews-calendar" => Severity::Limits,
        // Where the provider has an interface of its own, the roads beside it are for those who cannot use that.
        "imap-sign-in" | "imap-inbox" | "smtp-sign-in" if view.side().is_some() => Severity::Limits,
        _ => Severity::Blocks,
    };
    match failed.failure.kind {
        FailureKind::KeychainMissing | FailureKind::KeychainLocked | FailureKind::KeychainFailed => Severity::Note,
        _ => by_probe,
    }
}

fn severity_of(cause: Cause, by_probe: Severity) -> Severity {
    if cause == Cause::KeychainUnavailable { Severity::Note } else { by_probe }
}

/// The host of an address or of `host:port`; the text itself where it is neither.
pub(super) fn host(target: &str) -> String {
    if let Ok(url) = url::Url::parse(target)
        && let Some(host) = url.host_str()
    {
        return host.to_owned();
    }
    let plain = target.split(['/', '?', ' ']).next().unwrap_or(target);
    match plain.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => plain.to_owned(),
    }
}
