//! The write test: a draft made and deleted, an event made and deleted, a mail to oneself. Only on request.
//!
//! Everything carries a subject of ours and stands in the [`Journal`] before it is made, so that the next start can
//! remove what a crash left behind.

use base64::Engine as _;
use http::Method;
use inbox_model::{Facts, Failure, FailureKind, Operation, SkipReason};
use serde_json::{Value, json};
use url::Url;

use super::{
    Asker,
    google::has_scope,
    graph::with_query,
    journal::{Journal, Leftover, LeftoverKind},
};
use crate::{GoogleAddresses, join};

/// How the subjects begin; people and search rules can tell by it.
const MARK: &str = "Inbox Doctor write test (safe to delete)";

/// Probe under which removing is recorded.
const CLEAN_UP: &str = "write-test-clean-up";

/// Where the test writes.
#[derive(Debug, Clone)]
pub enum Place<'a> {
    /// Microsoft Graph.
    Graph(&'a Url),
    /// Gmail and Google Calendar.
    Google(&'a GoogleAddresses),
}

/// A write test of one account.
#[derive(Debug)]
pub struct WriteTest<'a> {
    /// How to ask.
    pub asker: Asker<'a>,
    /// Where.
    pub place: Place<'a>,
    /// The account's address; the mail goes to it and to nobody else.
    pub account: &'a str,
    /// Scopes that were granted.
    pub granted: &'a [String],
    /// What is remembered.
    pub journal: &'a Journal,
}

