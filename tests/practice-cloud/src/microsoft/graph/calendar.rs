//! The calendar and its events.

use serde_json::{Value, json};

use super::{
    Call, error, no_permission,
    refusals::{Touch, of_mailbox},
};
use crate::reply::Reply;

/// Internal address of a personal account whose primary alias is no Microsoft address; sample as published. That it
/// stands as owner of the calendar is an inference from public threads, not documented.
pub(super) const INTERNAL_ADDRESS: &str = "outlook_28CABF904928312D@outlook.com";

const KIND: &str = "event";
const READ: [&str; 3] = ["Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"];

pub(super) fn answer(call: &Call<'_>, method: &str, segments: &[&str]) -> Reply {
    let wanted: &[&str] = if method == "GET" { &READ } else { &["Calendars.ReadWrite"] };
    if !call.may(wanted) {
        return no_permission();
    }
    if let Some(reply) = of_mailbox(call, Touch::Calendar) {
        return reply;
    }
    match (method, segments) {
        ("GET", ["calendar"]) => Reply::json(200, &call.selected(calendar(call))),
        ("GET", ["calendars"]) => Reply::json(
            200,
            &json!({
                "@odata.context": call.context(&format!("users('{}')/calendars", call.identity.oid)),
                "value": [call.selected(calendar(call))],
            }),
        ),
        ("GET", ["calendarView"] | ["calendar", "calendarView"]) => view(call),
        ("GET", ["events"]) => events(call),
        ("GET", ["events", id]) if call.world.has(call.scenario.address, KIND, id) => {
            Reply::json(200, &call.selected(event(id, "Practice event")))
        }
        ("POST", ["events"] | ["calendar", "events"]) => create(call),
        ("DELETE", ["events", id]) if call.world.delete(call.scenario.address, KIND, id) => Reply::empty(204),
        ("POST", ["events", id, "permanentDelete"]) if call.world.delete(call.scenario.address, KIND, id) => {
            Reply::empty(204)
        }
        ("GET" | "DELETE" | "POST", ["events", ..]) => {
            error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        }
        _ => error(400, "BadRequest", "Resource not found for the segment."),
    }
}

/// <https://learn.microsoft.com/graph/api/calendar-get>
fn calendar(call: &Call<'_>) -> Value {
    let owner = if call.scenario.cause == "primary-alias-foreign" {
        INTERNAL_ADDRESS.to_owned()
    } else {
        call.identity.mail.clone().unwrap_or_else(|| call.identity.upn.clone())
    };
    json!({
        "@odata.context": call.context(&format!("users('{}')/calendar/$entity", call.identity.oid)),
        "id": "AAMkAGpracticeCalendar",
        "name": "Calendar",
        "color": "auto",
        "isDefaultCalendar": true,
        "canShare": true,
        "canViewPrivateItems": true,
        "canEdit": true,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "owner": { "name": call.identity.name, "address": owner },
    })
}

fn event(id: &str, subject: &str) -> Value {
    json!({
        "id": id,
        "subject": subject,
        "start": { "dateTime": "2026-11-25T09:00:00.0000000", "timeZone": "UTC" },
        "end": { "dateTime": "2026-11-25T09:30:00.0000000", "timeZone": "UTC" },
        "isOrganizer": true,
    })
}

/// <https://learn.microsoft.com/graph/api/user-list-calendarview>
fn view(call: &Call<'_>) -> Reply {
    for wanted in ["startDateTime", "endDateTime"] {
        if call.incoming.query(wanted).is_none() {
            return error(
                400,
                "ErrorInvalidParameter",
                "This request requires a time window specified by the query string parameters StartDateTime and \
                 EndDateTime.",
            );
        }
    }
    events(call)
}

/// <https://learn.microsoft.com/graph/api/user-list-events>
fn events(call: &Call<'_>) -> Reply {
    if let Some(subject) = call.subject_filter() {
        let found = call.world.with_subject(call.scenario.address, KIND, &subject);
        let found: Vec<Value> = found.iter().map(|id| call.selected(event(id, &subject))).collect();
        return Reply::json(200, &json!({ "value": found }));
    }
    Reply::json(
        200,
        &json!({
            "@odata.context": call.context(&format!("users('{}')/calendarView", call.identity.oid)),
            "value": [call.selected(event("AAMkAGpracticeEvent1", "Practice event"))],
        }),
    )
}

/// <https://learn.microsoft.com/graph/api/user-post-events>
fn create(call: &Call<'_>) -> Reply {
    let Some(asked) = call.incoming.json() else {
        return error(400, "BadRequest", "Unable to read JSON request payload.");
    };
    if asked.get("start").is_none() || asked.get("end").is_none() {
        return error(400, "ErrorPropertyValidationFailure", "At least one property failed validation.");
    }
    let subject = asked.get("subject").and_then(Value::as_str).unwrap_or_default();
    let id = call.world.make(call.scenario.address, KIND, subject);
    Reply::json(201, &event(&id, subject))
}
