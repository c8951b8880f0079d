//! TLS: who issued the certificate, whether its dates or this computer's clock are wrong, how old the protocol is, and
//! answers that are too large for the way.

use std::collections::BTreeSet;

use inbox_model::{Cause, Confidence, FailureKind, Finding, Outcome, Severity};
use jiff::{SignedDuration, Timestamp};

use super::look::{Look, Place, facts, text};
use crate::diagnose::view::{Build, finding};

pub(super) fn judge(look: &Look<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = look.places.values().filter_map(|place| broken(place, look)).collect();
    found.extend(accepted(look));
    found
}

/// How far this computer's clock is ahead, in seconds, where others told their time.
fn skew(look: &Look<'_>) -> Option<i64> {
    let observation = look.clock?;
    match &observation.outcome {
        Outcome::Passed { facts } => facts.get("skewSeconds").and_then(serde_json::Value::as_i64),
        Outcome::Failed { failure } => failure.detail.trim().parse().ok(),
        Outcome::Skipped { .. } => None,
    }
}

fn clock_is_wrong(look: &Look<'_>) -> bool {
    look.clock.is_some_and(|observation| matches!(observation.outcome, Outcome::Failed { .. }))
}

/// Whether a certificate would be valid if the clock were right.
fn valid_by_others(place: &Place<'_>, look: &Look<'_>) -> Option<bool> {
    let certificate = place.passed("network-certificate")?;
    let moment: Timestamp = place.step("network-certificate")?.started.parse().ok()?;
    let right = moment.checked_sub(SignedDuration::from_secs(skew(look)?)).ok()?;
    let date = |name| text(certificate, name)?.parse::<Timestamp>().ok();
    Some(date("notBefore")? <= right && right <= date("notAfter")?)
}

/// Whether the clock is wrong by what others say, and the certificates' dates would be right otherwise.
pub(super) fn clock_explains(look: &Look<'_>) -> bool {
    clock_is_wrong(look)
        && look.places.values().any(|place| by_date(place).is_some() && valid_by_others(place, look) == Some(true))
}

fn by_date(place: &Place<'_>) -> Option<FailureKind> {
    let (_, failure) = place.failed("network-tls")?;
    matches!(failure.kind, FailureKind::TlsExpired | FailureKind::TlsNotYetValid).then_some(failure.kind)
}

fn broken(place: &Place<'_>, look: &Look<'_>) -> Option<Finding> {
    let (observation, failure) = place.failed("network-tls")?;
    let certificate = place.passed("network-certificate");
    let mut ids = vec![observation.id.clone()];
    for probe in ["network-certificate", "network-greeting"] {
        ids.extend(place.step(probe).map(|step| step.id.clone()));
    }
    let describe = |found: Finding| {
        let mut found = found.evidence(ids.clone()).parameter("other", place.host.clone());
        let Some(certificate) = certificate else { return found };
        for (parameter, fact) in [("issuer", "issuer"), ("valid_from", "notBefore"), ("valid_to", "notAfter")] {
            if let Some(value) = text(certificate, fact) {
                let value = if parameter == "issuer" { value } else { value.split('T').next().unwrap_or(value) };
                found = found.parameter(parameter, value);
            }
        }
        found
    };
    let tls = |confidence, variant: Option<&str>, rule| {
        let found = finding(Cause::NetworkTls, confidence, place.severity(), rule);
        describe(match variant {
            Some(variant) => found.variant(variant),
            None => found,
        })
    };
    Some(match failure.kind {
        FailureKind::TlsExpired | FailureKind::TlsNotYetValid => {
            let expired = failure.kind == FailureKind::TlsExpired;
            let variant = if expired { "expired" } else { "not-yet-valid" };
            match valid_by_others(place, look) {
                Some(true) if clock_is_wrong(look) => {
                    let mut found =
                        describe(finding(Cause::ClockWrong, Confidence::Certain, place.severity(), "clock-and-dates"));
                    if let Some(clock) = look.clock {
                        found = found.evidence([clock.id.clone()]);
                    }
                    found
                }
                Some(_) => tls(Confidence::Certain, Some(variant), "dates-are-wrong-by-others-clocks"),
                // Nobody told the time. Every certificate at once: rather the clock than all of them.
                None if all_by_date(look) => {
                    describe(finding(Cause::ClockWrong, Confidence::Likely, place.severity(), "every-date-is-wrong"))
                }
                None => tls(Confidence::Likely, Some(variant), "date-is-wrong"),
            }
        }
        FailureKind::TlsUntrusted => {
            let weak = certificate.and_then(|facts| text(facts, "weakSignature"));
            match weak {
                Some(_) => tls(Confidence::Certain, Some("weak-signature"), "weak-signature"),
                None => tls(Confidence::Certain, Some("inspected"), "issuer-not-trusted"),
            }
        }
        FailureKind::TlsWrongHost => {
            let found = tls(Confidence::Certain, Some("wrong-host"), "certificate-of-another-host");
            match certificate.and_then(|facts| text(facts, "subject")) {
                Some(subject) => found.parameter("subject", subject),
                None => found,
            }
        }
        FailureKind::TooSlow | FailureKind::ConnectionReset => stalled(place, failure.kind, ids),
        _ => match place.passed("network-greeting").and_then(|facts| text(facts, "version")) {
            Some(version) => {
                tls(Confidence::Certain, Some("too-old"), "speaks-only-an-old-version").parameter("version", version)
            }
            None => tls(Confidence::Certain, None, "handshake-broke"),
        },
    })
}

