//! The way through a proxy: CONNECT (RFC 9110 section 9.3.6), with a Basic sign-in where one is known.

use inbox_model::{CodeFamily, Failure, FailureKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{ProxyInUse, answer::proxy_schemes};
use crate::{
    classify::dialogue_failure,
    http_head::{Head, MAX_HEAD, read_head},
    pipe::Pipe,
};

/// Asks the proxy for a way to a host over a connection to it. What comes back is the connection to that host. The caller
/// bounds the wait.
///
/// # Errors
/// `ProxyAuthentication` with status 407: the detail names the ways to sign in that it offers, and the code
/// `proxy-sign-in-refused` says that a sign-in was sent. `ProxyRefused` with the status, or where something else than a proxy
/// answers. The failure of the connection.
pub(crate) async fn tunnel(mut pipe: Pipe, proxy: &ProxyInUse, host: &str, port: u16) -> Result<Pipe, Failure> {
    let name = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    if name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Failure::of(FailureKind::DnsUnusable).with_detail("invalid-name"));
    }
    let mut request = format!("CONNECT {name}:{port} HTTP/1.1\r\nHost: {name}:{port}\r\n");
    if let Some(value) = &proxy.authorization {
        request.push_str(&format!("Proxy-Authorization: {}\r\n", value.expose()));
    }
    request.push_str("\r\n");
    let exchange = async {
        pipe.write_all(request.as_bytes()).await?;
        pipe.flush().await?;
        let mut head = Vec::new();
        // One byte at a time: what follows the head belongs to the host behind.
        while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") && head.len() < MAX_HEAD {
            head.push(pipe.read_u8().await?);
        }
        Ok(head)
    };
    let result: std::io::Result<Vec<u8>> = exchange.await;
    // The request may hold a password.
    zeroize(request);
    let head = result.map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Failure::of(FailureKind::ProxyRefused).with_detail("closed"),
        _ => dialogue_failure(&error),
    })?;
    match read_head(&head) {
        Some(Head { status: 200..300, .. }) => Ok(pipe),
        Some(Head { status: 407, headers, .. }) => {
            let mut failure =
                Failure::of(FailureKind::ProxyAuthentication).with_detail(proxy_schemes(&headers).join(", "));
            failure.status = Some(407);
            if proxy.signs_in() {
                failure = failure.with_code(CodeFamily::Network, "proxy-sign-in-refused");
            }
            Err(failure)
        }
        Some(Head { status, .. }) => {
            let mut failure = Failure::of(FailureKind::ProxyRefused);
            failure.status = Some(status);
            Err(failure)
        }
        None => Err(Failure::of(FailureKind::ProxyRefused).with_detail("no-proxy-answers")),
    }
}

fn zeroize(text: String) {
    drop(inbox_model::Secret::new(text));
}
