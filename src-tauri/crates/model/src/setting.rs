//! Settings: the values, where each came from, and the addresses of the providers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
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

/// What a settings file may hold. Every field is optional; unknown fields are reported and ignored. What each means, its
/// limits and who may change it stands in the engine's table `data/policies.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// OAuth client id of a Microsoft "mobile and desktop" registration.
    pub microsoft_client_id: Option<String>,
    /// Tenant to sign in to, in place of `organizations`/`common`: a GUID or a domain.
    pub microsoft_tenant: Option<String>,
    /// Cloud that is asked first.
    pub microsoft_cloud: Option<Cloud>,
    /// OAuth client id of a Google "desktop app" registration.
    pub google_client_id: Option<String>,
    /// The matching client secret. Google calls it so; for a desktop app it is not confidential.
    pub google_client_secret: Option<String>,
    /// Addresses of the providers, for other clouds and for the practice cloud.
    pub endpoints: Option<Endpoints>,
    /// Providers at which the program may sign in; all for `None`.
    pub allowed_providers: Option<Vec<SignInProvider>>,
    /// Short names of the target apps that may be chosen; all for `None`.
    pub allowed_apps: Option<Vec<String>>,
    /// Short name of the target app to start with.
    pub app: Option<String>,
    /// Further target-app files (paths to TOML files).
    pub app_files: Vec<String>,
    /// Language of the words.
    pub language: Option<Language>,
    /// Look of the window.
    pub theme: Option<Theme>,
    /// Keep sign-ins in the computer's password store.
    pub keep_sign_in: Option<bool>,
    /// Keep past checks on this computer.
    pub keep_history: Option<bool>,
    /// What saved reports mask.
    pub redaction: Option<RedactionLevel>,
    /// Folder where reports are saved when only a file name is given.
    pub report_folder: Option<String>,
    /// Picture at the head of reports (a path).
    pub report_logo: Option<String>,
    /// Whether the write test may be asked for.
    pub allow_write_test: Option<bool>,
    /// Whether the administrator's check may be run.
    pub allow_admin_check: Option<bool>,
    /// How the helpdesk is called.
    pub helpdesk_name: Option<String>,
    /// Where messages to IT go.
    pub helpdesk_address: Option<String>,
    /// Web page of the helpdesk.
    pub helpdesk_url: Option<String>,
    /// Language in which messages to IT are written first.
    pub helpdesk_language: Option<Language>,
    /// Paragraph at the end of messages to IT.
    pub message_addition: Option<String>,
    /// The same for messages in Japanese.
    pub message_addition_ja: Option<String>,
    /// DNS server (`address:port`) in place of the system's.
    pub dns_server: Option<String>,
    /// Address of a DNS over HTTPS server that is asked for a second opinion when the network is tested.
    pub dns_over_https: Option<String>,
    /// Address over plain HTTP at which a sign-in page of the network is found.
    pub portal_probe: Option<String>,
    /// Proxy address in place of the system's.
    pub proxy: Option<String>,
    /// Whether Thunderbird's central database may be asked for the mail servers of a domain. Off unless it is set: it belongs to
    /// neither the person's provider nor ours.
    pub mail_database: Option<bool>,
    /// Root certificates (paths of PEM files) that are trusted beside the system's.
    pub trusted_root_files: Vec<String>,
    /// How long a sign-in waits for the browser, in seconds (10 to 3600).
    pub sign_in_seconds: Option<u64>,
    /// How much the program logs about its own work.
    pub log_level: Option<LogLevel>,
    /// Ask for updates; always off in this version.
    pub update_check: Option<bool>,
    /// OpenTelemetry collector that gets results.
    pub handover_collector: Option<String>,
    /// Bearer token for it.
    pub handover_token: Option<String>,
    /// Folder into which results are put.
    pub handover_folder: Option<String>,
    /// What is masked in results that are handed over.
    pub handover_redaction: Option<RedactionLevel>,
}

/// A provider by the way the program signs in there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SignInProvider {
    /// Microsoft 365 and Outlook.com.
    Microsoft,
    /// Google Workspace and Gmail.
    Google,
    /// Any other host, by its mail servers.
    Other,
}

/// Look of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Black, white and strong lines.
    HighContrast,
}

/// How much the program logs about its own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Nothing.
    #[default]
    Off,
    /// Only what failed.
    Error,
    /// And what may become a fault.
    Warn,
    /// And what was done.
    Info,
    /// And how.
    Debug,
    /// Everything.
    Trace,
}

/// One setting as it stands, in words: a line of `policy show` and of the window's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingRow {
    /// Key, as in settings files.
    pub key: String,
    /// Which part it belongs to: `registration`, `endpoints`, `allowed`, `kept`, `helpdesk`, `network`, `program`, `handover`.
    pub group: String,
    /// Short name in the language that was asked for.
    pub title: String,
    /// Explanation in that language.
    pub text: String,
    /// `text`, `bool`, `integer`, `choice`, `email`, `url`, `socket`, `path` or `list`.
    pub kind: String,
    /// Values to choose from, where the kind is `choice`, or a list of such.
    pub choices: Vec<String>,
    /// The value in force, the default included; `null` where nothing is set. Secrets are masked.
    #[ts(type = "unknown")]
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
    /// The file, or the place of the policy, that it came from; `None` for built-in ones.
    pub place: Option<String>,
    /// Set by the organisation so that nobody can change it.
    pub locked: bool,
    /// May be changed in the window now: meant for it, and not locked.
    pub changeable: bool,
    /// What was wrong with values for this key that were ignored.
    pub problems: Vec<String>,
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

impl Cloud {
    /// All clouds.
    pub const ALL: &'static [Cloud] = &[Cloud::Worldwide, Cloud::UsGovernment, Cloud::UsDefense, Cloud::China];
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
    /// In place of Thunderbird's central database of mail servers, `https://autoconfig.thunderbird.net/v1.1`.
    pub mail_database: Option<String>,
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
    /// In place of `outlook.office365.com:993` (IMAP).
    pub imap: Option<String>,
    /// In place of `smtp.office365.com:587` (SMTP submission, STARTTLS).
    pub smtp: Option<String>,
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
    /// In place of `imap.gmail.com:993` (IMAP).
    pub imap: Option<String>,
    /// In place of `smtp.gmail.com:465` (SMTP submission, TLS from the start).
    pub smtp: Option<String>,
}
