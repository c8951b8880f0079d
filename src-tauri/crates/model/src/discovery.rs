//! What was found out about an address without any sign-in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Cloud, Confidence, Domain};

/// Who keeps the mailbox, who only stands in front of it, and why we think so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Discovery {
    /// The domain that was asked.
    pub domain: Domain,
    /// The domain whose records decided, when the asked one has none of its own (a sub-domain that inherits).
    pub decided_by: Option<Domain>,
    /// Who keeps the mailbox.
    pub provider: Provider,
    /// How sure that is.
    pub confidence: Confidence,
    /// A filter in front of the mailbox: mail passes it, the mailbox is elsewhere.
    pub gateway: Option<NamedService>,
    /// A service that forwards the mail to some other place.
    pub forwarder: Option<NamedService>,
    /// Whether the domain receives mail at all.
    pub reception: MailReception,
    /// The organisation at Microsoft, where there is one (also where the mail is kept elsewhere).
    pub tenant: Option<Tenant>,
    /// What Microsoft's Autodiscover said.
    pub autodiscover: Autodiscover,
    /// Every record and answer that counted, heaviest first.
    pub evidence: Vec<Evidence>,
}

/// The company or product that keeps a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "id", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Provider {
    /// Microsoft 365 (Exchange Online) of an organisation.
    #[serde(rename = "microsoft-365")]
    Microsoft365 {
        /// The national or worldwide cloud.
        cloud: Cloud,
    },
    /// Personal Outlook.com, Hotmail, Live, MSN.
    OutlookCom,
    /// Google Workspace of an organisation.
    GoogleWorkspace,
    /// Personal Gmail.
    Gmail,
    /// Another mail host of the MX table.
    Other {
        /// Short name of the host in the MX table.
        host: String,
        /// The host's name as people know it.
        name: String,
    },
    /// The domain receives no mail (no MX and no address, or a null MX of RFC 7505).
    None,
    /// The records do not tell.
    Unknown,
}

impl Provider {
    /// Whether Microsoft keeps the mailbox.
    #[must_use]
    pub fn is_microsoft(&self) -> bool {
        matches!(self, Provider::Microsoft365 { .. } | Provider::OutlookCom)
    }

    /// Whether Google keeps the mailbox.
    #[must_use]
    pub fn is_google(&self) -> bool {
        matches!(self, Provider::GoogleWorkspace | Provider::Gmail)
    }
}

/// A gateway or forwarder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NamedService {
    /// Short name in the MX table.
    pub host: String,
    /// Name as people know it.
    pub name: String,
    /// The record that showed it.
    pub record: String,
}

/// Whether the domain receives mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MailReception {
    /// It has MX records.
    Mx,
    /// No MX, but an address record: mail goes to the domain itself (RFC 5321 section 5.1).
    AddressOnly,
    /// The domain says that it takes no mail (null MX, RFC 7505).
    NullMx,
    /// Neither MX nor address.
    Nothing,
    /// The domain does not exist (NXDOMAIN).
    NoSuchDomain,
    /// Could not be looked up.
    NotChecked,
}

/// An organisation at Microsoft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Tenant id (GUID).
    pub id: String,
    /// The cloud that answered.
    pub cloud: Cloud,
    /// Who checks the password.
    pub realm: Realm,
    /// The organisation's name as its sign-in page shows it.
    pub brand: Option<String>,
}

/// Who checks the password of a Microsoft sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Realm {
    /// Microsoft itself.
    Managed,
    /// The organisation's own sign-in server.
    Federated {
        /// The host of that server.
        host: Option<String>,
    },
    /// Microsoft does not know the domain.
    Unknown,
    /// Could not be looked up.
    NotChecked,
}

/// What Microsoft's Autodiscover said about the mailbox (a hint, not a proof: inferred, see `docs/`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Autodiscover {
    /// Not asked: only a domain was given, or the mail is not at Microsoft.
    NotChecked,
    /// Microsoft's own host answers for it.
    AtMicrosoft,
    /// Microsoft points to another host: the mailbox may be on the organisation's own server.
    Elsewhere {
        /// The other host.
        host: String,
    },
    /// Microsoft does not know it.
    NotFound,
    /// It could not be asked.
    Failed,
}

/// A record or answer and what it speaks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// What kind of record or answer.
    pub kind: EvidenceKind,
    /// The name or address that was asked.
    pub asked: String,
    /// The answer, shortened; or why there is none.
    pub answer: String,
    /// What it speaks for (a host's short name), when it speaks for anything.
    pub points_to: Option<String>,
    /// How much it counts, 0 to 100.
    pub weight: u8,
}

/// Kinds of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// MX record.
    Mx,
    /// SPF record (TXT).
    Spf,
    /// DKIM selector, CNAME or TXT.
    Dkim,
    /// `autodiscover` CNAME.
    AutodiscoverCname,
    /// `_autodiscover._tcp` SRV.
    AutodiscoverSrv,
    /// Ownership token (TXT).
    TxtToken,
    /// A or AAAA of the domain itself.
    Address,
    /// The OpenID configuration of the domain at Microsoft.
    OpenidConfiguration,
    /// The realm answer of Microsoft.
    RealmLookup,
    /// Autodiscover JSON at Microsoft.
    AutodiscoverJson,
    /// A domain that the provider itself owns (gmail.com, outlook.com).
    WellKnownDomain,
}
