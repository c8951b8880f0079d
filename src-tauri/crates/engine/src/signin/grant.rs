//! What a sign-in gave: who, which permissions, until when.

use inbox_model::{Account, EmailAddress, Failure, Secret, SkipReason};

use super::{IdentityProvider, StoredSignIn};

/// The tenant id under which Microsoft keeps all personal accounts
/// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>, claim `tid`).
pub const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A sign-in in force. Its `Debug` masks the tokens.
#[derive(Debug, Clone)]
pub struct Grant {
    /// `microsoft`, `google`, or another provider's name.
    pub provider: String,
    /// The address (at Microsoft: the sign-in name) that the provider gives.
    pub account: String,
    /// The provider's lasting id of the person for this client (claim `sub`).
    pub subject: String,
    /// Tenant id at Microsoft.
    pub tenant: Option<String>,
    /// Whether it is a personal Microsoft account.
    pub personal: bool,
    /// For calls to the provider's interfaces.
    pub access_token: Secret<String>,
    /// For a later sign-in without a browser, where the provider gave one.
    pub refresh_token: Option<Secret<String>>,
    /// Scopes that were granted, as the provider names them.
    pub granted: Vec<String>,
    /// When the access token ends, where the provider said it.
    pub expires: Option<jiff::Timestamp>,
}

impl Grant {
    /// What the password store shall keep of it; `None` without a refresh token.
    #[must_use]
    pub fn to_stored(&self, provider: &IdentityProvider) -> Option<StoredSignIn> {
        Some(StoredSignIn {
            binding: provider.binding(),
            address: self.account.clone(),
            tenant: self.tenant.clone(),
            refresh_token: self.refresh_token.clone()?,
        })
    }

    /// The part that may be shown and saved.
    #[must_use]
    pub fn to_account(&self, missing: &[String], kept: bool) -> Account {
        Account {
            provider: self.provider.clone(),
            address: self.account.clone(),
            tenant: self.tenant.clone(),
            granted: self.granted.clone(),
            missing: missing.to_vec(),
            kept,
        }
    }
}

/// How the person who signed in compares with the address that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The provider names the asked address.
    Same,
    /// Somebody else signed in: this address. Recorded as `IdentityMismatch`.
    Other(String),
    /// The sign-in name (this one) differs from the asked address, which at Microsoft may still be the same person: a
    /// sign-in name need not be a mail address. Not recorded; see [`super::confirm_identity`].
    Unconfirmed(String),
}

/// A sign-in that worked.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The sign-in.
    pub grant: Grant,
    /// Scopes that were asked for and not granted, as they were asked. Recorded as `ScopesMissing` where not empty.
    pub missing: Vec<String>,
    /// Who it is.
    pub identity: Identity,
    /// Whether a browser was needed.
    pub by_browser: bool,
}

/// A sign-in that ended without a grant. Everything is recorded already.
#[derive(Debug, Clone)]
pub enum Stopped {
    /// The world said no.
    Failed(Failure),
    /// The person skipped it, or nothing is kept to sign in with.
    Skipped(SkipReason),
}

/// Whether `asked` is one of these addresses; text that is no address equals only itself.
pub(crate) fn names(asked: &EmailAddress, given: &str) -> bool {
    EmailAddress::parse(given).is_ok_and(|given| asked.same_mailbox(&given))
}
