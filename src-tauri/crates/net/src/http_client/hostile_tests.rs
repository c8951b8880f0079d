//! TLS, proxies and names that cannot be trusted.

use std::time::Duration;

use inbox_model::{Failure, FailureKind, Secret};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Http, Request, Response};
use crate::{
    Dns, NetOptions,
    testing::{
        Certificates, accept, answer, answering, client,
        dns_server::{Fault, Zone},
        plain, proxy_at, read_head,
    },
};

const OK: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

async fn over_tls(certificates: Certificates, trusted: bool, host: &str) -> Result<Response, Failure> {
    let root = certificates.root.clone();
    let port = certificates.serve(OK).await.port();
    let options = NetOptions { local_hosts: vec![format!("{host}:{port}")], ..NetOptions::default() };
    let dns = Dns::new(&options).unwrap();
    let roots = if trusted { vec![root] } else { Vec::new() };
    let http = Http::with_extra_roots(&options, &dns, &roots).unwrap();
    let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
    http.send(Request::get(url), &CancellationToken::new()).await
}

#[tokio::test]
async fn each_certificate_fault_has_its_kind() {
    let right = over_tls(Certificates::new(&["127.0.0.1"], (2020, 2099)), true, "127.0.0.1").await;
    assert_eq!(right.unwrap().status, 200);
    let rows = [
        ("unknown issuer", Certificates::new(&["127.0.0.1"], (2020, 2099)), false, FailureKind::TlsUntrusted),
        ("expired", Certificates::new(&["127.0.0.1"], (2010, 2011)), true, FailureKind::TlsExpired),
        ("not yet valid", Certificates::new(&["127.0.0.1"], (2090, 2099)), true, FailureKind::TlsNotYetValid),
        ("wrong host", Certificates::new(&["other.example"], (2020, 2099)), true, FailureKind::TlsWrongHost),
    ];
    for (name, certificates, trusted, kind) in rows {
        let failure = over_tls(certificates, trusted, "127.0.0.1").await.expect_err(name);
        assert_eq!(failure.kind, kind, "{name}: {failure:?}");
    }
}