impl WriteTest<'_> {
    /// Runs all three parts. Parts without the permission for them are recorded as not applicable.
    pub async fn run(&self, now: jiff::Timestamp) {
        for kind in [LeftoverKind::Draft, LeftoverKind::Event, LeftoverKind::Mail] {
            if !self.allowed(kind) {
                self.asker.recorder.skip(self.probe(kind), Operation::Http, "", SkipReason::NotApplicable);
                continue;
            }
            let nonce: u64 = rand::random();
            let mut leftover = Leftover {
                provider: self.provider().to_owned(),
                account: self.account.to_owned(),
                kind,
                subject: format!("{MARK} {nonce:016x}"),
                id: None,
            };
            if let Err(error) = self.journal.put(&leftover) {
                // Without a note of it a crash would leave the item behind: better not to make it.
                let failure = Failure::of(FailureKind::Cancelled).with_detail(error.to_string());
                self.asker.recorder.begin(self.probe(kind), Operation::Http, "").failed(failure);
                continue;
            }
            let Ok(made) = self.make(&leftover, now).await else {
                let _ = self.journal.done(&leftover.subject);
                continue;
            };
            leftover.id = made.get("id").and_then(Value::as_str).map(str::to_owned);
            let _ = self.journal.put(&leftover);
            self.remove(&leftover).await;
        }
    }

    /// Removes what earlier runs left behind in this account.
    pub async fn clean_up(&self) {
        for leftover in self.journal.entries() {
            if leftover.provider == self.provider() && leftover.account.eq_ignore_ascii_case(self.account) {
                self.remove(&leftover).await;
            }
        }
    }

    fn provider(&self) -> &'static str {
        match self.place {
            Place::Graph(_) => "microsoft",
            Place::Google(_) => "google",
        }
    }

    fn probe(&self, kind: LeftoverKind) -> &'static str {
        match (&self.place, kind) {
            (Place::Graph(_), LeftoverKind::Draft) => "graph-write-draft",
            (Place::Graph(_), LeftoverKind::Event) => "graph-write-event",
            (Place::Graph(_), LeftoverKind::Mail) => "graph-send-self",
            (Place::Google(_), LeftoverKind::Draft) => "gmail-write-draft",
            (Place::Google(_), LeftoverKind::Event) => "google-write-event",
            (Place::Google(_), LeftoverKind::Mail) => "gmail-send-self",
        }
    }

    fn allowed(&self, kind: LeftoverKind) -> bool {
        let wanted: &[&str] = match (&self.place, kind) {
            (Place::Graph(_), LeftoverKind::Draft) => &["Mail.ReadWrite"],
            (Place::Graph(_), LeftoverKind::Event) => &["Calendars.ReadWrite"],
            (Place::Graph(_), LeftoverKind::Mail) => &["Mail.Send"],
            (Place::Google(_), LeftoverKind::Draft) => &["mail.google.com", "gmail.compose", "gmail.modify"],
            (Place::Google(_), LeftoverKind::Event) => &["calendar", "calendar.events"],
            (Place::Google(_), LeftoverKind::Mail) => &["mail.google.com", "gmail.modify", "gmail.send"],
        };
        has_scope(self.granted, wanted)
    }

    async fn make(&self, leftover: &Leftover, now: jiff::Timestamp) -> Result<Value, Failure> {
        let subject = leftover.subject.as_str();
        let (url, body) = match (&self.place, leftover.kind) {
            (Place::Graph(graph), LeftoverKind::Draft) => (
                join(graph, &["v1.0", "me", "messages"]),
                json!({"subject": subject, "body": {"contentType": "text", "content": MARK}}),
            ),
            (Place::Graph(graph), LeftoverKind::Event) => {
                let day = next_year(now);
                (
                    join(graph, &["v1.0", "me", "events"]),
                    json!({
                        "subject": subject, "showAs": "free", "isReminderOn": false,
                        "start": {"dateTime": format!("{day}T03:00:00"), "timeZone": "UTC"},
                        "end": {"dateTime": format!("{day}T03:15:00"), "timeZone": "UTC"},
                    }),
                )
            }
            (Place::Graph(graph), LeftoverKind::Mail) => (
                join(graph, &["v1.0", "me", "sendMail"]),
                json!({
                    "message": {
                        "subject": subject, "body": {"contentType": "text", "content": MARK},
                        "toRecipients": [{"emailAddress": {"address": self.account}}],
                    },
                    "saveToSentItems": false,
                }),
            ),
            (Place::Google(google), LeftoverKind::Draft) => (
                join(&google.gmail, &["gmail", "v1", "users", "me", "drafts"]),
                json!({"message": {"raw": raw_mail(self.account, subject)}}),
            ),
            (Place::Google(google), LeftoverKind::Event) => {
                let day = next_year(now);
                let url = join(&google.apis, &["calendar", "v3", "calendars", "primary", "events"]);
                (
                    with_query(url, &[("sendUpdates", "none")]),
                    json!({
                        "summary": subject, "transparency": "transparent", "reminders": {"useDefault": false},
                        "start": {"dateTime": format!("{day}T03:00:00Z")},
                        "end": {"dateTime": format!("{day}T03:15:00Z")},
                    }),
                )
            }
            (Place::Google(google), LeftoverKind::Mail) => (
                join(&google.gmail, &["gmail", "v1", "users", "me", "messages", "send"]),
                json!({"raw": raw_mail(self.account, subject)}),
            ),
        };
        self.asker.send(self.probe(leftover.kind), Method::POST, url, Some(&body), |_| Facts::new()).await
    }

    /// Deletes one item, by its id or by its subject. What cannot be deleted now stays in the journal.
    async fn remove(&self, leftover: &Leftover) {
        let id = match &leftover.id {
            Some(id) => Some(id.clone()),
            None => self.find(leftover).await,
        };
        let Some(id) = id else {
            // A mail may still be on its way: the next start looks again. A draft or event that is not found is gone.
            if leftover.kind != LeftoverKind::Mail {
                let _ = self.journal.done(&leftover.subject);
            }
            return;
        };
        let url = match (&self.place, leftover.kind) {
            (Place::Graph(graph), LeftoverKind::Event) => join(graph, &["v1.0", "me", "events", &id]),
            (Place::Graph(graph), _) => join(graph, &["v1.0", "me", "messages", &id]),
            (Place::Google(google), LeftoverKind::Draft) => {
                join(&google.gmail, &["gmail", "v1", "users", "me", "drafts", &id])
            }
            (Place::Google(google), LeftoverKind::Event) => {
                join(&google.apis, &["calendar", "v3", "calendars", "primary", "events", &id])
            }
            (Place::Google(google), LeftoverKind::Mail) => {
                join(&google.gmail, &["gmail", "v1", "users", "me", "messages", &id, "trash"])
            }
        };
        let trash = matches!((&self.place, leftover.kind), (Place::Google(_), LeftoverKind::Mail));
        let method = if trash { Method::POST } else { Method::DELETE };
        if self.asker.delete(CLEAN_UP, method, url).await {
            let _ = self.journal.done(&leftover.subject);
        }
    }

    /// Looks for an item of ours by its subject. An item is ours only when its subject is exactly the one in the journal:
    /// nothing is deleted on the word of a search.
    async fn find(&self, leftover: &Leftover) -> Option<String> {
        let quoted = leftover.subject.replace('\'', "''");
        let filter = format!("subject eq '{quoted}'");
        let (url, list, subject) = match (&self.place, leftover.kind) {
            (Place::Graph(graph), kind) => {
                let folder = if kind == LeftoverKind::Event { "events" } else { "messages" };
                let pairs = [("$filter", filter.as_str()), ("$select", "id,subject"), ("$top", "1")];
                (with_query(join(graph, &["v1.0", "me", folder]), &pairs), "value", Some("subject"))
            }
            (Place::Google(google), LeftoverKind::Event) => {
                let url = join(&google.apis, &["calendar", "v3", "calendars", "primary", "events"]);
                let pairs = [("q", leftover.subject.as_str()), ("maxResults", "1")];
                (with_query(url, &pairs), "items", Some("summary"))
            }
            (Place::Google(google), kind) => {
                let folder = if kind == LeftoverKind::Draft { "drafts" } else { "messages" };
                let url = join(&google.gmail, &["gmail", "v1", "users", "me", folder]);
                let query = format!("subject:\"{}\"", leftover.subject);
                (with_query(url, &[("q", query.as_str()), ("maxResults", "1")]), folder, None)
            }
        };
        let body = self.asker.get(CLEAN_UP, url, |_| Facts::new()).await.ok()?;
        let found = body.get(list)?.get(0)?;
        let id = found.get("id")?.as_str()?.to_owned();
        let named = match subject {
            Some(field) => found.get(field).and_then(Value::as_str).map(str::to_owned),
            None => self.subject_at_gmail(leftover.kind, &id).await,
        };
        (named.as_deref() == Some(leftover.subject.as_str())).then_some(id)
    }

    /// The subject of a message or draft: Gmail's lists carry ids only
    /// (<https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list>).
    async fn subject_at_gmail(&self, kind: LeftoverKind, id: &str) -> Option<String> {
        let Place::Google(google) = &self.place else { return None };
        let folder = if kind == LeftoverKind::Draft { "drafts" } else { "messages" };
        let url = join(&google.gmail, &["gmail", "v1", "users", "me", folder, id]);
        let url = with_query(url, &[("format", "metadata"), ("metadataHeaders", "Subject")]);
        let body = self.asker.get(CLEAN_UP, url, |_| Facts::new()).await.ok()?;
        let headers = body.pointer("/payload/headers").or_else(|| body.pointer("/message/payload/headers"))?;
        headers
            .as_array()?
            .iter()
            .find(|header| {
                header.get("name").and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case("subject"))
            })?
            .get("value")?
            .as_str()
            .map(str::to_owned)
    }
}

fn next_year(now: jiff::Timestamp) -> jiff::civil::Date {
    let date = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    date.checked_add(jiff::Span::new().days(365)).unwrap_or(date)
}

/// A mail to oneself as RFC 5322 text in base64url, as Gmail wants it
/// (<https://developers.google.com/workspace/gmail/api/guides/sending>).
fn raw_mail(account: &str, subject: &str) -> String {
    let text =
        format!("To: {account}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{MARK}\r\n");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}
