//! The computer's own password store.

use async_trait::async_trait;
use inbox_model::{Failure, FailureKind};

use super::{StoredAccount, StoredSignIn, TokenStore};
use crate::signin::Binding;

/// The computer's password store; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Keychain;

/// What a write, read and delete in the password store showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeychainTest;

#[async_trait]
impl TokenStore for Keychain {
    fn lasts(&self) -> bool {
        true
    }

    async fn save(&self, _sign_in: &StoredSignIn) -> Result<(), Failure> {
        Err(Failure::of(FailureKind::KeychainMissing))
    }

    async fn load(&self, _binding: &Binding, _address: &str) -> Result<Option<StoredSignIn>, Failure> {
        Err(Failure::of(FailureKind::KeychainMissing))
    }

    async fn list(&self) -> Result<Vec<StoredAccount>, Failure> {
        Err(Failure::of(FailureKind::KeychainMissing))
    }

    async fn forget(&self, _provider: &str, _address: &str) -> Result<bool, Failure> {
        Err(Failure::of(FailureKind::KeychainMissing))
    }
}
