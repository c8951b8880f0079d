//! Keeps sign-ins for as long as the program runs.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use inbox_model::Failure;

use super::{StoredAccount, StoredSignIn, TokenStore};
use crate::signin::Binding;

/// A store without any file or password store behind it.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<BTreeMap<(String, String), StoredSignIn>>,
}

impl Memory {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<(String, String), StoredSignIn>) -> T) -> T {
        work(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn key(provider: &str, address: &str) -> (String, String) {
    (provider.to_owned(), address.to_lowercase())
}

#[async_trait]
impl TokenStore for Memory {
    fn lasts(&self) -> bool {
        false
    }

    async fn save(&self, sign_in: &StoredSignIn) -> Result<(), Failure> {
        self.with(|kept| kept.insert(key(&sign_in.binding.provider, &sign_in.address), sign_in.clone()));
        Ok(())
    }

    async fn load(&self, binding: &Binding, address: &str) -> Result<Option<StoredSignIn>, Failure> {
        let found = self.with(|kept| kept.get(&key(&binding.provider, address)).cloned());
        Ok(found.filter(|sign_in| sign_in.binding == *binding))
    }

    async fn list(&self) -> Result<Vec<StoredAccount>, Failure> {
        Ok(self.with(|kept| kept.values().map(StoredSignIn::account).collect()))
    }

    async fn forget(&self, provider: &str, address: &str) -> Result<bool, Failure> {
        Ok(self.with(|kept| kept.remove(&key(provider, address)).is_some()))
    }
}
