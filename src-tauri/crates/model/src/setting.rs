//! Settings: the values, where each came from, and the addresses of the providers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Language, RedactionLevel};

/// Where a value came from; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The program's own default, or a value baked into the build.
    BuiltIn,
    /// The organisation's recommendation, which the user may change.
    RecommendedPolicy,
    /// The user's settings, or the file given with `--settings`.
    User,
    /// The organisation's rule, which nobody can change.
    MandatoryPolicy,
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// What a settings file may hold. Every field is optional; unknown fields are reported and ignored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// OAuth client id of a Microsoft "mobile and desktop" registration.
    pub microsoft_client_id: Option<String>,
    /// Tenant to sign in to, in place of `organizations`/`common`: a GUID or a domain.
    pub microsoft_tenant: Option<String>,
    /// OAuth client id of a Google "desktop app" registration.
    pub google_client_id: Option<String>,
    /// The matching client secret. Google calls it so; for a desktop app it is not confidential.
    pub google_client_secret: Option<String>,
    /// Addresses of the providers, for other clouds and for the practice cloud.
    pub endpoints: Option<Endpoints>,
    /// Short name of the target app to start with.
    pub app: Option<String>,
    /// Further target-app files (paths to TOML files).
    pub app_files: Vec<String>,
    /// Language of the words.
    pub language: Option<Language>,
    /// Keep sign-ins in the computer's password store.
    pub keep_sign_in: Option<bool>,
    /// Keep past checks on this computer.
    pub keep_history: Option<bool>,
    /// What saved reports mask.
    pub redaction: Option<RedactionLevel>,
    /// Whether the write test may be asked for.
    pub allow_write_test: Option<bool>,
    /// Where messages to IT go.
    pub helpdesk_address: Option<String>,
    /// DNS server (`address:port`) in place of the system's.
    pub dns_server: Option<String>,
    /// Proxy address in place of the system's.
    pub proxy: Option<String>,
    /// How long a sign-in waits for the browser, in seconds (10 to 3600).
    pub sign_in_seconds: Option<u64>,
}

/// A Microsoft cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// Worldwide, including GCC.
    #[default]
    Worldwide,
    /// US Government L4 (GCC High).
    UsGovernment,
    /// US Government L5 (DoD).
    UsDefense,
    /// China, operated by 21Vianet.
    China,
}

/// Addresses of the providers. A missing one means the provider's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Endpoints {
    /// Microsoft's.
    pub microsoft: MicrosoftEndpoints,
    /// Google's.
    pub google: GoogleEndpoints,
    /// Mail servers (`host:port`) inside the private network: only these may have an address there.
    pub mail_servers: Vec<String>,
}

/// Base addresses at Microsoft, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MicrosoftEndpoints {
    /// In place of `https://login.microsoftonline.com`.
    pub login: Option<String>,
    /// In place of `https://graph.microsoft.com`.
    pub graph: Option<String>,
    /// In place of `https://outlook.office365.com` (Autodiscover).
    pub autodiscover: Option<String>,
}

/// Addresses at Google, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct GoogleEndpoints {
    /// Base in place of `https://accounts.google.com` (authorize at `/o/oauth2/v2/auth`, issuer, OpenID configuration).
    pub accounts: Option<String>,
    /// Base in place of `https://oauth2.googleapis.com` (`/token`, `/revoke`).
    pub oauth2: Option<String>,
    /// Base in place of `https://openidconnect.googleapis.com` (`/v1/userinfo`).
    pub openid: Option<String>,
    /// Base in place of `https://gmail.googleapis.com`.
    pub gmail: Option<String>,
    /// Base in place of `https://www.googleapis.com` (`/calendar/v3`, `/oauth2/v3/certs`).
    pub apis: Option<String>,
}
