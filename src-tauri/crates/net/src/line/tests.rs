//! Dialogues with peers on loopback, right ones and hostile ones.

use std::time::{Duration, Instant};

use inbox_model::{Failure, FailureKind};
use tokio::io::AsyncWriteExt as _;
use tokio_util::sync::CancellationToken;

use super::{Dialogue, Limits, Lines, MAX_DIALOGUE, MAX_LINE, Place};
use crate::{
    Dns, NetOptions,
    http_client::{client_config, trust},
    proxy::Proxies,
    testing::{Certificates, accept, answering, drip, proxy_at, read_head},
};

const LIMITS: Limits = Limits { command: Duration::from_millis(500), whole: Duration::from_secs(2) };

fn lines(local: &[String]) -> Lines {
    let options = NetOptions { local_hosts: local.to_vec(), ..NetOptions::default() };
    lines_with(&options, &[])
}

fn lines_with(options: &NetOptions, roots: &[rustls::pki_types::CertificateDer<'static>]) -> Lines {
    let proxies = std::sync::Arc::new(Proxies::of(options.proxy.as_ref()));
    let tls = client_config(trust(roots).unwrap()).unwrap();
    Lines::with_tls(options, &Dns::new(options).unwrap(), tls, proxies)
}

fn place(port: u16, implicit_tls: bool) -> Place {
    Place { host: "localhost".to_owned(), port, implicit_tls, public_only: true }
}

async fn open(port: u16, implicit_tls: bool) -> Result<Dialogue, Failure> {
    lines(&[format!("localhost:{port}")]).open(&place(port, implicit_tls), LIMITS, &CancellationToken::new()).await
}

/// What the first line of a peer that sends these bytes comes to.
async fn first_line(bytes: Vec<u8>) -> Result<String, Failure> {
    let port = accept(move |mut stream| {
        let bytes = bytes.clone();
        async move {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
    .port();
    open(port, false).await.unwrap().line().await
}

#[tokio::test]
async fn lines_are_cut_out_of_whatever_comes() {
    assert_eq!(first_line(b"* OK hello\r\n* more".to_vec()).await.unwrap(), "* OK hello");
    assert_eq!(first_line(b"bare\nx".to_vec()).await.unwrap(), "bare");
    assert_eq!(first_line(b"\xff\xfe\r\n".to_vec()).await.unwrap(), "\u{fffd}\u{fffd}");
    let rows = [
        (Vec::new(), FailureKind::ConnectionReset),
        (b"* OK no end".to_vec(), FailureKind::BodyIncomplete),
        (vec![b'x'; MAX_LINE * 3], FailureKind::BodyTooLarge),
        ([vec![b'x'; MAX_LINE], b"\r\n".to_vec()].concat(), FailureKind::BodyTooLarge),
    ];
    for (bytes, kind) in rows {
        let length = bytes.len();
        assert_eq!(first_line(bytes).await.unwrap_err().kind, kind, "{length} bytes");
    }
}

#[tokio::test]
async fn a_peer_that_never_ends_is_left() {
    let port = accept(|mut stream| async move {
        drip(&mut stream, &[b"short line\r\n".as_slice(); 200].concat(), Duration::ZERO).await
    })
    .await
    .port();
    let mut dialogue = open(port, false).await.unwrap();
    let mut bytes = 0;
    let failure = loop {
        match dialogue.line().await {
            Ok(line) => bytes += line.len(),
            Err(failure) => break failure,
        }
    };
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::BodyTooLarge, "dialogue"));
    assert!(bytes <= MAX_DIALOGUE, "{bytes}");
}

#[tokio::test]
async fn silence_and_single_bytes_end_in_time() {
    for piece in [&b""[..], b"x"] {
        let port = accept(move |mut stream| async move { drip(&mut stream, piece, Duration::from_millis(20)).await })
            .await
            .port();
        let begun = Instant::now();
        let failure = open(port, false).await.unwrap().line().await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::TooSlow);
        assert!(begun.elapsed() < LIMITS.whole, "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn the_person_ends_a_wait_at_once() {
    let port = accept(|stream| async move {
        let _kept = stream;
        std::future::pending::<()>().await;
    })
    .await
    .port();
    let cancel = CancellationToken::new();
    let limits = Limits { command: Duration::from_secs(60), whole: Duration::from_secs(60) };
    let mut dialogue = lines(&[format!("localhost:{port}")]).open(&place(port, false), limits, &cancel).await.unwrap();
    let begun = Instant::now();
    let (failure, ()) = tokio::join!(dialogue.line(), async { cancel.cancel() });
    assert_eq!(failure.unwrap_err().kind, FailureKind::Cancelled);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn local_addresses_are_refused_unless_the_settings_name_them() {
    let port = accept(|mut stream| async move { drop(stream.write_all(b"* OK\r\n").await) }).await.port();
    let none = lines(&[]);
    for (host, public_only, kind) in [
        ("127.0.0.1", true, FailureKind::PrivateAddressRefused),
        ("localhost", true, FailureKind::PrivateAddressRefused),
        ("::1", true, FailureKind::PrivateAddressRefused),
        ("10.0.0.1", true, FailureKind::PrivateAddressRefused),
        ("169.254.169.254", true, FailureKind::PrivateAddressRefused),
        // Even where private addresses are allowed, a mail host is not this computer.
        ("127.0.0.1", false, FailureKind::DnsUnusable),
    ] {
        let place = Place { host: host.to_owned(), port, implicit_tls: false, public_only };
        let failure = none.open(&place, LIMITS, &CancellationToken::new()).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{host}");
    }
    // The allowance is for one port.
    let other = lines(&[format!("localhost:{}", port ^ 1)]);
    let failure = other.open(&place(port, false), LIMITS, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::PrivateAddressRefused);
}

#[tokio::test]
async fn nobody_listening_is_a_refusal() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    assert_eq!(open(port, false).await.unwrap_err().kind, FailureKind::ConnectRefused);
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_kind() {
    for (names, years, kind) in [
        (&["localhost"][..], (2020, 2021), FailureKind::TlsExpired),
        (&["localhost"][..], (2090, 2091), FailureKind::TlsNotYetValid),
        (&["other.example"][..], (2020, 2090), FailureKind::TlsWrongHost),
    ] {
        let certificates = Certificates::new(names, years);
        let root = certificates.root.clone();
        let port = certificates.serve("* OK\r\n").await.port();
        let options = NetOptions { local_hosts: vec![format!("localhost:{port}")], ..NetOptions::default() };
        let lines = lines_with(&options, &[root]);
        let failure = lines.open(&place(port, true), LIMITS, &CancellationToken::new()).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{names:?} {years:?} {failure:?}");
    }
    let port = Certificates::new(&["localhost"], (2020, 2090)).serve("* OK\r\n").await.port();
    assert_eq!(open(port, true).await.unwrap_err().kind, FailureKind::TlsUntrusted);
    // A server that speaks in clear text where TLS is expected.
    let port =
        accept(|mut stream| async move { drip(&mut stream, b"* OK hello\r\n", Duration::from_millis(20)).await })
            .await
            .port();
    assert_eq!(open(port, true).await.unwrap_err().kind, FailureKind::TlsProtocol);
}

#[tokio::test]
async fn lines_sent_ahead_of_tls_are_never_taken_for_encrypted_ones() {
    let port = accept(|mut stream| async move {
        let _ = stream.write_all(b"a1 OK begin TLS\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n").await;
        std::future::pending::<()>().await;
    })
    .await
    .port();
    let mut dialogue = open(port, false).await.unwrap();
    dialogue.line().await.unwrap();
    let failure = dialogue.start_tls().await.unwrap_err();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::TlsProtocol, "data-before-tls"));
    assert!(!dialogue.is_encrypted());
}

#[tokio::test]
async fn a_command_is_one_line() {
    let port = accept(|stream| async move {
        let _kept = stream;
        std::future::pending::<()>().await;
    })
    .await
    .port();
    let mut dialogue = open(port, false).await.unwrap();
    assert!(dialogue.send("a1 CAPABILITY").await.is_ok());
    assert_eq!(dialogue.send("EHLO x\r\nMAIL FROM:<>").await.unwrap_err().kind, FailureKind::BodyMalformed);
}

/// Opens a dialogue with a host that only the proxy knows.
async fn through(proxy: crate::ProxySetting) -> Result<Dialogue, Failure> {
    let options = NetOptions { proxy: Some(proxy), ..NetOptions::default() };
    let place = Place { host: "imap.lucerne.example".to_owned(), port: 143, implicit_tls: false, public_only: false };
    lines_with(&options, &[]).open(&place, LIMITS, &CancellationToken::new()).await
}

#[tokio::test]
async fn a_dialogue_leads_through_the_proxy_of_the_settings_with_its_sign_in() {
    let asked = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let kept = asked.clone();
    let proxy = accept(move |mut stream| {
        let kept = kept.clone();
        async move {
            *kept.lock().unwrap() = read_head(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n* OK behind the proxy\r\n").await;
            let _ = stream.shutdown().await;
        }
    })
    .await;
    let setting = crate::ProxySetting::parse(&format!("http://ana:canary-pw@{proxy}")).unwrap();
    let mut dialogue = through(setting).await.unwrap();
    assert_eq!(dialogue.line().await.unwrap(), "* OK behind the proxy");
    let head = asked.lock().unwrap().clone();
    assert!(head.starts_with("CONNECT imap.lucerne.example:143 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic YW5hOmNhbmFyeS1wdw==\r\n"), "{head}");
    assert!(!format!("{dialogue:?}").contains("canary"));
}

#[tokio::test]
async fn what_a_proxy_refuses_is_told_apart() {
    let wants =
        answering("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n")
            .await;
    let failure = through(proxy_at(wants)).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (FailureKind::ProxyAuthentication, Some(407)));
    assert_eq!(failure.detail, "Negotiate, Basic");
    assert!(failure.codes.is_empty());
    let signed = crate::ProxySetting::parse(&format!("http://ana:wrong-canary@{wants}")).unwrap();
    let failure = through(signed).await.unwrap_err();
    assert_eq!(failure.codes[0].value, "proxy-sign-in-refused");
    assert!(!format!("{failure:?}").contains("canary"));
    for (bytes, status) in [("HTTP/1.1 403 Forbidden\r\n\r\n", Some(403)), ("* OK I am IMAP\r\n\r\n", None)] {
        let failure = through(proxy_at(answering(bytes).await)).await.unwrap_err();
        assert_eq!((failure.kind, failure.status), (FailureKind::ProxyRefused, status), "{bytes}");
    }
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(through(proxy_at(gone)).await.unwrap_err().kind, FailureKind::ProxyRefused);
}
