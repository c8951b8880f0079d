//! Tries an own OAuth registration, as far as a provider tells without a sign-in: does it know the client id, the tenant,
//! the redirect address, the secret? Nothing is stored and nobody is signed in.
//!
//! Microsoft: an authorize request with `prompt=none` comes back to the redirect address with `login_required` when the
//! registration is known and owns that address
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow#error-codes-for-authorization-endpoint-errors>);
//! what is wrong with the registration itself is a page with an `AADSTS` code
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>). A token request with a code that
//! nobody made tells whether a secret is demanded. In which order Entra checks is not documented, so that only what it says
//! counts, never what it leaves out.
//!
//! Google: a token request with a code that nobody made names client id and secret before it looks at the code
//! (<https://developers.google.com/identity/protocols/oauth2/web-server#exchange-errors-invalid-client>).

mod answer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use inbox_model::{Cloud, Failure, FailureKind, Secret};
use inbox_net::{Expected, Request, Response};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;

use self::answer::{code_in, google_code, words_of};
use crate::{Engine, EngineError, GoogleAddresses, MicrosoftAddresses, join};

/// One request. A healthy answer takes under a second.
const LIMIT: Duration = Duration::from_secs(10);
/// The redirect address that a sign-in of this program uses, without its port
/// (<https://learn.microsoft.com/en-us/entra/identity-platform/reply-url#localhost-exceptions>).
const REDIRECT: &str = "http://localhost";
/// A code and a proof that belong to no sign-in.
const NO_CODE: &str = "not-a-code";
const NO_PROOF: &str = "this-proof-belongs-to-no-sign-in-and-is-only-long-enough";
/// The S256 form of a proof: any 43 characters of its alphabet (RFC 7636, section 4.2).
const NO_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A provider that has registrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistrationProvider {
    /// Entra ID.
    Microsoft,
    /// Google Cloud.
    Google,
}

/// What is to be tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationRequest {
    /// Where it is registered.
    pub provider: RegistrationProvider,
    /// The client id.
    pub client_id: String,
    /// Google only; `None` takes the one of the settings when the client id is theirs.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<Secret<String>>,
    /// Microsoft only: a GUID or a domain; `None`: any organisation.
    pub tenant: Option<String>,
}

/// What the provider let us know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistrationVerdict {
    /// It knows the client id, and what was tried with it fits (Microsoft: the redirect address; Google: the secret).
    Accepted,
    /// It did not object to the client id; more it does not tell without a sign-in.
    NotRefused,
    /// No registration has this client id (in this tenant).
    UnknownClient,
    /// There is no such tenant.
    UnknownTenant,
    /// The registration lacks the redirect address.
    RedirectMissing,
    /// The registration is one for a web server: it demands a secret.
    NotPublic,
    /// The secret does not belong to the client id.
    WrongSecret,
    /// Client id or tenant are not written like one; nothing was asked.
    Malformed,
    /// No answer, or one that is not documented.
    Inconclusive,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegistrationFact {
    /// `authorize` or `token`.
    pub asked: &'static str,
    /// The address that was asked; nothing secret is in it.
    pub url: String,
    /// HTTP status.
    pub status: Option<u16>,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's words or the failure, scrubbed.
    pub detail: String,
}

/// What became of the try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegistrationTest {
    /// Over everything.
    pub verdict: RegistrationVerdict,
    /// What it rests on.
    pub facts: Vec<RegistrationFact>,
    /// What it does not prove.
    pub unproven: Vec<&'static str>,
}

impl Engine {
    /// Tries a registration. A provider that cannot be reached is a verdict (`Inconclusive`), no error.
    ///
    /// # Errors
    /// When the network part cannot start, or the person stopped it.
    pub async fn test_registration(
        &self,
        request: &RegistrationRequest,
        cancel: &CancellationToken,
    ) -> Result<RegistrationTest, EngineError> {
        match request.provider {
            RegistrationProvider::Microsoft => self.test_microsoft(request, cancel).await,
            RegistrationProvider::Google => self.test_google(request, cancel).await,
        }
    }

