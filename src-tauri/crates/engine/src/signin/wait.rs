//! The part of a sign-in that happens in the browser.

#[cfg(test)]
mod tests;

use std::{pin::Pin, time::Duration};

use inbox_model::{
    CheckEvent, CheckReply, CodeFamily, Facts, Failure, FailureKind, Operation, PageSeen, Secret, SkipReason,
};
use inbox_net::loopback::{Callback, Loopback, LoopbackHost, PastedAddress};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use tokio::time::Instant;
use url::Url;

use super::{
    IdentityProvider, ProviderKind, SignInContext, SignInRequest, Stopped, probe_of,
    refusal::{aadsts_codes, of_callback},
    secrets::Scrubber,
    token::client,
};
use crate::BrowserFailure;

/// How long starting a browser may take before the person is told that it is being waited for. Some browser commands
/// come back only when the browser is closed.
const ANNOUNCE: Duration = Duration::from_secs(2);

/// A code from the browser, with what belongs to it.
pub(crate) struct Answer {
    pub(crate) code: Secret<String>,
    pub(crate) verifier: PkceCodeVerifier,
    pub(crate) nonce: String,
    pub(crate) redirect: String,
    /// The issuer that the answer names (RFC 9207).
    pub(crate) issuer: Option<String>,
}

/// What is asked in the browser beside the request itself.
pub(crate) struct Asked<'a> {
    pub(crate) scopes: &'a [String],
    pub(crate) claims: Option<&'a Secret<String>>,
}

/// Opens the browser and waits for its answer, for the person, for the end of time.
pub(crate) async fn authorize(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
    asked: Asked<'_>,
    scrubber: &Scrubber,
) -> Result<Answer, Stopped> {
    let loopback = open_loopback(context, provider).await;
    let redirect = loopback.as_ref().map_or_else(|| unreachable_redirect(provider), Loopback::redirect_uri);
    let page = sign_in_page(provider, request, &asked, &redirect)
        .map_err(|failure| Stopped::Failed(record(context, provider, request, failure)))?;
    for secret in [&page.state, &page.verifier_copy] {
        scrubber.learn(secret);
    }
    let pending = context.recorder.begin(probe_of(request.stage), Operation::Authorize, target(provider));
    let ended = wait(context, provider, request, &page, loopback, scrubber).await;
    context.watcher.tell(CheckEvent::BrowserDone { stage: request.stage });
    let (callback, pasted) = match ended {
        Ended::Answered { callback, pasted } => (callback, pasted),
        Ended::Failed(failure) => return Err(Stopped::Failed(pending.failed(failure))),
        Ended::Skipped => {
            pending.finish(inbox_model::Outcome::Skipped { because: SkipReason::NoSignIn });
            return Err(Stopped::Skipped(SkipReason::NoSignIn));
        }
    };
    let Some(code) = callback.code().cloned() else {
        return Err(Stopped::Failed(pending.failed(of_callback(&callback, scrubber))));
    };
    scrubber.learn(&code);
    let way = if pasted { "pasted" } else { "loopback" };
    pending.passed(Facts::from([("answer".to_owned(), way.into())]));
    let issuer = callback.parameter("iss").map(str::to_owned);
    Ok(Answer { code, verifier: page.verifier, nonce: page.nonce, redirect, issuer })
}

/// The address that a sign-in is recorded under: without parameters.
pub(crate) fn target(provider: &IdentityProvider) -> String {
    provider.authorize.to_string()
}

fn record(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
    failure: Failure,
) -> Failure {
    context.recorder.begin(probe_of(request.stage), Operation::Authorize, target(provider)).failed(failure)
}

/// Without a listener the sign-in still works: the person pastes the address at which the browser got stuck.
async fn open_loopback(context: SignInContext<'_>, provider: &IdentityProvider) -> Option<Loopback> {
    match Loopback::bind(provider.host, provider.redirect_path).await {
        Ok(loopback) => Some(loopback),
        Err(failure) => {
            context.recorder.begin("loopback", Operation::Loopback, "localhost").failed(failure);
            None
        }
    }
}

/// A redirect address that nobody listens on. Port 9 is "discard" (RFC 863): no other program expects answers there.
fn unreachable_redirect(provider: &IdentityProvider) -> String {
    let host = if provider.host == LoopbackHost::Localhost { "localhost" } else { "127.0.0.1" };
    format!("http://{host}:9{}", provider.redirect_path)
}

struct Page {
    url: Url,
    state: Secret<String>,
    verifier: PkceCodeVerifier,
    verifier_copy: Secret<String>,
    nonce: String,
}

