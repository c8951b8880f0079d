//! A provider's refusal as a [`Failure`].

use http::HeaderMap;
use inbox_model::{Failure, FailureKind};

/// The failure that a status alone tells.
pub(crate) fn of_status(status: u16, headers: &HeaderMap) -> Failure {
    let kind = match status {
        429 => FailureKind::Throttled,
        500.. => FailureKind::ProviderUnavailable,
        300..=399 => FailureKind::RedirectRefused,
        _ => FailureKind::HttpStatus,
    };
    Failure { status: Some(status), retry_after: retry_after(headers), ..Failure::of(kind) }
}

/// `Retry-After` in seconds (RFC 9110 section 10.2.3); the date form is counted from now.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(date.duration_since(jiff::Timestamp::now()).as_secs()).ok()
}
