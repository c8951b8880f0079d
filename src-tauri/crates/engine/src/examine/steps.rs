//! How each step stands, by what was collected. Pure: a replayed examination gets the same.

use inbox_catalogue::{phrase, skip_key};
use inbox_model::{
    Discovery, Examination, FailureKind, MailReception, Observation, Outcome, Provider, Realm, SkipReason, Step,
    StepState, StepSummary,
};

/// All steps in their order.
pub(crate) fn summarise(examination: &Examination) -> Vec<StepSummary> {
    Step::ALL.iter().map(|step| summary(*step, examination)).collect()
}

/// One step.
pub(crate) fn summary(step: Step, examination: &Examination) -> StepSummary {
    let (state, note) = match step {
        Step::Address => (StepState::Fine, None),
        Step::MailHost => mail_host(examination),
        Step::Organisation => organisation(examination),
        Step::SignIn => sign_in(examination),
        Step::Mailbox => probes(
            examination,
            &["graph-inbox", "graph-messages", "gmail-labels", "gmail-profile", "gmail-messages"],
            &["graph-write-draft", "graph-send-self", "gmail-write-draft", "gmail-send-self"],
            "mailbox",
        ),
        Step::Calendar => probes(
            examination,
            &["graph-calendar", "graph-calendar-view", "google-calendar-list"],
            &["graph-write-event", "google-write-event"],
            "calendar",
        ),
        Step::Permissions => permissions(examination),
    };
    StepSummary { step, state, note }
}

type Standing = (StepState, Option<String>);

fn mail_host(examination: &Examination) -> Standing {
    let language = examination.language;
    let Some(found) = &examination.discovery else { return (StepState::NotChecked, None) };
    let gateway = found.gateway.as_ref().map(|gateway| gateway.name.as_str());
    let say = |key: &str, values: &[(&str, &str)]| Some(phrase(language, key, values));
    let name = match &found.provider {
        Provider::Microsoft365 { .. } => phrase(language, "host.microsoft-365", &[]),
        Provider::OutlookCom => phrase(language, "host.outlook-com", &[]),
        Provider::GoogleWorkspace => phrase(language, "host.google-workspace", &[]),
        Provider::Gmail => phrase(language, "host.gmail", &[]),
        Provider::Other { name, host } => {
            inbox_catalogue::host_name(host, language).map_or_else(|| name.clone(), ToString::to_string)
        }
        Provider::None => {
            let key = if found.reception == MailReception::NoSuchDomain { "host.no-such-domain" } else { "host.none" };
            return (StepState::Problem, say(key, &[]));
        }
        Provider::Unknown => return unknown_host(found, examination),
    };
    match gateway {
        Some(gateway) => (StepState::Fine, say("host.behind-gateway", &[("name", &name), ("gateway", gateway)])),
        None => (StepState::Fine, Some(name)),
    }
}

fn unknown_host(found: &Discovery, examination: &Examination) -> Standing {
    let language = examination.language;
    if found.reception == MailReception::NotChecked {
        return (StepState::Problem, None);
    }
    let note = match (&found.gateway, &found.forwarder) {
        (Some(gateway), _) => phrase(language, "host.gateway-only", &[("gateway", &gateway.name)]),
        (None, Some(forwarder)) => phrase(language, "host.forwarder", &[("forwarder", &forwarder.name)]),
        (None, None) => phrase(language, "host.unknown", &[]),
    };
    (StepState::NotChecked, Some(note))
}

fn organisation(examination: &Examination) -> Standing {
    let language = examination.language;
    let Some(found) = &examination.discovery else { return (StepState::NotChecked, None) };
    let domain = found.domain.to_unicode();
    let note = match (&found.tenant, &found.provider) {
        (Some(tenant), _) => {
            let name = tenant.brand.clone().unwrap_or_else(|| phrase(language, "organisation.unnamed", &[]));
            match &tenant.realm {
                Realm::Federated { host: Some(host) } => {
                    phrase(language, "organisation.federated", &[("organisation", &name), ("host", host)])
                }
                _ => phrase(language, "organisation.named", &[("organisation", &name)]),
            }
        }
        (None, Provider::GoogleWorkspace) => phrase(language, "organisation.google", &[("domain", &domain)]),
        (None, Provider::Gmail | Provider::OutlookCom) => phrase(language, "organisation.personal", &[]),
        (None, _) => {
            let looked = latest(examination, &["discovery-openid"])
                .iter()
                .any(|seen| matches!(seen, Seen::Failed(kind) if is_network(*kind)));
            if looked {
                return (StepState::NotChecked, None);
            }
            phrase(language, "organisation.none", &[])
        }
    };
    (StepState::Fine, Some(note))
}

