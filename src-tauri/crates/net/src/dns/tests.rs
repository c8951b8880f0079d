//! Look-ups against a real server on loopback, well and badly behaved.

use std::time::{Duration, Instant};

use inbox_model::{Failure, FailureKind};
use tokio_util::sync::CancellationToken;

use super::{Dns, DnsAnswer, DnsRecord, RecordKind};
use crate::{
    NetOptions,
    testing::dns_server::{DnsServer, Fault, Zone},
};

fn dns(server: &DnsServer) -> Dns {
    Dns::new(&NetOptions { dns_server: Some(server.address), ..NetOptions::default() }).unwrap()
}

async fn ask(server: &DnsServer, name: &str, kind: RecordKind) -> Result<DnsAnswer, Failure> {
    dns(server).lookup(name, kind, Duration::from_secs(5), &CancellationToken::new()).await
}

#[tokio::test]
async fn each_record_type_is_read() {
    let long = format!("v=spf1 {} -all", "include:spf.example ".repeat(30));
    let server = Zone::default()
        .mx("contoso.example", 10, "Contoso-Example.Mail.Protection.Outlook.com")
        .txt("contoso.example", &long)
        .a("contoso.example", "192.0.2.1")
        .cname("autodiscover.contoso.example", "autodiscover.outlook.com")
        .srv("_autodiscover._tcp.contoso.example", 443, "mail.contoso.example")
        .mx("nomail.example", 0, ".")
        .serve()
        .await;
    let one = |record| DnsAnswer { chain: Vec::new(), records: vec![record] };
    let exchange = "contoso-example.mail.protection.outlook.com".to_owned();
    let rows = [
        ("contoso.example", RecordKind::Mx, one(DnsRecord::Mx { preference: 10, exchange })),
        ("CONTOSO.example.", RecordKind::Txt, one(DnsRecord::Txt(long))),
        ("contoso.example", RecordKind::A, one(DnsRecord::Address("192.0.2.1".parse().unwrap()))),
        ("autodiscover.contoso.example", RecordKind::Cname, one(DnsRecord::Cname("autodiscover.outlook.com".into()))),
        (
            "_autodiscover._tcp.contoso.example",
            RecordKind::Srv,
            one(DnsRecord::Srv { priority: 0, weight: 0, port: 443, target: "mail.contoso.example".into() }),
        ),
        ("nomail.example", RecordKind::Mx, one(DnsRecord::Mx { preference: 0, exchange: String::new() })),
    ];
    for (name, kind, expected) in rows {
        assert_eq!(ask(&server, name, kind).await.unwrap(), expected, "{name} {kind:?}");
    }
}

