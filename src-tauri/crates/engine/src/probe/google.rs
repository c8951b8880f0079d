//! Probes of the Gmail API v1 and the Calendar API v3.
//!
//! Requests and scopes: <https://developers.google.com/workspace/gmail/api/reference/rest> and
//! <https://developers.google.com/workspace/calendar/api/v3/reference>.

use inbox_model::{Facts, Failure, Operation, SkipReason};
use serde_json::{Value, json};

use super::{Asker, graph::with_query};
use crate::{GoogleAddresses, join};

const READS_MAIL: &[&str] = &["mail.google.com", "gmail.readonly", "gmail.modify", "gmail.metadata"];
const READS_PROFILE: &[&str] =
    &["mail.google.com", "gmail.readonly", "gmail.modify", "gmail.metadata", "gmail.compose"];
const READS_LABELS: &[&str] = &["mail.google.com", "gmail.readonly", "gmail.modify", "gmail.metadata", "gmail.labels"];
const READS_CALENDARS: &[&str] =
    &["calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly"];

/// Whether one of the scopes (by its last part) was granted.
#[must_use]
pub fn has_scope(granted: &[String], wanted: &[&str]) -> bool {
    granted.iter().any(|scope| {
        let short = scope.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        wanted.contains(&short)
    })
}

/// `GET /v1/userinfo`: whose account is it.
///
/// # Errors
/// The recorded failure.
pub async fn userinfo(asker: &Asker<'_>, google: &GoogleAddresses) -> Result<(), Failure> {
    let url = join(&google.openid, &["v1", "userinfo"]);
    let read = |body: &Value| {
        let mut facts = Facts::new();
        for key in ["email", "email_verified", "hd"] {
            if let Some(value) = body.get(key) {
                facts.insert(key.to_owned(), value.clone());
            }
        }
        facts
    };
    asker.get("google-userinfo", url, read).await.map(|_| ())
}

/// Labels always (they need the least), profile and one message where the granted scopes allow it.
///
/// # Errors
/// The first recorded failure.
pub async fn mailbox(asker: &Asker<'_>, google: &GoogleAddresses, granted: &[String]) -> Result<(), Failure> {
    let labels = async {
        if !has_scope(granted, READS_LABELS) {
            asker.recorder.skip("gmail-labels", Operation::Http, "", SkipReason::DependencyFailed);
            return Ok(());
        }
        let url = join(&google.gmail, &["gmail", "v1", "users", "me", "labels"]);
        asker.get("gmail-labels", url, |body| counted(body, "labels")).await.map(|_| ())
    };
    let profile = async {
        if !has_scope(granted, READS_PROFILE) {
            asker.recorder.skip("gmail-profile", Operation::Http, "", SkipReason::NotApplicable);
            return Ok(());
        }
        let url = join(&google.gmail, &["gmail", "v1", "users", "me", "profile"]);
        asker.get("gmail-profile", url, |_| Facts::new()).await.map(|_| ())
    };
    let messages = async {
        if !has_scope(granted, READS_MAIL) {
            asker.recorder.skip("gmail-messages", Operation::Http, "", SkipReason::NotApplicable);
            return Ok(());
        }
        let url = with_query(join(&google.gmail, &["gmail", "v1", "users", "me", "messages"]), &[("maxResults", "1")]);
        asker.get("gmail-messages", url, |body| counted(body, "messages")).await.map(|_| ())
    };
    let (labels, profile, messages) = tokio::join!(labels, profile, messages);
    labels.and(profile).and(messages)
}

/// The list of calendars.
///
/// # Errors
/// The recorded failure.
pub async fn calendar(asker: &Asker<'_>, google: &GoogleAddresses, granted: &[String]) -> Result<(), Failure> {
    if !has_scope(granted, READS_CALENDARS) {
        asker.recorder.skip("google-calendar-list", Operation::Http, "", SkipReason::DependencyFailed);
        return Ok(());
    }
    let url =
        with_query(join(&google.apis, &["calendar", "v3", "users", "me", "calendarList"]), &[("maxResults", "1")]);
    asker.get("google-calendar-list", url, |body| counted(body, "items")).await.map(|_| ())
}

/// Records that mailbox and calendar were not looked at.
pub fn skip(recorder: &crate::Recorder, because: SkipReason) {
    for probe in ["gmail-labels", "google-calendar-list"] {
        recorder.skip(probe, Operation::Http, "", because);
    }
}

fn counted(body: &Value, list: &str) -> Facts {
    let count = body.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    Facts::from_iter([("count".to_owned(), json!(count))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_match_by_their_last_part() {
        let granted =
            ["https://www.googleapis.com/auth/gmail.labels".to_owned(), "https://mail.google.com/".to_owned()];
        assert!(has_scope(&granted, &["gmail.labels"]));
        assert!(has_scope(&granted, &["mail.google.com"]));
        assert!(!has_scope(&granted, &["gmail.modify"]));
    }
}
