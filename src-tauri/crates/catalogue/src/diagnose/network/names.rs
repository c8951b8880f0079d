//! Names: blocked, lied about, or lost on this computer. Providers' hosts have different addresses in different places, so
//! other addresses alone prove nothing; another kind of answer does.

use inbox_model::{Cause, Confidence, FailureKind, Finding, Severity};

use super::look::{Look, Place};
use crate::diagnose::view::{Build, finding};

pub(super) fn judge(look: &Look<'_>) -> Vec<Finding> {
    look.places.values().filter_map(|place| judge_place(place, look)).collect()
}

fn judge_place(place: &Place<'_>, look: &Look<'_>) -> Option<Finding> {
    // Behind a proxy the name is looked up there; here it need not exist.
    if place.step("network-proxy").is_some() || look.through_proxy() && place.is_reached() {
        return None;
    }
    let system = place.failed("network-name-system");
    let dns = place.failed("network-name-dns");
    let own = place.passed("network-name-system").is_some();
    let direct = place.passed("network-name-dns").is_some();
    let outside = place.passed("network-name-https").is_some();
    let (_, failure) = system.or(dns)?;
    // What the system finds is what programs use; that the name server does not answer us directly matters to nobody.
    if own {
        return None;
    }
    let evidence: Vec<String> = ["network-name-system", "network-name-dns", "network-name-https"]
        .iter()
        .filter_map(|probe| place.step(probe))
        .map(|observation| observation.id.clone())
        .collect();
    let severity = place.severity();
    let found = |confidence, variant: Option<&str>, rule| {
        let found = finding(Cause::NetworkDns, confidence, severity, rule);
        let found = match variant {
            Some(variant) => found.variant(variant),
            None => found,
        };
        found.evidence(evidence.clone()).parameter("other", place.host.clone())
    };
    let lies = |kind| matches!(kind, FailureKind::PrivateAddressRefused | FailureKind::DnsUnusable);
    if let Some((_, failure)) = [system, dns].into_iter().flatten().find(|(_, failure)| lies(failure.kind)) {
        // Only the computer's own answer is wrong: its hosts file, or a filter on it.
        let variant = if system.is_some() && direct { "this-computer" } else { "private-address" };
        let confidence = if outside || direct { Confidence::Certain } else { Confidence::Likely };
        let found = found(confidence, Some(variant), "name-lies");
        return Some(match failure.detail.as_str() {
            "" => found,
            addresses => found.parameter("wrong", addresses),
        });
    }
    if system.is_some() && direct {
        return Some(found(Confidence::Likely, Some("this-computer"), "name-lost-on-this-computer"));
    }
    if outside {
        return Some(found(Confidence::Certain, Some("filtered"), "name-known-outside"));
    }
    let denied = system.into_iter().chain(dns).all(|(_, failure)| failure.kind == FailureKind::DnsNotFound);
    let listed = place.operator().is_some();
    Some(match (denied, listed) {
        // The hosts of the table exist: whoever says otherwise filters, or asks a name server that does not know the internet.
        (true, true) => found(Confidence::Likely, Some("filtered"), "name-denied"),
        (true, false) => found(Confidence::Likely, None, "name-not-found"),
        (false, _) => found(Confidence::Certain, None, name_rule(failure.kind)),
    })
    .filter(|finding| finding.severity > Severity::Note || !look.any_reached())
}

fn name_rule(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::DnsTimeout => "name-server-silent",
        _ => "name-server-failed",
    }
}
