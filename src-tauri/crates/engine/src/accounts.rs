//! The sign-ins that are kept on this computer.

use std::sync::Arc;

use inbox_model::{FailureKind, Secret};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, EngineError, GoogleAddresses, Recorder,
    signin::{self, IdentityProvider, Memory, Revocation, TokenStore},
};

/// A kept sign-in; no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptAccount {
    /// `microsoft` or `google`.
    pub provider: String,
    /// The address that the provider gave.
    pub address: String,
    /// Tenant id at Microsoft.
    pub tenant: Option<String>,
}

impl Engine {
    /// The store for sign-ins. A password store that could not be used is tried again with every check; until then the
    /// sign-ins of this run live in memory.
    pub(crate) async fn store(&self, recorder: &Recorder, wanted: bool) -> Arc<dyn TokenStore> {
        let mut opened = self.store.lock().await;
        if let Some(store) = opened.as_ref().filter(|store| store.lasts() || !wanted) {
            return Arc::clone(store);
        }
        if !wanted {
            return Arc::new(Memory::default());
        }
        let keep = self.settings.values.keep_sign_in.unwrap_or(true);
        let fresh = signin::open_store(recorder, keep).await;
        match opened.as_ref() {
            Some(memory) if !fresh.lasts() => Arc::clone(memory),
            _ => {
                *opened = Some(Arc::clone(&fresh));
                fresh
            }
        }
    }

    /// The kept sign-ins.
    ///
    /// # Errors
    /// When the password store is there and refuses. With none at all the list is empty.
    pub async fn accounts(&self) -> Result<Vec<KeptAccount>, EngineError> {
        let store = self.store(&Recorder::default(), true).await;
        let accounts = store.list().await.map_err(|failure| keychain(failure.kind))?;
        Ok(accounts
            .into_iter()
            .map(|account| KeptAccount {
                provider: account.binding.provider,
                address: account.address,
                tenant: account.tenant,
            })
            .collect())
    }

    /// Signs out: revokes where the provider can, and deletes from the password store. Whether it was revoked.
    ///
    /// # Errors
    /// When the password store refuses.
    pub async fn forget(&self, provider: &str, address: &str, cancel: &CancellationToken) -> Result<bool, EngineError> {
        let store = self.store(&Recorder::default(), true).await;
        let values = &self.settings.values;
        let identity = match provider {
            "google" => GoogleAddresses::resolve(values.endpoints.as_ref()).ok().map(|addresses| {
                let secret = values.google_client_secret.clone().map(Secret::new);
                IdentityProvider::google(&addresses, values.google_client_id.as_deref().unwrap_or_default(), secret)
            }),
            "microsoft" => Some(IdentityProvider::microsoft(
                &self.microsoft(self.home_cloud()),
                values.microsoft_tenant.as_deref().unwrap_or("common"),
                values.microsoft_client_id.as_deref().unwrap_or_default(),
            )),
            _ => None,
        };
        let Some(identity) = identity else {
            store.forget(provider, address).await.map_err(|failure| keychain(failure.kind))?;
            return Ok(false);
        };
        let out = signin::sign_out(&self.net()?.http, &identity, store.as_ref(), address, cancel)
            .await
            .map_err(|failure| keychain(failure.kind))?;
        Ok(out.revocation == Revocation::Revoked)
    }
}

fn keychain(kind: FailureKind) -> EngineError {
    EngineError::Keychain(crate::report::name_of(&kind))
}
