//! Everything that the parts share while the practice cloud runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use crate::{Addresses, Fault, Options, Part, grants::Grants, keys::SigningKey, record::Record};

/// Shared state.
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) addresses: Addresses,
    pub(crate) key: SigningKey,
    pub(crate) grants: Grants,
    pub(crate) record: Record,
    /// Tenants whose administrator has consented to the practice client.
    consented: Mutex<BTreeSet<String>>,
    /// Addresses that have agreed on the permission page, or have asked their administrator (`asked:` before them).
    agreed: Mutex<BTreeSet<String>>,
    /// `address kind id` of everything that was made and not deleted, with its subject.
    made: Mutex<BTreeMap<String, String>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("World").field("options", &self.options).finish_non_exhaustive()
    }
}

impl World {
    pub(crate) fn new(options: Options, addresses: Addresses, key: SigningKey) -> Self {
        Self {
            options,
            addresses,
            key,
            grants: Grants::default(),
            record: Record::default(),
            consented: Mutex::default(),
            agreed: Mutex::default(),
            made: Mutex::default(),
        }
    }

    /// What is wrong with a whole part.
    pub(crate) fn host_fault(&self, part: Part) -> Option<Fault> {
        self.options.fault.as_ref()?.of_host(part)
    }

    pub(crate) fn consent_for_tenant(&self, tenant: &str) {
        lock(&self.consented).insert(tenant.to_owned());
    }

    pub(crate) fn tenant_consented(&self, tenant: &str) -> bool {
        lock(&self.consented).contains(tenant)
    }

    pub(crate) fn agree(&self, who: &str) {
        lock(&self.agreed).insert(who.to_lowercase());
    }

    pub(crate) fn agreed(&self, who: &str) -> bool {
        lock(&self.agreed).contains(&who.to_lowercase())
    }

    /// Makes an item and gives its id.
    pub(crate) fn make(&self, address: &str, kind: &str, subject: &str) -> String {
        let id = format!("AAMkAG{}", random_text());
        lock(&self.made).insert(format!("{address} {kind} {id}"), subject.to_owned());
        id
    }

    /// The items of this kind with exactly this subject.
    pub(crate) fn with_subject(&self, address: &str, kind: &str, subject: &str) -> Vec<String> {
        let head = format!("{address} {kind} ");
        lock(&self.made)
            .iter()
            .filter(|(_, made)| *made == subject)
            .filter_map(|(key, _)| key.strip_prefix(&head).map(str::to_owned))
            .collect()
    }

    /// Deletes an item; whether there was one.
    pub(crate) fn delete(&self, address: &str, kind: &str, id: &str) -> bool {
        lock(&self.made).remove(&format!("{address} {kind} {id}")).is_some()
    }

    /// Whether such an item is there.
    pub(crate) fn has(&self, address: &str, kind: &str, id: &str) -> bool {
        lock(&self.made).contains_key(&format!("{address} {kind} {id}"))
    }

    pub(crate) fn leftovers(&self) -> Vec<String> {
        lock(&self.made).keys().cloned().collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 32 random characters of the URL-safe alphabet.
pub(crate) fn random_text() -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
}

/// A random GUID (RFC 9562 version 4), as providers give trace ids.
pub(crate) fn random_guid() -> String {
    guid_of((rand::random::<u128>() & !0xf000_c000_0000_0000_0000_u128) | 0x4000_8000_0000_0000_0000)
}

fn guid_of(number: u128) -> String {
    let digits = format!("{number:032x}");
    let mut out = String::with_capacity(36);
    for (index, digit) in digits.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(digit);
    }
    out
}

/// The same GUID for the same text, always.
pub(crate) fn guid_for(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    guid_of(digest.iter().take(16).fold(0u128, |number, byte| (number << 8) | u128::from(*byte)))
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
