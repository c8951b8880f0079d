//! Documents, records and peers, right ones and hostile ones, on loopback.

// One DNS server for the tests of all crates: real packets are easy to get subtly wrong twice.
#[allow(clippy::duplicate_mod, reason = "the tests of discovery have it too, each with its own use of it")]
#[path = "../../../net/src/testing/dns_server.rs"]
pub(crate) mod dns_server;
mod documents;
mod peers;

use std::time::{Duration, Instant};

use inbox_model::{
    Autodiscover, Confidence, Discovery, Domain, Evidence, EvidenceKind, MailProtocol, MailReception, Outcome,
    Provider, ServerSource, SkipReason,
};
use inbox_net::{Net, NetOptions};
use tokio_util::sync::CancellationToken;

use self::dns_server::{Fault, Zone};
use super::{FoundServer, Search, ServerAnswer, look};
use crate::Recorder;

/// What discovery would have found.
fn discovery(domain: &str, provider: Provider, exchange: &str) -> Discovery {
    Discovery {
        domain: Domain::parse(domain).unwrap(),
        decided_by: None,
        provider,
        confidence: Confidence::Likely,
        gateway: None,
        forwarder: None,
        reception: MailReception::Mx,
        tenant: None,
        autodiscover: Autodiscover::NotChecked,
        evidence: vec![Evidence {
            kind: EvidenceKind::Mx,
            asked: domain.to_owned(),
            answer: format!("10 {exchange}"),
            points_to: None,
            weight: 90,
        }],
    }
}

fn other(host: &str) -> Provider {
    Provider::Other { host: host.to_owned(), name: host.to_owned() }
}

struct World {
    dns: dns_server::DnsServer,
    recorder: Recorder,
}

impl World {
    async fn new(zone: Zone) -> Self {
        Self { dns: zone.serve().await, recorder: Recorder::default() }
    }

    async fn look(&self, found: &Discovery, budget: Duration) -> Vec<FoundServer> {
        self.look_until(found, budget, &CancellationToken::new()).await
    }

    async fn look_until(&self, found: &Discovery, budget: Duration, cancel: &CancellationToken) -> Vec<FoundServer> {
        let net = Net::new(&NetOptions { dns_server: Some(self.dns.address), ..NetOptions::default() }).unwrap();
        look(found, &Search::default(), &net, &self.recorder, budget, cancel).await.servers
    }
}

#[tokio::test]
async fn published_values_come_first_and_records_stay_as_alternatives() {
    let zone = Zone::default()
        .srv("_imaps._tcp.contoso.example", 993, "imap.fastmail.com")
        .srv("_imap._tcp.contoso.example", 143, "mail.contoso.example")
        .srv("_pop3s._tcp.contoso.example", 995, "mail.elsewhere.example");
    let world = World::new(zone).await;
    let exchange = "in1-smtp.messagingengine.com";
    let found = world.look(&discovery("contoso.example", other("fastmail"), exchange), Duration::from_secs(4)).await;
    let of = |protocol| -> Vec<(&str, ServerSource)> {
        let all = found.iter().filter(|found| found.server.protocol == protocol);
        all.map(|found| (found.server.host.as_str(), found.server.source)).collect()
    };
    // The record that says the same as the table is not repeated.
    let imap = [("imap.fastmail.com", ServerSource::Table), ("mail.contoso.example", ServerSource::Srv)];
    assert_eq!(of(MailProtocol::Imap), imap);
    let pop = [("pop.fastmail.com", ServerSource::Table), ("mail.elsewhere.example", ServerSource::Srv)];
    assert_eq!(of(MailProtocol::Pop), pop);
    let outside: Vec<&str> = found
        .iter()
        .filter(|found| found.answer == ServerAnswer::Outside)
        .map(|found| found.server.host.as_str())
        .collect();
    assert_eq!(outside, ["mail.elsewhere.example"]);
    assert!(!world.dns.asked().iter().any(|name| name.starts_with("mail.elsewhere.example")), "not even looked up");
}

