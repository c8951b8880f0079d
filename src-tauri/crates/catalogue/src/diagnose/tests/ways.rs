//! The look at the network, judged: each condition is told apart from the others.

use inbox_model::{
    Cause as C, CodeFamily, Confidence, Diagnosis, Facts, Failure, FailureKind as K, Observation, Operation, Outcome,
    Severity, Verdict,
};
use serde_json::Value;

use super::world::{World, app};
use crate::{DiagnosisContext, diagnose};

const LOGIN: &str = "login.microsoftonline.com:443";
const GRAPH: &str = "graph.microsoft.com:443";
const IMAP: &str = "outlook.office365.com:993";
const GOOGLE: &str = "accounts.google.com:443";

#[derive(Default)]
struct Ways(Vec<Observation>);

impl Ways {
    fn add(&mut self, probe: &str, target: &str, outcome: Outcome) -> &mut Self {
        self.0.push(Observation {
            id: format!("o{}", self.0.len() + 1),
            probe: probe.to_owned(),
            operation: Operation::Connect,
            target: target.to_owned(),
            started: "2026-11-24T09:00:00.000Z".to_owned(),
            took_ms: 5,
            outcome,
            said: Vec::new(),
        });
        self
    }

    fn passed(&mut self, probe: &str, target: &str, facts: &[(&str, Value)]) -> &mut Self {
        let facts: Facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.add(probe, target, Outcome::Passed { facts })
    }

    fn failed(&mut self, probe: &str, target: &str, kind: K) -> &mut Self {
        self.add(probe, target, Outcome::Failed { failure: Failure::of(kind) })
    }

    fn failed_with(&mut self, probe: &str, target: &str, failure: Failure) -> &mut Self {
        self.add(probe, target, Outcome::Failed { failure })
    }

    /// A computer in a network.
    fn at_work() -> Self {
        let mut ways = Self::default();
        ways.passed("network-route", "ipv4", &[("linkLocal", false.into())]);
        ways
    }

    fn named(&mut self, place: &str) -> &mut Self {
        let host = place.split(':').next().unwrap();
        self.passed("network-name-system", host, &[]).passed("network-name-dns", host, &[])
    }

    fn connected(&mut self, place: &str) -> &mut Self {
        self.named(place).passed("network-ipv4", place, &[])
    }

    fn certificate(&mut self, place: &str, issuer: &str, known: bool, dates: (&str, &str)) -> &mut Self {
        self.passed(
            "network-certificate",
            place,
            &[
                ("issuer", issuer.into()),
                ("issuerKnown", known.into()),
                ("subject", "shown.example".into()),
                ("notBefore", format!("{}T00:00:00Z", dates.0).into()),
                ("notAfter", format!("{}T00:00:00Z", dates.1).into()),
            ],
        )
    }

    fn fine(&mut self, place: &str) -> &mut Self {
        self.connected(place);
        self.certificate(place, "DigiCert", true, ("2026-01-01", "2027-01-01"));
        self.passed("network-tls", place, &[("version", "1.3".into())]).passed("network-http", place, &[])
    }

    fn judge(&self) -> Diagnosis {
        let context = DiagnosisContext {
            address: None,
            app: app(),
            discovery: None,
            account: None,
            today: jiff::civil::date(2026, 11, 24),
        };
        diagnose(&self.0, &context)
    }

    /// Cause, variant and severity of the only finding.
    fn only(&self) -> (C, Option<String>, Confidence, Severity) {
        let diagnosis = self.judge();
        assert_eq!(diagnosis.findings.len(), 1, "{:#?}", diagnosis.findings);
        let found = &diagnosis.findings[0];
        (found.cause, found.variant.clone(), found.confidence, found.severity)
    }
}

fn is(
    cause: C,
    variant: &str,
    confidence: Confidence,
    severity: Severity,
) -> (C, Option<String>, Confidence, Severity) {
    (cause, (!variant.is_empty()).then(|| variant.to_owned()), confidence, severity)
}

use Confidence::{Certain, Likely};
use Severity::{Blocks, Note};

#[test]
fn a_healthy_network_has_no_finding() {
    let mut ways = Ways::at_work();
    ways.fine(LOGIN).fine(GRAPH).fine(GOOGLE).passed("network-portal", "probe.example", &[]);
    assert!(ways.judge().findings.is_empty(), "{:?}", ways.judge().findings);
}

