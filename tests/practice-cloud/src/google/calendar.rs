//! Calendar API v3 (<https://developers.google.com/workspace/calendar/api/v3/reference>); accepted scopes as in its
//! discovery document.

use serde_json::{Value, json};

use super::{Call, failure, identity::Person};
use crate::reply::Reply;

const SERVICE: &str = "calendar-json.googleapis.com";
const KIND: &str = "event";

pub(super) fn answer(call: &Call<'_>) -> Reply {
    if let Some(reply) = failure::of_network(call.scenario).or_else(|| failure::of_api(call.scenario, SERVICE)) {
        return reply;
    }
    let segments = call.incoming.segments();
    let ["calendar", "v3", rest @ ..] = segments.as_slice() else { return Reply::not_found() };
    let method = call.incoming.method.as_str();
    let wanted: &[&str] = match (method, rest) {
        ("GET", ["users", "me", "calendarList", ..]) => {
            &["calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly"]
        }
        ("GET", ["users", "me", "settings"]) => &["calendar", "calendar.readonly", "calendar.settings.readonly"],
        ("GET", ["calendars", _]) => &[
            "calendar",
            "calendar.readonly",
            "calendar.calendars",
            "calendar.calendars.readonly",
            "calendar.app.created",
        ],
        ("GET", ["calendars", _, "events", ..]) => &[
            "calendar",
            "calendar.readonly",
            "calendar.events",
            "calendar.events.readonly",
            "calendar.events.owned",
            "calendar.app.created",
        ],
        ("POST", ["freeBusy"]) => &["calendar", "calendar.readonly", "calendar.freebusy"],
        _ => &["calendar", "calendar.events", "calendar.events.owned", "calendar.app.created"],
    };
    if !call.may(wanted) {
        return failure::scope_missing(SERVICE);
    }
    if let Some(reply) = failure::of_calendar(call.scenario) {
        return reply;
    }
    let email = Person::of(call.scenario).email;
    let own = |id: &str| id == "primary" || id.eq_ignore_ascii_case(&email);
    match (method, rest) {
        ("GET", ["users", "me", "calendarList"]) => Reply::json(
            200,
            &json!({
                "kind": "calendar#calendarList", "etag": "\"practice\"", "items": [list_entry(&email)],
            }),
        ),
        ("GET", ["users", "me", "calendarList", id]) if own(id) => Reply::json(200, &list_entry(&email)),
        ("GET", ["users", "me", "settings"]) => Reply::json(
            200,
            &json!({
                "kind": "calendar#settings",
                "items": [{ "kind": "calendar#setting", "id": "timezone", "value": "Asia/Tokyo" }],
            }),
        ),
        ("GET", ["calendars", id]) if own(id) => Reply::json(
            200,
            &json!({ "kind": "calendar#calendar", "id": email, "summary": email, "timeZone": "Asia/Tokyo" }),
        ),
        ("GET", ["calendars", id, "events"]) if own(id) => Reply::json(
            200,
            &json!({
                "kind": "calendar#events", "summary": email, "timeZone": "Asia/Tokyo", "accessRole": "owner",
                "items": [event("practiceevent1", "Practice event")],
            }),
        ),
        ("GET", ["calendars", id, "events", event_id])
            if own(id) && call.world.has(call.scenario.address, KIND, event_id) =>
        {
            Reply::json(200, &event(event_id, "Practice event"))
        }
        ("POST", ["calendars", id, "events"]) if own(id) => create(call),
        ("DELETE", ["calendars", id, "events", event_id])
            if own(id) && call.world.delete(call.scenario.address, KIND, event_id) =>
        {
            Reply::empty(204)
        }
        _ => failure::not_found(),
    }
}

/// `calendarList` resource
fn list_entry(email: &str) -> Value {
    json!({
        "kind": "calendar#calendarListEntry", "etag": "\"practice\"", "id": email, "summary": email,
        "timeZone": "Asia/Tokyo", "colorId": "14", "selected": true, "accessRole": "owner", "primary": true,
    })
}

/// `events` resource
fn event(id: &str, summary: &str) -> Value {
    json!({
        "kind": "calendar#event", "etag": "\"practice\"", "id": id, "status": "confirmed", "summary": summary,
        "start": { "dateTime": "2026-11-25T18:00:00+09:00" }, "end": { "dateTime": "2026-11-25T18:30:00+09:00" },
    })
}

/// `events.insert`
fn create(call: &Call<'_>) -> Reply {
    let body = call.incoming.json().unwrap_or_default();
    if body.get("start").is_none() {
        return failure::bad_request("Missing start time.");
    }
    if body.get("end").is_none() {
        return failure::bad_request("Missing end time.");
    }
    let summary = body.get("summary").and_then(Value::as_str).unwrap_or_default();
    let id = call.world.make(call.scenario.address, KIND, summary);
    Reply::json(200, &event(&id, summary))
}