#[tokio::test]
async fn a_chain_is_followed_and_kept() {
    let server = Zone::default()
        .cname("a.example", "b.example")
        .cname("b.example", "c.example")
        .a("c.example", "192.0.2.7")
        .cname("loop.example", "pool.example")
        .cname("pool.example", "loop.example")
        .cname("dangling.example", "gone.example")
        .serve()
        .await;
    let answer = ask(&server, "a.example", RecordKind::A).await.unwrap();
    assert_eq!(answer.chain, ["b.example", "c.example"]);
    assert_eq!(answer.records, [DnsRecord::Address("192.0.2.7".parse().unwrap())]);
    for (name, kind, detail) in [
        ("loop.example", FailureKind::DnsUnusable, "cname-loop"),
        ("dangling.example", FailureKind::DnsNotFound, "nxdomain"),
    ] {
        let failure = ask(&server, name, RecordKind::A).await.unwrap_err();
        assert_eq!((failure.kind, failure.detail.as_str()), (kind, detail), "{name}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    let server = Zone::default()
        .a("there.example", "192.0.2.1")
        .fault("servfail.example", Fault::ServFail)
        .fault("refused.example", Fault::Refused)
        .a("lies.example", "192.0.2.1")
        .fault("lies.example", Fault::OtherName)
        .serve()
        .await;
    let rows = [
        ("gone.example", FailureKind::DnsNotFound, "nxdomain"),
        ("there.example", FailureKind::DnsNotFound, "no-data"),
        ("servfail.example", FailureKind::DnsServerFailed, "servfail"),
        ("refused.example", FailureKind::DnsServerFailed, "refused"),
        ("lies.example", FailureKind::DnsNotFound, "no-data"),
        ("two words.example", FailureKind::DnsUnusable, "invalid-name"),
        ("a..example", FailureKind::DnsUnusable, "invalid-name"),
        ("192.0.2.1", FailureKind::DnsUnusable, "invalid-name"),
        ("", FailureKind::DnsUnusable, "invalid-name"),
    ];
    for (name, kind, detail) in rows {
        let failure = ask(&server, name, RecordKind::Mx).await.unwrap_err();
        assert_eq!((failure.kind, failure.detail.as_str()), (kind, detail), "{name}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_fetched_over_tcp() {
    let server =
        Zone::default().txt("big.example", &"x".repeat(2000)).fault("big.example", Fault::Truncated).serve().await;
    let answer = ask(&server, "big.example", RecordKind::Txt).await.unwrap();
    assert_eq!(answer.records, [DnsRecord::Txt("x".repeat(2000))]);
    assert!(server.asked().len() >= 2);
}

#[tokio::test]
async fn silence_and_garbage_end_in_time() {
    let server =
        Zone::default().fault("silent.example", Fault::Silence).fault("garbage.example", Fault::Garbage).serve().await;
    let limit = Duration::from_millis(400);
    for (name, kinds) in [
        ("silent.example", &[FailureKind::DnsTimeout][..]),
        // Whether broken bytes are an answer or are waited over is the library's choice; both are definite.
        ("garbage.example", &[FailureKind::DnsUnusable, FailureKind::DnsTimeout]),
    ] {
        let begun = Instant::now();
        let failure = dns(&server).lookup(name, RecordKind::Mx, limit, &CancellationToken::new()).await.unwrap_err();
        assert!(kinds.contains(&failure.kind), "{name}: {failure:?}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{name}");
    }
}

#[tokio::test]
async fn a_cancel_ends_a_lookup_at_once() {
    let server = Zone::default().fault("silent.example", Fault::Silence).serve().await;
    let (dns, cancel) = (dns(&server), CancellationToken::new());
    let begun = Instant::now();
    let asking = dns.lookup("silent.example", RecordKind::Mx, Duration::from_secs(60), &cancel);
    let (result, ()) = tokio::join!(asking, async { cancel.cancel() });
    assert_eq!(result.unwrap_err().kind, FailureKind::Cancelled);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let dns = Dns::new(&NetOptions { dns_server: Some(address), ..NetOptions::default() }).unwrap();
    let failure = dns
        .lookup("contoso.example", RecordKind::Mx, Duration::from_secs(3), &CancellationToken::new())
        .await
        .unwrap_err();
    assert!(matches!(failure.kind, FailureKind::DnsServerFailed | FailureKind::DnsTimeout), "{failure:?}");
}

#[tokio::test]
async fn the_operating_system_is_asked_too() {
    let dns = Dns::new(&NetOptions::default()).unwrap();
    let cancel = CancellationToken::new();
    let found = dns.system_lookup("localhost", Duration::from_secs(5), &cancel).await.unwrap();
    assert!(found.iter().all(std::net::IpAddr::is_loopback));
    let refused = dns.system_lookup("not a name", Duration::from_secs(5), &cancel).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::DnsUnusable);
}

#[test]
fn messages_over_https_are_read_as_answers() {
    use hickory_proto::{
        op::{Message, ResponseCode},
        rr::{Name, RData, Record, rdata::A},
    };
    let mut message = Message::query();
    let name = Name::from_ascii("login.example.").unwrap();
    message.answers.push(Record::from_rdata(name, 60, RData::A(A::new(192, 0, 2, 7))));
    let bytes = message.to_vec().unwrap();
    let answers = super::read_dns_message("login.example", &bytes);
    let found = answers[4].as_ref().unwrap();
    assert_eq!(found.records, [DnsRecord::Address("192.0.2.7".parse().unwrap())]);
    // The same record says nothing about another name.
    assert!(super::read_dns_message("other.example", &bytes).iter().all(Result::is_err));
    message.metadata.response_code = ResponseCode::NXDomain;
    let refused = super::read_dns_message("login.example", &message.to_vec().unwrap());
    assert_eq!(refused[4].as_ref().unwrap_err().detail, "nxdomain");
    assert_eq!(super::read_dns_message("login.example", b"<html>")[0].as_ref().unwrap_err().detail, "malformed");
}
