//! `accounts`, `forget_account`: the sign-ins that are kept on this computer.

use inbox_engine::{KeptAccount, Recorder, signin};
use inbox_model::{FailureKind, Outcome};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::error::{HostError, guarded_on_one_thread};
use crate::host::Host;

/// The kept sign-ins and how the password store stands.
#[derive(Debug, Serialize)]
pub(crate) struct AccountsState {
    accounts: Vec<KeptAccount>,
    store: StoreState,
}

/// How the password store stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum StoreState {
    Ready,
    Missing,
    Locked,
}

/// Which sign-in is to be forgotten.
#[derive(Debug, Deserialize)]
pub(crate) struct Forget {
    provider: String,
    address: String,
}

/// The kept sign-ins; no secret among them.
pub(crate) async fn accounts(host: &Host) -> Result<AccountsState, HostError> {
    let engine = host.engine().await?;
    guarded_on_one_thread(move || async move {
        let store = store_state().await;
        let accounts = match store {
            StoreState::Ready => engine.accounts().await?,
            StoreState::Missing | StoreState::Locked => Vec::new(),
        };
        Ok(AccountsState { accounts, store })
    })
    .await
}

/// Signs out: revokes where the provider can, and deletes from the password store.
pub(crate) async fn forget_account(host: &Host, order: Forget) -> Result<(), HostError> {
    let engine = host.engine().await?;
    guarded_on_one_thread(move || async move {
        Ok(engine.forget(&order.provider, &order.address, &CancellationToken::new()).await.map(drop)?)
    })
    .await
}

/// Tries the password store itself, whatever the settings say about keeping sign-ins.
async fn store_state() -> StoreState {
    let recorder = Recorder::default();
    let _ = signin::open_store(&recorder, true).await;
    let failed = recorder.observations().into_iter().find_map(|observation| match observation.outcome {
        Outcome::Failed { failure } => Some(failure.kind),
        Outcome::Passed { .. } | Outcome::Skipped { .. } => None,
    });
    match failed {
        None => StoreState::Ready,
        Some(FailureKind::KeychainLocked) => StoreState::Locked,
        Some(_) => StoreState::Missing,
    }
}
