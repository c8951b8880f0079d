//! The observations of the look at the network, sorted by place.

use std::collections::BTreeMap;

use inbox_model::{Facts, Failure, FailureKind, Observation, Outcome, Severity};
use serde_json::Value;

use crate::{
    diagnose::view::View,
    hosts::{HostNeed, needed_host},
};

/// Everything that was seen of the network.
#[derive(Debug, Default)]
pub(super) struct Look<'a> {
    /// Whether there is a way out, by family of addresses.
    pub routes: Vec<&'a Observation>,
    /// Where the probe for sign-in pages failed.
    pub portal: Option<(&'a Observation, &'a Failure)>,
    /// What the desktop says about proxies.
    pub desktop_proxy: Option<(&'a Observation, &'a Facts)>,
    /// The clock against others'.
    pub clock: Option<&'a Observation>,
    /// By `host:port`.
    pub places: BTreeMap<String, Place<'a>>,
}

/// What was seen of one place, by probe.
#[derive(Debug, Default)]
pub(super) struct Place<'a> {
    steps: BTreeMap<&'a str, &'a Observation>,
    pub host: String,
    pub port: u16,
}

impl<'a> Look<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut look = Self::default();
        let mut names: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
        for observation in view.observations {
            match observation.probe.as_str() {
                "network-route" => look.routes.push(observation),
                "network-portal" => look.portal = failure(observation).map(|failure| (observation, failure)),
                "network-desktop-proxy" => {
                    look.desktop_proxy = facts(observation).map(|facts| (observation, facts));
                }
                "clock" => look.clock = Some(observation),
                "network-name-system" | "network-name-dns" | "network-name-https" => {
                    names.entry(&observation.target).or_default().push(observation);
                }
                "network-ipv4"
                | "network-ipv6"
                | "network-proxy"
                | "network-tls"
                | "network-certificate"
                | "network-greeting"
                | "network-http" => look.keep(observation),
                _ => {}
            }
        }
        // Places whose name already failed have no step behind it.
        for host in names.keys() {
            if !look.places.values().any(|place| place.host == *host) {
                let place = Place { host: (*host).to_owned(), port: 443, ..Place::default() };
                look.places.insert(format!("{host}:443"), place);
            }
        }
        for place in look.places.values_mut() {
            for observation in names.get(place.host.as_str()).into_iter().flatten() {
                place.steps.insert(&observation.probe, observation);
            }
        }
        look
    }

    fn keep(&mut self, observation: &'a Observation) {
        let (host, port) = observation.target.rsplit_once(':').unwrap_or((&observation.target, "443"));
        let place = self.places.entry(observation.target.clone()).or_insert_with(|| Place {
            host: host.to_owned(),
            port: port.parse().unwrap_or(443),
            ..Place::default()
        });
        place.steps.insert(&observation.probe, observation);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.routes.is_empty() && self.places.is_empty() && self.portal.is_none()
    }

    pub(super) fn has_route(&self) -> bool {
        self.routes.iter().any(|route| facts(route).is_some()) && !self.only_link_local()
    }

    /// Every address is one that the computer gave itself because nobody gave it one (RFC 3927).
    pub(super) fn only_link_local(&self) -> bool {
        let mut passed = self.routes.iter().filter_map(|route| facts(route)).peekable();
        passed.peek().is_some() && passed.all(|facts| facts.get("linkLocal") == Some(&Value::Bool(true)))
    }

    pub(super) fn any_reached(&self) -> bool {
        self.places.values().any(Place::is_reached)
    }

    pub(super) fn through_proxy(&self) -> bool {
        self.places.values().any(|place| place.step("network-proxy").is_some())
    }
}

impl<'a> Place<'a> {
    pub(super) fn step(&self, probe: &str) -> Option<&'a Observation> {
        self.steps.get(probe).copied()
    }

    pub(super) fn passed(&self, probe: &str) -> Option<&'a Facts> {
        self.step(probe).and_then(facts)
    }

    pub(super) fn failed(&self, probe: &str) -> Option<(&'a Observation, &'a Failure)> {
        let observation = self.step(probe)?;
        failure(observation).map(|failure| (observation, failure))
    }

    /// Answered in the protocol of the place, with a certificate that is trusted where there is one.
    pub(super) fn is_reached(&self) -> bool {
        self.passed("network-tls").is_some() || self.passed("network-http").is_some()
    }

    /// Some address of it took a connection, or a proxy led to it.
    pub(super) fn is_connected(&self) -> bool {
        ["network-ipv4", "network-ipv6", "network-proxy"].iter().any(|probe| self.passed(probe).is_some())
    }

    /// What it means for the connection when this place is not reached. What no table knows was named by the settings or
    /// by the check itself, and is needed.
    pub(super) fn severity(&self) -> Severity {
        match needed_host(&self.host, self.port).map(|row| row.need) {
            None | Some(HostNeed::Required) => Severity::Blocks,
            Some(HostNeed::Pages) => Severity::Limits,
            Some(HostNeed::Road | HostNeed::App) => Severity::Note,
        }
    }

    pub(super) fn operator(&self) -> Option<&'static str> {
        needed_host(&self.host, self.port).map(|row| row.operator.as_str())
    }
}

pub(super) fn facts(observation: &Observation) -> Option<&Facts> {
    match &observation.outcome {
        Outcome::Passed { facts } => Some(facts),
        _ => None,
    }
}

/// The failure, unless the person stopped it: then nothing was found out.
pub(super) fn failure(observation: &Observation) -> Option<&Failure> {
    match &observation.outcome {
        Outcome::Failed { failure } if failure.kind != FailureKind::Cancelled => Some(failure),
        _ => None,
    }
}

pub(super) fn text<'f>(facts: &'f Facts, name: &str) -> Option<&'f str> {
    facts.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
