//! Keys and tokens, right and wrong.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, rand_core::OsRng, traits::PublicKeyParts};
use serde_json::{Value, json};

pub static SHARED_KEY: LazyLock<Key> = LazyLock::new(|| Key::new("key-1"));
pub static OTHER_KEY: LazyLock<Key> = LazyLock::new(|| Key::new("key-2"));

pub struct Key {
    id: &'static str,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    private: EncodingKey,
}

impl Key {
    fn new(id: &'static str) -> Self {
        let private = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
        Self {
            id,
            modulus: private.n().to_bytes_be(),
            exponent: private.e().to_bytes_be(),
            private: EncodingKey::from_rsa_der(private.to_pkcs1_der().unwrap().as_bytes()),
        }
    }

    pub fn jwk(&self) -> Value {
        let (n, e) = (URL_SAFE_NO_PAD.encode(&self.modulus), URL_SAFE_NO_PAD.encode(&self.exponent));
        json!({"kty": "RSA", "use": "sig", "kid": self.id, "n": n, "e": e})
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(Some(self.id), claims)
    }

    /// With another key id than its own.
    pub fn sign_as(&self, kid: Option<&str>, claims: &Value) -> String {
        let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

/// The old attack: the public key, which everybody knows, taken for a shared secret.
pub fn sign_hs256_with_public_key(claims: &Value) -> String {
    let header = Header { kid: Some(SHARED_KEY.id.to_owned()), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(&SHARED_KEY.modulus)).unwrap()
}

/// `alg: none`.
pub fn unsigned(claims: &Value) -> String {
    let header = URL_SAFE_NO_PAD.encode(json!({"alg": "none", "kid": SHARED_KEY.id}).to_string());
    format!("{header}.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()))
}
