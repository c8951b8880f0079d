//! Verifies an ID token (OpenID Connect Core 3.1.3.7): signature by the provider's keys, issuer, audience, nonce, time.

use inbox_model::{Failure, FailureKind, Secret};
use inbox_net::Http;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::{
    IdentityProvider, ProviderKind,
    keys::{Metadata, SigningKey},
};

/// How far this computer's clock may be off, in seconds. Microsoft dates its tokens five minutes back for the same reason.
const LEEWAY: i64 = 300;

/// The claims that are used.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    iss: String,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    nonce: Option<String>,
    aud: Audience,
    azp: Option<String>,
    pub(crate) tid: Option<String>,
    pub(crate) preferred_username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) upn: Option<String>,
    pub(crate) name: Option<String>,
}

/// That this client is in it is checked with the signature.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    Many(Vec<String>),
    One(serde::de::IgnoredAny),
}

impl Claims {
    /// The addresses that the token gives, the one that the person signs in with first.
    pub(crate) fn addresses(&self) -> Vec<&str> {
        let all = [&self.preferred_username, &self.email, &self.upn];
        all.into_iter().flatten().map(String::as_str).filter(|text| !text.is_empty()).collect()
    }
}

/// What a token must fit.
pub(crate) struct Expected<'a> {
    /// The nonce of this sign-in; a refreshed token has none to compare.
    pub(crate) nonce: Option<&'a str>,
    /// The provider's own clock, where it was seen.
    pub(crate) provider_clock: Option<jiff::Timestamp>,
    /// This computer's clock.
    pub(crate) now: jiff::Timestamp,
}

/// Verifies. The detail of `IdTokenInvalid` is one word: what does not fit.
///
/// # Errors
/// `IdTokenInvalid`; `ClockSkew` (detail: ours less theirs, in seconds, as far as it can be told) where only the time does
/// not fit; the classified failure of fetching configuration or keys.
pub(crate) async fn verify(
    provider: &IdentityProvider,
    http: &Http,
    cancel: &CancellationToken,
    token: &Secret<String>,
    expected: &Expected<'_>,
) -> Result<Claims, Failure> {
    let header = decode_header(token.expose()).map_err(|error| invalid(word(error.kind())))?;
    if header.alg != Algorithm::RS256 {
        return Err(invalid("algorithm"));
    }
    let kid = header.kid.ok_or_else(|| invalid("key"))?;
    let (mut metadata, keys) = provider.keys.signing_keys(http, cancel, false).await?;
    let mut key = keys.iter().find(|key| key.kid == kid).cloned();
    if key.is_none() {
        let (again, keys) = provider.keys.signing_keys(http, cancel, true).await?;
        metadata = again;
        key = keys.iter().find(|key| key.kid == kid).cloned();
    }
    let key = key.ok_or_else(|| invalid("key"))?;
    let claims = check_signature(token, &key, &provider.client_id)?;
    check_claims(provider, &metadata, &key, &claims, expected)?;
    Ok(claims)
}

fn check_signature(token: &Secret<String>, key: &SigningKey, audience: &str) -> Result<Claims, Failure> {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Times are judged below, with the provider's clock at hand, and issuers once the tenant is known.
    validation.validate_exp = false;
    let key = DecodingKey::from_rsa_components(&key.n, &key.e).map_err(|_| invalid("key"))?;
    let data = decode::<Claims>(token.expose(), &key, &validation).map_err(|error| invalid(word(error.kind())))?;
    Ok(data.claims)
}

fn check_claims(
    provider: &IdentityProvider,
    metadata: &Metadata,
    key: &SigningKey,
    claims: &Claims,
    expected: &Expected<'_>,
) -> Result<(), Failure> {
    let tenant = claims.tid.as_deref().filter(|tenant| is_guid(tenant));
    if !provider.issuers(metadata, tenant).contains(&claims.iss) {
        return Err(invalid("issuer"));
    }
    // A key that Microsoft keeps for one organisation's tokens must not sign another's:
    // https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
    if let (ProviderKind::Microsoft, Some(issuer), Some(tenant)) = (provider.kind, &key.issuer, tenant)
        && issuer.replace("{tenantid}", tenant) != claims.iss
    {
        return Err(invalid("key-issuer"));
    }
    if let Audience::Many(all) = &claims.aud
        && all.len() > 1
        && claims.azp.as_deref() != Some(&provider.client_id)
    {
        return Err(invalid("audience"));
    }
    if expected.nonce.is_some() && claims.nonce.as_deref() != expected.nonce {
        return Err(invalid("nonce"));
    }
    check_time(claims, expected)
}

/// A token that is fresh from the provider and does not fit this computer's clock speaks against the clock, unless the
/// provider's own clock agrees with this computer's: then it speaks against the token.
fn check_time(claims: &Claims, expected: &Expected<'_>) -> Result<(), Failure> {
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double for ages")]
    let (now, leeway) = (expected.now.as_second() as f64, LEEWAY as f64);
    let expired = claims.exp < now - leeway;
    // Google's tokens have no `nbf`.
    let from = claims.nbf.or(claims.iat).unwrap_or(now);
    if !expired && from <= now + leeway {
        return Ok(());
    }
    let skew = match expected.provider_clock {
        Some(theirs) => expected.now.as_second() - theirs.as_second(),
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates; it is only shown")]
        None if expired => (now - claims.exp) as i64,
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates; it is only shown")]
        None => (now - from) as i64,
    };
    if skew.abs() <= LEEWAY {
        return Err(invalid("expired"));
    }
    Err(Failure::of(FailureKind::ClockSkew).with_detail(skew.to_string()))
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn invalid(word: &str) -> Failure {
    Failure::of(FailureKind::IdTokenInvalid).with_detail(word)
}

fn word(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidSignature => "signature",
        ErrorKind::InvalidAudience => "audience",
        ErrorKind::InvalidIssuer => "issuer",
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => "algorithm",
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => "claim",
        ErrorKind::InvalidRsaKey(_) | ErrorKind::InvalidKeyFormat => "key",
        _ => "malformed",
    }
}
