//! Connections: which family, which port, through which proxy.

use std::collections::BTreeSet;

use inbox_model::{Cause, CodeFamily, Confidence, FailureKind, Finding, Observation, Severity};

use super::look::{Look, Place, text};
use crate::diagnose::view::{Build, finding};

pub(super) fn judge(look: &Look<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = look.places.values().filter_map(|place| proxy(place, look)).collect();
    let unreachable: Vec<&Place<'_>> = look.places.values().filter(|place| is_unreachable(place)).collect();
    let needed = proxy_needed(look, &unreachable);
    match needed {
        Some(finding) => found.push(finding),
        None => found.extend(unreachable.iter().map(|place| refused(place, look))),
    }
    found.extend(broken_v6(look));
    found
}

fn evidence(places: &[&Place<'_>]) -> Vec<String> {
    let steps = ["network-ipv4", "network-ipv6"];
    let all = places.iter().flat_map(|place| steps.iter().filter_map(|probe| place.step(probe)));
    all.map(|observation: &Observation| observation.id.clone()).collect()
}

/// Every address that was tried refused; where none was tried, nothing is said.
fn is_unreachable(place: &Place<'_>) -> bool {
    let failed = ["network-ipv4", "network-ipv6"].iter().any(|probe| place.failed(probe).is_some());
    failed && !place.is_connected()
}

fn refused(place: &Place<'_>, look: &Look<'_>) -> Finding {
    let failures: Vec<_> =
        ["network-ipv4", "network-ipv6"].iter().filter_map(|probe| place.failed(probe)).map(|(_, f)| f).collect();
    let by_this_computer = failures.iter().any(|failure| {
        failure.codes.iter().any(|code| code.family == CodeFamily::Network && code.value == "blocked-on-this-computer")
    });
    let elsewhere: BTreeSet<u16> =
        look.places.values().filter(|other| other.is_connected()).map(|other| other.port).collect();
    let found = finding(Cause::NetworkUnreachable, Confidence::Certain, place.severity(), "no-connection-to-place");
    let found = if by_this_computer {
        found.variant("this-computer")
    } else if !elsewhere.is_empty() && !elsewhere.contains(&place.port) {
        // Other places answer on other ports; nobody answers on this one.
        found.variant("port-blocked")
    } else {
        found
    };
    found.evidence(evidence(&[place])).parameter("other", place.host.clone()).parameter("port", place.port.to_string())
}

/// No direct way to any place, and the desktop names a proxy that is not in use: the way leads through that.
fn proxy_needed(look: &Look<'_>, unreachable: &[&Place<'_>]) -> Option<Finding> {
    let (observation, facts) = look.desktop_proxy?;
    if unreachable.is_empty() || look.any_reached() || look.places.values().any(Place::is_connected) {
        return None;
    }
    let mut ids = evidence(unreachable);
    ids.push(observation.id.clone());
    let found = finding(Cause::NetworkProxy, Confidence::Likely, Severity::Blocks, "proxy-needed")
        .variant(if text(facts, "mode") == Some("manual") { "needed" } else { "script" })
        .evidence(ids)
        .parameter("other", unreachable.first().map(|place| place.host.clone()).unwrap_or_default());
    Some(if observation.target.is_empty() { found } else { found.parameter("proxy", observation.target.clone()) })
}

fn proxy(place: &Place<'_>, look: &Look<'_>) -> Option<Finding> {
    let (observation, failure) = place.failed("network-proxy")?;
    let found = |variant: Option<&str>, rule| {
        let found = finding(Cause::NetworkProxy, Confidence::Certain, place.severity(), rule);
        let found = match variant {
            Some(variant) => found.variant(variant),
            None => found,
        };
        let found = found
            .evidence([observation.id.clone()])
            .parameter("other", place.host.clone())
            .parameter("port", place.port.to_string());
        match failure.ids.get("proxy") {
            Some(proxy) => found.parameter("proxy", proxy.clone()),
            None => found,
        }
    };
    Some(match failure.kind {
        FailureKind::ProxyAuthentication => {
            let sent = failure.codes.iter().any(|code| code.value == "proxy-sign-in-refused");
            let found =
                found(Some(if sent { "sign-in-refused" } else { "authentication" }), "proxy-asks-for-a-sign-in");
            if failure.detail.is_empty() { found } else { found.parameter("schemes", failure.detail.clone()) }
        }
        FailureKind::ProxyRefused if failure.status.is_some() => {
            // It lets others through: it is this place that it refuses.
            let others = look.places.values().any(|other| other.passed("network-proxy").is_some());
            found(others.then_some("place-refused"), "proxy-refuses-the-place")
        }
        _ => found(Some("not-there"), "proxy-is-not-there"),
    })
}

/// IPv6 is set up and leads nowhere, while IPv4 works: programs that try it first wait.
fn broken_v6(look: &Look<'_>) -> Option<Finding> {
    let places = || look.places.values();
    let broken: Vec<&Place<'_>> = places()
        .filter(|place| place.failed("network-ipv6").is_some() && place.passed("network-ipv4").is_some())
        .collect();
    if broken.is_empty() || places().any(|place| place.passed("network-ipv6").is_some()) {
        return None;
    }
    Some(
        finding(Cause::NetworkUnreachable, Confidence::Likely, Severity::Note, "ipv6-leads-nowhere")
            .variant("ipv6")
            .evidence(evidence(&broken))
            .parameter("other", broken.first().map(|place| place.host.clone()).unwrap_or_default()),
    )
}
