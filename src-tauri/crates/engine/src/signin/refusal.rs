//! A provider's refusal as a [`Failure`], and whether a person in a browser can do anything about it.

use http::HeaderMap;
use inbox_model::{CodeFamily, Failure, FailureKind, ProviderCode, Secret};
use inbox_net::loopback::Callback;
use serde_json::Value;
use url::Url;

use super::secrets::Scrubber;

/// A refusal of the token endpoint.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) failure: Failure,
    /// What the provider wants to be asked for in the browser (OpenID Connect Core 5.5, used by Conditional Access).
    pub(crate) claims: Option<Secret<String>>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { failure, claims: None }
    }
}

/// The failure that a status alone tells.
pub(crate) fn of_status(status: u16, headers: &HeaderMap) -> Failure {
    let kind = match status {
        429 => FailureKind::Throttled,
        // RFC 6585 section 6: a network's own sign-in page.
        511 => FailureKind::CaptivePortal,
        500.. => FailureKind::ProviderUnavailable,
        300..=399 => FailureKind::RedirectRefused,
        _ => FailureKind::HttpStatus,
    };
    let mut failure = Failure { status: Some(status), retry_after: retry_after(headers), ..Failure::of(kind) };
    if kind == FailureKind::RedirectRefused {
        failure.detail = redirect_host(headers).unwrap_or_default();
    }
    failure
}

fn redirect_host(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(http::header::LOCATION)?.to_str().ok()?;
    Url::parse(location).ok()?.host_str().map(str::to_owned)
}

/// `Retry-After` in seconds (RFC 9110 section 10.2.3); the date form is counted from now.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(date.duration_since(jiff::Timestamp::now()).as_secs()).ok()
}

/// The refusal in the body of a token answer, with nothing secret in it.
#[must_use]
pub fn read_token_refusal(status: u16, body: &[u8]) -> Failure {
    of_token_answer(status, &HeaderMap::new(), body, &Scrubber::default()).failure
}

/// The refusal in an answer of the token endpoint that is not a success. Shapes: RFC 6749 section 5.2;
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application>.
pub(crate) fn of_token_answer(status: u16, headers: &HeaderMap, body: &[u8], scrubber: &Scrubber) -> Refusal {
    let mut failure = of_status(status, headers);
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(body) else { return failure.into() };
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(error) = text("error") else { return failure.into() };
    if !matches!(failure.kind, FailureKind::Throttled | FailureKind::ProviderUnavailable) {
        failure.kind = FailureKind::ProviderRefused;
    }
    push(&mut failure, CodeFamily::Oauth, &scrubber.scrub(error));
    // `error_subcode` is Microsoft's name on redirects, `error_subtype` Google's.
    for name in ["suberror", "error_subcode", "error_subtype"] {
        if let Some(value) = text(name) {
            push(&mut failure, CodeFamily::Suberror, &scrubber.scrub(value));
        }
    }
    let description = text("error_description").unwrap_or_default();
    for number in body.get("error_codes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64) {
        push(&mut failure, CodeFamily::Aadsts, &format!("AADSTS{number}"));
    }
    add_description(&mut failure, description, scrubber);
    for name in ["trace_id", "correlation_id", "timestamp"] {
        if let Some(value) = text(name) {
            failure.ids.insert(name.to_owned(), scrubber.scrub(value));
        }
    }
    Refusal { failure, claims: text("claims").map(|claims| Secret::new(claims.to_owned())) }
}

/// The refusal in an answer that came through the browser (RFC 6749 section 4.1.2.1).
pub(crate) fn of_callback(callback: &Callback, scrubber: &Scrubber) -> Failure {
    let mut failure = Failure::of(FailureKind::ProviderRefused);
    push(&mut failure, CodeFamily::Oauth, &scrubber.scrub(callback.parameter("error").unwrap_or_default()));
    for name in ["suberror", "error_subcode", "error_subtype"] {
        if let Some(value) = callback.parameter(name).filter(|value| !value.is_empty()) {
            push(&mut failure, CodeFamily::Suberror, &scrubber.scrub(value));
        }
    }
    add_description(&mut failure, callback.parameter("error_description").unwrap_or_default(), scrubber);
    failure
}

