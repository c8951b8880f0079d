//! Requests and answers.

use std::{fmt, time::Duration};

use inbox_model::Secret;
use url::Url;

/// What the body must be; anything else is classified (`CaptivePortal`, `WrongContentType`, `BodyMalformed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A JSON document on success; error statuses may carry anything. A web page, and a redirect to another host, are failures.
    Json,
    /// Whatever comes.
    Anything,
}

/// A request.
#[derive(Clone)]
pub struct Request {
    /// Method.
    pub method: http::Method,
    /// Address; `https`, or plain `http` only for the local hosts of the settings.
    pub url: Url,
    /// Headers beside the ones that are set anyway.
    pub headers: http::HeaderMap,
    /// Access token, sent as `Authorization: Bearer`.
    pub bearer: Option<Secret<String>>,
    /// Body.
    pub body: Option<Vec<u8>>,
    /// What must come back.
    pub expected: Expected,
    /// Largest body, in bytes.
    pub body_limit: usize,
    /// Time for the whole exchange.
    pub limit: Duration,
    /// Refuse private, loopback and link-local addresses (for hosts learnt from DNS or a redirect).
    pub public_only: bool,
}

impl Request {
    /// A GET for JSON with the usual limits (1 MiB, 20 s).
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: http::Method::GET,
            url,
            headers: http::HeaderMap::new(),
            bearer: None,
            body: None,
            expected: Expected::Json,
            body_limit: 1024 * 1024,
            limit: Duration::from_secs(20),
            public_only: false,
        }
    }

    /// A POST of a form for JSON with the usual limits.
    #[must_use]
    pub fn post_form(url: Url, body: Vec<u8>) -> Self {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/x-www-form-urlencoded"));
        Self { method: http::Method::POST, headers, body: Some(body), ..Self::get(url) }
    }
}

/// Bodies carry codes and refresh tokens, paths carry mail addresses, queries carry both: none of them is shown.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .field("expected", &self.expected)
            .field("limit", &self.limit)
            .field("public_only", &self.public_only)
            .finish_non_exhaustive()
    }
}

/// An answer of any status.
#[derive(Clone)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: http::HeaderMap,
    /// Body, complete.
    pub body: Vec<u8>,
}

impl Response {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The host that a redirect points to, for showing; nothing follows it. `None` without one, or when it stays on its host.
    #[must_use]
    pub fn redirect_host(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| super::body::redirect_host(&self.headers)).flatten()
    }
}

/// A token answer has its secrets in the body, so the body is not shown.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