#[test]
fn no_network_is_one_finding_whatever_else_fails() {
    let mut ways = Ways::default();
    ways.failed("network-route", "ipv4", K::ConnectUnreachable);
    ways.failed("network-route", "ipv6", K::ConnectUnreachable);
    ways.failed("network-name-system", "login.microsoftonline.com", K::DnsServerFailed);
    ways.failed("network-name-dns", "login.microsoftonline.com", K::DnsTimeout);
    ways.failed("discovery-mx", "contoso.example", K::DnsTimeout);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "no-network", Certain, Blocks));
    // An address that the computer gave itself is none that a network gave.
    let mut ways = Ways::default();
    ways.passed("network-route", "ipv4", &[("linkLocal", true.into())]);
    ways.failed("network-name-system", "login.microsoftonline.com", K::DnsServerFailed);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "no-network", Likely, Blocks));
}

#[test]
fn names_that_fail_are_told_apart_by_who_finds_them() {
    let host = "login.microsoftonline.com";
    let judge = |rows: &[(&str, Option<K>)]| {
        let mut ways = Ways::at_work();
        for (probe, kind) in rows {
            match kind {
                Some(kind) => ways.failed(probe, host, *kind),
                None => ways.passed(probe, host, &[]),
            };
        }
        ways.only()
    };
    let (system, dns, https) = ("network-name-system", "network-name-dns", "network-name-https");
    let silent = judge(&[(system, Some(K::DnsServerFailed)), (dns, Some(K::DnsTimeout))]);
    assert_eq!(silent, is(C::NetworkDns, "", Certain, Blocks));
    let denied = judge(&[(system, Some(K::DnsNotFound)), (dns, Some(K::DnsNotFound))]);
    assert_eq!(denied, is(C::NetworkDns, "filtered", Likely, Blocks));
    let known = judge(&[(system, Some(K::DnsNotFound)), (dns, Some(K::DnsNotFound)), (https, None)]);
    assert_eq!(known, is(C::NetworkDns, "filtered", Certain, Blocks));
    let here = judge(&[(system, Some(K::DnsNotFound)), (dns, None)]);
    assert_eq!(here, is(C::NetworkDns, "this-computer", Likely, Blocks));
    let lies = judge(&[(system, Some(K::PrivateAddressRefused)), (dns, Some(K::PrivateAddressRefused))]);
    assert_eq!(lies, is(C::NetworkDns, "private-address", Likely, Blocks));
    let hosts_file = judge(&[(system, Some(K::PrivateAddressRefused)), (dns, None)]);
    assert_eq!(hosts_file, is(C::NetworkDns, "this-computer", Certain, Blocks));
}

#[test]
fn a_name_that_only_our_own_question_misses_is_no_fault() {
    let mut ways = Ways::at_work();
    ways.fine(LOGIN);
    ways.passed("network-name-system", "graph.microsoft.com", &[]);
    ways.failed("network-name-dns", "graph.microsoft.com", K::DnsTimeout);
    ways.passed("network-ipv4", GRAPH, &[]).passed("network-tls", GRAPH, &[]);
    assert!(ways.judge().findings.is_empty());
}

#[test]
fn ipv6_that_leads_nowhere_is_a_note_while_ipv4_works() {
    let mut ways = Ways::at_work();
    ways.passed("network-route", "ipv6", &[("linkLocal", false.into())]);
    ways.fine(LOGIN).failed("network-ipv6", LOGIN, K::ConnectTimeout);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "ipv6", Likely, Note));
    // Where one host is reached over it, it is that host's own fault and not the network's.
    ways.fine(GRAPH).passed("network-ipv6", GRAPH, &[]);
    assert!(ways.judge().findings.is_empty());
}

#[test]
fn a_port_is_blocked_only_where_other_ports_are_open() {
    let mut ways = Ways::at_work();
    ways.fine(LOGIN).named(IMAP).failed("network-ipv4", IMAP, K::ConnectTimeout);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "port-blocked", Certain, Note));
    assert_eq!(ways.judge().findings[0].parameters["port"], "993");
    let mut ways = Ways::at_work();
    ways.fine(LOGIN).named(GRAPH).failed("network-ipv4", GRAPH, K::ConnectRefused);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "", Certain, Blocks));
    let mut ways = Ways::at_work();
    let by_us = Failure::of(K::ConnectUnreachable).with_code(CodeFamily::Network, "blocked-on-this-computer");
    ways.fine(GOOGLE).named(GRAPH).failed_with("network-ipv4", GRAPH, by_us);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "this-computer", Certain, Blocks));
}

