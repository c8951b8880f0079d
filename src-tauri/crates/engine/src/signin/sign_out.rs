//! Forgetting a kept sign-in and taking it back at the provider.

use inbox_model::{Failure, Secret};
use inbox_net::{Expected, Http, Request};
use tokio_util::sync::CancellationToken;

use super::{IdentityProvider, TokenStore, refusal::of_token_answer, secrets::Scrubber};

/// What became of the sign-in at the provider.
#[derive(Debug, Clone, PartialEq)]
pub enum Revocation {
    /// The provider took it back.
    Revoked,
    /// The provider has no address for it: Microsoft offers none to a program like this one. The person can take it back on
    /// the account's own page.
    NotOffered,
    /// It was not tried: nothing was kept that fits this client and these addresses.
    NothingKept,
    /// The provider refused or could not be reached.
    Failed(Failure),
}

/// What a sign-out did.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedOut {
    /// Whether a kept sign-in was deleted from this computer.
    pub forgotten: bool,
    /// What became of it at the provider.
    pub revocation: Revocation,
}

/// Deletes the kept sign-in of an address and takes it back at the provider where that is possible. A provider that does not
/// answer does not keep the sign-in on this computer.
///
/// # Errors
/// `KeychainMissing`, `KeychainLocked` or `KeychainFailed`; the sign-in may still be kept then.
pub async fn sign_out(
    http: &Http,
    provider: &IdentityProvider,
    store: &dyn TokenStore,
    address: &str,
    cancel: &CancellationToken,
) -> Result<SignedOut, Failure> {
    let kept = store.load(&provider.binding(), address).await?;
    let forgotten = store.forget(&provider.name, address).await?;
    let revocation = match (kept, &provider.revoke) {
        (None, _) => Revocation::NothingKept,
        (Some(_), None) => Revocation::NotOffered,
        (Some(kept), Some(_)) => revoke(http, provider, &kept.refresh_token, cancel).await,
    };
    Ok(SignedOut { forgotten, revocation })
}

/// RFC 7009; Google's answers: <https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke>.
async fn revoke(
    http: &Http,
    provider: &IdentityProvider,
    token: &Secret<String>,
    cancel: &CancellationToken,
) -> Revocation {
    let Some(address) = provider.revoke.clone() else { return Revocation::NotOffered };
    let scrubber = Scrubber::default();
    scrubber.learn(token);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose()).append_pair("token_type_hint", "refresh_token");
    form.append_pair("client_id", &provider.client_id);
    // RFC 7009 wants no body in the answer, so none is read as JSON.
    let request = Request { expected: Expected::Anything, ..Request::post_form(address, form.finish().into_bytes()) };
    match http.send(request, cancel).await {
        Ok(answer) if answer.status == 200 => Revocation::Revoked,
        Ok(answer) => {
            Revocation::Failed(of_token_answer(answer.status, &answer.headers, &answer.body, &scrubber).failure)
        }
        Err(failure) => Revocation::Failed(failure),
    }
}
