//! One credential in the operating system's store, through the `keyring` crate.

use std::sync::Arc;

use inbox_model::{Failure, FailureKind};
use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::signin::store::chunks::Slots;

/// The operating system's store under one name; blocking.
#[derive(Debug, Clone)]
pub(super) struct System {
    service: Arc<str>,
}

impl System {
    pub(super) fn new(service: &str) -> Self {
        Self { service: service.into() }
    }

    /// Drops the connection to the store, so that the next use makes a new one.
    pub(super) fn reconnect() {
        platform::reconnect();
    }

    fn entry(&self, name: &str) -> Result<Entry, Failure> {
        platform::entry(&self.service, name).map_err(|error| classify(&error, true))
    }
}

impl Slots for System {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(classify(&error, false)),
        }
    }

    fn set(&self, name: &str, value: &[u8]) -> Result<(), Failure> {
        self.entry(name)?.set_secret(value).map_err(|error| classify(&error, false))
    }

    fn delete(&self, name: &str) -> Result<bool, Failure> {
        match self.entry(name)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(classify(&error, false)),
        }
    }
}

/// The failure behind an error of the crate. `connecting`: the store itself could not be reached. The error's own words are
/// not kept: some variants carry the bytes of the secret.
fn classify(error: &Error, connecting: bool) -> Failure {
    let (kind, detail) = match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => {
            let access = matches!(error, Error::NoStorageAccess(_));
            platform::classify(cause.as_ref(), access, connecting)
        }
        Error::NoDefaultStore => (FailureKind::KeychainMissing, "no store"),
        Error::TooLong(..) => (FailureKind::KeychainFailed, "too long"),
        Error::Ambiguous(_) => (FailureKind::KeychainFailed, "stored twice"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            (FailureKind::KeychainFailed, "damaged")
        }
        _ => (FailureKind::KeychainFailed, "refused"),
    };
    if kind == FailureKind::KeychainFailed {
        platform::reconnect();
    }
    Failure::of(kind).with_detail(detail)
}

/// Secret Service over D-Bus. `keyring::Entry::new` decides once per process whether there is a store; here every use may
/// connect anew, so that a store that starts later, or again, is found.
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
mod platform {
    use std::sync::{Arc, Mutex, PoisonError};

    use inbox_model::FailureKind;
    use keyring::{Entry, Result};
    use keyring_core::api::CredentialStoreApi;
    use secret_service::Error as ServiceError;
    use zbus_secret_service_keyring_store::Store;

    static CONNECTED: Mutex<Option<Arc<Store>>> = Mutex::new(None);

    pub(super) fn entry(service: &str, name: &str) -> Result<Entry> {
        let kept = CONNECTED.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let store = match kept {
            Some(store) => store,
            None => {
                let store = Store::new()?;
                *CONNECTED.lock().unwrap_or_else(PoisonError::into_inner) = Some(store.clone());
                store
            }
        };
        Ok(Entry { inner: store.build(service, name, None)? })
    }

    pub(super) fn reconnect() {
        *CONNECTED.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn classify(
        cause: &(dyn std::error::Error + Send + Sync + 'static),
        _access: bool,
        connecting: bool,
    ) -> (FailureKind, &'static str) {
        match cause.downcast_ref::<ServiceError>() {
            _ if connecting => (FailureKind::KeychainMissing, "no password store answers"),
            Some(ServiceError::Locked | ServiceError::Prompt | ServiceError::PromptDisconnected) => {
                (FailureKind::KeychainLocked, "locked")
            }
            // Setting a value where no keyring was ever made.
            Some(ServiceError::NoResult) => (FailureKind::KeychainMissing, "no keyring"),
            Some(ServiceError::Unavailable) => (FailureKind::KeychainMissing, "no password store answers"),
            Some(ServiceError::Crypto(_)) => (FailureKind::KeychainFailed, "encryption"),
            Some(ServiceError::Zbus(_) | ServiceError::ZbusFdo(_) | ServiceError::Zvariant(_)) => {
                (FailureKind::KeychainFailed, "bus")
            }
            _ => (FailureKind::KeychainFailed, "refused"),
        }
    }
}

/// Keychain and Credential Manager are parts of the system: there is nothing to connect to.
#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
mod platform {
    use inbox_model::FailureKind;
    use keyring::{Entry, Result};

    pub(super) fn entry(service: &str, name: &str) -> Result<Entry> {
        Entry::new(service, name)
    }

    pub(super) fn reconnect() {}

    /// On Windows access fails where there is no logon session with a vault (a session over SSH); on macOS where the keychain
    /// is locked and may not ask.
    pub(super) fn classify(
        _cause: &(dyn std::error::Error + Send + Sync + 'static),
        access: bool,
        _connecting: bool,
    ) -> (FailureKind, &'static str) {
        match (access, cfg!(windows)) {
            (true, true) => (FailureKind::KeychainMissing, "no vault in this session"),
            (true, false) => (FailureKind::KeychainLocked, "locked"),
            (false, _) => (FailureKind::KeychainFailed, "refused"),
        }
    }
}
