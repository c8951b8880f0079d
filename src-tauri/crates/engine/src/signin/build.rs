//! Makes the grant out of tokens and claims, and records what it shows.

use inbox_model::{Facts, Failure, FailureKind, Operation, Secret};

use super::{
    Grant, Identity, IdentityProvider, PERSONAL_TENANT, ProviderKind, SignInRequest,
    grant::names,
    id_token::Claims,
    probe_of,
    scopes::{Effects, missing_by_effects},
    token::Tokens,
};
use crate::Recorder;

/// What is known of the person from before.
pub(crate) struct Known<'a> {
    pub(crate) address: &'a str,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) subject: &'a str,
}

/// What was asked for.
pub(crate) struct Wanted<'a> {
    /// Scopes that the caller wants; the missing ones are counted among these.
    pub(crate) scopes: &'a [String],
    /// Scopes as they were sent: granted whole where the answer names none (RFC 6749 section 5.1).
    pub(crate) sent: &'a [String],
    /// The refresh token that was used: it stays good where the answer brings no new one (RFC 6749 section 6).
    pub(crate) kept_refresh: Option<&'a Secret<String>>,
}

/// The grant, and the scopes that are missing in it.
pub(crate) fn build(
    provider: &IdentityProvider,
    tokens: Tokens,
    claims: Option<&Claims>,
    known: Option<&Known<'_>>,
    wanted: &Wanted<'_>,
) -> (Grant, Vec<String>) {
    let tenant = claims.and_then(|claims| claims.tid.clone()).or_else(|| known?.tenant.map(str::to_owned));
    // The same person keeps the address of the first sign-in: the password store knows the sign-in by it.
    let known =
        known.filter(|known| known.subject.is_empty() || claims.is_none_or(|claims| claims.sub == known.subject));
    let address = claims.and_then(|claims| claims.addresses().first().map(|text| (*text).to_owned()));
    let address = known.map(|known| known.address.to_owned()).or(address);
    let subject =
        claims.map(|claims| claims.sub.clone()).or_else(|| Some(known?.subject.to_owned())).unwrap_or_default();
    let account = address.unwrap_or_else(|| subject.clone());
    let sent = if wanted.sent.is_empty() { wanted.scopes } else { wanted.sent };
    let grant = Grant {
        provider: provider.name.clone(),
        account,
        subject,
        personal: provider.kind == ProviderKind::Microsoft
            && tenant.as_deref().is_some_and(|tenant| tenant.eq_ignore_ascii_case(PERSONAL_TENANT)),
        tenant,
        access_token: tokens.access,
        refresh_token: tokens.refresh.or_else(|| wanted.kept_refresh.cloned()),
        granted: tokens.scopes.unwrap_or_else(|| sent.to_vec()),
        expires: tokens.expires,
    };
    let effects = Effects {
        identified: claims.is_some(),
        named: claims.is_some_and(|claims| claims.name.is_some() || claims.preferred_username.is_some()),
        addressed: claims.is_some_and(|claims| !claims.addresses().is_empty()),
        renewable: grant.refresh_token.is_some(),
    };
    let missing = missing_by_effects(wanted.scopes, &grant.granted, effects);
    (grant, missing)
}

/// What a sign-in that worked is recorded with.
pub(crate) fn facts(grant: &Grant) -> Facts {
    let mut facts = Facts::from([
        ("account".to_owned(), grant.account.clone().into()),
        ("granted".to_owned(), grant.granted.clone().into()),
        ("personal".to_owned(), grant.personal.into()),
        ("renewable".to_owned(), grant.refresh_token.is_some().into()),
    ]);
    if let Some(tenant) = &grant.tenant {
        facts.insert("tenant".to_owned(), tenant.clone().into());
    }
    facts
}

/// Records missing scopes, where there are any.
pub(crate) fn record_missing(
    recorder: &Recorder,
    probe: &'static str,
    operation: Operation,
    provider: &IdentityProvider,
    missing: &[String],
) {
    if !missing.is_empty() {
        let failure = Failure::of(FailureKind::ScopesMissing).with_detail(missing.join(","));
        recorder.begin(probe, operation, provider.token.as_str()).failed(failure);
    }
}

/// Records that somebody else signed in.
pub(crate) fn record_other(recorder: &Recorder, request: &SignInRequest, provider: &str, address: &str) {
    let failure = Failure::of(FailureKind::IdentityMismatch).with_detail(address);
    recorder.begin(probe_of(request.stage), Operation::Authorize, provider).failed(failure);
}

/// Compares who signed in with the address that was asked. A sign-in name at Microsoft is often no mail address of the
/// person, so a difference there proves nothing yet
/// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>, `preferred_username`).
pub(crate) fn compare(
    provider: &IdentityProvider,
    request: &SignInRequest,
    claims: &Claims,
    grant: &Grant,
) -> Identity {
    let given = claims.addresses();
    if given.iter().chain([&grant.account.as_str()]).any(|given| names(&request.address, given)) {
        Identity::Same
    } else if provider.kind == ProviderKind::Microsoft || given.is_empty() {
        Identity::Unconfirmed(grant.account.clone())
    } else {
        Identity::Other(grant.account.clone())
    }
}
