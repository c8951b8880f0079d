//! What the look at the network says: every step of every way, weighed against the others. A single failure tells little;
//! which hosts, which family of addresses, which port and which step fail together tells what stands in between.

mod look;
mod names;
mod reach;
mod secure;

use inbox_model::{Cause, Confidence, FailureKind, Finding, Severity};

use super::view::{Bench, Build, View, finding};
use look::Look;

/// Observations that this part judges; nobody else does.
pub(super) fn is_network_probe(probe: &str) -> bool {
    probe.starts_with("network-")
}

pub(super) fn judge(view: &View<'_>, bench: &mut Bench) {
    let look = Look::of(view);
    for observation in view.observations.iter().filter(|o| is_network_probe(&o.probe)) {
        bench.claim(observation);
    }
    if look.is_empty() {
        return;
    }
    let mut found = Vec::new();
    if let Some(finding) = no_network(&look) {
        bench.add(finding);
        return;
    }
    found.extend(portal(&look));
    found.extend(names::judge(&look));
    found.extend(reach::judge(&look));
    found.extend(secure::judge(&look));
    for finding in &mut found {
        take_over(finding, view, bench);
    }
    for finding in found {
        bench.add(finding);
    }
    // Where the certificates' dates and the clock speak against each other, the single answers of a check are told by this.
    if secure::clock_explains(&look) {
        for failed in view
            .failed()
            .filter(|failed| matches!(failed.failure.kind, FailureKind::TlsExpired | FailureKind::TlsNotYetValid))
        {
            bench.claim(failed.observation);
        }
    }
}

/// The check's own failures at a host that the look found the cause for: the look says more exactly what they were.
fn take_over(finding: &mut Finding, view: &View<'_>, bench: &mut Bench) {
    let Some(host) = finding.parameters.get("other").filter(|_| finding.severity == Severity::Blocks).cloned() else {
        return;
    };
    for failed in view.failed().filter(|failed| is_about_the_way(failed.failure.kind)) {
        if !bench.is_claimed(failed.observation) && super::ladder::host(&failed.observation.target) == host {
            bench.claim(failed.observation);
            finding.evidence.push(failed.observation.id.clone());
        }
    }
}

fn is_about_the_way(kind: FailureKind) -> bool {
    use FailureKind as K;
    matches!(
        kind,
        K::DnsNotFound
            | K::DnsServerFailed
            | K::DnsTimeout
            | K::DnsUnusable
            | K::PrivateAddressRefused
            | K::ConnectRefused
            | K::ConnectTimeout
            | K::ConnectUnreachable
            | K::ConnectionReset
            | K::ProxyAuthentication
            | K::ProxyRefused
            | K::TlsUntrusted
            | K::TlsExpired
            | K::TlsNotYetValid
            | K::TlsWrongHost
            | K::TlsProtocol
            | K::TooSlow
            | K::CaptivePortal
    )
}

/// Without a way out of this computer nothing else can be said.
fn no_network(look: &Look<'_>) -> Option<Finding> {
    let evidence: Vec<String> = look.routes.iter().map(|route| route.id.clone()).collect();
    if look.has_route() || evidence.is_empty() || look.any_reached() || look.through_proxy() {
        return None;
    }
    let confidence = if look.only_link_local() { Confidence::Likely } else { Confidence::Certain };
    Some(
        finding(Cause::NetworkUnreachable, confidence, Severity::Blocks, "no-route")
            .variant("no-network")
            .evidence(evidence),
    )
}

fn portal(look: &Look<'_>) -> Option<Finding> {
    let (observation, failure) = look.portal?;
    if failure.kind != FailureKind::CaptivePortal {
        return None;
    }
    // A filter may answer for the probe alone: where the hosts are reached, nothing stands in the way.
    let (confidence, severity) = if look.any_reached() {
        (Confidence::Possible, Severity::Note)
    } else {
        (Confidence::Certain, Severity::Blocks)
    };
    let mut found = finding(Cause::NetworkCaptivePortal, confidence, severity, "portal-answers")
        .evidence([observation.id.clone()])
        .parameter("other", observation.target.clone());
    if !failure.detail.is_empty() {
        found = found.parameter("portal", failure.detail.clone());
    }
    Some(found)
}
