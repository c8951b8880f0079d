//! For any list of observations: no panic, the same answer twice, and rules that always hold.

use std::collections::BTreeSet;

use inbox_model::{
    CodeFamily, Confidence, Facts, Failure, FailureKind, Observation, Operation, Outcome, ProviderCode, Severity,
    SkipReason, Verdict,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::world::World;

const PROBES: &[&str] = &[
    "discovery-mx",
    "discovery-dns",
    "discovery-openid",
    "discovery-realm",
    "discovery-autodiscover",
    "keychain",
    "loopback",
    "clock",
    "sign-in-stored",
    "sign-in-identity",
    "sign-in-app",
    "graph-me",
    "graph-licences",
    "graph-inbox",
    "graph-messages",
    "graph-calendar",
    "graph-calendar-view",
    "graph-write-draft",
    "graph-send-self",
    "google-userinfo",
    "gmail-labels",
    "gmail-messages",
    "google-calendar-list",
    "permissions",
    "",
    "nobody-knows",
];
const VALUES: &[&str] = &[
    "MailboxNotEnabledForRESTAPI",
    "AADSTS65001",
    "access_denied",
    "cancel",
    "consent_required",
    "failedPrecondition",
    "ErrorAccessDenied",
    "need-admin-approval",
    "permission-list",
    "error-code",
    "mailbox-full",
    "",
    "{app}",
];

fn kind() -> impl Strategy<Value = FailureKind> {
    // Every kind by its place in the closed list: the names are read back from their own serialisation.
    let names = [
        "dns-not-found",
        "dns-timeout",
        "dns-unusable",
        "connect-timeout",
        "proxy-authentication",
        "tls-untrusted",
        "tls-not-yet-valid",
        "too-slow",
        "http-status",
        "provider-refused",
        "throttled",
        "provider-unavailable",
        "redirect-refused",
        "body-malformed",
        "captive-portal",
        "identity-mismatch",
        "id-token-invalid",
        "scopes-missing",
        "state-mismatch",
        "browser-not-opened",
        "browser-did-not-return",
        "person-reported",
        "loopback-unavailable",
        "keychain-locked",
        "clock-skew",
        "account-condition",
        "cancelled",
    ];
    proptest::sample::select(names.to_vec()).prop_map(|name| serde_json::from_value(json!(name)).unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!(["smtp:ana@contoso.example", 7, null])),
        Just(json!([{"service": "exchange", "capabilityStatus": "Enabled"}])),
        Just(json!("outlook_28CABF904928312D@outlook.com")),
        Just(Value::Null),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let names = [
        "guest",
        "personal",
        "mail",
        "proxyAddresses",
        "assignedPlans",
        "exchange",
        "ownerAddress",
        "canEdit",
        "missing",
    ];
    let facts = proptest::collection::btree_map(
        proptest::sample::select(names.to_vec()).prop_map(str::to_owned),
        value(),
        0..5,
    );
    let families = [
        CodeFamily::Aadsts,
        CodeFamily::Oauth,
        CodeFamily::Suberror,
        CodeFamily::Graph,
        CodeFamily::Google,
        CodeFamily::Vendor,
    ];
    let code = (proptest::sample::select(families.to_vec()), proptest::sample::select(VALUES.to_vec()))
        .prop_map(|(family, value)| ProviderCode { family, value: value.to_owned() });
    let failure = (kind(), proptest::collection::vec(code, 0..4), proptest::option::of(any::<u16>()), ".{0,40}")
        .prop_map(|(kind, codes, status, detail)| Failure { codes, status, ..Failure::of(kind).with_detail(detail) });
    prop_oneof![
        facts.prop_map(|facts: Facts| Outcome::Passed { facts }),
        failure.prop_map(|failure| Outcome::Failed { failure }),
        Just(Outcome::Skipped { because: SkipReason::DependencyFailed }),
    ]
}

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let operations =
        [Operation::Http, Operation::Refresh, Operation::Authorize, Operation::ExchangeCode, Operation::ResolveName];
    let one = (
        proptest::sample::select(PROBES.to_vec()),
        proptest::sample::select(operations.to_vec()),
        ".{0,20}",
        outcome(),
    );
    proptest::collection::vec(one, 0..12).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(number, (probe, operation, target, outcome))| Observation {
                id: format!("o{number}"),
                probe: probe.to_owned(),
                operation,
                target,
                started: String::new(),
                took_ms: 0,
                outcome,
                said: Vec::new(),
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_observations_can_be_judged(list in observations(), side in 0..4_u8, found in any::<bool>()) {
        let mut world = match side {
            0 => World::google(),
            1 => World::outlook_com(),
            2 => World::microsoft().at_other("sakura", "Sakura Internet"),
            _ => World::microsoft().signed_in_as("ana@contoso.example"),
        };
        world.observations = list;
        if !found {
            world.discovery = None;
        }
        let diagnosis = world.judge();
        prop_assert_eq!(&diagnosis, &world.judge());

        let causes: BTreeSet<_> = diagnosis.findings.iter().map(|finding| finding.cause).collect();
        prop_assert_eq!(causes.len(), diagnosis.findings.len(), "one finding per cause");
        for left in &diagnosis.suppressed {
            prop_assert!(!causes.contains(&left.cause));
        }
        for finding in &diagnosis.findings {
            prop_assert!(!finding.rules.is_empty(), "{:?} came from nowhere", finding.cause);
            for id in &finding.evidence {
                prop_assert!(world.observations.iter().any(|o| o.id == *id));
            }
        }
        let worst = diagnosis.findings.iter().map(|finding| finding.severity).max();
        match diagnosis.verdict {
            Verdict::Works => prop_assert!(worst.is_none_or(|worst| worst == Severity::Note)),
            Verdict::Blocked => prop_assert_eq!(worst, Some(Severity::Blocks)),
            Verdict::Limited => prop_assert_eq!(worst, Some(Severity::Limits)),
            Verdict::Inconclusive => prop_assert!(worst != Some(Severity::Blocks)),
        }
        let notes_last = diagnosis.findings.windows(2).all(|pair| pair[0].severity != Severity::Note || pair[1].severity == Severity::Note);
        prop_assert!(notes_last);
        let guesses: Vec<bool> = diagnosis.findings.iter().filter(|f| f.severity != Severity::Note).map(|f| f.confidence == Confidence::Possible).collect();
        prop_assert!(guesses.is_sorted(), "what is only possible stands behind");
    }

    #[test]
    fn a_failed_mailbox_is_never_called_working(kind in kind()) {
        let mut world = World::microsoft().healthy();
        world.observations.retain(|o| o.probe != "graph-inbox");
        world.failed("graph-inbox", kind, "graph.microsoft.com");
        prop_assert_ne!(world.judge().verdict, Verdict::Works);
    }
}
