//! Networks that fail, lie or do not answer: the verdict stays definite, the observations say what happened.

use std::time::{Duration, Instant};

use hickory_proto::rr::RecordType;
use inbox_model::{Confidence, FailureKind, MailReception, Observation, Outcome, Provider, SkipReason};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    World,
    dns_server::{Fault, Zone},
    played::Played,
};

const TENANT: &str = "11111111-2222-3333-4444-555555555555";

fn kinds(observations: &[Observation]) -> Vec<FailureKind> {
    observations
        .iter()
        .filter_map(|observation| match &observation.outcome {
            Outcome::Failed { failure } => Some(failure.kind),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn one_failed_lookup_does_not_stop_the_others() {
    let zone = Zone::default()
        .fault_for("contoso.example", RecordType::MX, Fault::ServFail)
        .cname("autodiscover.contoso.example", "autodiscover.outlook.com")
        .cname("selector2._domainkey.contoso.example", "selector2-contoso-example._domainkey.contoso.onmicrosoft.com");
    let played =
        Played::default().tenant("contoso.example", TENANT, &json!({}), &json!({ "NameSpaceType": "Managed" }));
    let world = World::new(zone, played).await;
    let found = world.discover("contoso.example").await;
    assert!(found.provider.is_microsoft(), "{found:#?}");
    assert_eq!((found.confidence, found.reception), (Confidence::Possible, MailReception::NotChecked));
    assert!(found.tenant.is_some());
    assert_eq!(kinds(&world.of_probe("discovery-mx")), [FailureKind::DnsServerFailed]);
    assert_eq!(world.of_probe("discovery-dns").len(), 8);
    assert!(kinds(&world.of_probe("discovery-dns")).is_empty());
}

#[tokio::test]
async fn without_microsofts_answer_the_records_still_decide() {
    let zone = Zone::default().mx("contoso.example", 0, "contoso-example.mail.protection.outlook.com");
    let rows = [
        (
            Played::default().raw("/contoso", "200 OK", "Content-Type: text/html\r\n", "<html>Wi-Fi"),
            FailureKind::CaptivePortal,
        ),
        (Played::default().raw("/contoso", "503 Busy", "", ""), FailureKind::ProviderUnavailable),
        (Played::default().raw("/contoso", "429 Slow", "Retry-After: 9\r\n", ""), FailureKind::Throttled),
        (
            Played::default().raw("/contoso", "200 OK", "Content-Type: application/json\r\n", "{"),
            FailureKind::BodyMalformed,
        ),
        (
            Played::default().raw("/contoso", "302 Found", "Location: https://evil.example/\r\n", ""),
            FailureKind::RedirectRefused,
        ),
        (Played::default(), FailureKind::ProviderRefused),
    ];
    for (played, kind) in rows {
        let world = World::new(zone.clone(), played).await;
        let found = world.discover("contoso.example").await;
        assert!(found.provider.is_microsoft() && found.tenant.is_none(), "{kind:?}");
        assert_eq!(found.confidence, Confidence::Likely, "{kind:?}");
        let seen = world.of_probe("discovery-openid");
        assert_eq!(kinds(&seen), [kind]);
        if let Outcome::Failed { failure } = &seen[0].outcome {
            if kind == FailureKind::Throttled {
                assert_eq!(failure.retry_after, Some(9));
            }
            if kind == FailureKind::ProviderRefused {
                assert_eq!(failure.codes[0].value, "AADSTS90002");
            }
        }
    }
}

#[tokio::test]
async fn a_mail_host_at_a_private_address_settles_nothing() {
    let zone = Zone::default().mx("liar.example", 10, "mail.liar.example").a("mail.liar.example", "10.0.0.1");
    let world = World::new(zone, Played::default()).await;
    let found = world.discover("liar.example").await;
    assert_eq!((found.provider, found.confidence), (Provider::Unknown, Confidence::Possible));
    assert_eq!(kinds(&world.of_probe("discovery-dns")), [FailureKind::DnsUnusable]);
}

#[tokio::test]
async fn a_silent_resolver_ends_with_the_budget() {
    let mut zone = Zone::default();
    for name in ["", "selector1._domainkey.", "selector2._domainkey.", "google._domainkey.", "autodiscover."] {
        zone = zone.fault(&format!("{name}silent.example"), Fault::Silence);
    }
    let world = World::new(zone.fault("_autodiscover._tcp.silent.example", Fault::Silence), Played::default()).await;
    let begun = Instant::now();
    let budget = Duration::from_millis(700);
    let found = world.discover_within("ana@silent.example", budget, &CancellationToken::new()).await;
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert_eq!((found.provider, found.reception), (Provider::Unknown, MailReception::NotChecked));
    assert_eq!(kinds(&world.of_probe("discovery-mx")), [FailureKind::DnsTimeout]);
    // Microsoft's own hosts did answer.
    assert_eq!(kinds(&world.of_probe("discovery-openid")), [FailureKind::ProviderRefused]);
}

#[tokio::test]
async fn a_ring_of_aliases_is_not_a_domain_without_mail() {
    let zone = Zone::default().cname("loop.example", "pool.example").cname("pool.example", "loop.example");
    let world = World::new(zone, Played::default()).await;
    let found = world.discover("loop.example").await;
    assert_eq!((found.provider, found.reception), (Provider::Unknown, MailReception::NotChecked));
    assert_eq!(kinds(&world.of_probe("discovery-mx")), [FailureKind::DnsUnusable]);
}

#[tokio::test]
async fn a_lying_resolver_gives_no_verdict() {
    let zone = Zone::default()
        .mx("contoso.example", 0, "contoso-example.mail.protection.outlook.com")
        .fault("contoso.example", Fault::OtherName);
    let world = World::new(zone, Played::default()).await;
    let found = world.discover("contoso.example").await;
    assert!(!found.provider.is_microsoft(), "a record of another name counts for nothing: {found:#?}");
}

#[tokio::test]
async fn a_cancel_ends_everything_at_once() {
    let zone = Zone::default().fault("contoso.example", Fault::Silence);
    let world = World::new(zone, Played::default()).await;
    let cancel = CancellationToken::new();
    let begun = Instant::now();
    let work = world.discover_within("ana@contoso.example", Duration::from_secs(60), &cancel);
    let (found, ()) = tokio::join!(work, async { cancel.cancel() });
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(found.reception, MailReception::NotChecked);
    let observations = world.recorder.observations();
    assert!(observations.iter().all(|observation| !matches!(observation.outcome, Outcome::Failed { .. })));
    assert!(observations.iter().any(|observation| {
        matches!(observation.outcome, Outcome::Skipped { because: SkipReason::Cancelled | SkipReason::OutOfTime })
    }));
}

#[tokio::test]
async fn a_clock_that_is_off_is_observed() {
    let headers = "Content-Type: application/json\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let body = json!({ "issuer": format!("https://login.microsoftonline.com/{TENANT}/v2.0") }).to_string();
    let played = Played::default().raw("/contoso", "200 OK", headers, &body);
    let zone = Zone::default().mx("contoso.example", 0, "contoso-example.mail.protection.outlook.com");
    let world = World::new(zone, played).await;
    world.discover("contoso.example").await;
    assert_eq!(kinds(&world.of_probe("clock")), [FailureKind::ClockSkew]);
}
