//! The parts of a sign-in that belong to this computer: the way back from the browser, the password store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Memory, TokenStore};
use crate::Recorder;

/// Makes a round trip to the program's own listener and records it as `loopback`. Whether it worked.
pub async fn check_loopback(_recorder: &Recorder, _cancel: &CancellationToken) -> bool {
    false
}

/// Writes, reads and deletes a value in the password store and records it as `keychain`. Whether it worked.
pub async fn check_keychain(_recorder: &Recorder) -> bool {
    false
}

/// The store for sign-ins: the password store where `keep` asks for it and it can be used, else memory. A password store
/// that cannot be used is recorded as `keychain` Failed.
pub async fn open_store(_recorder: &Recorder, _keep: bool) -> Arc<dyn TokenStore> {
    Arc::new(Memory::default())
}