#[tokio::test]
async fn the_big_providers_are_not_asked_about_the_domain() {
    let world = World::new(Zone::default()).await;
    for (provider, host) in [
        (Provider::Microsoft365 { cloud: inbox_model::Cloud::Worldwide }, "outlook.office365.com"),
        (Provider::GoogleWorkspace, "imap.gmail.com"),
    ] {
        let found = world.look(&discovery("contoso.example", provider, "x.example"), Duration::from_secs(4)).await;
        assert_eq!(found.first().unwrap().server.host, host);
    }
    // The national clouds have hosts of their own, which no public page confirmed.
    let china = Provider::Microsoft365 { cloud: inbox_model::Cloud::China };
    assert!(world.look(&discovery("contoso.example", china, "x.example"), Duration::from_secs(4)).await.is_empty());
    let names = world.dns.asked();
    assert!(!names.iter().any(|name| name.contains("contoso.example")), "{names:?}");
}

#[tokio::test]
async fn nothing_above_the_registrable_domain_is_looked_up() {
    let world = World::new(Zone::default()).await;
    let found = discovery("mail.contoso.co.jp", other("own-server"), "mx.elsewhere.example");
    assert!(world.look(&found, Duration::from_secs(4)).await.is_empty());
    let names = world.dns.asked();
    assert!(names.iter().any(|name| name == "_imaps._tcp.mail.contoso.co.jp SRV"), "{names:?}");
    let escaped: Vec<_> =
        names.iter().filter(|name| !name.split(' ').next().unwrap().ends_with("contoso.co.jp")).collect();
    assert!(escaped.is_empty(), "{escaped:?}");
}

#[tokio::test]
async fn a_domain_with_many_records_does_not_make_us_knock_at_every_door() {
    let mut zone = Zone::default();
    for number in 0..20 {
        let host = format!("m{number}.contoso.example");
        zone = zone.a(&host, "198.51.100.9").srv("_imaps._tcp.contoso.example", 993, &host).srv(
            "_imap._tcp.contoso.example",
            143,
            &host,
        );
    }
    let world = World::new(zone).await;
    let found = discovery("contoso.example", other("own-server"), "mx.elsewhere.example");
    let found = world.look(&found, Duration::from_secs(4)).await;
    let asked = found.iter().filter(|found| matches!(found.answer, ServerAnswer::Failed { .. })).count();
    let because = SkipReason::NotRequested;
    let left = found.iter().filter(|found| found.answer == ServerAnswer::NotTried { because }).count();
    assert_eq!((asked, left), (4, 4), "{found:#?}");
}

#[tokio::test]
async fn silent_name_servers_and_the_person_end_the_search() {
    let mut zone = Zone::default();
    let names = ["_imaps", "_imap", "_submissions", "_submission", "_pop3s", "_pop3"];
    for name in names {
        zone = zone.fault(&format!("{name}._tcp.contoso.example"), Fault::Silence);
    }
    let names = ["contoso.example", "autoconfig.contoso.example", "imap.contoso.example", "mail.contoso.example"];
    for name in names {
        zone = zone.fault(name, Fault::Silence);
    }
    let world = World::new(zone).await;
    let found = discovery("contoso.example", other("own-server"), "mx.contoso.example");
    let begun = Instant::now();
    world.look(&found, Duration::from_secs(2)).await;
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    let cancel = CancellationToken::new();
    cancel.cancel();
    let begun = Instant::now();
    world.look_until(&found, Duration::from_secs(60), &cancel).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    for observation in world.recorder.observations() {
        assert!(observation.probe.starts_with("servers-"), "{observation:?}");
        assert!(
            !matches!(observation.outcome, Outcome::Failed { ref failure } if failure.kind == inbox_model::FailureKind::Cancelled)
        );
    }
}
