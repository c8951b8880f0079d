//! Every way an exchange can go wrong ends in a definite kind, in time.

use std::time::{Duration, Instant};

use inbox_model::{Failure, FailureKind, Secret};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;

use super::{Expected, Request, Response};
use crate::testing::{accept, answer, answering, client_for, drip, plain, read_head};

const JSON: &str = "Content-Type: application/json\r\n";
const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";

async fn get(bytes: impl Into<Vec<u8>>) -> Result<Response, Failure> {
    let address = answering(bytes).await;
    client_for(address).send(Request::get(plain(address, "/x?code=SECRET")), &CancellationToken::new()).await
}

#[tokio::test]
async fn each_wrong_answer_has_its_kind() {
    let rows: Vec<(&str, String, FailureKind)> = vec![
        (
            "truncated",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"a\":".into(),
            FailureKind::BodyIncomplete,
        ),
        (
            "truncated chunks",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\"".into(),
            FailureKind::BodyIncomplete,
        ),
        ("invalid JSON", answer("200 OK", JSON, "{\"a\": SECRET}"), FailureKind::BodyMalformed),
        ("cut JSON", answer("200 OK", JSON, "{\"a\": 1"), FailureKind::BodyMalformed),
        ("empty JSON", answer("200 OK", JSON, ""), FailureKind::BodyMalformed),
        ("plain text", answer("200 OK", "Content-Type: text/plain\r\n", "hello"), FailureKind::WrongContentType),
        ("web page", answer("200 OK", HTML, "<html>Wi-Fi</html>"), FailureKind::CaptivePortal),
        ("web page that claims to be JSON", answer("200 OK", JSON, "\n<!DOCTYPE html><p>"), FailureKind::CaptivePortal),
        ("web page of no type", answer("200 OK", "", "<HTML></HTML>"), FailureKind::CaptivePortal),
        ("web page with 206", answer("206 Partial Content", HTML, "<p>"), FailureKind::WrongContentType),
        ("511", answer("511 Network Authentication Required", HTML, "<p>"), FailureKind::CaptivePortal),
        (
            "portal redirect",
            answer("302 Found", &format!("{HTML}Location: http://portal.example/?SECRET\r\n"), "<a>"),
            FailureKind::CaptivePortal,
        ),
        (
            "redirect elsewhere",
            answer("302 Found", "Location: https://other.example/x?SECRET\r\n", ""),
            FailureKind::RedirectRefused,
        ),
        ("407", answer("407 Proxy Authentication Required", HTML, "<p>"), FailureKind::ProxyAuthentication),
        ("no HTTP", "220 mail.example ESMTP\r\n\r\n".into(), FailureKind::BodyMalformed),
        ("nothing", String::new(), FailureKind::ConnectionReset),
    ];
    for (name, bytes, kind) in rows {
        let failure = get(bytes).await.expect_err(name);
        assert_eq!(failure.kind, kind, "{name}: {failure:?}");
        assert!(!format!("{failure:?}").contains("SECRET"), "{name}: {failure:?}");
    }
}

