//! Results as OpenTelemetry log records, in JSON over HTTP (<https://opentelemetry.io/docs/specs/otlp/#otlphttp>).

use inbox_model::{Examination, Verdict};
use serde_json::{Value, json};
use url::Url;

use super::Delivery;
use crate::report::name_of;

/// Where logs go below the address of a collector.
const LOGS: &str = "/v1/logs";

/// The address for logs: a collector's own address gets the usual path, one with a path is taken as it is
/// (<https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp>).
pub(super) fn address(text: &str) -> Result<Url, url::ParseError> {
    let mut url = Url::parse(text)?;
    if matches!(url.path(), "" | "/") {
        url.set_path(LOGS);
    }
    Ok(url)
}

/// One result as the body of a request; `lost` tells how many before it will never come.
pub(super) fn body(examination: &Examination, lost: u64) -> Vec<u8> {
    // Numbers by <https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber>.
    let (number, name) = match examination.verdict {
        Verdict::Works => (9, "INFO"),
        Verdict::Limited | Verdict::Inconclusive => (13, "WARN"),
        Verdict::Blocked => (17, "ERROR"),
    };
    let finished = examination.finished.parse::<jiff::Timestamp>().unwrap_or_default();
    let causes = examination.findings.iter().map(|finding| finding.finding.cause.to_string());
    let fixers = examination.findings.iter().map(|finding| name_of(&finding.finding.fixer));
    let mut codes: Vec<String> =
        examination.findings.iter().flat_map(|finding| finding.finding.codes.iter().cloned()).collect();
    codes.sort();
    codes.dedup();
    let mut attributes = vec![
        text("inbox_doctor.examination.id", &examination.id),
        text("inbox_doctor.verdict", &name_of(&examination.verdict)),
        text("inbox_doctor.app", &examination.app.id),
        text("inbox_doctor.redaction", &name_of(&examination.redaction)),
        list("inbox_doctor.causes", causes),
        list("inbox_doctor.fixers", fixers),
        list("inbox_doctor.codes", codes.into_iter()),
    ];
    if lost > 0 {
        attributes.push(json!({"key": "inbox_doctor.lost_before", "value": {"intValue": lost.to_string()}}));
    }
    let document = json!({"resourceLogs": [{
        "resource": {"attributes": [
            text("service.name", "inbox-doctor"),
            text("service.version", env!("CARGO_PKG_VERSION")),
        ]},
        "scopeLogs": [{
            "scope": {"name": "inbox-doctor", "version": env!("CARGO_PKG_VERSION")},
            "logRecords": [{
                "timeUnixNano": finished.as_nanosecond().max(0).to_string(),
                "observedTimeUnixNano": jiff::Timestamp::now().as_nanosecond().max(0).to_string(),
                "severityNumber": number,
                "severityText": name,
                "eventName": "inbox_doctor.examination",
                "body": {"stringValue": serde_json::to_string(examination).unwrap_or_default()},
                "attributes": attributes,
            }],
        }],
    }]});
    document.to_string().into_bytes()
}

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn list(key: &str, values: impl Iterator<Item = String>) -> Value {
    let values: Vec<Value> = values.map(|value| json!({"stringValue": value})).collect();
    json!({"key": key, "value": {"arrayValue": {"values": values}}})
}

/// What an answer means: these four statuses may be tried again, every other refusal is for good
/// (<https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes>). A success may still refuse the record. A sign-in
/// that is refused is the policy's token, which can be mended: it waits.
pub(super) fn judge(status: u16, answer: Option<&Value>) -> Delivery {
    match status {
        200..=299 => {
            let partial = answer.and_then(|answer| answer.get("partialSuccess"));
            // A 64-bit number is text in this JSON.
            let refused =
                partial.and_then(|partial| partial.get("rejectedLogRecords")).is_some_and(|count| match count {
                    Value::String(text) => text != "0" && !text.is_empty(),
                    count => count.as_u64() != Some(0),
                });
            let reason = partial.and_then(|partial| partial.get("errorMessage")?.as_str()).unwrap_or_default();
            if refused { Delivery::Refused(reason.to_owned()) } else { Delivery::Arrived }
        }
        401 | 403 | 429 | 502 | 503 | 504 | 300..=399 => Delivery::Later(format!("status {status}")),
        status => Delivery::Refused(format!("status {status}")),
    }
}