/// Every AADSTS number of a text, in its order.
pub(crate) fn aadsts_codes(text: &str) -> Vec<String> {
    text.split("AADSTS")
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).take(9).collect::<String>())
        .filter(|digits| digits.len() >= 4)
        .map(|digits| format!("AADSTS{digits}"))
        .collect()
}

/// Codes, ids and words of a description. Microsoft appends trace id, correlation id and time, on lines of their own or on one.
fn add_description(failure: &mut Failure, description: &str, scrubber: &Scrubber) {
    for code in aadsts_codes(description) {
        push(failure, CodeFamily::Aadsts, &code);
    }
    for (label, name) in
        [("Trace ID: ", "trace_id"), ("Correlation ID: ", "correlation_id"), ("Timestamp: ", "timestamp")]
    {
        let Some((_, rest)) = description.split_once(label) else { continue };
        let words = if name == "timestamp" { 2 } else { 1 };
        let value = rest.split_whitespace().take(words).collect::<Vec<_>>().join(" ");
        failure.ids.insert(name.to_owned(), scrubber.scrub(&value));
    }
    let words = description.split("Trace ID: ").next().unwrap_or_default();
    failure.detail = scrubber.scrub(words);
}

fn push(failure: &mut Failure, family: CodeFamily, value: &str) {
    let code = ProviderCode { family, value: value.to_owned() };
    if !value.is_empty() && !failure.codes.contains(&code) {
        failure.codes.push(code);
    }
}

/// Codes that no click of the person can change: the browser would only show the same refusal. Each is described in
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const FINAL: &[u32] = &[
    50_020, 50_034, 50_053, 50_057, 50_105, 65_005, 90_093, 90_094, 90_095, 90_099, 500_011, 500_021, 500_212, 650_052,
    650_056, 900_941, 900_981,
];
/// The exceptions from the range of application faults: refresh tokens that are merely too old.
const TOO_OLD: &[u32] = &[700_082, 700_084];

fn is_final(code: u32) -> bool {
    let access_policy = matches!(code, 53_000..=53_999 | 530_000..=530_999);
    let application = matches!(code, 700_000..=700_999 | 7_000_000..=7_009_999) && !TOO_OLD.contains(&code);
    FINAL.contains(&code) || access_policy || application
}