#[test]
fn proxies_are_told_apart_by_what_they_refuse() {
    let judge = |failure: Failure, others: bool| {
        let mut ways = Ways::at_work();
        if others {
            ways.passed("network-proxy", GOOGLE, &[]).passed("network-tls", GOOGLE, &[]);
        }
        ways.failed_with("network-proxy", LOGIN, failure);
        ways.only()
    };
    let wants = Failure { status: Some(407), ..Failure::of(K::ProxyAuthentication).with_detail("NTLM, Basic") };
    assert_eq!(judge(wants.clone(), false), is(C::NetworkProxy, "authentication", Certain, Blocks));
    let sent = wants.with_code(CodeFamily::Network, "proxy-sign-in-refused");
    assert_eq!(judge(sent, false), is(C::NetworkProxy, "sign-in-refused", Certain, Blocks));
    let refused = Failure { status: Some(403), ..Failure::of(K::ProxyRefused) };
    assert_eq!(judge(refused.clone(), false), is(C::NetworkProxy, "", Certain, Blocks));
    assert_eq!(judge(refused, true), is(C::NetworkProxy, "place-refused", Certain, Blocks));
    assert_eq!(judge(Failure::of(K::ConnectRefused), false), is(C::NetworkProxy, "not-there", Certain, Blocks));
}

#[test]
fn a_proxy_is_needed_where_nothing_answers_directly_and_the_desktop_names_one() {
    let mut ways = Ways::at_work();
    ways.named(LOGIN).failed("network-ipv4", LOGIN, K::ConnectTimeout);
    ways.named(GOOGLE).failed("network-ipv4", GOOGLE, K::ConnectTimeout);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "", Certain, Blocks));
    let desktop = |ways: &mut Ways, mode: &str| {
        ways.passed("network-desktop-proxy", "proxy.contoso.example:3128", &[("mode", mode.into())]);
    };
    desktop(&mut ways, "manual");
    assert_eq!(ways.only(), is(C::NetworkProxy, "needed", Likely, Blocks));
    desktop(&mut ways, "pac");
    assert_eq!(ways.only(), is(C::NetworkProxy, "script", Likely, Blocks));
    // Where the way is open without it, a script is nobody's trouble.
    let mut ways = Ways::at_work();
    ways.fine(LOGIN);
    desktop(&mut ways, "pac");
    assert!(ways.judge().findings.is_empty());
}

#[test]
fn interception_is_shown_with_its_issuer_and_accepted_where_the_computer_trusts_it() {
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).certificate(LOGIN, "Contoso Filter CA", false, ("2026-01-01", "2027-01-01"));
    ways.failed("network-tls", LOGIN, K::TlsUntrusted);
    assert_eq!(ways.only(), is(C::NetworkTls, "inspected", Certain, Blocks));
    assert_eq!(ways.judge().findings[0].parameters["issuer"], "Contoso Filter CA");
    let trusted = |ways: &mut Ways, place: &str| {
        ways.connected(place).certificate(place, "Contoso Filter CA", false, ("2026-01-01", "2027-01-01"));
        ways.passed("network-tls", place, &[]).passed("network-http", place, &[]);
    };
    let mut ways = Ways::at_work();
    trusted(&mut ways, LOGIN);
    assert_eq!(ways.only(), is(C::NetworkTls, "inspected-trusted", Likely, Note));
    // Two providers that have nothing in common, and the same issuer.
    trusted(&mut ways, GOOGLE);
    assert_eq!(ways.only(), is(C::NetworkTls, "inspected-trusted", Certain, Note));
}

#[test]
fn expired_certificates_and_a_wrong_clock_are_weighed_against_each_other() {
    let expired = |clock: Option<i64>, wrong: bool| {
        let mut ways = Ways::at_work();
        ways.connected(LOGIN).certificate(LOGIN, "DigiCert", true, ("2025-01-01", "2026-01-01"));
        ways.failed("network-tls", LOGIN, K::TlsExpired);
        match clock {
            Some(skew) if wrong => {
                ways.failed_with("clock", "probe.example", Failure::of(K::ClockSkew).with_detail(skew.to_string()));
            }
            Some(skew) => {
                ways.passed("clock", "probe.example", &[("skewSeconds", skew.into())]);
            }
            None => {}
        }
        ways
    };
    // The computer is a year ahead: by the others' clock the certificate is good.
    assert_eq!(expired(Some(365 * 86_400), true).only(), is(C::ClockWrong, "", Certain, Blocks));
    assert_eq!(expired(Some(2), false).only(), is(C::NetworkTls, "expired", Certain, Blocks));
    assert_eq!(expired(None, false).only(), is(C::NetworkTls, "expired", Likely, Blocks));
    // The clock is wrong by an hour, and the certificate is old by any clock: both are said.
    let both = expired(Some(3600), true).judge();
    let causes: Vec<_> = both.findings.iter().map(|f| f.cause).collect();
    assert!(causes.contains(&C::ClockWrong), "{causes:?}");
    // Everybody's certificates at once, and nobody tells the time.
    let mut ways = Ways::at_work();
    for place in [LOGIN, GOOGLE] {
        ways.connected(place).certificate(place, "DigiCert", true, ("2027-01-01", "2028-01-01"));
        ways.failed("network-tls", place, K::TlsNotYetValid);
    }
    assert_eq!(ways.only(), is(C::ClockWrong, "", Likely, Blocks));
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).certificate(LOGIN, "DigiCert", true, ("2027-01-01", "2028-01-01"));
    ways.failed("network-tls", LOGIN, K::TlsNotYetValid).fine(GOOGLE);
    ways.passed("clock", "accounts.google.com", &[("skewSeconds", 0.into())]);
    assert_eq!(ways.only(), is(C::NetworkTls, "not-yet-valid", Certain, Blocks));
}

