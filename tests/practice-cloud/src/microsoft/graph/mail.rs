//! Folders, messages, sending.

use serde_json::{Value, json};

use super::{
    Call, error, no_permission,
    refusals::{Touch, of_mailbox},
};
use crate::{Part, reply::Reply};

/// Where the drafts are.
const KIND: &str = "message";
/// Messages that every mailbox holds, newest first.
const MESSAGES: [&str; 3] = ["AAMkAGpracticeMessage1", "AAMkAGpracticeMessage2", "AAMkAGpracticeMessage3"];

const READ: [&str; 3] = ["Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"];

pub(super) fn answer(call: &Call<'_>, method: &str, segments: &[&str]) -> Reply {
    let (touch, wanted): (Touch, &[&str]) = match (method, segments) {
        ("GET", ["mailboxSettings", ..]) => (Touch::Inbox, &["MailboxSettings.Read"]),
        ("GET", ["mailFolders", ..]) => (Touch::Inbox, &READ),
        ("GET", _) => (Touch::Messages, &READ),
        ("POST", ["sendMail"]) => (Touch::Send, &["Mail.Send"]),
        _ => (Touch::WriteMessage, &["Mail.ReadWrite"]),
    };
    if !call.may(wanted) {
        return no_permission();
    }
    if let Some(reply) = of_mailbox(call, touch) {
        return reply;
    }
    match (method, segments) {
        ("GET", ["mailboxSettings"]) => settings(call),
        ("GET", ["mailFolders", name]) => folder(call, name),
        ("GET", ["messages"] | ["mailFolders", _, "messages"]) => messages(call),
        ("GET", ["messages", id]) => one(call, id),
        ("POST", ["messages"]) => create(call),
        ("DELETE", ["messages", id]) => delete(call, id),
        ("POST", ["messages", id, "permanentDelete"]) => delete(call, id),
        ("POST", ["sendMail"]) => send(call),
        _ => error(400, "BadRequest", "Resource not found for the segment."),
    }
}

/// <https://learn.microsoft.com/graph/api/mailfolder-get>
fn folder(call: &Call<'_>, name: &str) -> Reply {
    let (id, display) = match name.to_ascii_lowercase().as_str() {
        "inbox" => ("AAMkAGpracticeInbox", "Inbox"),
        "drafts" => ("AAMkAGpracticeDrafts", "Drafts"),
        "deleteditems" => ("AAMkAGpracticeDeleted", "Deleted Items"),
        "sentitems" => ("AAMkAGpracticeSent", "Sent Items"),
        _ => return error(404, "ErrorItemNotFound", "The specified object was not found in the store."),
    };
    Reply::json(
        200,
        &call.selected(json!({
            "@odata.context": call.context(&format!("users('{}')/mailFolders/$entity", call.identity.oid)),
            "id": id,
            "displayName": display,
            "parentFolderId": "AAMkAGpracticeRoot",
            "childFolderCount": 0,
            "unreadItemCount": 1,
            "totalItemCount": MESSAGES.len(),
            "sizeInBytes": 4096,
            "isHidden": false,
        })),
    )
}

/// <https://learn.microsoft.com/graph/api/resources/mailboxsettings>
fn settings(call: &Call<'_>) -> Reply {
    Reply::json(
        200,
        &call.selected(json!({
            "@odata.context": call.context(&format!("users('{}')/mailboxSettings", call.identity.oid)),
            "timeZone": "Tokyo Standard Time",
            "userPurpose": "user",
        })),
    )
}

/// The address that stands as sender: of a personal account whose primary alias is no Microsoft address it is an
/// internal one (sample: <https://www.spamtacular.com>, 2025-03-14).
pub(super) fn sender(call: &Call<'_>) -> Value {
    let address = if call.scenario.cause == "primary-alias-foreign" {
        super::calendar::INTERNAL_ADDRESS
    } else {
        call.scenario.address
    };
    json!({ "emailAddress": { "name": call.identity.name, "address": address } })
}

