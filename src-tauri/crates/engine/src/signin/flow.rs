//! The sign-ins themselves.

use inbox_model::{Failure, FailureKind, Operation, Secret, SkipReason};

use super::{
    Grant, Granted, Identity, IdentityProvider, ProviderKind, STORED_PROBE, SignInContext, SignInRequest, Stopped,
    StoredSignIn,
    build::{Known, Wanted, build, compare, facts, record_missing, record_other},
    grant::names,
    id_token::{Claims, Expected, verify},
    missing_scopes, probe_of,
    refusal::{Refusal, needs_person},
    scopes::{with_basic, with_openid},
    secrets::Scrubber,
    token::{TokenEndpoint, Tokens},
    wait::{Answer, Asked, authorize},
};
use crate::Recorder;

/// Signs in with the browser.
///
/// # Errors
/// How it ended without a grant; everything is recorded already.
pub async fn sign_in(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
) -> Result<Granted, Stopped> {
    let scopes = with_openid(provider.kind, &request.scopes);
    let asked = Asked { scopes: &scopes, claims: None };
    let granted = by_browser(context, provider, request, asked, None, &scrubber_for(provider)).await?;
    if let Identity::Other(address) = &granted.identity {
        record_other(context.recorder, request, &granted.grant.provider, address);
    }
    Ok(granted)
}

/// Gets the scopes of the target app on top of a grant: silently where the provider allows that, with the browser where a
/// person can help. Stops where no click can help; the recorded refusal is then the finding.
///
/// # Errors
/// How it ended without a grant; everything is recorded already.
pub async fn extend(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    grant: &Grant,
    request: &SignInRequest,
) -> Result<Granted, Stopped> {
    let scrubber = scrubber_for(provider);
    scrubber.learn(&grant.access_token);
    let scopes = with_basic(provider.kind, &request.scopes);
    let mut claims = None;
    if let Some(token) = grant.refresh_token.as_ref().filter(|_| may_be_silent(provider, grant, &request.scopes)) {
        scrubber.learn(token);
        match silently(context, provider, request, grant, token, &scopes, &scrubber).await {
            Ok(granted) => return Ok(granted),
            Err(refusal) if needs_person(&refusal.failure) => claims = refusal.claims,
            Err(refusal) => return Err(Stopped::Failed(refusal.failure)),
        }
    }
    let asked = Asked { scopes: &scopes, claims: claims.as_ref() };
    let mut granted = by_browser(context, provider, request, asked, Some(grant), &scrubber).await?;
    if !grant.subject.is_empty() && granted.grant.subject != grant.subject {
        record_other(context.recorder, request, &granted.grant.provider, &granted.grant.account);
        granted.identity = Identity::Other(granted.grant.account.clone());
    }
    Ok(granted)
}

/// Signs in with a kept sign-in, without a browser; recorded as `sign-in-stored`.
///
/// # Errors
/// How it ended without a grant; everything is recorded already. `Skipped` where it was made with another client or other
/// addresses.
pub async fn refresh(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    stored: &StoredSignIn,
    scopes: &[String],
) -> Result<Granted, Stopped> {
    if stored.binding != provider.binding() {
        context.recorder.skip(STORED_PROBE, Operation::Refresh, provider.token.as_str(), SkipReason::NotApplicable);
        return Err(Stopped::Skipped(SkipReason::NotApplicable));
    }
    let scrubber = scrubber_for(provider);
    scrubber.learn(&stored.refresh_token);
    let asked = if provider.kind == ProviderKind::Microsoft { with_basic(provider.kind, scopes) } else { Vec::new() };
    let pending = context.recorder.begin(STORED_PROBE, Operation::Refresh, provider.token.as_str());
    let endpoint = endpoint(context, provider, &scrubber);
    let result = match endpoint.refresh(&stored.refresh_token, &asked).await {
        Ok(tokens) => identify(context, provider, &tokens, None).await.map(|claims| (tokens, claims)),
        Err(refusal) => Err(refusal.failure),
    };
    let (tokens, claims) = match result {
        Ok(signed_in) => signed_in,
        Err(failure) => return Err(Stopped::Failed(pending.failed(failure))),
    };
    let known = Known { address: &stored.address, tenant: stored.tenant.as_deref(), subject: "" };
    let wanted = Wanted { scopes, sent: &asked, kept_refresh: Some(&stored.refresh_token) };
    let (grant, missing) = build(provider, tokens, claims.as_ref(), Some(&known), &wanted);
    pending.passed(facts(&grant));
    record_missing(context.recorder, STORED_PROBE, Operation::Refresh, provider, &missing);
    // The sign-in was kept under the address that the provider gave; whose it is cannot change afterwards.
    Ok(Granted { grant, missing, identity: Identity::Same, by_browser: false })
}

