//! Gmail API v1 (<https://developers.google.com/workspace/gmail/api/reference/rest>); accepted scopes as in its discovery
//! document.

use serde_json::{Value, json};

use super::{Call, failure, identity::Person};
use crate::reply::Reply;

const SERVICE: &str = "gmail.googleapis.com";
const KIND: &str = "draft";

pub(super) fn answer(call: &Call<'_>) -> Reply {
    if let Some(reply) = failure::of_network(call.scenario).or_else(|| failure::of_api(call.scenario, SERVICE)) {
        return reply;
    }
    let segments = call.incoming.segments();
    let ["gmail", "v1", "users", user, rest @ ..] = segments.as_slice() else { return Reply::not_found() };
    let method = call.incoming.method.as_str();
    let wanted: &[&str] = match (method, rest) {
        ("GET", ["profile"]) => &["mail", "gmail.compose", "gmail.metadata", "gmail.modify", "gmail.readonly"],
        ("GET", ["labels", ..]) => &["mail", "gmail.labels", "gmail.metadata", "gmail.modify", "gmail.readonly"],
        ("GET", ["messages", ..]) => &["mail", "gmail.metadata", "gmail.modify", "gmail.readonly"],
        ("GET", ["settings", ..]) => &["mail", "gmail.modify", "gmail.readonly", "gmail.settings.basic"],
        ("POST", ["messages", "send"]) => &["mail", "gmail.compose", "gmail.modify", "gmail.send"],
        _ => &["mail", "gmail.compose", "gmail.modify"],
    };
    if !call.may(wanted) {
        return failure::scope_missing(SERVICE);
    }
    if *user != "me" && !user.eq_ignore_ascii_case(&Person::of(call.scenario).email) {
        return failure::not_found();
    }
    if let Some(reply) = failure::of_gmail(call.scenario) {
        return reply;
    }
    match (method, rest) {
        ("GET", ["profile"]) => profile(call),
        ("GET", ["labels"]) => labels(),
        ("GET", ["messages"]) => messages(),
        ("GET", ["messages", id]) if id.starts_with("18c0ffee") => {
            Reply::json(200, &json!({ "id": id, "threadId": id, "labelIds": ["INBOX"], "snippet": "Practice" }))
        }
        ("GET", ["settings", "sendAs"]) => send_as(call),
        ("GET", ["settings", "imap"]) => Reply::json(
            200,
            &json!({ "enabled": true, "autoExpunge": true, "expungeBehavior": "archive", "maxFolderSize": 0 }),
        ),
        ("GET", ["settings", "pop"]) => {
            Reply::json(200, &json!({ "accessWindow": "disabled", "disposition": "leaveInInbox" }))
        }
        ("POST", ["drafts"]) => create_draft(call),
        ("GET", ["drafts", id]) if call.world.has(call.scenario.address, KIND, id) => {
            Reply::json(200, &json!({ "id": id, "message": { "id": id, "threadId": id } }))
        }
        ("DELETE", ["drafts", id]) if call.world.delete(call.scenario.address, KIND, id) => Reply::empty(204),
        ("POST", ["messages", "send"]) => send(call),
        _ => failure::not_found(),
    }
}

/// `users.getProfile`
fn profile(call: &Call<'_>) -> Reply {
    Reply::json(
        200,
        &json!({
            "emailAddress": Person::of(call.scenario).email,
            "messagesTotal": 3,
            "threadsTotal": 3,
            "historyId": "1000",
        }),
    )
}

/// `users.labels.list`
fn labels() -> Reply {
    let labels: Vec<Value> = ["INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED"]
        .into_iter()
        .map(|name| {
            json!({
                "id": name, "name": name, "messageListVisibility": "hide", "labelListVisibility": "labelHide",
                "type": "system",
            })
        })
        .collect();
    Reply::json(200, &json!({ "labels": labels }))
}

/// `users.messages.list`
fn messages() -> Reply {
    Reply::json(
        200,
        &json!({
            "messages": [{ "id": "18c0ffee00000001", "threadId": "18c0ffee00000001" }],
            "nextPageToken": "09876543210987654321",
            "resultSizeEstimate": 3,
        }),
    )
}

/// `users.settings.sendAs.list`
fn send_as(call: &Call<'_>) -> Reply {
    let person = Person::of(call.scenario);
    Reply::json(
        200,
        &json!({
            "sendAs": [{
                "sendAsEmail": person.email, "displayName": person.name, "replyToAddress": "", "signature": "",
                "isPrimary": true, "isDefault": true,
            }],
        }),
    )
}

fn raw_message(body: &Value) -> Option<Vec<u8>> {
    use base64::{Engine, alphabet::URL_SAFE, engine::GeneralPurpose, engine::general_purpose::PAD};
    let indifferent = PAD.with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent);
    let raw = body.get("raw")?.as_str()?;
    GeneralPurpose::new(&URL_SAFE, indifferent).decode(raw).ok().filter(|bytes| !bytes.is_empty())
}

/// `users.drafts.create`: the message in base64url
fn create_draft(call: &Call<'_>) -> Reply {
    let body = call.incoming.json().unwrap_or_default();
    if body.get("message").and_then(raw_message).is_none() {
        return failure::bad_request("Invalid value for ByteString");
    }
    let id = call.world.make(call.scenario.address, KIND, "");
    Reply::json(200, &json!({ "id": id, "message": { "id": id, "threadId": id, "labelIds": ["DRAFT"] } }))
}

/// `users.messages.send`
fn send(call: &Call<'_>) -> Reply {
    let text = call.incoming.json().as_ref().and_then(raw_message);
    let Some(text) = text else { return failure::bad_request("'raw' RFC822 payload message string is required") };
    let addressed = String::from_utf8_lossy(&text).lines().any(|line| line.to_ascii_lowercase().starts_with("to:"));
    if !addressed {
        return failure::bad_request("Recipient address required");
    }
    Reply::json(200, &json!({ "id": "18c0ffee00000099", "threadId": "18c0ffee00000099", "labelIds": ["SENT"] }))
}
