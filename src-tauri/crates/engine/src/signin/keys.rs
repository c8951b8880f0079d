//! The provider's OpenID configuration and the keys that its ID tokens are signed with.

use std::sync::Arc;

use inbox_model::{Failure, FailureKind};
use inbox_net::{Http, Request};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The parts of the OpenID configuration that are used (OpenID Connect Discovery 1.0 section 3).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
}

impl Metadata {
    /// Authorize, token and revoke address, for a configuration that must belong to `issuer`.
    pub(crate) fn addresses_of(&self, issuer: &Url) -> Result<(Url, Url, Option<Url>), Failure> {
        let malformed = |what: &str| Failure::of(FailureKind::BodyMalformed).with_detail(what);
        if self.issuer.trim_end_matches('/') != issuer.as_str().trim_end_matches('/') {
            return Err(malformed("issuer"));
        }
        let read = |text: &Option<String>| text.as_deref().and_then(|text| Url::parse(text).ok());
        Ok((
            read(&self.authorization_endpoint).ok_or_else(|| malformed("authorization_endpoint"))?,
            read(&self.token_endpoint).ok_or_else(|| malformed("token_endpoint"))?,
            read(&self.revocation_endpoint),
        ))
    }
}

/// A signing key, as far as it is used: RSA with an id (RFC 7517).
#[derive(Debug, Clone)]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pub(crate) n: String,
    pub(crate) e: String,
    /// The issuer that the key is kept for, at Microsoft.
    pub(crate) issuer: Option<String>,
}

#[derive(Debug)]
struct Fetched {
    metadata: Metadata,
    keys: Option<Arc<Vec<SigningKey>>>,
}

/// Fetches once, keeps for the life of the provider's value.
#[derive(Debug)]
pub(crate) struct Keys {
    configuration: Url,
    fetched: Mutex<Option<Fetched>>,
}

impl Keys {
    pub(crate) fn new(configuration: Url) -> Self {
        Self { configuration, fetched: Mutex::new(None) }
    }

    /// The configuration.
    ///
    /// # Errors
    /// The classified failure of fetching it, or `BodyMalformed`.
    pub(crate) async fn metadata(&self, http: &Http, cancel: &CancellationToken) -> Result<Metadata, Failure> {
        let mut fetched = self.fetched.lock().await;
        if let Some(fetched) = fetched.as_ref() {
            return Ok(fetched.metadata.clone());
        }
        let metadata: Metadata = get(http, self.configuration.clone(), cancel).await?;
        *fetched = Some(Fetched { metadata: metadata.clone(), keys: None });
        Ok(metadata)
    }

    /// Configuration and keys. `again` fetches the keys anew: a provider changes them, and a token may be signed with a key
    /// younger than the copy.
    ///
    /// # Errors
    /// The classified failure of fetching them, or `BodyMalformed`.
    pub(crate) async fn signing_keys(
        &self,
        http: &Http,
        cancel: &CancellationToken,
        again: bool,
    ) -> Result<(Metadata, Arc<Vec<SigningKey>>), Failure> {
        let metadata = self.metadata(http, cancel).await?;
        let mut fetched = self.fetched.lock().await;
        let kept = fetched.as_ref().and_then(|fetched| fetched.keys.clone());
        if let Some(keys) = kept.filter(|_| !again) {
            return Ok((metadata, keys));
        }
        let address = Url::parse(&metadata.jwks_uri)
            .map_err(|_| Failure::of(FailureKind::BodyMalformed).with_detail("jwks_uri"))?;
        let set: KeySet = get(http, address, cancel).await?;
        let keys = Arc::new(set.keys.iter().filter_map(signing_key).collect::<Vec<_>>());
        if let Some(fetched) = fetched.as_mut() {
            fetched.keys = Some(keys.clone());
        }
        Ok((metadata, keys))
    }
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// Keys of other kinds and for other uses may stand in the set; they are passed over.
fn signing_key(value: &serde_json::Value) -> Option<SigningKey> {
    let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str);
    let fits = text("kty") == Some("RSA")
        && text("use").is_none_or(|usage| usage == "sig")
        && text("alg").is_none_or(|algorithm| algorithm == "RS256");
    fits.then_some(())?;
    Some(SigningKey {
        kid: text("kid")?.to_owned(),
        n: text("n")?.to_owned(),
        e: text("e")?.to_owned(),
        issuer: text("issuer").map(str::to_owned),
    })
}

async fn get<T: serde::de::DeserializeOwned>(http: &Http, url: Url, cancel: &CancellationToken) -> Result<T, Failure> {
    let answer = http.send(Request::get(url), cancel).await?;
    if answer.status != 200 {
        return Err(super::refusal::of_status(answer.status, &answer.headers));
    }
    serde_json::from_slice(&answer.body).map_err(|_| Failure::of(FailureKind::BodyMalformed))
}
