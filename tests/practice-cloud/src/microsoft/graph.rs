//! Microsoft Graph v1.0: the calls that Inbox Doctor makes
//! (<https://learn.microsoft.com/graph/api/overview>, each page named at its handler).

mod admin;
mod calendar;
mod mail;
pub(crate) mod refusals;
mod user;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::identity::Identity;
use crate::{
    Part,
    reply::{Incoming, Reply},
    scenario::{Provider, Scenario},
    world::{World, now, random_guid},
};

/// A call with the person it is made for.
pub(super) struct Call<'a> {
    pub(super) incoming: &'a Incoming,
    pub(super) world: &'a World,
    pub(super) scenario: &'static Scenario,
    pub(super) identity: Identity,
    pub(super) scopes: BTreeSet<String>,
}

impl Call<'_> {
    /// `@odata.context` of an answer.
    pub(super) fn context(&self, tail: &str) -> String {
        format!("{}/v1.0/$metadata#{tail}", self.world.addresses.base(Part::MicrosoftGraph))
    }

    /// Keeps the fields named by `$select`, and the annotations
    /// (<https://learn.microsoft.com/graph/query-parameters#select-parameter>).
    pub(super) fn selected(&self, value: Value) -> Value {
        let Some(select) = self.incoming.query("$select") else { return value };
        let wanted: BTreeSet<&str> = select.split(',').map(str::trim).collect();
        match value {
            Value::Object(fields) => Value::Object(
                fields
                    .into_iter()
                    .filter(|(name, _)| wanted.contains(name.as_str()) || name.starts_with('@') || name == "id")
                    .collect::<Map<_, _>>(),
            ),
            other => other,
        }
    }

    /// The subject that `$filter=subject eq '…'` asks for (<https://learn.microsoft.com/graph/filter-query-parameter>).
    pub(super) fn subject_filter(&self) -> Option<String> {
        let filter = self.incoming.query("$filter")?;
        let quoted = filter.strip_prefix("subject eq '")?.strip_suffix('\'')?;
        Some(quoted.replace("''", "'"))
    }

    /// Whether one of these scopes is in the token.
    pub(super) fn may(&self, any: &[&str]) -> bool {
        any.iter().any(|scope| self.scopes.contains(*scope))
    }
}

pub(crate) fn answer(incoming: &Incoming, world: &World) -> Reply {
    let Some(token) = incoming.bearer() else {
        return error(401, "InvalidAuthenticationToken", "Access token is empty.");
    };
    let Some(grant) = world.grants.access(token).filter(|grant| grant.scenario.provider == Provider::Microsoft) else {
        return error(401, "InvalidAuthenticationToken", "IDX14100: JWT is not well formed, there are no dots (.).");
    };
    let call = Call {
        incoming,
        world,
        scenario: grant.scenario,
        identity: Identity::of(grant.scenario),
        scopes: grant.scopes,
    };
    finished(route(&call), &call)
}

fn route(call: &Call<'_>) -> Reply {
    let segments = call.incoming.segments();
    let method = call.incoming.method.as_str();
    if let Some(reply) = refusals::of_network(call.scenario, &segments) {
        return reply;
    }
    match (method, segments.as_slice()) {
        ("GET", ["oidc", "userinfo"]) => user::userinfo(call),
        ("GET", ["v1.0", "me"]) => user::me(call),
        ("GET", ["v1.0", "me", "licenseDetails"]) => user::licences(call),
        ("GET", ["v1.0", "oauth2PermissionGrants"]) => admin::grants(call),
        ("GET", ["v1.0", "users", user, "appRoleAssignments"]) => admin::assignments(call, user),
        ("GET", ["v1.0", segment]) if segment.starts_with("servicePrincipals(") => admin::app(call, segment),
        (_, ["v1.0", "me", "calendar" | "calendarView" | "events" | "calendars", ..]) => {
            calendar::answer(call, method, segments.get(2..).unwrap_or_default())
        }
        (_, ["v1.0", "me", "mailFolders" | "messages" | "sendMail" | "mailboxSettings", ..]) => {
            mail::answer(call, method, segments.get(2..).unwrap_or_default())
        }
        _ => error(400, "BadRequest", "Resource not found for the segment."),
    }
}

/// Headers that Graph adds (<https://learn.microsoft.com/graph/errors>).
fn finished(reply: Reply, call: &Call<'_>) -> Reply {
    if reply.dropped {
        return reply;
    }
    let client_request = call
        .incoming
        .headers
        .get("client-request-id")
        .and_then(|value| value.to_str().ok())
        .map_or_else(random_guid, str::to_owned);
    reply
        .with("request-id", &random_guid())
        .with("client-request-id", &client_request)
        .with(
            "x-ms-ags-diagnostic",
            "{\"ServerInfo\":{\"DataCenter\":\"Practice\",\"Slice\":\"E\",\"Ring\":\"5\",\"ScaleUnit\":\"000\",\"RoleInstance\":\"PRACTICE\"}}",
        )
        .shifted(call.scenario.clock_offset())
}

/// An error body (<https://learn.microsoft.com/graph/errors#json-representation>).
pub(super) fn error(status: u16, code: &str, message: &str) -> Reply {
    let date = jiff::Timestamp::from_second(now()).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    Reply::json(
        status,
        &json!({
            "error": {
                "code": code,
                "message": message,
                "innerError": { "date": date, "request-id": random_guid(), "client-request-id": random_guid() },
            }
        }),
    )
}

/// A permission is not in the token
/// (<https://learn.microsoft.com/graph/resolve-auth-errors#403-forbidden-error-did-your-app-acquire-a-token-to-match-chosen-permissions>).
pub(super) fn no_permission() -> Reply {
    error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
}
