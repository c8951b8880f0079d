//! The roads by which a target app reaches a mailbox, which of them to take, and the values to copy.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Road {
    /// Which.
    pub kind: RoadKind,
    /// Whether it should be taken.
    pub standing: RoadStanding,
    /// What to choose in the target app, in words.
    pub title: String,
    /// What to enter there, in the order of the usual form.
    #[serde(default)]
    pub values: Vec<RoadValue>,
    /// What is true of this host today.
    #[serde(default)]
    pub remarks: Vec<RoadRemark>,
    /// Ids of the observations that it rests on.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// Kinds of roads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RoadKind {
    /// The app's own connection with Microsoft 365 or Outlook.com.
    Microsoft,
    /// The app's own connection with Google.
    Google,
    /// Exchange Web Services of a server of one's own.
    Exchange,
    /// IMAP for reading, SMTP for sending.
    Imap,
    /// CalDAV for the calendar.
    Caldav,
}

/// Whether a road should be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RoadStanding {
    /// This one.
    Take,
    /// If the one to take cannot be used.
    Possible,
    /// Was not looked at, or nothing settles it.
    NotChecked,
    /// Not this one: closed for this host, today.
    Closed,
}

/// A value to copy into the target app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoadValue {
    /// Stable name: `imap-host`, `imap-port`, `imap-security`, `smtp-host`, `smtp-port`, `smtp-security`, `user-name`,
    /// `ews-url`, `caldav-url`.
    pub name: String,
    /// Words before it.
    pub label: String,
    /// The value itself.
    pub value: String,
}

/// Something that is true of a host on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoadRemark {
    /// Stable name.
    pub id: String,
    /// In words.
    pub text: String,
    /// Where it is documented.
    pub source: String,
    /// Whether somebody has read it there; else it is common knowledge that nobody has looked up.
    pub verified: bool,
}