/// Settles [`Identity::Unconfirmed`]: `known` are the addresses that the provider's directory gives for the person (mail,
/// proxy addresses with or without `smtp:`, user principal name). Records `IdentityMismatch` where the asked address is not
/// among them. Whether it is the asked person.
pub fn confirm_identity(recorder: &Recorder, request: &SignInRequest, granted: &Granted, known: &[String]) -> bool {
    match &granted.identity {
        Identity::Same => true,
        Identity::Other(_) => false,
        Identity::Unconfirmed(address) => {
            let prefixed = |known: &str| known.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("smtp:"));
            let bare = |known: &'_ String| known.get(5..).filter(|_| prefixed(known)).unwrap_or(known).to_owned();
            let same = known.iter().map(bare).any(|known| names(&request.address, &known));
            if !same {
                record_other(recorder, request, &granted.grant.provider, address);
            }
            same
        }
    }
}

/// Only Microsoft gives more scopes for a refresh token than it was made with; RFC 6749 section 6 forbids it.
fn may_be_silent(provider: &IdentityProvider, grant: &Grant, scopes: &[String]) -> bool {
    provider.kind == ProviderKind::Microsoft || missing_scopes(scopes, &grant.granted).is_empty()
}

fn scrubber_for(provider: &IdentityProvider) -> Scrubber {
    let scrubber = Scrubber::default();
    if let Some(secret) = &provider.client_secret {
        scrubber.learn(secret);
    }
    scrubber
}

fn endpoint<'a>(
    context: SignInContext<'a>,
    provider: &'a IdentityProvider,
    scrubber: &'a Scrubber,
) -> TokenEndpoint<'a> {
    TokenEndpoint { http: context.http, cancel: context.cancel, provider, scrubber }
}

/// Asks in the browser and exchanges the code. Everything but the identity is recorded.
async fn by_browser(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
    asked: Asked<'_>,
    before: Option<&Grant>,
    scrubber: &Scrubber,
) -> Result<Granted, Stopped> {
    let sent = asked.scopes;
    let answer = authorize_and_fetch_keys(context, provider, request, asked, scrubber).await?;
    let probe = probe_of(request.stage);
    let pending = context.recorder.begin(probe, Operation::ExchangeCode, provider.token.as_str());
    let (tokens, claims) = match exchange(context, provider, answer, scrubber).await {
        Ok(exchanged) => exchanged,
        Err(failure) => return Err(Stopped::Failed(pending.failed(failure))),
    };
    let wanted = Wanted { scopes: &request.scopes, sent, kept_refresh: None };
    let (grant, missing) = build(provider, tokens, Some(&claims), before.map(known).as_ref(), &wanted);
    pending.passed(facts(&grant));
    record_missing(context.recorder, probe, Operation::ExchangeCode, provider, &missing);
    let identity = compare(provider, request, &claims, &grant);
    Ok(Granted { grant, missing, identity, by_browser: true })
}

/// The keys are needed right after the browser comes back; fetching them meanwhile saves the person that wait. A failure is
/// not told here: verifying fetches again.
async fn authorize_and_fetch_keys(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
    asked: Asked<'_>,
    scrubber: &Scrubber,
) -> Result<Answer, Stopped> {
    let keys = provider.keys.signing_keys(context.http, context.cancel, false);
    let answer = authorize(context, provider, request, asked, scrubber);
    tokio::pin!(keys, answer);
    let mut fetching = true;
    loop {
        tokio::select! {
            biased;
            answer = &mut answer => return answer,
            _ = &mut keys, if fetching => fetching = false,
        }
    }
}

