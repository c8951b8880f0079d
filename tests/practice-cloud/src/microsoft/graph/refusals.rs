//! The errors that an account meets at Graph. Codes and messages as recorded in public threads, named at each.

use super::{Call, error, no_permission};
use crate::{page::Page, reply::Reply, scenario::Scenario};

/// What a mailbox call meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    Inbox,
    Messages,
    WriteMessage,
    Send,
    Calendar,
}

/// `MailboxNotEnabledForRESTAPI`: <https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/6519>.
fn not_enabled() -> Reply {
    error(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
}

/// The network between, or the whole service.
pub(super) fn of_network(scenario: &Scenario, segments: &[&str]) -> Option<Reply> {
    let beyond_profile = !matches!(segments, ["v1.0", "me"] | ["oidc", "userinfo"]);
    Some(match scenario.cause {
        "network-unreachable" => Reply::drop_connection(),
        "network-captive-portal" => portal(),
        // https://learn.microsoft.com/graph/errors (503)
        "provider-outage" => error(503, "serviceNotAvailable", "The service is unavailable.").with("retry-after", "1"),
        // https://learn.microsoft.com/graph/throttling#sample-response
        "throttled" if beyond_profile => {
            error(429, "TooManyRequests", "Please retry again later.").with("retry-after", "1")
        }
        // https://learn.microsoft.com/graph/resolve-auth-errors
        "token-expired" if beyond_profile => {
            error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
        }
        // https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/1416,
        // https://learn.microsoft.com/entra/identity-platform/claims-challenge
        "token-revoked" if beyond_profile => error(
            401,
            "InvalidAuthenticationToken",
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: \
             TokenIssuedBeforeRevocationTimestamp",
        )
        .with(
            "www-authenticate",
            "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", \
             claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTc2MzYyNTYwMCJ9fX0=\"",
        ),
        // https://github.com/microsoftgraph/msgraph-training-dotnet/issues/31
        "token-invalid" => {
            error(401, "InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217")
        }
        _ => return None,
    })
}

/// A Wi-Fi sign-in page in place of the provider's answer.
pub(crate) fn portal() -> Reply {
    Reply::html(
        200,
        Page::new("Wi-Fi", "captive-portal", "Guest Wi-Fi: please sign in")
            .text("message", "Accept the terms to use the internet.")
            .finish(),
    )
}

/// What the mailbox says, or `None` where all is well.
pub(super) fn of_mailbox(call: &Call<'_>, touch: Touch) -> Option<Reply> {
    Some(match (call.scenario.cause, touch) {
        ("licence-missing" | "mailbox-not-in-cloud" | "provider-mismatch", _) => not_enabled(),
        // A guest has no mailbox here: https://github.com/microsoftgraph/microsoft-graph-docs/issues/17826
        ("wrong-organisation", _) if call.identity.guest => not_enabled(),
        // https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
        ("mailbox-missing", _) => {
            error(404, "ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.")
        }
        ("mailbox-moving", _) => error(503, "ErrorMailboxMoveInProgress", "Mailbox move in progress. Try again later."),
        // https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/7751
        ("mailbox-full", Touch::Messages | Touch::WriteMessage | Touch::Send) => {
            error(507, "ErrorQuotaExceeded", "Mailbox has exceeded maximum mailbox size.")
        }
        ("access-denied", _) => no_permission(),
        // Text as administrators report it; the code alone is documented at
        // https://learn.microsoft.com/graph/auth-limit-mailbox-access
        ("app-access-policy", _) => error(
            403,
            "ErrorAccessDenied",
            "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
        ),
        ("calendar-missing", Touch::Calendar) => {
            error(404, "ErrorNoCalendar", "The specified folder could not be found in the store.")
        }
        ("item-not-found", Touch::Inbox | Touch::Messages) => {
            error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        }
        // https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
        ("send-refused", Touch::Send) => error(
            403,
            "ErrorSendAsDenied",
            "The user account which was used to submit this request does not have the right to send mail on behalf \
             of the specified sending account., Cannot submit message.",
        ),
        ("sending-limit", Touch::Send) => error(
            429,
            "ErrorSubmissionQuotaExceeded",
            "The message could not be submitted because its associated submission quota was exceeded.",
        ),
        _ => return None,
    })
}