/// At least two places, all of them refused by their dates.
fn all_by_date(look: &Look<'_>) -> bool {
    let seen: Vec<_> = look.places.values().filter(|place| place.step("network-tls").is_some()).collect();
    seen.len() >= 2 && seen.iter().all(|place| by_date(place).is_some())
}

/// The connection stands and the handshake does not come to an end.
fn stalled(place: &Place<'_>, kind: FailureKind, ids: Vec<String>) -> Finding {
    // A small answer came over the same way: it is the large ones that are lost.
    let small = place.passed("network-greeting").is_some() && kind == FailureKind::TooSlow;
    let (variant, rule) = if small { ("stalls", "large-answers-stall") } else { ("unstable", "handshake-breaks-off") };
    finding(Cause::NetworkUnreachable, Confidence::Likely, place.severity(), rule)
        .variant(variant)
        .evidence(ids)
        .parameter("other", place.host.clone())
}

/// Certificates that this computer trusts, from an issuer that the provider is not known to use: its traffic is read by
/// somebody whom the computer's owner trusts.
fn accepted(look: &Look<'_>) -> Option<Finding> {
    let unusual: Vec<(&Place<'_>, &str)> = look
        .places
        .values()
        .filter(|place| place.passed("network-tls").is_some())
        .filter_map(|place| {
            let certificate = place.step("network-certificate").and_then(facts)?;
            let unknown = certificate.get("issuerKnown") == Some(&serde_json::Value::Bool(false));
            unknown.then(|| text(certificate, "issuer")).flatten().map(|issuer| (place, issuer))
        })
        .collect();
    let (first, issuer) = unusual.first()?;
    // Providers change their issuers, but never two of them to the same unknown one.
    let operators: BTreeSet<_> =
        unusual.iter().filter(|(_, other)| other == issuer).filter_map(|(place, _)| place.operator()).collect();
    let confidence = if operators.len() >= 2 { Confidence::Certain } else { Confidence::Likely };
    let ids = unusual.iter().filter_map(|(place, _)| place.step("network-certificate")).map(|step| step.id.clone());
    Some(
        finding(Cause::NetworkTls, confidence, Severity::Note, "issuer-of-the-network")
            .variant("inspected-trusted")
            .evidence(ids)
            .parameter("other", first.host.clone())
            .parameter("issuer", (*issuer).to_owned()),
    )
}
