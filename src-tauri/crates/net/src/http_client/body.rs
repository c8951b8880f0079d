//! Reads a body up to its limit, and looks whether it is what it should be.

use http::{HeaderMap, StatusCode, header};
use inbox_model::{Failure, FailureKind};

use super::{Expected, Response, stage::StageReached};
use crate::classify::{Phase, transport_failure};

/// Reads the body piece by piece; stops at the first byte beyond the limit.
pub(crate) async fn read(mut response: reqwest::Response, limit: usize, proxied: bool) -> Result<Vec<u8>, Failure> {
    let too_large = || Failure::of(FailureKind::BodyTooLarge).with_detail(format!("limit {limit} bytes"));
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| transport_failure(error, Phase::Body, StageReached::Connected, proxied))?
    {
        if body.len() + piece.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Looks whether an answer can be the provider's.
pub(crate) fn judge(response: Response, expected: Expected, host: &str) -> Result<Response, Failure> {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let fail = |kind, detail: String| {
        let mut failure = Failure::of(kind).with_detail(detail);
        failure.status = Some(response.status);
        Err(failure)
    };
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return fail(FailureKind::ProxyAuthentication, String::new());
    }
    if expected == Expected::Anything {
        return Ok(response);
    }
    let html = is_html(&response);
    if status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        return fail(FailureKind::CaptivePortal, String::new());
    }
    if status.is_redirection() {
        let elsewhere = redirect_host(&response.headers).filter(|target| target != host);
        return match (html, elsewhere) {
            (true, target) => fail(FailureKind::CaptivePortal, target.unwrap_or_default()),
            (false, Some(target)) => fail(FailureKind::RedirectRefused, target),
            (false, None) => Ok(response),
        };
    }
    if !status.is_success() {
        return Ok(response);
    }
    if html {
        let kind = if status == StatusCode::OK { FailureKind::CaptivePortal } else { FailureKind::WrongContentType };
        return fail(kind, media_type(&response.headers).unwrap_or_default());
    }
    let empty_is_right = matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
    if response.body.is_empty() && empty_is_right {
        return Ok(response);
    }
    if let Some(kind) = media_type(&response.headers).filter(|kind| !is_json(kind)) {
        return fail(FailureKind::WrongContentType, kind);
    }
    match serde_json::from_slice::<serde::de::IgnoredAny>(&response.body) {
        Ok(_) => Ok(response),
        // Only where it broke, never what stood there.
        Err(error) => fail(FailureKind::BodyMalformed, format!("line {} column {}", error.line(), error.column())),
    }
}

/// The host of a redirect, for showing. A relative one names no host.
pub(crate) fn redirect_host(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(header::LOCATION)?.to_str().ok()?;
    let base = url::Url::parse("https://relative.invalid/").ok()?;
    let target = base.join(location).ok()?;
    target.host_str().filter(|host| *host != "relative.invalid").map(str::to_owned)
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!kind.is_empty()).then(|| crate::scrub::scrub(&kind))
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind == "text/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// By its type, or by its first bytes where the type is missing or claims to be JSON.
fn is_html(response: &Response) -> bool {
    match media_type(&response.headers).as_deref() {
        Some("text/html" | "application/xhtml+xml") => true,
        Some(kind) if !is_json(kind) => false,
        _ => {
            let start = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&response.body).trim_ascii_start();
            let begins = |tag: &[u8]| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
            begins(b"<!doctype html") || begins(b"<html")
        }
    }
}