fn message(call: &Call<'_>, id: &str, subject: &str, draft: bool) -> Value {
    json!({
        "id": id,
        "createdDateTime": "2026-11-20T08:00:00Z",
        "receivedDateTime": "2026-11-20T08:00:00Z",
        "subject": subject,
        "isDraft": draft,
        "sender": sender(call),
        "from": sender(call),
        "toRecipients": [],
    })
}

/// <https://learn.microsoft.com/graph/api/user-list-messages>, paged as in <https://learn.microsoft.com/graph/paging>.
fn messages(call: &Call<'_>) -> Reply {
    if let Some(subject) = call.subject_filter() {
        let found = call.world.with_subject(call.scenario.address, KIND, &subject);
        let found: Vec<Value> = found.iter().map(|id| call.selected(message(call, id, &subject, true))).collect();
        return Reply::json(200, &json!({ "value": found }));
    }
    let number = |name: &str, other: usize| {
        call.incoming.query(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(other)
    };
    let (skip, top) = (number("$skip", 0), number("$top", 10).clamp(1, 1000));
    let page: Vec<Value> = MESSAGES
        .iter()
        .skip(skip)
        .take(top)
        .map(|id| call.selected(message(call, id, "Practice message", false)))
        .collect();
    let mut body = json!({
        "@odata.context": call.context(&format!("users('{}')/messages", call.identity.oid)),
        "value": page,
    });
    if skip + top < MESSAGES.len()
        && let Some(fields) = body.as_object_mut()
    {
        let select = call.incoming.query("$select").map(|select| format!("&$select={select}")).unwrap_or_default();
        let next = format!(
            "{}/v1.0/me/messages?$top={top}&$skip={}{select}",
            call.world.addresses.base(Part::MicrosoftGraph),
            skip + top
        );
        fields.insert("@odata.nextLink".to_owned(), Value::from(next));
    }
    Reply::json(200, &body)
}

/// <https://learn.microsoft.com/graph/api/message-get>
fn one(call: &Call<'_>, id: &str) -> Reply {
    if call.world.has(call.scenario.address, KIND, id) {
        Reply::json(200, &call.selected(message(call, id, "Practice draft", true)))
    } else if MESSAGES.contains(&id) {
        Reply::json(200, &call.selected(message(call, id, "Practice message", false)))
    } else {
        error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    }
}

/// <https://learn.microsoft.com/graph/api/user-post-messages>
fn create(call: &Call<'_>) -> Reply {
    let Some(asked) = call.incoming.json() else {
        return error(400, "BadRequest", "Unable to read JSON request payload.");
    };
    let subject = asked.get("subject").and_then(Value::as_str).unwrap_or_default();
    let id = call.world.make(call.scenario.address, KIND, subject);
    Reply::json(201, &message(call, &id, subject, true))
}

/// <https://learn.microsoft.com/graph/api/message-delete>
fn delete(call: &Call<'_>, id: &str) -> Reply {
    if call.world.delete(call.scenario.address, KIND, id) {
        Reply::empty(204)
    } else {
        error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    }
}

/// <https://learn.microsoft.com/graph/api/user-sendmail>
fn send(call: &Call<'_>) -> Reply {
    let recipients = call
        .incoming
        .json()
        .and_then(|body| body.get("message")?.get("toRecipients")?.as_array().map(Vec::len))
        .unwrap_or(0);
    if recipients == 0 {
        return error(400, "ErrorInvalidRecipients", "At least one recipient is not valid., Recipients are missing.");
    }
    // A mail to oneself arrives.
    let own = call.scenario.address;
    if let Some(message) = call.incoming.json().as_ref().and_then(|body| body.get("message")) {
        let to_self = message.pointer("/toRecipients/0/emailAddress/address").and_then(Value::as_str) == Some(own);
        let subject = message.get("subject").and_then(Value::as_str).unwrap_or_default();
        if to_self {
            call.world.make(own, KIND, subject);
        }
    }
    Reply::empty(202)
}
