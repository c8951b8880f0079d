//! From observations to the list that a person reads: one row for each thing that has to work. Pure.

use std::collections::BTreeMap;

use inbox_model::{Facts, Failure, FailureKind, Finding, Observation, Outcome};
use serde_json::Value;

use super::{SelfTest, TestState};
use crate::{
    network::{NetworkPlace, Protocol},
    report::name_of,
};

type Values = BTreeMap<String, String>;

/// The rows in the order in which a person thinks: this computer, the network, the places.
pub(super) fn rows(places: &[NetworkPlace], observations: &[Observation], findings: &[Finding]) -> Vec<SelfTest> {
    let seen = Seen { observations };
    let mut rows = vec![seen.route(), seen.ipv6(places), seen.names(places), seen.proxy(), seen.portal(), seen.clock()];
    rows.push(seen.simple("browser", ("browser-found", "browser-missing")));
    rows.extend([seen.simple("loopback", ("works", "closed")), seen.simple("keychain", ("works", "store-none"))]);
    rows.extend(places.iter().map(|place| seen.place(place)));
    rows.into_iter().map(|row| row.finish(findings)).collect()
}

/// A row under way, with the observations that it rests on.
struct Row<'a> {
    test: SelfTest,
    rests_on: Vec<&'a Observation>,
}

impl<'a> Row<'a> {
    fn new(id: impl Into<String>, state: TestState, rests_on: Vec<&'a Observation>) -> Self {
        // Steps follow each other; those that run side by side are counted by the longest.
        let took_ms = rests_on.iter().map(|observation| observation.took_ms).max().unwrap_or(0);
        Self {
            test: SelfTest {
                id: id.into(),
                state,
                detail: String::new(),
                took_ms,
                host: None,
                group: None,
                finding: None,
                note: None,
            },
            rests_on,
        }
    }

    fn detail(mut self, text: impl Into<String>) -> Self {
        self.test.detail = text.into();
        self
    }

    fn note(mut self, key: &'static str, values: &[(&str, String)]) -> Self {
        let values: Values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.test.note = Some((key, values));
        self
    }

    fn finish(mut self, findings: &[Finding]) -> SelfTest {
        let rests_on = |finding: &Finding| {
            finding.evidence.iter().any(|id| self.rests_on.iter().any(|observation| observation.id == *id))
        };
        self.test.finding = findings.iter().position(rests_on);
        self.test
    }
}

struct Seen<'a> {
    observations: &'a [Observation],
}

