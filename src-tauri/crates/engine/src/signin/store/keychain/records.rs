//! What stands in the password store: one record per sign-in, and a list of the accounts without secrets.

use inbox_model::{Failure, FailureKind, Secret};
use rand::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::signin::{
    Binding, StoredAccount, StoredSignIn,
    store::chunks::{Slots, read, remove, write},
};

/// Slot of the list.
const LIST: &str = "accounts";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    provider: String,
    client_id: String,
    authorize: String,
    token: String,
    address: String,
    tenant: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    v: u32,
    #[serde(flatten)]
    account: Account,
    refresh_token: Zeroizing<String>,
}

impl Account {
    fn of(account: StoredAccount) -> Self {
        let Binding { provider, client_id, authorize, token } = account.binding;
        Self { provider, client_id, authorize, token, address: account.address, tenant: account.tenant }
    }

    fn into_stored(self) -> StoredAccount {
        let Self { provider, client_id, authorize, token, address, tenant } = self;
        StoredAccount { binding: Binding { provider, client_id, authorize, token }, address, tenant }
    }

    fn is(&self, provider: &str, address: &str) -> bool {
        self.provider == provider && self.address.to_lowercase() == address.to_lowercase()
    }
}

/// The slot of a sign-in: names neither the person nor the provider.
fn slot(provider: &str, address: &str) -> String {
    let digest = Sha256::digest(format!("{provider}\0{}", address.to_lowercase()));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("sign-in.{hex}")
}

fn failed() -> Failure {
    Failure::of(FailureKind::KeychainFailed)
}

/// The list comes first: an account in it without a record reads as "nothing kept", while a record that is not in the list
/// could not be seen and not be forgotten.
pub(super) fn save(slots: &dyn Slots, sign_in: &StoredSignIn) -> Result<(), Failure> {
    let (provider, address) = (&sign_in.binding.provider, &sign_in.address);
    let mut all = accounts(slots)?;
    all.retain(|account| !account.is(provider, address));
    all.push(Account::of(sign_in.account()));
    write_list(slots, all)?;
    let refresh_token = Zeroizing::new(sign_in.refresh_token.expose().clone());
    let record = Record { v: 1, account: Account::of(sign_in.account()), refresh_token };
    let bytes = Zeroizing::new(serde_json::to_vec(&record).map_err(|_| failed())?);
    write(slots, &slot(provider, address), &bytes)
}

pub(super) fn load(slots: &dyn Slots, binding: &Binding, address: &str) -> Result<Option<StoredSignIn>, Failure> {
    let Some(bytes) = read(slots, &slot(&binding.provider, address))? else { return Ok(None) };
    let Ok(mut record) = serde_json::from_slice::<Record>(&bytes) else { return Ok(None) };
    let refresh_token = Secret::new(std::mem::take(&mut *record.refresh_token));
    let same_address = record.account.is(&binding.provider, address);
    let StoredAccount { binding: made_with, address, tenant } = record.account.into_stored();
    let fits = record.v == 1 && same_address && made_with == *binding;
    Ok(fits.then_some(StoredSignIn { binding: made_with, address, tenant, refresh_token }))
}

pub(super) fn list(slots: &dyn Slots) -> Result<Vec<StoredAccount>, Failure> {
    let mut all: Vec<StoredAccount> = accounts(slots)?.into_iter().map(Account::into_stored).collect();
    all.sort_by_key(|account| (account.binding.provider.clone(), account.address.to_lowercase()));
    Ok(all)
}

/// The record goes first: should it break off in between, the account is still in the list and can be forgotten again.
pub(super) fn forget(slots: &dyn Slots, provider: &str, address: &str) -> Result<bool, Failure> {
    let there = remove(slots, &slot(provider, address))?;
    let mut all = accounts(slots)?;
    let before = all.len();
    all.retain(|account| !account.is(provider, address));
    if all.len() == before {
        return Ok(there);
    }
    if all.is_empty() {
        remove(slots, LIST)?;
    } else {
        write_list(slots, all)?;
    }
    Ok(true)
}

/// Writes, reads and deletes random bytes under a random name.
pub(super) fn round_trip(slots: &dyn Slots, length: usize) -> Result<(), Failure> {
    let mut value = vec![0_u8; length];
    rand::rng().fill_bytes(&mut value);
    let name = format!("check.{:08x}", rand::rng().next_u32());
    let result = write(slots, &name, &value).and_then(|()| read(slots, &name));
    let removed = remove(slots, &name);
    let back = result?;
    removed?;
    if back.is_some_and(|back| *back == value) { Ok(()) } else { Err(failed().with_detail("another value came back")) }
}

fn accounts(slots: &dyn Slots) -> Result<Vec<Account>, Failure> {
    let bytes = read(slots, LIST)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

fn write_list(slots: &dyn Slots, all: Vec<Account>) -> Result<(), Failure> {
    write(slots, LIST, &serde_json::to_vec(&all).map_err(|_| failed())?)
}
