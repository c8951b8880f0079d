//! Codes and tokens that were given out.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::{
    ACCESS_CANARY, CODE_CANARY, REFRESH_CANARY,
    scenario::Scenario,
    world::{now, random_text},
};

/// How long a code lives: about ten minutes at Microsoft
/// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>).
const CODE_SECONDS: i64 = 600;
/// How long an access token lives.
pub(crate) const ACCESS_SECONDS: i64 = 3599;

/// What a person agreed to, bound to the request.
#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) scenario: &'static Scenario,
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) challenge: String,
    pub(crate) nonce: Option<String>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) made: i64,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct RefreshGrant {
    pub(crate) scenario: &'static Scenario,
    pub(crate) client: String,
    pub(crate) scopes: BTreeSet<String>,
}

/// What an access token stands for.
#[derive(Debug, Clone)]
pub(crate) struct AccessGrant {
    pub(crate) scenario: &'static Scenario,
    pub(crate) scopes: BTreeSet<String>,
}

/// Why a code cannot be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    Unknown,
    Used,
    Expired,
    Redirect,
    Client,
    Verifier,
}

#[derive(Debug, Default)]
struct Kept {
    codes: HashMap<String, CodeGrant>,
    used: BTreeSet<String>,
    refresh: HashMap<String, RefreshGrant>,
    access: HashMap<String, AccessGrant>,
}

/// The store.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    kept: Mutex<Kept>,
}

impl Grants {
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn code(&self, grant: CodeGrant) -> String {
        let code = format!("{CODE_CANARY}{}", random_text());
        self.lock().codes.insert(code.clone(), grant);
        code
    }

    /// Redeems a code: once, by the same client, at the same redirect address, with the verifier (RFC 7636 section 4.6).
    pub(crate) fn redeem(
        &self,
        code: &str,
        client: &str,
        redirect: &str,
        verifier: &str,
    ) -> Result<CodeGrant, CodeRefusal> {
        let mut kept = self.lock();
        if kept.used.contains(code) {
            return Err(CodeRefusal::Used);
        }
        let grant = kept.codes.get(code).cloned().ok_or(CodeRefusal::Unknown)?;
        if grant.made + CODE_SECONDS < now() {
            return Err(CodeRefusal::Expired);
        }
        if grant.client != client {
            return Err(CodeRefusal::Client);
        }
        if grant.redirect != redirect {
            return Err(CodeRefusal::Redirect);
        }
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) != grant.challenge {
            return Err(CodeRefusal::Verifier);
        }
        kept.codes.remove(code);
        kept.used.insert(code.to_owned());
        Ok(grant)
    }

    pub(crate) fn refresh_token(&self, grant: RefreshGrant) -> String {
        let token = format!("{REFRESH_CANARY}{}{}", random_text(), random_text());
        self.lock().refresh.insert(token.clone(), grant);
        token
    }

    pub(crate) fn refresh(&self, token: &str) -> Option<RefreshGrant> {
        self.lock().refresh.get(token).cloned()
    }

    pub(crate) fn access_token(&self, grant: AccessGrant) -> String {
        let token = format!("{ACCESS_CANARY}{}{}", random_text(), random_text());
        self.lock().access.insert(token.clone(), grant);
        token
    }

    pub(crate) fn access(&self, token: &str) -> Option<AccessGrant> {
        self.lock().access.get(token).cloned()
    }

    /// Withdraws a token and everything of the same account and kind; whether there was such a token.
    pub(crate) fn revoke(&self, token: &str) -> bool {
        let mut kept = self.lock();
        let Some(address) = kept
            .refresh
            .get(token)
            .map(|grant| grant.scenario.address)
            .or_else(|| kept.access.get(token).map(|grant| grant.scenario.address))
        else {
            return false;
        };
        kept.refresh.retain(|_, grant| grant.scenario.address != address);
        kept.access.retain(|_, grant| grant.scenario.address != address);
        true
    }
}
