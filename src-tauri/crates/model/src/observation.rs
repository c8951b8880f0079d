//! One fact that was collected: what was tried, what came back. No judgement here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Named facts of a successful step. Field names are stable: rules and reports rely on them.
pub type Facts = BTreeMap<String, serde_json::Value>;

/// One attempt and its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Unique inside one examination (`o1`, `o2` …).
    pub id: String,
    /// Which probe it belongs to, kebab-case (`graph-inbox`, `sign-in-identity`).
    pub probe: String,
    /// What was done.
    pub operation: Operation,
    /// Host, address or name that it was done to; without secrets.
    pub target: String,
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// The lines of a dialogue with a mail server, word for word but for secrets: `C: ` before ours, `S: ` before the server's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub said: Vec<String>,
}

/// The closed list of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operation {
    ResolveName,
    Connect,
    Proxy,
    HandshakeTls,
    Http,
    ImapCommand,
    SmtpCommand,
    PopCommand,
    Authorize,
    ExchangeCode,
    Refresh,
    Keychain,
    Loopback,
    Clock,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Outcome {
    /// It worked; these facts were read.
    Passed {
        /// What was read.
        #[ts(type = "Record<string, unknown>")]
        facts: Facts,
    },
    /// It failed, which is a finding about the world.
    Failed {
        /// How it failed.
        failure: Failure,
    },
    /// It was not tried.
    Skipped {
        /// Why not.
        because: SkipReason,
    },
}

/// Why a probe was not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// Something it builds on failed.
    DependencyFailed,
    /// The user asked for no sign-in.
    NoSignIn,
    /// No OAuth client is registered for this provider.
    NoClientRegistered,
    /// Not meant for this kind of account or host.
    NotApplicable,
    /// Only on request (the write test).
    NotRequested,
    /// The time for the whole run was used up.
    OutOfTime,
    /// The user stopped it.
    Cancelled,
    /// An organisation's policy forbids it.
    Policy,
}

/// How an attempt failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Kind, from the closed list.
    pub kind: FailureKind,
    /// Codes as the provider gave them, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<ProviderCode>,
    /// HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The provider's own words, scrubbed of secrets and shortened.
    #[serde(default)]
    pub detail: String,
    /// How long the provider asked to wait, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Request, trace and correlation ids and times that support needs, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ids: BTreeMap<String, String>,
}

impl Failure {
    /// A failure of this kind with nothing else known.
    #[must_use]
    pub fn of(kind: FailureKind) -> Self {
        Self { kind, codes: Vec::new(), status: None, detail: String::new(), retry_after: None, ids: BTreeMap::new() }
    }

    /// The same with these words (already scrubbed).
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same with one more code.
    #[must_use]
    pub fn with_code(mut self, family: CodeFamily, value: impl Into<String>) -> Self {
        self.codes.push(ProviderCode { family, value: value.into() });
        self
    }
}

/// A code as given by a provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProviderCode {
    /// Where codes of this form come from.
    pub family: CodeFamily,
    /// As given (`AADSTS50105`, `MailboxNotEnabledForRESTAPI`, `invalid_grant`).
    pub value: String,
}

/// Families of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CodeFamily {
    Aadsts,
    Oauth,
    Suberror,
    Graph,
    Google,
    Imap,
    Smtp,
    Ews,
    Vendor,
    Network,
}

/// The closed list of ways to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The name does not exist (NXDOMAIN, or no record of the type).
    DnsNotFound,
    /// The DNS server failed or refused (SERVFAIL, REFUSED).
    DnsServerFailed,
    /// No DNS answer in time.
    DnsTimeout,
    /// The DNS answer cannot be right (a public host with a private address, a malformed answer).
    DnsUnusable,
    /// The host refused the connection.
    ConnectRefused,
    /// No connection in time.
    ConnectTimeout,
    /// No route to the host.
    ConnectUnreachable,
    /// The connection broke off.
    ConnectionReset,
    /// A proxy wants a sign-in (407).
    ProxyAuthentication,
    /// A proxy refused or failed.
    ProxyRefused,
    /// The certificate is not trusted (unknown issuer).
    TlsUntrusted,
    /// The certificate has expired.
    TlsExpired,
    /// The certificate is not valid yet.
    TlsNotYetValid,
    /// The certificate is for another host.
    TlsWrongHost,
    /// No common TLS version, or the handshake broke.
    TlsProtocol,
    /// The answer was not complete in time.
    TooSlow,
    /// An HTTP status that says no, with no code that is known better.
    HttpStatus,
    /// The provider refused and gave a code or an error body.
    ProviderRefused,
    /// The provider wants fewer requests (429).
    Throttled,
    /// The provider has a fault (5xx).
    ProviderUnavailable,
    /// The answer points to another host; it was not followed.
    RedirectRefused,
    /// The answer was larger than any right answer.
    BodyTooLarge,
    /// The answer could not be read (broken JSON).
    BodyMalformed,
    /// The answer broke off.
    BodyIncomplete,
    /// Another content type than the provider's.
    WrongContentType,
    /// A web page came where the provider's data should be: a captive portal or a filter.
    CaptivePortal,
    /// A private or local address stands where a public host should be; it was not contacted.
    PrivateAddressRefused,
    /// The provider signed somebody else in than the address that was asked.
    IdentityMismatch,
    /// The ID token could not be verified.
    IdTokenInvalid,
    /// Fewer permissions were granted than were asked for.
    ScopesMissing,
    /// The answer in the browser did not belong to this sign-in (wrong state).
    StateMismatch,
    /// No browser could be opened.
    BrowserNotOpened,
    /// The browser did not come back in time.
    BrowserDidNotReturn,
    /// The person told what the browser shows (the code says which page).
    PersonReported,
    /// No port for the way back from the browser could be opened, or it could not be reached.
    LoopbackUnavailable,
    /// There is no password store on this computer.
    KeychainMissing,
    /// The password store is locked.
    KeychainLocked,
    /// The password store refused or failed.
    KeychainFailed,
    /// This computer's clock differs from the provider's by too much.
    ClockSkew,
    /// A fact about the account that keeps the app from working (the code names it).
    AccountCondition,
    /// The person stopped it.
    Cancelled,
}