#[tokio::test]
async fn right_answers_come_through() {
    let rows: Vec<(&str, String, u16)> = vec![
        ("200", answer("200 OK", JSON, "{}"), 200),
        ("JSON dialect", answer("200 OK", "Content-Type: application/problem+json\r\n", "{}"), 200),
        ("no type", answer("200 OK", "", "{}"), 200),
        ("202 empty", answer("202 Accepted", "", ""), 202),
        ("204", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".into(), 204),
        ("400", answer("400 Bad Request", JSON, "{\"error\":\"invalid_grant\"}"), 400),
        ("403 page", answer("403 Forbidden", HTML, "<html>"), 403),
        ("429", answer("429 Too Many Requests", "Retry-After: 7\r\n", ""), 429),
        ("503", answer("503 Service Unavailable", HTML, "<html>"), 503),
        ("own redirect", answer("307 Temporary Redirect", "Location: /y\r\n", ""), 307),
    ];
    for (name, bytes, status) in rows {
        let response = get(bytes).await.expect(name);
        assert_eq!(response.status, status, "{name}");
        if status == 429 {
            assert_eq!(crate::retry_after(&response.headers), Some(7));
        }
    }
}

#[tokio::test]
async fn a_redirect_can_be_shown_and_is_never_followed() {
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counter = seen.clone();
    let other = accept(move |_| {
        counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async {}
    })
    .await;
    let address = answering(answer("302 Found", &format!("{HTML}Location: http://{other}/\r\n"), "")).await;
    let mut request = Request::get(plain(address, "/"));
    request.expected = Expected::Anything;
    request.bearer = Some(Secret::new("token".to_owned()));
    let response = client_for(address).send(request, &CancellationToken::new()).await.unwrap();
    assert_eq!(response.status, 302);
    assert_eq!(response.redirect_host().as_deref(), Some("127.0.0.1"));
    assert_eq!(seen.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_the_limit() {
    let address = accept(|mut stream| async move {
        read_head(&mut stream).await;
        let head = format!("HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n");
        if stream.write_all(head.as_bytes()).await.is_err() {
            return;
        }
        // 100 MB in pieces of 1 MB, unless the other side has enough before.
        let piece = [b"100000\r\n".as_slice(), &vec![b' '; 0x10_0000], b"\r\n"].concat();
        for _ in 0..100 {
            if stream.write_all(&piece).await.is_err() {
                return;
            }
        }
    })
    .await;
    let begun = Instant::now();
    let failure =
        client_for(address).send(Request::get(plain(address, "/")), &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::BodyTooLarge);
    assert!(begun.elapsed() < Duration::from_secs(5));

    let announced = get(format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: 104857600\r\n\r\n")).await.unwrap_err();
    assert_eq!(announced.kind, FailureKind::BodyTooLarge);
}

#[tokio::test]
async fn slow_bytes_end_with_the_deadline() {
    let address = accept(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
            .await;
        drip(&mut stream, b" ", Duration::from_millis(20)).await;
    })
    .await;
    let mut request = Request::get(plain(address, "/"));
    request.limit = Duration::from_millis(300);
    let begun = Instant::now();
    let failure = client_for(address).send(request, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooSlow);
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn silence_ends_with_the_deadline_and_with_a_cancel() {
    let address = accept(|mut stream| async move {
        read_head(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let http = client_for(address);
    let mut request = Request::get(plain(address, "/"));
    request.limit = Duration::from_millis(200);
    let failure = http.send(request, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooSlow);

    let cancel = CancellationToken::new();
    let sending = http.send(Request::get(plain(address, "/")), &cancel);
    let begun = Instant::now();
    let (result, ()) = tokio::join!(sending, async { cancel.cancel() });
    assert_eq!(result.unwrap_err().kind, FailureKind::Cancelled);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn nobody_listening_is_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let failure =
        client_for(address).send(Request::get(plain(address, "/")), &CancellationToken::new()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::ConnectRefused);
}

#[tokio::test]
async fn a_reset_in_the_middle_is_a_reset() {
    let address = accept(|mut stream| async move {
        read_head(&mut stream).await;
        let _ =
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{").await;
        let _ = stream.flush().await;
        // Linger zero: the close sends RST.
        let _ = stream.set_zero_linger();
    })
    .await;
    let failure =
        client_for(address).send(Request::get(plain(address, "/")), &CancellationToken::new()).await.unwrap_err();
    // Whether the reset overtakes the first bytes or not, it is the same fact.
    assert_eq!(failure.kind, FailureKind::ConnectionReset, "{failure:?}");
}

#[tokio::test]
async fn a_request_of_the_http_crate_goes_through() {
    let address = accept(|mut stream| async move {
        let head = read_head(&mut stream).await;
        let right = head.starts_with("POST /token HTTP/1.1")
            && head.to_ascii_lowercase().contains("user-agent: inboxdoctor/")
            && head.to_ascii_lowercase().contains("accept: application/json");
        let status = if right { "400 Bad Request" } else { "500 Wrong" };
        let _ = stream.write_all(answer(status, JSON, "{\"error\":\"invalid_grant\"}").as_bytes()).await;
    })
    .await;
    let request =
        http::Request::post(plain(address, "/token").as_str()).body(b"grant_type=authorization_code".to_vec()).unwrap();
    let response = client_for(address).send_http(request, &CancellationToken::new()).await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(response.body(), b"{\"error\":\"invalid_grant\"}");
}

#[tokio::test]
async fn debug_shows_neither_token_nor_body_nor_query() {
    let mut request = Request::post_form(plain("127.0.0.1:1".parse().unwrap(), "/a?code=CANARY"), b"CANARY".to_vec());
    request.bearer = Some(Secret::new("CANARY".to_owned()));
    request.headers.insert("x-secret", "CANARY".parse().unwrap());
    let response = Response { status: 200, headers: request.headers.clone(), body: b"CANARY".to_vec() };
    assert!(!format!("{request:?}{response:?}").contains("CANARY"));
}