/// Whether a silent sign-in that failed so can succeed with a person at the browser.
pub(crate) fn needs_person(failure: &Failure) -> bool {
    if failure.kind != FailureKind::ProviderRefused {
        return false;
    }
    let values = |family: CodeFamily| {
        failure.codes.iter().filter(move |code| code.family == family).map(|code| code.value.as_str())
    };
    let numbers = values(CodeFamily::Aadsts).filter_map(|value| value.strip_prefix("AADSTS")?.parse().ok());
    if numbers.into_iter().any(is_final) {
        return false;
    }
    // "Handle interaction_required suberrors": https://learn.microsoft.com/entra/msal/dotnet/advanced/exceptions/msal-error-handling
    if values(CodeFamily::Suberror).any(|value| {
        matches!(
            value,
            "message_only" | "client_mismatch" | "protection_policy_required" | "device_authentication_failed"
        )
    }) {
        return false;
    }
    values(CodeFamily::Oauth)
        .any(|value| matches!(value, "invalid_grant" | "interaction_required" | "login_required" | "consent_required"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Failure {
        of_token_answer(400, &HeaderMap::new(), body.as_bytes(), &Scrubber::default()).failure
    }

    fn codes(failure: &Failure) -> Vec<&str> {
        failure.codes.iter().map(|code| code.value.as_str()).collect()
    }

    #[test]
    fn every_code_and_id_of_microsoft_is_kept() {
        let failure = answer(
            r#"{"error":"invalid_grant","error_description":"AADSTS65001: The user or administrator has not consented. See AADSTS90094.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2026-01-09 02:02:12Z","error_codes":[65001],"timestamp":"2026-01-09 02:02:12Z","trace_id":"t-1","correlation_id":"c-1","suberror":"consent_required"}"#,
        );
        assert_eq!(failure.kind, FailureKind::ProviderRefused);
        assert_eq!(codes(&failure), ["invalid_grant", "consent_required", "AADSTS65001", "AADSTS90094"]);
        assert_eq!(failure.ids.get("trace_id").unwrap(), "t-1");
        assert_eq!(failure.ids.get("timestamp").unwrap(), "2026-01-09 02:02:12Z");
        assert!(failure.detail.starts_with("AADSTS65001: The user") && !failure.detail.contains("Trace ID"));
    }

    #[test]
    fn ids_on_one_line_are_read_too() {
        let mut failure = Failure::of(FailureKind::ProviderRefused);
        let text = "AADSTS50105: Not assigned. Trace ID: t Correlation ID: c Timestamp: 2026-01-09 02:02:12Z";
        add_description(&mut failure, text, &Scrubber::default());
        assert_eq!(failure.ids.len(), 3);
        assert_eq!(failure.ids.get("correlation_id").unwrap(), "c");
        assert_eq!(failure.detail, "AADSTS50105: Not assigned.");
    }

    #[test]
    fn faults_and_throttling_are_told_apart_from_refusals() {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("17"));
        let throttled =
            of_token_answer(429, &headers, b"{\"error\":\"temporarily_unavailable\"}", &Scrubber::default());
        assert_eq!((throttled.failure.kind, throttled.failure.retry_after), (FailureKind::Throttled, Some(17)));
        let down = of_token_answer(503, &HeaderMap::new(), b"<html>busy</html>", &Scrubber::default()).failure;
        assert_eq!((down.kind, down.status), (FailureKind::ProviderUnavailable, Some(503)));
        let page = of_token_answer(403, &HeaderMap::new(), b"<html>no</html>", &Scrubber::default()).failure;
        assert_eq!(page.kind, FailureKind::HttpStatus);
        let mut moved = HeaderMap::new();
        moved.insert(http::header::LOCATION, http::HeaderValue::from_static("https://evil.example/steal?x=1"));
        let moved = of_token_answer(302, &moved, b"", &Scrubber::default()).failure;
        assert_eq!((moved.kind, moved.detail.as_str()), (FailureKind::RedirectRefused, "evil.example"));
    }

    #[test]
    fn the_browser_opens_only_where_a_person_can_help() {
        let case = |error: &str, code: u32, suberror: &str| {
            needs_person(&answer(&format!(
                r#"{{"error":"{error}","error_description":"AADSTS{code}: x","suberror":"{suberror}"}}"#
            )))
        };
        for (error, code, suberror) in [
            ("invalid_grant", 65_001, "consent_required"),
            ("interaction_required", 50_076, "basic_action"),
            ("interaction_required", 50_079, "additional_action"),
            ("invalid_grant", 700_082, "token_expired"),
            ("invalid_grant", 50_173, "bad_token"),
            ("login_required", 50_058, ""),
        ] {
            assert!(case(error, code, suberror), "{code}");
        }
        for (error, code, suberror) in [
            ("invalid_grant", 90_094, ""),
            ("interaction_required", 50_105, ""),
            ("interaction_required", 53_003, "message_only"),
            ("invalid_grant", 530_002, ""),
            ("unauthorized_client", 700_016, ""),
            ("invalid_client", 7_000_215, ""),
            ("invalid_scope", 70_011, ""),
        ] {
            assert!(!case(error, code, suberror), "{code}");
        }
        assert!(needs_person(&answer(
            r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#
        )));
        assert!(!needs_person(&Failure::of(FailureKind::ConnectTimeout)));
    }
}