fn is_network(kind: FailureKind) -> bool {
    !matches!(kind, FailureKind::HttpStatus | FailureKind::ProviderRefused)
}

fn sign_in(examination: &Examination) -> Standing {
    let language = examination.language;
    let seen = latest(examination, &["sign-in-identity", "sign-in-stored"]);
    let mismatch = examination.observations.iter().any(|observation| {
        matches!(&observation.outcome, Outcome::Failed { failure } if failure.kind == FailureKind::IdentityMismatch)
    });
    if let Some(account) = &examination.account {
        let values = [("account", account.address.as_str())];
        if mismatch {
            return (StepState::Problem, Some(phrase(language, "sign-in.other-account", &values)));
        }
        let stored = passed(examination, "sign-in-stored");
        let key = if stored { "sign-in.kept" } else { "sign-in.done" };
        return (StepState::Fine, Some(phrase(language, key, &values)));
    }
    if seen.iter().any(|one| matches!(one, Seen::Failed(_))) {
        return (StepState::Problem, None);
    }
    skipped(examination, &seen)
}

fn permissions(examination: &Examination) -> Standing {
    let language = examination.language;
    let values = [("app", examination.app.name.as_str())];
    let seen = latest(examination, &["permissions"]);
    if seen.iter().any(|one| matches!(one, Seen::Passed)) {
        return (StepState::Fine, Some(phrase(language, "permissions.fine", &values)));
    }
    if seen.iter().any(|one| matches!(one, Seen::Failed(_))) {
        let missing = examination.account.as_ref().map(|account| account.missing.join(", ")).unwrap_or_default();
        return (StepState::Problem, Some(phrase(language, "permissions.missing", &[("missing", &missing)])));
    }
    if latest(examination, &["sign-in-app"]).iter().any(|one| matches!(one, Seen::Failed(_))) {
        return (StepState::Problem, None);
    }
    skipped(examination, &seen)
}

fn probes(examination: &Examination, reads: &[&str], writes: &[&str], group: &str) -> Standing {
    let language = examination.language;
    let seen = latest(examination, reads);
    let written = latest(examination, writes);
    let failed = seen.iter().chain(&written).any(|one| matches!(one, Seen::Failed(_)));
    if failed {
        return (StepState::Problem, None);
    }
    if seen.iter().any(|one| matches!(one, Seen::Passed)) {
        let key = if written.iter().any(|one| matches!(one, Seen::Passed)) { "written" } else { "fine" };
        return (StepState::Fine, Some(phrase(language, &format!("{group}.{key}"), &[])));
    }
    skipped(examination, &seen)
}

/// "Not checked", with the reason that weighs most. A sign-in that stopped explains what lies behind it.
fn skipped(examination: &Examination, seen: &[Seen]) -> Standing {
    let reason = seen.iter().find_map(|one| match one {
        Seen::Skipped(reason) => Some(*reason),
        _ => None,
    });
    let Some(reason) = reason else { return (StepState::NotChecked, None) };
    let provider = examination
        .discovery
        .as_ref()
        .map(|found| match &found.provider {
            Provider::Other { name, .. } => name.clone(),
            provider if provider.is_google() => "Google".to_owned(),
            _ => "Microsoft".to_owned(),
        })
        .unwrap_or_default();
    let key =
        if reason == SkipReason::DependencyFailed { "not-checked.stopped-before".to_owned() } else { skip_key(reason) };
    (StepState::NotChecked, Some(phrase(examination.language, &key, &[("provider", &provider)])))
}

#[derive(Debug, Clone, Copy)]
enum Seen {
    Passed,
    Failed(FailureKind),
    Skipped(SkipReason),
}

fn passed(examination: &Examination, probe: &str) -> bool {
    latest(examination, &[probe]).iter().any(|one| matches!(one, Seen::Passed))
}

/// The last outcome of each of the probes that was seen: a later one makes an earlier one void (docs/observations.md).
fn latest(examination: &Examination, probes: &[&str]) -> Vec<Seen> {
    probes
        .iter()
        .filter_map(|probe| examination.observations.iter().rev().find(|observation| observation.probe == *probe))
        .map(|observation: &Observation| match &observation.outcome {
            Outcome::Passed { .. } => Seen::Passed,
            Outcome::Failed { failure } => Seen::Failed(failure.kind),
            Outcome::Skipped { because } => Seen::Skipped(*because),
        })
        .collect()
}