impl<'a> Seen<'a> {
    fn of(&self, probe: &str) -> Vec<&'a Observation> {
        self.observations.iter().filter(|observation| observation.probe == probe).collect()
    }

    fn at(&self, probe: &str, target: &str) -> Option<&'a Observation> {
        self.observations.iter().rev().find(|observation| observation.probe == probe && observation.target == target)
    }

    fn route(&self) -> Row<'a> {
        let all = self.of("network-route");
        let families: Vec<&str> =
            all.iter().filter(|route| facts(route).is_some()).map(|route| route.target.as_str()).collect();
        if families.is_empty() {
            return Row::new("route", TestState::Failed, all).detail("no-route").note("route-missing", &[]);
        }
        Row::new("route", TestState::Passed, all).detail(families.join(", ")).note("route", &[])
    }

    fn ipv6(&self, places: &[NetworkPlace]) -> Row<'a> {
        let all: Vec<_> = places.iter().filter_map(|place| self.at("network-ipv6", &place.target())).collect();
        let passed = all.iter().any(|one| facts(one).is_some());
        let broken: Vec<&Observation> = all
            .iter()
            .filter(|one| failure(one).is_some())
            .filter(|one| self.at("network-ipv4", &one.target).is_some_and(|v4| facts(v4).is_some()))
            .copied()
            .collect();
        let first = broken.first().copied();
        match (passed, first) {
            (true, _) => Row::new("ipv6", TestState::Passed, all).detail("ok").note("ipv6-works", &[]),
            (false, Some(first)) => {
                Row::new("ipv6", TestState::Failed, broken).detail(technical(first)).note("ipv6-broken", &[])
            }
            (false, None) => Row::new("ipv6", TestState::Skipped, all).detail("none").note("ipv6-none", &[]),
        }
    }

    /// The first place with a name stands for all: the others' names are told with their places.
    fn names(&self, places: &[NetworkPlace]) -> Row<'a> {
        let probes = ["network-name-system", "network-name-dns", "network-name-https"];
        let tried = |place: &&NetworkPlace| {
            probes.iter().filter_map(|probe| self.at(probe, &place.host)).any(|one| !is_skipped(one))
        };
        let failed = |place: &&NetworkPlace| {
            let system = self.at("network-name-system", &place.host).filter(|one| !is_skipped(one));
            let decides = system.or_else(|| self.at("network-name-dns", &place.host));
            decides.is_some_and(|one| failure(one).is_some())
        };
        let Some(place) = places.iter().filter(tried).find(failed).or_else(|| places.iter().find(tried)) else {
            return Row::new("dns", TestState::Skipped, Vec::new()).detail("not-tried").note("not-tried", &[]);
        };
        let all: Vec<_> = probes.iter().filter_map(|probe| self.at(probe, &place.host)).collect();
        if failed(&place) {
            let details: Vec<String> = all
                .iter()
                .filter(|one| !is_skipped(one))
                .map(|one| format!("{} {}", one.probe, technical(one)))
                .collect();
            let row = Row::new("dns", TestState::Failed, all);
            let row = row.detail(format!("{}: {}", place.host, details.join("; ")));
            return row.note("names-failed", &[("host", place.host.clone())]);
        }
        let count = all
            .iter()
            .filter_map(|one| facts(one)?.get("addresses")?.as_array().map(Vec::len))
            .max()
            .unwrap_or_default();
        Row::new("dns", TestState::Passed, all)
            .detail(format!("{}: {count} addresses", place.host))
            .note("names-agree", &[("host", place.host.clone())])
    }

    fn proxy(&self) -> Row<'a> {
        let all: Vec<_> = self.of("network-proxy");
        let desktop = self.of("network-desktop-proxy");
        if let Some(passed) = all.iter().find(|one| facts(one).is_some()) {
            let (proxy, origin) = (text(passed, "proxy"), text(passed, "origin"));
            let note = [("proxy", proxy.clone()), ("origin", origin.clone())];
            return Row::new("proxy", TestState::Passed, all.clone())
                .detail(format!("{proxy} {origin}"))
                .note("proxy-used", &note);
        }
        if let Some(failed) = all.first() {
            let row = Row::new("proxy", TestState::Failed, all.clone()).detail(technical(failed));
            return row.note("proxy-failed", &[]);
        }
        match desktop.first() {
            Some(found) => {
                let key = if text(found, "mode") == "manual" { "proxy-unused" } else { "proxy-script" };
                let detail = format!("{} {}", text(found, "mode"), found.target);
                let note = [("proxy", found.target.clone())];
                Row::new("proxy", TestState::Skipped, desktop.clone()).detail(detail.trim_end()).note(key, &note)
            }
            None => Row::new("proxy", TestState::Skipped, Vec::new()).detail("none").note("proxy-none", &[]),
        }
    }

    fn portal(&self) -> Row<'a> {
        let all = self.of("network-portal");
        let Some(one) = all.first().copied() else {
            return Row::new("portal", TestState::Skipped, all).detail("not-tried").note("not-tried", &[]);
        };
        match failure(one) {
            None if is_skipped(one) => {
                Row::new("portal", TestState::Skipped, all).detail(technical(one)).note("not-tried", &[])
            }
            None => Row::new("portal", TestState::Passed, all).detail(technical(one)).note("portal-none", &[]),
            Some(failure) if failure.kind == FailureKind::CaptivePortal => {
                let page = if failure.detail.is_empty() { one.target.clone() } else { failure.detail.clone() };
                let row = Row::new("portal", TestState::Failed, all).detail(technical(one));
                row.note("portal-page", &[("page", page)])
            }
            // That the probe itself cannot be asked says nothing about a page.
            Some(_) => {
                let reason = technical(one);
                let row = Row::new("portal", TestState::Skipped, all).detail(reason.clone());
                row.note("portal-unknown", &[("reason", reason)])
            }
        }
    }

    fn clock(&self) -> Row<'a> {
        let all = self.of("clock");
        let Some(one) = all.first().copied() else {
            return Row::new("clock", TestState::Skipped, all)
                .detail("no host told its time")
                .note("clock-unknown", &[]);
        };
        match failure(one) {
            Some(failure) => {
                let row = Row::new("clock", TestState::Failed, all.clone()).detail(format!("{} s", failure.detail));
                row.note("clock-off", &[("seconds", failure.detail.clone())])
            }
            None => {
                let number = |name: &str| facts(one).and_then(|facts| facts.get(name)?.as_i64()).unwrap_or_default();
                let values = [("seconds", number("skewSeconds").to_string()), ("count", number("hosts").to_string())];
                let row = Row::new("clock", TestState::Passed, all.clone());
                row.detail(format!("{} s", number("skewSeconds"))).note("clock", &values)
            }
        }
    }

    /// A test with one observation.
    fn simple(&self, probe: &'static str, (found, missing): (&'static str, &'static str)) -> Row<'a> {
        let all = self.of(probe);
        let Some(one) = all.last().copied() else {
            return Row::new(probe, TestState::Skipped, all).detail("not-tried").note("not-tried", &[]);
        };
        let passed = failure(one).is_none();
        let state = if passed { TestState::Passed } else { TestState::Failed };
        Row::new(probe, state, all).detail(technical(one)).note(if passed { found } else { missing }, &[])
    }

    fn place(&self, place: &NetworkPlace) -> Row<'a> {
        let target = place.target();
        let steps = ["network-ipv4", "network-ipv6", "network-proxy", "network-certificate", "network-tls"];
        let later = ["network-greeting", "network-http"];
        let mut all: Vec<_> = ["network-name-system", "network-name-dns", "network-name-https"]
            .iter()
            .filter_map(|probe| self.at(probe, &place.host))
            .collect();
        all.extend(steps.iter().chain(&later).filter_map(|probe| self.at(probe, &target)));
        let passed = |probe: &str| self.at(probe, &target).is_some_and(|one| facts(one).is_some());
        let connected = ["network-ipv4", "network-ipv6", "network-proxy"].iter().any(|probe| passed(probe));
        let reached = connected
            && match place.protocol {
                Protocol::Plain => true,
                Protocol::Tls => passed("network-tls"),
                Protocol::Http | Protocol::Https => passed("network-http"),
            };
        let id = id_of(place);
        let mut row = if reached {
            let issuer = self.at("network-certificate", &target).map(|one| text(one, "issuer")).unwrap_or_default();
            let status =
                self.at("network-http", &target).and_then(facts).and_then(|facts| facts.get("status")?.as_u64());
            let detail = match status {
                Some(status) => format!("{}: HTTP {status}", place.host),
                None => format!("{target}: ok"),
            };
            let key = match (issuer.is_empty(), passed("network-proxy")) {
                (true, _) => "place-plain",
                (false, true) => "place-proxied",
                (false, false) => "place-reached",
            };
            Row::new(id, TestState::Passed, all).detail(detail).note(key, &[("issuer", issuer)])
        } else {
            // The last step that failed is as far as it came.
            let last = all.iter().rev().copied().find(|one| failure(one).is_some());
            match last {
                Some(failed) => Row::new(id, TestState::Failed, all.clone())
                    .detail(format!("{target}: {}", technical(failed)))
                    .note(fault(failed), &[]),
                None => Row::new(id, TestState::Skipped, all)
                    .detail(format!("{target}: not-tried"))
                    .note("out-of-time", &[]),
            }
        };
        row.test.host = Some(if place.port == 443 { place.host.clone() } else { target });
        row.test.group = Some(place.group.clone());
        row
    }
}

