//! Signing in at Microsoft and Google in the system browser, and keeping the sign-in.
//!
//! Two stages ([`Stage`]): first who it is, with the least scopes; then the target app's own scopes, silently where that
//! works. Every refusal is recorded as an observation of the probe `sign-in-identity`, `sign-in-app` or `sign-in-stored`.

mod build;
mod flow;
mod grant;
mod id_token;
mod keys;
mod local;
mod provider;
mod refusal;
mod scopes;
mod secrets;
mod sign_out;
mod store;
mod token;
mod wait;

use std::time::Duration;

use inbox_model::{EmailAddress, Stage};
use inbox_net::Http;
use tokio_util::sync::CancellationToken;

use crate::{Recorder, Watcher};

pub use flow::{confirm_identity, extend, refresh, sign_in};
pub use grant::{Grant, Granted, Identity, PERSONAL_TENANT, Stopped};
pub use local::{check_keychain, check_loopback, open_store};
pub use refusal::read_token_refusal;
pub use token::is_token_answer;

pub use provider::{Binding, IdentityProvider, Prompt, ProviderKind};
pub use scopes::missing_scopes;
pub use sign_out::{Revocation, SignedOut, sign_out};
pub use store::{Keychain, Memory, StoredAccount, StoredSignIn, TokenStore};

/// What a sign-in works with.
#[derive(Clone, Copy)]
pub struct SignInContext<'a> {
    /// Requests to the provider.
    pub http: &'a Http,
    /// Where observations go.
    pub recorder: &'a Recorder,
    /// Who opens the browser and may answer for the person.
    pub watcher: &'a dyn Watcher,
    /// Ends everything at once.
    pub cancel: &'a CancellationToken,
}

/// What is asked of a provider.
#[derive(Debug, Clone)]
pub struct SignInRequest {
    /// Which stage; it names the probe.
    pub stage: Stage,
    /// The address that was typed: offered to the sign-in page and compared with who came back.
    pub address: EmailAddress,
    /// Scopes, as the provider or the target app names them.
    pub scopes: Vec<String>,
    /// What the sign-in page is asked to do. Google gives a refresh token only with a first consent or `Consent`.
    pub prompt: Option<Prompt>,
    /// How long the browser is waited for.
    pub wait: Duration,
}

/// The probe that a stage is recorded under.
pub(crate) fn probe_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Identity => "sign-in-identity",
        Stage::AppScopes => "sign-in-app",
    }
}

/// The probe that a kept sign-in is recorded under.
pub(crate) const STORED_PROBE: &str = "sign-in-stored";
