//! The computer's own password store: Keychain on macOS, Credential Manager on Windows, Secret Service elsewhere.

mod records;
mod system;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use inbox_model::{Failure, FailureKind};
use tokio::sync::{Mutex, oneshot};

use super::{StoredAccount, StoredSignIn, TokenStore, chunks};
use crate::signin::Binding;
use system::System;

/// Name under which everything is kept.
const SERVICE: &str = "inbox-doctor";
/// How long one use of the password store may take. A locked one asks the person for its password and waits without limit;
/// this is time to type it.
const LIMIT: Duration = Duration::from_secs(30);

/// The computer's password store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Keychain {
    system: System,
    limit: Duration,
    /// The list of accounts is read, changed and written: one at a time.
    turn: Arc<Mutex<()>>,
}

impl Default for Keychain {
    fn default() -> Self {
        Self::new(SERVICE, LIMIT)
    }
}

impl Keychain {
    /// Keeps everything under another name and waits only so long: for a second installation, and for tests.
    #[must_use]
    pub fn new(service: &str, limit: Duration) -> Self {
        Self { system: System::new(service), limit, turn: Arc::default() }
    }

    /// Writes, reads and deletes a value of several pieces.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`.
    pub async fn self_test(&self) -> Result<(), Failure> {
        self.run(|system| records::round_trip(system, 2 * chunks::PIECE)).await
    }

    /// The same with one small value: whether it can be used at all.
    pub(crate) async fn usable(&self) -> Result<(), Failure> {
        self.run(|system| records::round_trip(system, 16)).await
    }

    /// Works on a thread of its own and gives up waiting after the limit. Not a thread of the runtime: the runtime would
    /// wait for it at the end of the program, and a prompt that nobody answers would keep the program alive.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&System) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _turn = self.turn.lock().await;
        let (done, result) = oneshot::channel();
        let system = self.system.clone();
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                // The receiver is gone where the limit passed; the late result is dropped then.
                let _ = done.send(work(&system));
            })
            .map_err(|error| Failure::of(FailureKind::KeychainFailed).with_detail(error.kind().to_string()))?;
        match tokio::time::timeout(self.limit, result).await {
            Ok(Ok(result)) => result,
            // The thread panicked inside the library.
            Ok(Err(_)) => {
                System::reconnect();
                Err(Failure::of(FailureKind::KeychainFailed))
            }
            Err(_) => {
                // The stuck call holds the connection; the next one gets its own.
                System::reconnect();
                let seconds = self.limit.as_secs();
                Err(Failure::of(FailureKind::KeychainLocked).with_detail(format!("no answer in {seconds} s")))
            }
        }
    }
}

#[async_trait]
impl TokenStore for Keychain {
    fn lasts(&self) -> bool {
        true
    }

    async fn save(&self, sign_in: &StoredSignIn) -> Result<(), Failure> {
        let sign_in = sign_in.clone();
        self.run(move |system| records::save(system, &sign_in)).await
    }

    async fn load(&self, binding: &Binding, address: &str) -> Result<Option<StoredSignIn>, Failure> {
        let (binding, address) = (binding.clone(), address.to_owned());
        self.run(move |system| records::load(system, &binding, &address)).await
    }

    async fn list(&self) -> Result<Vec<StoredAccount>, Failure> {
        self.run(|system| records::list(system)).await
    }

    async fn forget(&self, provider: &str, address: &str) -> Result<bool, Failure> {
        let (provider, address) = (provider.to_owned(), address.to_owned());
        self.run(move |system| records::forget(system, &provider, &address)).await
    }
}
