//! Faults on purpose: one question of a check is answered in one wrong way, everything else is right.

use std::{convert::Infallible, io, pin::Pin, task::Context, task::Poll, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt as _, combinators::BoxBody};
use hyper::body::{Body, Frame, SizeHint};
use serde::Serialize;
use tokio::time::{Interval, interval};

use crate::{Part, reply::Incoming};

/// Seconds in the `Retry-After` of [`Fault::Unavailable`]: little enough that a check waits and asks again.
const RETRY_AFTER: &str = "1";
/// Bytes of an answer that is too large: more than any client here reads.
const OVERSIZED: u64 = 256 * 1024 * 1024;
/// Pause between two bytes of a slow answer.
const SLOWNESS: Duration = Duration::from_secs(2);
/// A host that does not exist in the practice zone.
const ELSEWHERE: &str = "https://elsewhere.practice.example/here";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Nothing listens there.
    Refused,
    /// Packets vanish: no connection comes about.
    Dropped,
    /// The connection stands, and no answer comes.
    Silent,
    /// The answer breaks off in the middle.
    ResetMidBody,
    /// The TLS handshake fails.
    TlsFailure,
    /// The name does not exist.
    NoSuchName,
    /// 407
    ProxySignIn,
    /// 429
    TooManyRequests,
    /// 500
    InternalError,
    /// 503 with `Retry-After`
    Unavailable,
    /// 200 with broken JSON.
    Malformed,
    /// 200 without an end.
    Oversized,
    /// The right answer, a byte every two seconds.
    SlowBody,
    /// 200 with plain text.
    WrongContentType,
    /// 302 to another host.
    RedirectElsewhere,
}

impl Fault {
    /// All, in the order of the table.
    pub const ALL: [Fault; 15] = [
        Fault::Refused,
        Fault::Dropped,
        Fault::Silent,
        Fault::ResetMidBody,
        Fault::TlsFailure,
        Fault::NoSuchName,
        Fault::ProxySignIn,
        Fault::TooManyRequests,
        Fault::InternalError,
        Fault::Unavailable,
        Fault::Malformed,
        Fault::Oversized,
        Fault::SlowBody,
        Fault::WrongContentType,
        Fault::RedirectElsewhere,
    ];

    /// In a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Dropped => "packets dropped",
            Self::Silent => "no answer",
            Self::ResetMidBody => "breaks off mid-body",
            Self::TlsFailure => "TLS failure",
            Self::NoSuchName => "no such name",
            Self::ProxySignIn => "407",
            Self::TooManyRequests => "429",
            Self::InternalError => "500",
            Self::Unavailable => "503 + Retry-After",
            Self::Malformed => "malformed body",
            Self::Oversized => "oversized body",
            Self::SlowBody => "slow body",
            Self::WrongContentType => "wrong content type",
            Self::RedirectElsewhere => "redirect elsewhere",
        }
    }

    /// Whether it happens to the whole host, before any question is asked.
    #[must_use]
    pub fn is_of_host(self) -> bool {
        matches!(self, Self::Refused | Self::Dropped | Self::TlsFailure | Self::NoSuchName)
    }
}

/// A fault and where it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The part.
    pub part: Part,
    /// The method; what happens to the whole host does not look at it.
    pub method: String,
    /// The path; `*` stands for one segment, whatever it is.
    pub path: String,
    /// What goes wrong.
    pub fault: Fault,
}

impl Planned {
    /// The fault of a whole part.
    pub(crate) fn of_host(&self, part: Part) -> Option<Fault> {
        (self.part == part && self.fault.is_of_host()).then_some(self.fault)
    }

    pub(crate) fn hits(&self, part: Part, incoming: &Incoming) -> bool {
        self.part == part
            && !self.fault.is_of_host()
            && self.method == incoming.method
            && fits(&self.path, &incoming.path)
    }
}

