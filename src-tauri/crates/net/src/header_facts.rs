//! Facts that stand in the headers of an answer.

use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// How long the server asks to wait, in seconds: `Retry-After` as seconds or as an HTTP date (RFC 9110 section 10.2.3). A date
/// is counted from the server's own `Date` where it gives one, so that a wrong clock here does not matter. A past date is 0.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds);
    }
    let until = http_date(text)?;
    let now = server_date(headers).unwrap_or_else(Timestamp::now);
    Some(u64::try_from(until.duration_since(now).as_secs()).unwrap_or(0))
}

/// How far this computer's clock is ahead (positive) or behind (negative) of the server's `Date`, whose resolution is a second.
#[must_use]
pub fn clock_skew(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    server_date(headers).map(|server| now.duration_since(server))
}

fn server_date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(header::DATE)?.to_str().ok()?.trim())
}

/// An HTTP date in any of its three forms (RFC 9110 section 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    const FORMS: [&str; 3] = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    FORMS.iter().find_map(|form| {
        let civil = jiff::fmt::strtime::parse(form, text).ok()?.to_datetime().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(header::HeaderName, &str)]) -> HeaderMap {
        rows.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_three_forms_of_an_http_date_are_one_instant() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date(text).map(Timestamp::as_second), Some(784_111_777), "{text}");
        }
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn retry_after_reads_seconds_and_dates() {
        assert_eq!(retry_after(&headers(&[(header::RETRY_AFTER, "120")])), Some(120));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let later = "Sun, 06 Nov 1994 08:51:37 GMT";
        assert_eq!(retry_after(&headers(&[(header::DATE, date), (header::RETRY_AFTER, later)])), Some(120));
        assert_eq!(retry_after(&headers(&[(header::DATE, later), (header::RETRY_AFTER, date)])), Some(0));
        assert_eq!(retry_after(&headers(&[(header::RETRY_AFTER, "soon")])), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn clock_skew_is_positive_when_this_clock_is_ahead() {
        let answer = headers(&[(header::DATE, "Sun, 06 Nov 1994 08:49:37 GMT")]);
        let now = Timestamp::from_second(784_111_777 + 600).unwrap();
        assert_eq!(clock_skew(&answer, now), Some(SignedDuration::from_secs(600)));
        let behind = Timestamp::from_second(784_111_777 - 600).unwrap();
        assert_eq!(clock_skew(&answer, behind), Some(SignedDuration::from_secs(-600)));
    }
}
