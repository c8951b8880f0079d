//! Requests to the token endpoint: the `oauth2` crate makes them, [`Http`] sends them.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use inbox_model::{Failure, FailureKind, Secret};
use inbox_net::{Http, Request};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{IdentityProvider, refusal::Refusal, refusal::of_token_answer, secrets::Scrubber};

/// Longest life of an access token that is believed. Longer ones would overflow times; providers give hours.
const LONGEST_LIFE: Duration = Duration::from_secs(10 * 24 * 3600);

/// The ID token beside the standard fields (OpenID Connect Core 3.1.3.3).
#[derive(Deserialize, Serialize)]
pub(crate) struct IdTokenField {
    id_token: Option<String>,
}

impl fmt::Debug for IdTokenField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdTokenField(***)")
    }
}

impl ExtraTokenFields for IdTokenField {}

type Answer = StandardTokenResponse<IdTokenField, BasicTokenType>;

/// Whether a body is a token answer (RFC 6749 section 5.1), read as the sign-in reads it.
#[must_use]
pub fn is_token_answer(body: &[u8]) -> bool {
    serde_json::from_slice::<Answer>(body).is_ok()
}

/// The client of the `oauth2` crate for a provider.
pub(crate) type OauthClient = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Makes the client. The redirect address stays the very text that it is: `http://localhost:1234` without a slash.
pub(crate) fn client(provider: &IdentityProvider, redirect: Option<&str>) -> Result<OauthClient, Failure> {
    let mut client = Client::new(ClientId::new(provider.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(provider.authorize.clone()))
        .set_token_uri(TokenUrl::from_url(provider.token.clone()))
        .set_auth_type(AuthType::RequestBody);
    if let Some(secret) = &provider.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.expose().clone()));
    }
    if let Some(redirect) = redirect {
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|_| Failure::of(FailureKind::LoopbackUnavailable).with_detail("redirect"))?;
        client = client.set_redirect_uri(redirect);
    }
    Ok(client)
}

/// What the token endpoint gave. Its `Debug` masks the tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: Secret<String>,
    pub(crate) refresh: Option<Secret<String>>,
    pub(crate) id: Option<Secret<String>>,
    /// `None` where the answer names none: then it is what was asked for (RFC 6749 section 5.1).
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) expires: Option<jiff::Timestamp>,
    /// The provider's own clock, from the `Date` header.
    pub(crate) date: Option<jiff::Timestamp>,
}

/// The token endpoint of a provider during one sign-in.
#[derive(Clone, Copy)]
pub(crate) struct TokenEndpoint<'a> {
    pub(crate) http: &'a Http,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) provider: &'a IdentityProvider,
    pub(crate) scrubber: &'a Scrubber,
}

impl TokenEndpoint<'_> {
    /// Turns an authorization code into tokens.
    pub(crate) async fn exchange_code(
        self,
        code: &Secret<String>,
        verifier: PkceCodeVerifier,
        redirect: &str,
    ) -> Result<Tokens, Refusal> {
        let client = client(self.provider, Some(redirect))?;
        let date = DateSlot::default();
        let send = |request| self.send(request, date.clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.expose().clone()))
            .set_pkce_verifier(verifier)
            .request_async(&send)
            .await;
        self.read(answer, &date)
    }

    /// Turns a refresh token into tokens. With no `scopes` the provider gives those of the first sign-in.
    pub(crate) async fn refresh(self, token: &Secret<String>, scopes: &[String]) -> Result<Tokens, Refusal> {
        let client = client(self.provider, None)?;
        let date = DateSlot::default();
        let send = |request| self.send(request, date.clone());
        let token = RefreshToken::new(token.expose().clone());
        let scopes = scopes.iter().cloned().map(Scope::new);
        let answer = client.exchange_refresh_token(&token).add_scopes(scopes).request_async(&send).await;
        self.read(answer, &date)
    }

    async fn send(self, request: HttpRequest, date: DateSlot) -> Result<HttpResponse, SendError> {
        let (parts, body) = request.into_parts();
        let address = Url::parse(&parts.uri.to_string())
            .map_err(|_| SendError::from(Failure::of(FailureKind::BodyMalformed).with_detail("token address")))?;
        let mut request = Request::post_form(address, body);
        request.headers.extend(parts.headers);
        let answer = self.http.send(request, self.cancel).await?;
        if answer.status != 200 {
            let refusal = of_token_answer(answer.status, &answer.headers, &answer.body, self.scrubber);
            return Err(SendError(Box::new(refusal)));
        }
        date.set(&answer.headers);
        let mut response = HttpResponse::new(answer.body);
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    fn read(
        self,
        answer: Result<Answer, RequestTokenError<SendError, BasicErrorResponse>>,
        date: &DateSlot,
    ) -> Result<Tokens, Refusal> {
        let answer = answer.map_err(|error| match error {
            RequestTokenError::Request(SendError(refusal)) => *refusal,
            // The body may hold a token in a broken shape: nothing of it is kept.
            _ => Failure { status: Some(200), ..Failure::of(FailureKind::BodyMalformed) }.into(),
        })?;
        let now = jiff::Timestamp::now();
        let tokens = Tokens {
            access: Secret::new(answer.access_token().secret().clone()),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret().clone())),
            id: answer.extra_fields().id_token.clone().map(Secret::new),
            scopes: answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
            expires: answer.expires_in().and_then(|life| now.checked_add(life.min(LONGEST_LIFE)).ok()),
            date: date.get(),
        };
        for secret in [Some(&tokens.access), tokens.refresh.as_ref(), tokens.id.as_ref()].into_iter().flatten() {
            self.scrubber.learn(secret);
        }
        Ok(tokens)
    }
}

/// Carries a refusal through the `oauth2` crate.
#[derive(Debug, thiserror::Error)]
#[error("the token endpoint refused or could not be reached")]
pub(crate) struct SendError(Box<Refusal>);

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure.into()))
    }
}

#[derive(Clone, Default)]
struct DateSlot(Arc<Mutex<Option<jiff::Timestamp>>>);

impl DateSlot {
    fn set(&self, headers: &http::HeaderMap) {
        let date = headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
    }

    fn get(&self) -> Option<jiff::Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
