//! Ways to peers on loopback, right ones and wrong ones.

use std::time::{Duration, Instant};

use inbox_model::FailureKind;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;

use super::{Greeting, Way, Ways};
use crate::{
    Net, NetOptions,
    testing::{Certificates, accept, answer, answering},
};

const LIMIT: Duration = Duration::from_secs(5);
const SHORT: Duration = Duration::from_millis(300);

fn ways(roots: Vec<Vec<u8>>) -> Ways {
    Net::new(&NetOptions { extra_roots: roots, ..NetOptions::default() }).unwrap().ways
}

async fn to(ways: &Ways, address: std::net::SocketAddr) -> Way {
    ways.connect(address, LIMIT, &CancellationToken::new()).await.unwrap()
}

#[tokio::test]
async fn a_trusted_host_tells_version_issuer_and_answer() {
    let certificates = Certificates::new(&["localhost"], (2020, 2060));
    let ways = ways(vec![certificates.root.to_vec()]);
    let address = certificates.serve(answer("200 OK", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "body")).await;
    let cancel = CancellationToken::new();
    let shaken = ways.handshake(to(&ways, address).await, "localhost", LIMIT, &cancel).await;
    assert_eq!((shaken.version, shaken.chain[0].issuer().as_str()), (Some("1.3"), "test root"));
    assert!(shaken.received > 500);
    let reply = ways.ask(shaken.outcome.unwrap(), "localhost", "/", LIMIT, &cancel).await.unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"body".as_slice()));
    assert!(reply.headers.contains_key("date"));
}

#[tokio::test]
async fn what_is_not_trusted_is_shown_all_the_same() {
    for (names, years, kind) in [
        (&["localhost"], (2020, 2060), FailureKind::TlsUntrusted),
        (&["localhost"], (2020, 2021), FailureKind::TlsExpired),
        (&["localhost"], (2058, 2060), FailureKind::TlsNotYetValid),
        (&["other.example"], (2020, 2060), FailureKind::TlsWrongHost),
    ] {
        let certificates = Certificates::new(names, years);
        let roots = if kind == FailureKind::TlsUntrusted { Vec::new() } else { vec![certificates.root.to_vec()] };
        let ways = ways(roots);
        let address = certificates.serve(answer("200 OK", "", "")).await;
        let shaken = ways.handshake(to(&ways, address).await, "localhost", LIMIT, &CancellationToken::new()).await;
        assert_eq!(shaken.outcome.unwrap_err().kind, kind);
        assert_eq!(shaken.chain[0].issuer(), "test root", "{kind:?}");
        assert_eq!(shaken.chain[0].not_after.to_string(), format!("{}-01-01T00:00:00Z", years.1));
    }
}

#[tokio::test]
async fn a_modern_server_refuses_the_old_greeting_and_that_is_an_answer() {
    let certificates = Certificates::new(&["localhost"], (2020, 2060));
    let ways = ways(Vec::new());
    let address = certificates.serve("").await;
    let cancel = CancellationToken::new();
    let greeting = ways.greet(to(&ways, address).await, "localhost", LIMIT, &cancel).await;
    assert_eq!(greeting.unwrap(), Greeting::Refuses);
    let web = accept(|mut stream| async move {
        let mut start = [0_u8; 8];
        let _ = stream.read_exact(&mut start).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    assert_eq!(ways.greet(to(&ways, web).await, "localhost", LIMIT, &cancel).await.unwrap(), Greeting::NoTls);
}

#[tokio::test]
async fn silence_ends_with_the_limit_and_a_wish_to_stop_at_once() {
    let ways = ways(Vec::new());
    let silent = accept(|mut stream| async move {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all).await;
    })
    .await;
    let cancel = CancellationToken::new();
    let begun = Instant::now();
    let shaken = ways.handshake(to(&ways, silent).await, "localhost", SHORT, &cancel).await;
    assert_eq!((shaken.outcome.unwrap_err().kind, shaken.received), (FailureKind::TooSlow, 0));
    let greeting = ways.greet(to(&ways, silent).await, "localhost", SHORT, &cancel).await;
    assert_eq!(greeting.unwrap_err().kind, FailureKind::TooSlow);
    let reply = ways.ask(to(&ways, silent).await, "localhost", "/", SHORT, &cancel).await;
    assert_eq!(reply.unwrap_err().kind, FailureKind::TooSlow);
    assert!(begun.elapsed() < LIMIT);
    let way = to(&ways, silent).await;
    cancel.cancel();
    let shaken = ways.handshake(way, "localhost", LIMIT, &cancel).await;
    assert_eq!(shaken.outcome.unwrap_err().kind, FailureKind::Cancelled);
}

#[tokio::test]
async fn answers_over_plain_http_are_read_up_to_their_limit() {
    let ways = ways(Vec::new());
    let cancel = CancellationToken::new();
    let portal = answering("HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/login\r\n\r\n").await;
    let reply = ways.ask(to(&ways, portal).await, "probe.example", "/", LIMIT, &cancel).await.unwrap();
    assert_eq!(reply.redirect_host().as_deref(), Some("portal.hotel.example"));
    let large = answering(answer("200 OK", "", &"x".repeat(100_000))).await;
    let reply = ways.ask(to(&ways, large).await, "probe.example", "/", LIMIT, &cancel).await.unwrap();
    assert_eq!(reply.body.len(), 8 * 1024);
    let other = answering("* OK IMAP4rev1\r\n").await;
    let failure = ways.ask(to(&ways, other).await, "probe.example", "/", LIMIT, &cancel).await.unwrap_err();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::BodyMalformed, "no-http"));
    let endless = answering("x".repeat(40_000)).await;
    let failure = ways.ask(to(&ways, endless).await, "probe.example", "/", LIMIT, &cancel).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::BodyTooLarge);
}