fn sign_in_page(
    provider: &IdentityProvider,
    request: &SignInRequest,
    asked: &Asked<'_>,
    redirect: &str,
) -> Result<Page, Failure> {
    let client = client(provider, Some(redirect))?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let nonce = CsrfToken::new_random().secret().clone();
    let mut page = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(asked.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        .add_extra_param("nonce", nonce.clone())
        .add_extra_param("login_hint", request.address.to_string());
    if let Some(prompt) = request.prompt {
        page = page.add_extra_param("prompt", prompt.as_parameter());
    }
    if let Some(claims) = asked.claims {
        page = page.add_extra_param("claims", claims.expose().clone());
    }
    if provider.kind == ProviderKind::Google {
        // https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
        page = page.add_extra_param("access_type", "offline").add_extra_param("include_granted_scopes", "true");
    }
    let (url, state) = page.url();
    let verifier_copy = Secret::new(verifier.secret().clone());
    Ok(Page { url, state: Secret::new(state.secret().clone()), verifier, verifier_copy, nonce })
}

enum Ended {
    Answered { callback: Callback, pasted: bool },
    Failed(Failure),
    Skipped,
}

type Opening<'a> = Pin<Box<dyn Future<Output = Result<(), BrowserFailure>> + Send + 'a>>;

async fn wait(
    context: SignInContext<'_>,
    provider: &IdentityProvider,
    request: &SignInRequest,
    page: &Page,
    loopback: Option<Loopback>,
    scrubber: &Scrubber,
) -> Ended {
    let deadline = Instant::now() + request.wait;
    let announce = |opened: bool| {
        context.watcher.tell(CheckEvent::WaitingForBrowser {
            stage: request.stage,
            provider: provider.name.clone(),
            url: page.url.to_string(),
            seconds: deadline.saturating_duration_since(Instant::now()).as_secs(),
            opened,
        });
    };
    let arrival = arrive(context, loopback, &page.state, request.wait);
    tokio::pin!(arrival);
    let mut opening: Option<Opening<'_>> = Some(context.watcher.open_browser(&page.url));
    let mut reply = context.watcher.reply();
    let slow = tokio::time::sleep(ANNOUNCE);
    tokio::pin!(slow);
    let (mut announced, mut not_opened, mut strangers) = (false, None, false);
    loop {
        tokio::select! {
            biased;
            arrived = &mut arrival => return match arrived {
                Ok(callback) => Ended::Answered { callback, pasted: false },
                Err(failure) => Ended::Failed(why_no_answer(failure, not_opened, strangers, scrubber)),
            },
            opened = maybe(&mut opening) => {
                opening = None;
                not_opened = opened.err();
                if !announced || not_opened.is_some() {
                    announce(not_opened.is_none());
                    announced = true;
                }
            }
            () = &mut slow, if !announced => {
                announce(true);
                announced = true;
            }
            said = &mut reply => {
                match said {
                    CheckReply::PastedAddress { address } => match Callback::from_pasted(&address, &page.state) {
                        PastedAddress::Answer(callback) => return Ended::Answered { callback, pasted: true },
                        PastedAddress::OtherState => strangers = true,
                        PastedAddress::NoAnswer => {}
                    },
                    CheckReply::Saw { page, text } => return Ended::Failed(reported(page, text.as_deref(), scrubber)),
                    CheckReply::OpenAgain => {
                        opening = Some(context.watcher.open_browser(&page.url));
                        announced = false;
                    }
                    CheckReply::SkipSignIn => return Ended::Skipped,
                }
                reply = context.watcher.reply();
            }
        }
    }
}

async fn arrive(
    context: SignInContext<'_>,
    loopback: Option<Loopback>,
    state: &Secret<String>,
    limit: Duration,
) -> Result<Callback, Failure> {
    match loopback {
        Some(loopback) => loopback.wait(state, limit, context.cancel).await,
        None => tokio::select! {
            () = context.cancel.cancelled() => Err(Failure::of(FailureKind::Cancelled)),
            () = tokio::time::sleep(limit) => Err(Failure::of(FailureKind::LoopbackUnavailable)),
        },
    }
}

async fn maybe(opening: &mut Option<Opening<'_>>) -> Result<(), BrowserFailure> {
    match opening {
        Some(opening) => opening.await,
        None => std::future::pending().await,
    }
}

/// The best reason for a wait that ended with nothing.
fn why_no_answer(
    failure: Failure,
    not_opened: Option<BrowserFailure>,
    strangers: bool,
    scrubber: &Scrubber,
) -> Failure {
    match (failure.kind, not_opened) {
        (FailureKind::BrowserDidNotReturn, _) if strangers => Failure::of(FailureKind::StateMismatch),
        (FailureKind::BrowserDidNotReturn, Some(BrowserFailure(words))) => {
            Failure::of(FailureKind::BrowserNotOpened).with_detail(scrubber.scrub(&words))
        }
        _ => failure,
    }
}

/// What the person told. The codes of an error page's text come along, so that they are judged like any other code.
fn reported(page: PageSeen, text: Option<&str>, scrubber: &Scrubber) -> Failure {
    let id = serde_json::to_value(page).ok().and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
    let text = text.unwrap_or_default();
    let mut failure = Failure::of(FailureKind::PersonReported).with_code(CodeFamily::Vendor, id);
    for code in aadsts_codes(text) {
        failure = failure.with_code(CodeFamily::Aadsts, code);
    }
    failure.with_detail(scrubber.scrub(text))
}