#[tokio::test]
async fn a_broken_handshake_has_its_kind() {
    // An alert "protocol version" (RFC 8446 section 6), as a server that knows only old TLS sends it; garbage; a hang-up.
    let rows: [(&str, &'static [u8], FailureKind); 3] = [
        ("protocol version", &[0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46], FailureKind::TlsProtocol),
        ("no TLS", b"HTTP/1.1 400 Bad Request\r\n\r\n", FailureKind::TlsProtocol),
        ("hang-up after the hello", b"", FailureKind::ConnectionReset),
    ];
    for (name, bytes, kind) in rows {
        let address = accept(move |mut stream| async move {
            let mut hello = [0; 64];
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut hello).await;
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            // Takes what still comes, so that the close is no reset.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        })
        .await;
        let http = client(NetOptions { local_hosts: vec![address.to_string()], ..NetOptions::default() });
        let url = Url::parse(&format!("https://{address}/")).unwrap();
        let failure = http.send(Request::get(url), &CancellationToken::new()).await.expect_err(name);
        assert_eq!(failure.kind, kind, "{name}: {failure:?}");
    }
}

#[tokio::test]
async fn a_handshake_without_answer_is_no_connection() {
    let address = accept(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let http = client(NetOptions { local_hosts: vec![address.to_string()], ..NetOptions::default() });
    let mut request = Request::get(Url::parse(&format!("https://{address}/")).unwrap());
    request.limit = Duration::from_millis(300);
    let failure = http.send(request, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::ConnectTimeout);
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_apart() {
    let rows = [
        (
            "407",
            answer("407 Proxy Authentication Required", "Proxy-Authenticate: NTLM\r\n", ""),
            FailureKind::ProxyAuthentication,
        ),
        ("403", answer("403 Forbidden", "X-Squid-Error: ERR_ACCESS_DENIED 0\r\n", "<html>"), FailureKind::ProxyRefused),
        ("502", answer("502 Bad Gateway", "", ""), FailureKind::ProxyRefused),
        ("hang-up", String::new(), FailureKind::ProxyRefused),
    ];
    for (name, bytes, kind) in rows {
        let proxy = answering(bytes).await;
        let http = client(NetOptions { proxy: Some(proxy_at(proxy)), ..NetOptions::default() });
        let mut request = Request::get(Url::parse("https://login.example/x?code=CANARY").unwrap());
        request.bearer = Some(Secret::new("CANARY".to_owned()));
        let failure = http.send(request, &CancellationToken::new()).await.expect_err(name);
        assert_eq!(failure.kind, kind, "{name}: {failure:?}");
        assert!(!format!("{failure:?}").contains("CANARY"), "{name}");
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = listener.local_addr().unwrap();
    drop(listener);
    let http = client(NetOptions { proxy: Some(proxy_at(gone)), ..NetOptions::default() });
    let url = Url::parse("https://login.example/").unwrap();
    let failure = http.send(Request::get(url), &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::ProxyRefused);
}

#[tokio::test]
async fn a_plain_request_through_a_proxy_sees_its_407() {
    let proxy = answering(answer("407 Proxy Authentication Required", "", "")).await;
    let options = NetOptions {
        proxy: Some(proxy_at(proxy)),
        local_hosts: vec!["127.0.0.1:9".to_owned()],
        ..NetOptions::default()
    };
    let request = Request::get(Url::parse("http://127.0.0.1:9/").unwrap());
    let failure = client(options).send(request, &CancellationToken::new()).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (FailureKind::ProxyAuthentication, Some(407)));
}

#[tokio::test]
async fn plain_http_goes_only_to_local_hosts() {
    let address = answering(OK).await;
    let http = client(NetOptions { local_hosts: vec!["127.0.0.1:1".to_owned()], ..NetOptions::default() });
    let failure = http.send(Request::get(plain(address, "/")), &CancellationToken::new()).await.unwrap_err();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::TlsProtocol, "plain-http-refused"));
    let file = Request::get(Url::parse("file:///etc/passwd").unwrap());
    assert!(http.send(file, &CancellationToken::new()).await.is_err());
}

#[tokio::test]
async fn private_addresses_are_not_contacted() {
    let server = Zone::default()
        .a("inside.example", "10.0.0.5")
        .a("metadata.example", "169.254.169.254")
        .a("mixed.example", "198.41.0.4")
        .a("mixed.example", "192.168.0.9")
        .a("blocked.example", "0.0.0.0")
        .fault("sick.example", Fault::ServFail)
        .serve()
        .await;
    let http = client(NetOptions { dns_server: Some(server.address), ..NetOptions::default() });
    let rows = [
        ("https://inside.example/", true, FailureKind::PrivateAddressRefused),
        ("https://metadata.example/", true, FailureKind::PrivateAddressRefused),
        ("https://mixed.example/", true, FailureKind::PrivateAddressRefused),
        ("https://10.0.0.5/", true, FailureKind::PrivateAddressRefused),
        ("https://[::ffff:127.0.0.1]/", true, FailureKind::PrivateAddressRefused),
        ("https://2130706433/", true, FailureKind::PrivateAddressRefused),
        // A provider's host that shall be this computer: a filter answered in place of the name's owner.
        ("https://blocked.example/", false, FailureKind::DnsUnusable),
        ("https://sick.example/", false, FailureKind::DnsServerFailed),
        ("https://gone.example/", false, FailureKind::DnsNotFound),
    ];
    for (url, public_only, kind) in rows {
        let mut request = Request::get(Url::parse(url).unwrap());
        request.public_only = public_only;
        let failure = http.send(request, &CancellationToken::new()).await.expect_err(url);
        assert_eq!(failure.kind, kind, "{url}: {failure:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_not_answered_is_a_name_timeout() {
    let server = Zone::default().fault("silent.example", Fault::Silence).serve().await;
    let http = client(NetOptions { dns_server: Some(server.address), ..NetOptions::default() });
    let mut request = Request::get(Url::parse("https://silent.example/").unwrap());
    request.limit = Duration::from_millis(300);
    let failure = http.send(request, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::DnsTimeout);
}

#[tokio::test]
async fn a_private_target_is_refused_behind_a_proxy_too() {
    let server = Zone::default().a("inside.example", "10.0.0.5").serve().await;
    let proxy = answering(answer("502 Bad Gateway", "", "")).await;
    let options =
        NetOptions { dns_server: Some(server.address), proxy: Some(proxy_at(proxy)), ..NetOptions::default() };
    let mut request = Request::get(Url::parse("https://inside.example/").unwrap());
    request.public_only = true;
    let failure = client(options).send(request, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::PrivateAddressRefused);
}

#[tokio::test]
async fn requests_run_side_by_side_over_kept_connections() {
    // Each connection answers as many requests as come; every answer waits until four requests have arrived in all.
    let arrived = std::sync::Arc::new(tokio::sync::Barrier::new(4));
    let address = accept(move |mut stream| {
        let arrived = arrived.clone();
        async move {
            while !read_head(&mut stream).await.is_empty() {
                arrived.wait().await;
                let kept = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
                if stream.write_all(kept.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    })
    .await;
    let http = client(NetOptions { local_hosts: vec![address.to_string()], ..NetOptions::default() });
    let cancel = CancellationToken::new();
    for _ in 0..2 {
        let send = || http.send(Request::get(plain(address, "/")), &cancel);
        let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
        assert!([a, b, c, d].iter().all(Result::is_ok));
    }
}