    async fn test_microsoft(
        &self,
        request: &RegistrationRequest,
        cancel: &CancellationToken,
    ) -> Result<RegistrationTest, EngineError> {
        const UNPROVEN: &[&str] = &["permissions", "consent", "assignment"];
        let client = request.client_id.trim();
        let tenant =
            request.tenant.as_deref().map(str::trim).filter(|text| !text.is_empty()).unwrap_or("organizations");
        if !is_guid(client) || !is_tenant(tenant) {
            return Ok(verdict(RegistrationVerdict::Malformed, Vec::new(), UNPROVEN));
        }
        let endpoints = self.settings().values.endpoints.as_ref();
        let addresses = MicrosoftAddresses::resolve(Cloud::Worldwide, endpoints).map_err(unusable)?;
        let mut authorize = join(&addresses.login, &[tenant, "oauth2", "v2.0", "authorize"]);
        authorize
            .query_pairs_mut()
            .append_pair("client_id", client)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("response_mode", "query")
            .append_pair("scope", "openid")
            .append_pair("prompt", "none")
            .append_pair("code_challenge", NO_CHALLENGE)
            .append_pair("code_challenge_method", "S256");
        let token = join(&addresses.login, &[tenant, "oauth2", "v2.0", "token"]);
        let form = form(&[
            ("client_id", client),
            ("grant_type", "authorization_code"),
            ("code", NO_CODE),
            ("redirect_uri", REDIRECT),
            ("code_verifier", NO_PROOF),
        ]);
        let asked = Request { expected: Expected::Anything, limit: LIMIT, ..Request::get(authorize.clone()) };
        let told = Request { expected: Expected::Anything, limit: LIMIT, ..Request::post_form(token.clone(), form) };
        let net = self.net()?;
        let (page, answer) = tokio::join!(net.http.send(asked, cancel), net.http.send(told, cancel));
        stopped(&page)?;
        stopped(&answer)?;
        let came_back = page.as_ref().is_ok_and(|page| answer::came_back(page, REDIRECT));
        let facts = vec![fact("authorize", &authorize, &page, code_in), fact("token", &token, &answer, code_in)];
        let codes: Vec<&str> = facts.iter().filter_map(|fact| fact.code.as_deref()).collect();
        let named = |wanted: &[&str]| codes.iter().any(|code| wanted.contains(code));
        // https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes#aadsts-error-codes
        let found = if named(&["AADSTS90002", "AADSTS900023", "AADSTS900021"]) {
            RegistrationVerdict::UnknownTenant
        } else if named(&["AADSTS700016", "AADSTS700013"]) {
            RegistrationVerdict::UnknownClient
        } else if named(&["AADSTS50011", "AADSTS500113"]) {
            RegistrationVerdict::RedirectMissing
        } else if named(&["AADSTS7000218"]) {
            RegistrationVerdict::NotPublic
        } else if came_back {
            RegistrationVerdict::Accepted
        } else if answer.as_ref().is_ok_and(|answer| answer.status == 400 && answer.json().is_some()) {
            RegistrationVerdict::NotRefused
        } else {
            RegistrationVerdict::Inconclusive
        };
        Ok(verdict(found, facts, UNPROVEN))
    }

    async fn test_google(
        &self,
        request: &RegistrationRequest,
        cancel: &CancellationToken,
    ) -> Result<RegistrationTest, EngineError> {
        const UNPROVEN: &[&str] = &["permissions", "consent", "redirect"];
        let client = request.client_id.trim();
        if !client.ends_with(".apps.googleusercontent.com") || client.contains(char::is_whitespace) {
            return Ok(verdict(RegistrationVerdict::Malformed, Vec::new(), UNPROVEN));
        }
        let values = &self.settings().values;
        let kept =
            values.google_client_secret.as_deref().filter(|_| values.google_client_id.as_deref() == Some(client));
        let given = request.client_secret.as_ref().map(|secret| secret.expose().trim()).filter(|text| !text.is_empty());
        let addresses = GoogleAddresses::resolve(values.endpoints.as_ref()).map_err(unusable)?;
        let token = join(&addresses.oauth2, &["token"]);
        let mut fields = vec![
            ("client_id", client),
            ("grant_type", "authorization_code"),
            ("code", NO_CODE),
            ("redirect_uri", "http://127.0.0.1"),
            ("code_verifier", NO_PROOF),
        ];
        fields.extend(given.or(kept).map(|secret| ("client_secret", secret)));
        let told =
            Request { expected: Expected::Anything, limit: LIMIT, ..Request::post_form(token.clone(), form(&fields)) };
        let answer = self.net()?.http.send(told, cancel).await;
        stopped(&answer)?;
        let facts = vec![fact("token", &token, &answer, google_code)];
        let code = facts.first().and_then(|fact| fact.code.as_deref()).unwrap_or_default();
        let words = facts.first().map(|fact| fact.detail.to_ascii_lowercase()).unwrap_or_default();
        let found = match code {
            "invalid_client" if words.contains("not found") => RegistrationVerdict::UnknownClient,
            "invalid_client" => RegistrationVerdict::WrongSecret,
            "invalid_grant" if given.or(kept).is_some() => RegistrationVerdict::Accepted,
            "invalid_grant" | "invalid_request" => RegistrationVerdict::NotRefused,
            _ => RegistrationVerdict::Inconclusive,
        };
        Ok(verdict(found, facts, UNPROVEN))
    }
}

/// Settings are checked when they are read, so that this is a fault of ours.
fn unusable(error: url::ParseError) -> EngineError {
    let (path, reason) = ("endpoints".to_owned(), error.to_string());
    EngineError::Settings(crate::SettingsError::Unreadable { path, reason })
}

fn verdict(
    verdict: RegistrationVerdict,
    facts: Vec<RegistrationFact>,
    unproven: &'static [&'static str],
) -> RegistrationTest {
    RegistrationTest { verdict, facts, unproven: unproven.to_vec() }
}

fn stopped(answer: &Result<Response, Failure>) -> Result<(), EngineError> {
    match answer {
        Err(failure) if failure.kind == FailureKind::Cancelled => Err(EngineError::Cancelled),
        _ => Ok(()),
    }
}

fn fact(
    asked: &'static str,
    url: &Url,
    answer: &Result<Response, Failure>,
    code: fn(&Response) -> Option<String>,
) -> RegistrationFact {
    match answer {
        Ok(answer) => RegistrationFact {
            asked,
            url: url.to_string(),
            status: Some(answer.status),
            code: code(answer),
            detail: words_of(answer),
        },
        Err(failure) => RegistrationFact {
            asked,
            url: url.to_string(),
            status: None,
            code: None,
            detail: format!("{:?} {}", failure.kind, failure.detail).trim().to_owned(),
        },
    }
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Secret<String>>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// A GUID, a domain, or one of the words that stand for many.
fn is_tenant(text: &str) -> bool {
    let labels = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    matches!(text, "organizations" | "common" | "consumers") || is_guid(text) || (text.contains('.') && labels(text))
}
