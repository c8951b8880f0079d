//! The parts of a sign-in that belong to this computer: the way back from the browser, the password store.

use std::sync::Arc;

use inbox_model::{Facts, Failure, Operation};
use tokio_util::sync::CancellationToken;

use super::{Keychain, Memory, TokenStore};
use crate::{Pending, Recorder};

/// Makes a round trip to the program's own listener and records it as `loopback`. Whether it worked.
pub async fn check_loopback(recorder: &Recorder, cancel: &CancellationToken) -> bool {
    let pending = recorder.begin("loopback", Operation::Loopback, "localhost");
    let result = inbox_net::loopback::self_test(cancel).await;
    finish(pending, result.map(|test| Facts::from([("ipv6".to_owned(), test.ipv6.into())])))
}

/// Writes, reads and deletes a value in the password store and records it as `keychain`. Whether it worked.
pub async fn check_keychain(recorder: &Recorder) -> bool {
    let pending = recorder.begin("keychain", Operation::Keychain, STORE);
    finish(pending, Keychain::default().self_test().await.map(|()| Facts::new()))
}

/// The store for sign-ins: the password store where `keep` asks for it and it can be used, else memory. Whether the password
/// store can be used is recorded as `keychain`.
pub async fn open_store(recorder: &Recorder, keep: bool) -> Arc<dyn TokenStore> {
    if !keep {
        return Arc::new(Memory::default());
    }
    let keychain = Keychain::default();
    let pending = recorder.begin("keychain", Operation::Keychain, STORE);
    if finish(pending, keychain.usable().await.map(|()| Facts::new())) {
        Arc::new(keychain)
    } else {
        Arc::new(Memory::default())
    }
}

/// What the password store is called on this system.
const STORE: &str = if cfg!(windows) {
    "credential-manager"
} else if cfg!(target_os = "macos") {
    "keychain"
} else {
    "secret-service"
};

fn finish(pending: Pending, result: Result<Facts, Failure>) -> bool {
    match result {
        Ok(facts) => {
            pending.passed(facts);
            true
        }
        Err(failure) => {
            pending.failed(failure);
            false
        }
    }
}
