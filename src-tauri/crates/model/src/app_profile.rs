//! The target app as data: the product that the mailbox shall be connected to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Cause, Confidence};

/// A target app, read from a file of the catalogue or of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppProfile {
    /// Short name for the command line (`hubspot`).
    pub id: String,
    /// The product's name as people know it.
    pub name: String,
    /// The company behind it.
    pub publisher: String,
    /// Its registration with Microsoft, where known.
    pub microsoft: Option<MicrosoftApp>,
    /// Its registration with Google, where known.
    pub google: Option<GoogleApp>,
    /// Articles of the vendor.
    #[serde(default)]
    pub links: Vec<AppLink>,
    /// How the app is called in a running sentence, per language; empty where that is its name. Only a profile that
    /// stands for "any other app" needs it.
    #[serde(default)]
    pub wording: BTreeMap<String, String>,
    /// What the vendor's own pages say when a connection fails.
    #[serde(default)]
    pub error_strings: Vec<ErrorString>,
    /// The day that these facts were checked (`YYYY-MM-DD`).
    pub checked_on: String,
    /// Where the facts were read.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// The app's registration with the Microsoft identity platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MicrosoftApp {
    /// Application (client) id.
    pub client_id: String,
    /// The name under which the app shows in the Entra admin centre (HubSpot's is "HubSpot Sales").
    pub display_name: String,
    /// The delegated permissions that the app asks for, by their short names (`Mail.ReadWrite`, `offline_access`).
    pub scopes: Vec<String>,
    /// What the vendor's own admin-consent address carries.
    pub consent: Option<AppConsent>,
}

/// The parts of the vendor's admin-consent address (the full form).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppConsent {
    /// Registered redirect address.
    pub redirect_uri: String,
    /// The scopes exactly as the vendor's address has them.
    pub scopes: Vec<String>,
    /// The `state` value of the vendor's address.
    pub state: Option<String>,
}

/// The app's registration with Google.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleApp {
    /// OAuth client id, where known: administrators look an app up by it.
    pub client_id: Option<String>,
    /// The scopes that the app asks for; empty where nobody outside the vendor knows them.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// A sentence or code that the vendor's own pages show, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorString {
    /// As shown, in any language; compared without regard to case.
    pub text: String,
    /// What it means.
    pub cause: Cause,
    /// A narrower case with words of its own.
    pub variant: Option<String>,
    /// How sure the words alone make it.
    pub confidence: Confidence,
}

/// A page of the vendor's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppLink {
    /// What the page is for: `troubleshoot`, `connect`, `connect-other` (IMAP), `support`.
    pub key: String,
    /// The address per language.
    pub url: BTreeMap<String, String>,
}
