//! Servers of the roads beside the API: where mail is fetched and handed in, and what is known about each without a sign-in.

use serde::{Deserialize, Serialize};

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailProtocol {
    /// Reading mail where it lies (RFC 9051).
    Imap,
    /// Handing mail in for sending (RFC 6409).
    Smtp,
    /// Fetching mail (RFC 1939).
    Pop,
}

impl MailProtocol {
    /// All of them, in the order in which they are shown.
    pub const ALL: &'static [MailProtocol] = &[MailProtocol::Imap, MailProtocol::Smtp, MailProtocol::Pop];
}

/// How a connection is encrypted, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailSecurity {
    /// TLS from the first byte on (RFC 8314).
    Tls,
    /// Clear text first, TLS after a command.
    StartTls,
    /// Not at all.
    None,
}

/// What the user name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailUser {
    /// The whole address.
    Address,
    /// The part before the `@`.
    LocalPart,
    /// Something else, which the host tells its customers.
    Other,
}

/// Where the knowledge about a server comes from, the most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerSource {
    /// The host's published values; the MX record shows that the domain is there.
    Table,
    /// The domain's own configuration file, fetched over HTTPS.
    Autoconfig,
    /// The domain's own Autodiscover.
    Autodiscover,
    /// SRV records of the domain (RFC 6186, RFC 8314).
    Srv,
    /// A central database of mail servers, where the settings allow asking it.
    Database,
    /// A usual name that exists in the domain. Nobody said that it is the mail server.
    Guess,
}

/// A server to copy into an app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailServer {
    /// What it speaks.
    pub protocol: MailProtocol,
    /// Where it is known from.
    pub source: ServerSource,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// Host name, A-label form in lower case.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What the user name is.
    pub user: MailUser,
    /// The record, document or page that names it.
    pub evidence: String,
}