/// Which step a place failed at, in words.
fn fault(failed: &Observation) -> &'static str {
    match failed.probe.as_str() {
        probe if probe.starts_with("network-name") => "fault-name",
        "network-ipv4" | "network-ipv6" => "fault-connect",
        "network-proxy" => "fault-proxy",
        "network-tls" | "network-greeting" => match failure(failed).map(|failure| failure.kind) {
            Some(FailureKind::TooSlow | FailureKind::ConnectionReset) => "fault-answer",
            _ => "fault-tls",
        },
        _ => "fault-answer",
    }
}

/// Names that scripts know stay as they are; the others say group and role.
fn id_of(place: &NetworkPlace) -> String {
    match (place.group.as_str(), place.role.as_str()) {
        ("microsoft", "login") => "reach-microsoft".to_owned(),
        ("microsoft", "graph") => "reach-graph".to_owned(),
        ("google", "accounts") => "reach-google".to_owned(),
        (group, "pages") => format!("reach-{group}-{}", place.host),
        (group, role) => format!("reach-{group}-{role}"),
    }
}

fn facts(observation: &Observation) -> Option<&Facts> {
    match &observation.outcome {
        Outcome::Passed { facts } => Some(facts),
        _ => None,
    }
}

fn failure(observation: &Observation) -> Option<&Failure> {
    match &observation.outcome {
        Outcome::Failed { failure } => Some(failure),
        _ => None,
    }
}

fn is_skipped(observation: &Observation) -> bool {
    matches!(observation.outcome, Outcome::Skipped { .. })
}

fn text(observation: &Observation, name: &str) -> String {
    facts(observation).and_then(|facts| facts.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// In the words of the contract of observations.
fn technical(observation: &Observation) -> String {
    match &observation.outcome {
        Outcome::Passed { .. } => "ok".to_owned(),
        Outcome::Failed { failure } => {
            let status = failure.status.map(|status| format!(" {status}")).unwrap_or_default();
            format!("{}{status} {}", name_of(&failure.kind), failure.detail).trim_end().to_owned()
        }
        Outcome::Skipped { because } => name_of(because),
    }
}