/// Whether a path fits one with `*` for some segments.
#[must_use]
pub fn fits(pattern: &str, path: &str) -> bool {
    let (mut want, mut have) = (pattern.split('/'), path.split('/'));
    loop {
        match (want.next(), have.next()) {
            (None, None) => return true,
            (Some(want), Some(have)) if want == have || (want == "*" && !have.is_empty()) => {}
            _ => return false,
        }
    }
}

/// The wrong answer; `right` is what would have come.
pub(crate) async fn answer(
    fault: Fault,
    right: Response<BoxBody<Bytes, io::Error>>,
) -> Response<BoxBody<Bytes, io::Error>> {
    let with = |status: u16, kind: &'static str, body: &'static str| {
        let mut response = Response::new(whole(Bytes::from_static(body.as_bytes())));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    };
    const JSON: &str = "application/json; charset=utf-8";
    match fault {
        Fault::Refused | Fault::Dropped | Fault::TlsFailure | Fault::NoSuchName => right,
        Fault::Silent => std::future::pending().await,
        Fault::ResetMidBody => {
            let (head, body) = right.into_parts();
            let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let half = body.slice(..body.len() / 2);
            let length = (body.len() as u64).max(64);
            Response::from_parts(head, BoxBody::new(Broken { half: Some(half), length }))
        }
        Fault::ProxySignIn => {
            let mut response = with(407, "text/plain", "");
            response
                .headers_mut()
                .insert(header::PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"practice\""));
            response
        }
        Fault::TooManyRequests => with(429, JSON, "{}"),
        Fault::InternalError => with(500, JSON, "{}"),
        Fault::Unavailable => {
            let mut response = with(503, JSON, "{}");
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
            response
        }
        Fault::Malformed => with(200, JSON, "{\"value\": [{\"id\": "),
        Fault::Oversized => {
            let mut response = with(200, JSON, "");
            *response.body_mut() = BoxBody::new(Blanks { left: OVERSIZED });
            response
        }
        Fault::SlowBody => {
            let (head, body) = right.into_parts();
            let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let body = if body.is_empty() { Bytes::from_static(b"                ") } else { body };
            Response::from_parts(head, BoxBody::new(Slow { rest: body, clock: interval(SLOWNESS) }))
        }
        Fault::WrongContentType => with(200, "text/plain", "all is well"),
        Fault::RedirectElsewhere => {
            let mut response = with(302, "text/plain", "");
            response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(ELSEWHERE));
            response
        }
    }
}

/// A body in one piece.
pub(crate) fn whole(body: Bytes) -> BoxBody<Bytes, io::Error> {
    http_body_util::Full::new(body).map_err(|never: Infallible| match never {}).boxed()
}

/// Half of a body, then the end of the connection.
struct Broken {
    half: Option<Bytes>,
    length: u64,
}

impl Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(match self.half.take() {
            Some(half) => Ok(Frame::data(half)),
            None => Err(io::ErrorKind::ConnectionReset.into()),
        }))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

/// Blanks, which JSON allows anywhere: only the size is wrong.
struct Blanks {
    left: u64,
}

impl Body for Blanks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        const PIECE: &[u8] = &[b' '; 64 * 1024];
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left = self.left.saturating_sub(PIECE.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(PIECE)))))
    }
}

/// A byte now and then.
struct Slow {
    rest: Bytes,
    clock: Interval,
}

impl Body for Slow {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        std::task::ready!(self.clock.poll_tick(context));
        let byte = self.rest.split_to(1);
        Poll::Ready(Some(Ok(Frame::data(byte))))
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn paths_fit_segment_by_segment() {
        assert!(fits("/v1.0/me", "/v1.0/me"));
        assert!(fits("/v1.0/users/*/messages", "/v1.0/users/ana/messages"));
        assert!(!fits("/v1.0/users/*/messages", "/v1.0/users/ana"));
        assert!(!fits("/v1.0/me", "/v1.0/me/messages"));
        assert!(!fits("/*", "/"));
    }
}
