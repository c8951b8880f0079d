//! One question over a way that is there: GET, without a cookie, a token or a body.

use std::time::Duration;

use http::HeaderMap;
use inbox_model::{Failure, FailureKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;

use super::{Way, Ways, bounded};
use crate::{
    classify::dialogue_failure,
    http_head::{MAX_HEAD, read_head},
};

/// The most of a body that is read, in bytes: enough for the text of a probe or for telling a web page.
const MAX_BODY: usize = 8 * 1024;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Beginning of the body, as far as it came.
    pub body: Vec<u8>,
}

impl Reply {
    /// The host that a redirect points to, for showing; nothing follows it.
    #[must_use]
    pub fn redirect_host(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| crate::http_client::redirect_host(&self.headers)).flatten()
    }
}

impl Ways {
    /// Asks for a path and reads the answer's head and the beginning of its body.
    ///
    /// # Errors
    /// The connection's failure; `BodyMalformed` where something else than HTTP answers; `BodyTooLarge` for a head without an
    /// end; `TooSlow` before the end of the head; `Cancelled`.
    pub async fn ask(
        &self,
        mut way: Way,
        host: &str,
        path: &str,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Reply, Failure> {
        if [host, path].iter().any(|text| text.contains(|c: char| c.is_whitespace() || c.is_control())) {
            return Err(Failure::of(FailureKind::DnsUnusable).with_detail("invalid-address"));
        }
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: InboxDoctor/{}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let mut seen = Vec::new();
        let mut head = None;
        let exchange = async {
            way.pipe.write_all(request.as_bytes()).await?;
            way.pipe.flush().await?;
            loop {
                if head.is_none() {
                    head = read_head(&seen);
                }
                let wanted = head.as_ref().map_or(MAX_HEAD, |head: &crate::http_head::Head| {
                    let length = head.headers.get(http::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
                    let length = length.and_then(|text| text.parse::<usize>().ok()).unwrap_or(MAX_BODY);
                    let none = head.status == 204 || head.status == 304;
                    head.length + if none { 0 } else { length.min(MAX_BODY) }
                });
                if seen.len() >= wanted {
                    return Ok(());
                }
                let mut piece = [0_u8; 2048];
                let count = way.pipe.read(&mut piece).await?;
                if count == 0 {
                    return Ok(());
                }
                seen.extend(piece.iter().take(count));
            }
        };
        let ended: Result<std::io::Result<()>, Failure> = bounded(limit, cancel, FailureKind::TooSlow, exchange).await;
        let head = head.or_else(|| read_head(&seen));
        let Some(head) = head else {
            ended?.map_err(|error| dialogue_failure(&error))?;
            return Err(match seen.len() {
                0 => Failure::of(FailureKind::ConnectionReset).with_detail("closed"),
                MAX_HEAD.. => Failure::of(FailureKind::BodyTooLarge).with_detail("head"),
                _ => Failure::of(FailureKind::BodyMalformed).with_detail("no-http"),
            });
        };
        if let Err(failure) = ended
            && failure.kind == FailureKind::Cancelled
        {
            return Err(failure);
        }
        let body = seen.get(head.length..).unwrap_or_default().iter().take(MAX_BODY).copied().collect();
        Ok(Reply { status: head.status, headers: head.headers, body })
    }
}
