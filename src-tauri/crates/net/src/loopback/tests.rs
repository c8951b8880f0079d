use std::time::Duration;

use inbox_model::{Failure, FailureKind, Secret};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::*;

const STATE: &str = "right-state";
/// Far longer than any test takes: reaching it is a failure.
const LONG: Duration = Duration::from_secs(20);

struct Waiting {
    port: u16,
    cancel: CancellationToken,
    result: JoinHandle<Result<Callback, Failure>>,
}

async fn waiting(host: LoopbackHost, path: &str, limit: Duration) -> Waiting {
    let loopback = Loopback::bind(host, path).await.unwrap();
    let (port, cancel) = (loopback.port, CancellationToken::new());
    let token = cancel.clone();
    let result = tokio::spawn(async move { loopback.wait(&Secret::new(STATE.to_owned()), limit, &token).await });
    Waiting { port, cancel, result }
}

async fn say(port: u16, text: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A connection that is reset after an answer counts as an answer.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

async fn get(port: u16, target: &str) -> String {
    say(port, &format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n")).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn the_right_answer_ends_the_wait_with_a_page_and_a_free_port() {
    let waiting = waiting(LoopbackHost::Localhost, "", LONG).await;
    let answer = get(waiting.port, "/?code=c-1&state=right-state").await;
    assert_eq!(status(&answer), "200");
    for line in
        ["Cache-Control: no-store", "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer"]
    {
        assert!(answer.contains(line), "{line}");
    }
    assert!(answer.contains("close this window") && answer.contains("閉じて"));
    assert!(!answer.contains("c-1") && !answer.contains(STATE) && !answer.contains("<script"));
    assert_eq!(waiting.result.await.unwrap().unwrap().code().unwrap().expose(), "c-1");
    TcpListener::bind(("127.0.0.1", waiting.port)).await.unwrap();
}

#[tokio::test]
async fn everything_else_gets_its_status_and_does_not_end_the_wait() {
    let waiting = waiting(LoopbackHost::Ipv4, "/callback", LONG).await;
    let port = waiting.port;
    for (request, expected) in [
        ("GET /favicon.ico HTTP/1.1\r\n\r\n", "404"),
        ("GET / HTTP/1.1\r\n\r\n", "404"),
        ("GET /callback HTTP/1.1\r\n\r\n", "404"),
        ("GET /callback/?code=a&state=right-state HTTP/1.1\r\n\r\n", "404"),
        ("GET /CALLBACK?code=a&state=right-state HTTP/1.1\r\n\r\n", "404"),
        ("GET /callback?code=a&code=b&state=right-state HTTP/1.1\r\n\r\n", "404"),
        ("GET /callback?code=a&state=wrong HTTP/1.1\r\n\r\n", "400"),
        ("GET /callback?code=a HTTP/1.1\r\n\r\n", "400"),
        ("POST /callback?code=a&state=right-state HTTP/1.1\r\n\r\n", "405"),
        ("HEAD /callback?code=a&state=right-state HTTP/1.1\r\n\r\n", "405"),
        ("GET http://evil.example/callback?code=a&state=right-state HTTP/1.1\r\n\r\n", "400"),
        ("GET /callback?code=a&state=right-state HTTP/9\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        assert_eq!(status(&say(port, request).await), expected, "{request}");
    }
    assert!(!waiting.result.is_finished());
    assert_eq!(status(&get(port, "/callback?state=right-state&code=c-2").await), "200");
    assert_eq!(waiting.result.await.unwrap().unwrap().code().unwrap().expose(), "c-2");
}

#[tokio::test]
async fn the_first_right_answer_wins_whatever_comes_around_it() {
    let waiting = waiting(LoopbackHost::Localhost, "", LONG).await;
    let port = waiting.port;
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    }
    // All are connected before any is written: they arrive together and in any order.
    let together =
        ["/?code=x&state=wrong", "/?code=c-3&state=right-state", "/?code=c-3&state=right-state", "/favicon.ico"];
    let all: Vec<_> = together
        .into_iter()
        .zip(streams)
        .map(|(target, mut stream)| {
            tokio::spawn(async move {
                let mut answer = String::new();
                // Those that come after the first right one may find the door shut.
                let _ = stream.write_all(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes()).await;
                let _ = stream.read_to_string(&mut answer).await;
                (target, answer)
            })
        })
        .collect();
    assert_eq!(waiting.result.await.unwrap().unwrap().code().unwrap().expose(), "c-3");
    let mut thanked = 0;
    for one in all {
        let (target, answer) = one.await.unwrap();
        assert!(target.contains(STATE) || status(&answer) != "200", "{target}");
        thanked += usize::from(status(&answer) == "200");
    }
    assert!((1..=2).contains(&thanked), "{thanked}");
}

#[tokio::test]
async fn an_error_of_the_provider_is_an_answer() {
    let waiting = waiting(LoopbackHost::Localhost, "", LONG).await;
    get(waiting.port, "/?error=access_denied&error_description=AADSTS65004%3a+no%0d%0aTrace+ID%3a+t&state=right-state")
        .await;
    let callback = waiting.result.await.unwrap().unwrap();
    assert!(callback.code().is_none());
    assert_eq!(callback.parameter("error_description"), Some("AADSTS65004: no\r\nTrace ID: t"));
}

#[tokio::test]
async fn idle_and_broken_connections_do_not_delay_the_answer() {
    let waiting = waiting(LoopbackHost::Localhost, "", LONG).await;
    let mut idle = Vec::new();
    for index in 0..CONNECTIONS - 1 {
        let mut stream = TcpStream::connect(("127.0.0.1", waiting.port)).await.unwrap();
        match index % 3 {
            0 => stream.write_all(b"GET /?co").await.unwrap(),
            1 => stream.set_zero_linger().unwrap(),
            _ => {}
        }
        if index % 3 != 1 {
            idle.push(stream);
        }
    }
    let began = std::time::Instant::now();
    assert_eq!(status(&get(waiting.port, "/?code=c-4&state=right-state").await), "200");
    waiting.result.await.unwrap().unwrap();
    assert!(began.elapsed() < GOODBYE, "idle connections were waited for");
    drop(idle);
}

#[tokio::test]
async fn a_head_without_end_is_cut_off() {
    let waiting = waiting(LoopbackHost::Localhost, "", LONG).await;
    let mut stream = TcpStream::connect(("127.0.0.1", waiting.port)).await.unwrap();
    let line = format!("X: {}\r\n", "y".repeat(1000));
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let mut sent = 0_usize;
    while sent < 10_000_000 && stream.write_all(line.as_bytes()).await.is_ok() {
        sent += line.len();
    }
    assert!(sent < 10_000_000, "ten megabytes were taken");
    waiting.cancel.cancel();
    assert_eq!(waiting.result.await.unwrap().unwrap_err().kind, FailureKind::Cancelled);
}

#[tokio::test]
async fn a_browser_that_never_comes_back_is_told_from_one_with_another_state() {
    let short = Duration::from_millis(300);
    let quiet = waiting(LoopbackHost::Localhost, "", short).await;
    assert_eq!(quiet.result.await.unwrap().unwrap_err().kind, FailureKind::BrowserDidNotReturn);
    let strange = waiting(LoopbackHost::Localhost, "", short).await;
    get(strange.port, "/?code=a&state=other").await;
    assert_eq!(strange.result.await.unwrap().unwrap_err().kind, FailureKind::StateMismatch);
}

#[tokio::test]
async fn cancelling_ends_the_wait_at_once() {
    let waiting = waiting(LoopbackHost::Localhost, "", LONG).await;
    waiting.cancel.cancel();
    assert_eq!(waiting.result.await.unwrap().unwrap_err().kind, FailureKind::Cancelled);
}

#[tokio::test]
async fn a_port_that_is_taken_on_either_family_is_not_used() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Loopback::bind_port(LoopbackHost::Ipv4, "", port).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    drop(taken);
    let Ok(taken) = TcpListener::bind(("::1", 0)).await else {
        assert!(!std::path::Path::new("/proc/net/if_inet6").exists(), "this computer has IPv6 but ::1 cannot be bound");
        return;
    };
    let port = taken.local_addr().unwrap().port();
    let error = Loopback::bind_port(LoopbackHost::Localhost, "", port).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert_ne!(Loopback::bind(LoopbackHost::Localhost, "").await.unwrap().port, port);
}

#[tokio::test]
async fn localhost_listens_on_both_families() {
    let loopback = Loopback::bind(LoopbackHost::Localhost, "").await.unwrap();
    assert_eq!(loopback.redirect_uri(), format!("http://localhost:{}", loopback.port));
    let ipv4 = Loopback::bind(LoopbackHost::Ipv4, "/callback").await.unwrap();
    assert_eq!(ipv4.redirect_uri(), format!("http://127.0.0.1:{}/callback", ipv4.port));
    assert_eq!(ipv4.addresses().len(), 1);
    let test = self_test(&CancellationToken::new()).await.unwrap();
    assert_eq!(test.reached.len(), loopback.addresses().len());
    assert_eq!(test.ipv6, loopback.addresses().len() == 2);
}

#[tokio::test]
async fn a_cancelled_self_test_says_so() {
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert_eq!(self_test(&cancel).await.unwrap_err().kind, FailureKind::Cancelled);
}