#[test]
fn old_protocols_weak_signatures_and_other_hosts_are_named() {
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).failed("network-tls", LOGIN, K::TlsProtocol);
    ways.passed("network-greeting", LOGIN, &[("answer", "speaks".into()), ("version", "1.0".into())]);
    assert_eq!(ways.only(), is(C::NetworkTls, "too-old", Certain, Blocks));
    assert_eq!(ways.judge().findings[0].parameters["version"], "1.0");
    let mut ways = Ways::at_work();
    ways.connected(LOGIN);
    ways.passed("network-certificate", LOGIN, &[("issuer", "Old Filter".into()), ("weakSignature", "sha1".into())]);
    ways.failed("network-tls", LOGIN, K::TlsUntrusted);
    assert_eq!(ways.only(), is(C::NetworkTls, "weak-signature", Certain, Blocks));
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).certificate(LOGIN, "Somebody", false, ("2026-01-01", "2027-01-01"));
    ways.failed("network-tls", LOGIN, K::TlsWrongHost);
    assert_eq!(ways.only(), is(C::NetworkTls, "wrong-host", Certain, Blocks));
    assert_eq!(ways.judge().findings[0].parameters["subject"], "shown.example");
}

#[test]
fn large_answers_that_stall_are_told_from_a_server_that_is_silent() {
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).failed("network-tls", LOGIN, K::TooSlow);
    ways.passed("network-greeting", LOGIN, &[("answer", "refuses".into())]);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "stalls", Likely, Blocks));
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).failed("network-tls", LOGIN, K::TooSlow).failed("network-greeting", LOGIN, K::TooSlow);
    assert_eq!(ways.only(), is(C::NetworkUnreachable, "unstable", Likely, Blocks));
}

#[test]
fn a_page_of_the_network_counts_only_where_the_hosts_are_not_reached() {
    let mut ways = Ways::at_work();
    let page = Failure::of(K::CaptivePortal).with_detail("portal.hotel.example");
    ways.connected(LOGIN).failed("network-tls", LOGIN, K::TlsUntrusted);
    ways.failed_with("network-portal", "probe.example", page.clone());
    assert_eq!(ways.only(), is(C::NetworkCaptivePortal, "", Certain, Blocks));
    assert_eq!(ways.judge().suppressed[0].cause, C::NetworkTls);
    let mut ways = Ways::at_work();
    ways.fine(LOGIN).failed_with("network-portal", "probe.example", page);
    assert_eq!(ways.only(), is(C::NetworkCaptivePortal, "", Confidence::Possible, Note));
}

#[test]
fn the_look_makes_the_cause_of_a_check_exact() {
    let mut world = World::microsoft();
    world.failed("sign-in-identity", K::ConnectTimeout, "login.microsoftonline.com");
    let plain = world.judge();
    assert_eq!((plain.findings[0].cause, plain.findings[0].variant.as_deref()), (C::NetworkUnreachable, None));
    let mut ways = Ways::at_work();
    ways.connected(LOGIN).failed("network-tls", LOGIN, K::TooSlow);
    ways.passed("network-greeting", LOGIN, &[("answer", "refuses".into())]);
    for mut observation in ways.0 {
        observation.id = format!("n{}", observation.id);
        world.observations.push(observation);
    }
    let exact = world.judge();
    assert_eq!(exact.verdict, Verdict::Blocked);
    assert_eq!(exact.findings.len(), 1);
    assert_eq!(
        (exact.findings[0].cause, exact.findings[0].variant.as_deref()),
        (C::NetworkUnreachable, Some("stalls"))
    );
}
