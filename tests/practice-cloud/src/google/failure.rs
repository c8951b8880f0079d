//! Error bodies of Google's APIs (<https://developers.google.com/workspace/gmail/api/guides/handle-errors>,
//! <https://developers.google.com/workspace/calendar/api/guides/errors>,
//! <https://cloud.google.com/apis/design/errors>).

use serde_json::json;

use crate::{microsoft::graph::refusals::portal, reply::Reply, scenario::Scenario};

/// What goes into an error body.
struct Failure<'a> {
    status: u16,
    name: &'a str,
    message: &'a str,
    reason: &'a str,
    domain: &'a str,
    /// Reason and service of the `ErrorInfo`, where there is one.
    information: Option<(&'a str, &'a str)>,
}

fn body(failure: &Failure<'_>) -> Reply {
    let mut error = json!({
        "code": failure.status,
        "message": failure.message,
        "errors": [{ "message": failure.message, "domain": failure.domain, "reason": failure.reason }],
        "status": failure.name,
    });
    if let (Some(fields), Some((reason, service))) = (error.as_object_mut(), failure.information) {
        fields.insert(
            "details".to_owned(),
            json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": reason,
                "domain": "googleapis.com",
                "metadata": { "service": service },
            }]),
        );
    }
    Reply::json(failure.status, &json!({ "error": error }))
}

fn plain(status: u16, name: &str, reason: &str, message: &str) -> Reply {
    body(&Failure { status, name, message, reason, domain: "global", information: None })
}

pub(super) fn no_token() -> Reply {
    body(&Failure {
        status: 401,
        name: "UNAUTHENTICATED",
        message: "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or \
                  other valid authentication credential.",
        reason: "required",
        domain: "global",
        information: Some(("CREDENTIALS_MISSING", "gmail.googleapis.com")),
    })
    .with("www-authenticate", "Bearer realm=\"https://accounts.google.com/\"")
}

pub(super) fn bad_token() -> Reply {
    plain(401, "UNAUTHENTICATED", "authError", "Invalid Credentials")
        .with("www-authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"")
}

pub(super) fn scope_missing(service: &str) -> Reply {
    body(&Failure {
        status: 403,
        name: "PERMISSION_DENIED",
        message: "Request had insufficient authentication scopes.",
        reason: "insufficientPermissions",
        domain: "global",
        information: Some(("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service)),
    })
    .with("www-authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\"")
}

pub(super) fn not_found() -> Reply {
    plain(404, "NOT_FOUND", "notFound", "Requested entity was not found.")
}

pub(super) fn bad_request(message: &str) -> Reply {
    plain(400, "INVALID_ARGUMENT", "invalidArgument", message)
}

/// The network between.
pub(super) fn of_network(scenario: &Scenario) -> Option<Reply> {
    match scenario.cause {
        "network-unreachable" => Some(Reply::drop_connection()),
        "network-captive-portal" => Some(portal()),
        _ => None,
    }
}

/// What meets every call to Gmail and Calendar.
pub(super) fn of_api(scenario: &Scenario, service: &str) -> Option<Reply> {
    Some(match scenario.cause {
        "throttled" => plain(429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", "Too many concurrent requests for user.")
            .with("retry-after", "1"),
        "provider-outage" => plain(503, "UNAVAILABLE", "backendError", "The service is currently unavailable."),
        "token-expired" => body(&Failure {
            status: 401,
            name: "UNAUTHENTICATED",
            message: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
                      other valid authentication credential.",
            reason: "authError",
            domain: "global",
            // The name of this reason is unverified.
            information: Some(("ACCESS_TOKEN_EXPIRED", service)),
        })
        .with("www-authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\""),
        // https://cloud.google.com/resource-manager/docs/organization-restrictions/overview; the message is shortened
        "tenant-restricted" => body(&Failure {
            status: 403,
            name: "PERMISSION_DENIED",
            message: "Access denied by organization restriction. Please contact your administrator for additional \
                      information.",
            reason: "forbidden",
            domain: "global",
            information: Some(("ORG_RESTRICTION_VIOLATION", service)),
        }),
        _ => return None,
    })
}

/// What meets every call to Gmail.
pub(super) fn of_gmail(scenario: &Scenario) -> Option<Reply> {
    Some(match scenario.cause {
        // https://github.com/FlowCrypt/flowcrypt-browser/issues/435
        "service-off" if scenario.local() == "service-off" => {
            plain(400, "FAILED_PRECONDITION", "failedPrecondition", "Mail service not enabled")
        }
        // https://github.com/googleapis/google-api-python-client/issues/984
        "mailbox-missing" => plain(400, "FAILED_PRECONDITION", "failedPrecondition", "Precondition check failed."),
        "api-off" => body(&Failure {
            status: 403,
            name: "PERMISSION_DENIED",
            message: "Gmail API has not been used in project 100000000000 before or it is disabled. Enable it by \
                      visiting https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=\
                      100000000000 then retry. If you enabled this API recently, wait a few minutes for the action to \
                      propagate to our systems and retry.",
            reason: "accessNotConfigured",
            domain: "usageLimits",
            information: Some(("SERVICE_DISABLED", "gmail.googleapis.com")),
        }),
        _ => return None,
    })
}

/// What meets every call to Calendar.
pub(super) fn of_calendar(scenario: &Scenario) -> Option<Reply> {
    Some(match scenario.local() {
        // A personal account that never opened it, or one whose organisation turned it off: the answer is the same.
        "calendar-missing" | "calendar-off" => {
            plain(403, "PERMISSION_DENIED", "notACalendarUser", "The user must be signed up for Google Calendar.")
        }
        _ => return None,
    })
}
