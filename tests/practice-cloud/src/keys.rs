//! The key that signs ID tokens: made once per process, as RS256 (RFC 7518 section 3.3).

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, rand_core::OsRng, traits::PublicKeyParts};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Making a key takes long; one per process is enough, since nothing outside this process trusts it.
static KEY: OnceLock<Option<SigningKey>> = OnceLock::new();

#[derive(Clone)]
pub(crate) struct SigningKey {
    id: String,
    modulus: String,
    exponent: String,
    encoding: EncodingKey,
}

impl SigningKey {
    /// The process's key.
    pub(crate) fn shared() -> anyhow::Result<Self> {
        KEY.get_or_init(|| Self::make().ok()).clone().ok_or_else(|| anyhow::anyhow!("no signing key could be made"))
    }

    fn make() -> anyhow::Result<Self> {
        let private = RsaPrivateKey::new(&mut OsRng, 2048)?;
        let modulus = URL_SAFE_NO_PAD.encode(private.n().to_bytes_be());
        let exponent = URL_SAFE_NO_PAD.encode(private.e().to_bytes_be());
        let encoding = EncodingKey::from_rsa_der(private.to_pkcs1_der()?.as_bytes());
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(modulus.as_bytes())).chars().take(27).collect();
        Ok(Self { id, modulus, exponent, encoding })
    }

    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, &self.encoding).ok()
    }

    /// The public half, in the form of a JWK. `issuer` is Microsoft's own extra field
    /// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>).
    pub(crate) fn jwk(&self, issuer: Option<&str>) -> Value {
        let mut jwk = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": self.modulus, "e": self.exponent,
        });
        if let (Some(issuer), Some(fields)) = (issuer, jwk.as_object_mut()) {
            fields.remove("alg");
            fields.insert("issuer".to_owned(), json!(issuer));
        }
        jwk
    }
}
