//! Where sign-ins are kept between runs: refresh tokens only, in the computer's password store or in memory.

mod chunks;
mod keychain;
mod memory;

use async_trait::async_trait;
use inbox_model::{Failure, Secret};

use super::Binding;

pub use keychain::Keychain;
pub use memory::Memory;

/// A kept sign-in. Its `Debug` masks the token.
#[derive(Debug, Clone)]
pub struct StoredSignIn {
    /// Provider, client and addresses that it was made with.
    pub binding: Binding,
    /// The address that the provider gave.
    pub address: String,
    /// Tenant id at Microsoft.
    pub tenant: Option<String>,
    /// The only secret that is kept.
    pub refresh_token: Secret<String>,
}

/// An account in the list of kept sign-ins; no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    /// Provider, client and addresses that the sign-in was made with.
    pub binding: Binding,
    /// The address that the provider gave.
    pub address: String,
    /// Tenant id at Microsoft.
    pub tenant: Option<String>,
}

impl StoredSignIn {
    pub(crate) fn account(&self) -> StoredAccount {
        StoredAccount { binding: self.binding.clone(), address: self.address.clone(), tenant: self.tenant.clone() }
    }
}

/// A place that keeps sign-ins, at most one per provider and address.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Whether what is kept outlives the program.
    fn lasts(&self) -> bool;

    /// Keeps a sign-in in place of an earlier one of the same provider and address.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`.
    async fn save(&self, sign_in: &StoredSignIn) -> Result<(), Failure>;

    /// The kept sign-in of an address; `None` where there is none, where it is damaged, or where it was made with another
    /// client or other addresses.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`.
    async fn load(&self, binding: &Binding, address: &str) -> Result<Option<StoredSignIn>, Failure>;

    /// The kept accounts, in the order of provider and address.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`.
    async fn list(&self) -> Result<Vec<StoredAccount>, Failure>;

    /// Forgets a sign-in. `false` where none was kept.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`.
    async fn forget(&self, provider: &str, address: &str) -> Result<bool, Failure>;
}
