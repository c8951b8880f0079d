//! One connection: reads a request within bounds and answers it.

use std::{sync::Arc, time::Duration};

use inbox_model::Secret;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};

use super::{
    callback::{Callback, PastedAddress},
    page::{PAGE, STRANGER, STYLE_HASH},
};

/// Time to send the head of a request. A browser's idle spare connection ends here and keeps nothing else waiting.
const READ_LIMIT: Duration = Duration::from_secs(10);
/// Time to take the answer.
const WRITE_LIMIT: Duration = Duration::from_secs(5);
/// The longest head. Cookies of other local programs come along (they do not know ports), so it is generous.
const HEAD_LIMIT: usize = 64 * 1024;

/// What a connection brought, if it matters.
pub(super) enum Arrival {
    /// The answer with the right `state`.
    Answer(Callback),
    /// An answer with another `state`.
    OtherState,
}

/// What a browser's request line (`GET /?code=…&state=… HTTP/1.1`) brings to a listener for `path`.
#[must_use]
pub fn read_request_line(line: &str, path: &str, state: &Secret<String>) -> PastedAddress {
    match judge(line, path, state).1 {
        Some(Arrival::Answer(callback)) => PastedAddress::Answer(callback),
        Some(Arrival::OtherState) => PastedAddress::OtherState,
        None => PastedAddress::NoAnswer,
    }
}

enum Reply {
    Thanks,
    Stranger,
    NotFound,
    WrongMethod,
    BadRequest,
    TooLarge,
}

/// Serves one request and closes the connection. Whether it was the answer.
pub(super) async fn serve(
    mut stream: TcpStream,
    path: Arc<str>,
    state: Secret<String>,
    arrived: mpsc::Sender<Arrival>,
) -> bool {
    let Ok(head) = tokio::time::timeout(READ_LIMIT, read_head(&mut stream)).await else { return false };
    let reply = match head {
        Head::Gone => return false,
        Head::TooLarge => Reply::TooLarge,
        Head::Line(line) => match judge(&line, &path, &state) {
            (reply, Some(arrival)) => {
                // The wait is told first: a browser that does not take the page must not lose the sign-in.
                let _ = arrived.send(arrival).await;
                reply
            }
            (reply, None) => reply,
        },
    };
    let _ = tokio::time::timeout(WRITE_LIMIT, write_reply(&mut stream, &reply)).await;
    matches!(reply, Reply::Thanks)
}

enum Head {
    Line(String),
    TooLarge,
    Gone,
}

/// Reads up to the empty line and gives the request line. The rest is drained so that closing does not reset the connection.
async fn read_head(stream: &mut TcpStream) -> Head {
    let mut head = Vec::with_capacity(2048);
    let mut part = [0_u8; 2048];
    loop {
        let read = match stream.read(&mut part).await {
            Ok(0) | Err(_) => return Head::Gone,
            Ok(read) => read,
        };
        let seen = head.len().saturating_sub(3);
        head.extend_from_slice(part.get(..read).unwrap_or_default());
        if head.len() > HEAD_LIMIT {
            return Head::TooLarge;
        }
        if head.get(seen..).is_some_and(|new| new.windows(4).any(|four| four == b"\r\n\r\n")) {
            let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
            return Head::Line(String::from_utf8_lossy(line).into_owned());
        }
    }
}

/// What to answer to a request line, and what it means for the wait.
fn judge(line: &str, path: &str, state: &Secret<String>) -> (Reply, Option<Arrival>) {
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return (Reply::BadRequest, None);
    };
    if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
        return (Reply::BadRequest, None);
    }
    let (asked, query) = target.split_once('?').unwrap_or((target, ""));
    if asked != path {
        return (Reply::NotFound, None);
    }
    if method != "GET" {
        return (Reply::WrongMethod, None);
    }
    match Callback::from_query(query) {
        None => (Reply::NotFound, None),
        Some(callback) if callback.belongs_to(state) => (Reply::Thanks, Some(Arrival::Answer(callback))),
        Some(_) => (Reply::Stranger, Some(Arrival::OtherState)),
    }
}

async fn write_reply(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    let (status, page) = match reply {
        Reply::Thanks => ("200 OK", PAGE),
        Reply::Stranger => ("400 Bad Request", STRANGER),
        Reply::BadRequest => ("400 Bad Request", ""),
        Reply::NotFound => ("404 Not Found", ""),
        Reply::WrongMethod => ("405 Method Not Allowed\r\nAllow: GET", ""),
        Reply::TooLarge => ("431 Request Header Fields Too Large", ""),
    };
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'\r\nReferrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