async fn exchange(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    answer: Answer,
    scrubber: &Scrubber,
) -> Result<(Tokens, Claims), Failure> {
    // Mix-up defence (RFC 9207). Microsoft names no issuer in its answers.
    if let Some(issuer) = answer.issuer.filter(|_| provider.kind != ProviderKind::Microsoft) {
        let metadata = provider.keys.metadata(context.http, context.cancel).await?;
        if !provider.issuers(&metadata, None).contains(&issuer) {
            return Err(Failure::of(FailureKind::StateMismatch).with_detail("issuer"));
        }
    }
    let endpoint = endpoint(context, provider, scrubber);
    let tokens = endpoint.exchange_code(&answer.code, answer.verifier, &answer.redirect).await;
    let tokens = tokens.map_err(|refusal| refusal.failure)?;
    match identify(context, provider, &tokens, Some(&answer.nonce)).await? {
        Some(claims) => Ok((tokens, claims)),
        None => Err(Failure::of(FailureKind::IdTokenInvalid).with_detail("missing")),
    }
}

/// Asks with a refresh token for the scopes of the target app. Everything is recorded.
async fn silently(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
    grant: &Grant,
    token: &Secret<String>,
    scopes: &[String],
    scrubber: &Scrubber,
) -> Result<Granted, Refusal> {
    let probe = probe_of(request.stage);
    let pending = context.recorder.begin(probe, Operation::Refresh, provider.token.as_str());
    let sent = if provider.kind == ProviderKind::Microsoft { scopes } else { &[] };
    let tokens = match endpoint(context, provider, scrubber).refresh(token, sent).await {
        Ok(tokens) => tokens,
        Err(Refusal { failure, claims }) => return Err(Refusal { failure: pending.failed(failure), claims }),
    };
    let claims = match identify(context, provider, &tokens, None).await {
        Ok(claims) if claims.as_ref().is_none_or(|claims| same_subject(claims, grant)) => claims,
        // OpenID Connect Core 12.2: the subject must be the same.
        Ok(_) => return Err(pending.failed(Failure::of(FailureKind::IdTokenInvalid).with_detail("subject")).into()),
        Err(failure) => return Err(pending.failed(failure).into()),
    };
    // With no scopes sent the grant stays what it was (RFC 6749 section 6).
    let sent = if sent.is_empty() { &grant.granted } else { sent };
    let wanted = Wanted { scopes: &request.scopes, sent, kept_refresh: Some(token) };
    let (grant, missing) = build(provider, tokens, claims.as_ref(), Some(&known(grant)), &wanted);
    pending.passed(facts(&grant));
    record_missing(context.recorder, probe, Operation::Refresh, provider, &missing);
    let identity = match &claims {
        Some(claims) => compare(provider, request, claims, &grant),
        None if names(&request.address, &grant.account) => Identity::Same,
        None => Identity::Unconfirmed(grant.account.clone()),
    };
    Ok(Granted { grant, missing, identity, by_browser: false })
}

/// A sign-in that was kept, and answered without an ID token, has no subject to compare.
fn same_subject(claims: &Claims, grant: &Grant) -> bool {
    grant.subject.is_empty() || claims.sub == grant.subject
}

fn known(grant: &Grant) -> Known<'_> {
    Known { address: &grant.account, tenant: grant.tenant.as_deref(), subject: &grant.subject }
}

/// Verifies the ID token, where there is one.
async fn identify(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    tokens: &Tokens,
    nonce: Option<&str>,
) -> Result<Option<Claims>, Failure> {
    let Some(token) = &tokens.id else { return Ok(None) };
    let expected = Expected { nonce, provider_clock: tokens.date, now: jiff::Timestamp::now() };
    verify(provider, context.http, context.cancel, token, &expected).await.map(Some)
}
