//! `oauth2.googleapis.com`: token, revoke, tokeninfo.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::identity::{Person, beyond_identity, long};
use crate::{
    GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, Part,
    grants::{ACCESS_SECONDS, AccessGrant, CodeRefusal, RefreshGrant},
    reply::{Incoming, Reply},
    scenario::Scenario,
    world::{World, now},
};

/// An error of the token endpoint
/// (<https://developers.google.com/identity/protocols/oauth2/web-server#exchange-errors>).
fn refused(status: u16, error: &str, description: &str, subtype: Option<&str>) -> Reply {
    let mut body = json!({ "error": error, "error_description": description });
    if let (Some(fields), Some(subtype)) = (body.as_object_mut(), subtype) {
        fields.insert("error_subtype".to_owned(), Value::from(subtype));
    }
    Reply::json(status, &body)
}

/// `POST /token`
/// (<https://developers.google.com/identity/protocols/oauth2/native-app#exchange-authorization-code>).
pub(super) fn answer(incoming: &Incoming, world: &World) -> Reply {
    let form = incoming.form();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id").is_empty() {
        return refused(400, "invalid_request", "Could not determine client ID from request.", None);
    }
    if field("client_id") != GOOGLE_CLIENT_ID {
        return refused(401, "invalid_client", "The OAuth client was not found.", None);
    }
    if field("client_secret").is_empty() {
        return refused(400, "invalid_request", "client_secret is missing.", None);
    }
    if field("client_secret") != GOOGLE_CLIENT_SECRET {
        return refused(401, "invalid_client", "The provided client secret is invalid.", None);
    }
    match field("grant_type") {
        "authorization_code" => redeem(&form, world),
        "refresh_token" => refresh(&form, world),
        other => refused(400, "unsupported_grant_type", &format!("Invalid grant_type: {other}"), None),
    }
}

fn redeem(form: &BTreeMap<String, String>, world: &World) -> Reply {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let grant =
        match world.grants.redeem(field("code"), field("client_id"), field("redirect_uri"), field("code_verifier")) {
            Ok(grant) => grant,
            Err(CodeRefusal::Redirect) => return refused(400, "redirect_uri_mismatch", "Bad Request", None),
            Err(CodeRefusal::Unknown) => return refused(400, "invalid_grant", "Malformed auth code.", None),
            Err(CodeRefusal::Verifier) => return refused(400, "invalid_grant", "Invalid code verifier.", None),
            Err(CodeRefusal::Used | CodeRefusal::Expired | CodeRefusal::Client) => {
                return refused(400, "invalid_grant", "Bad Request", None);
            }
        };
    if let Some(reply) = of_scenario(grant.scenario, &grant.scopes) {
        return reply;
    }
    // Installed apps always get one (same page).
    let refresh = world.grants.refresh_token(RefreshGrant {
        scenario: grant.scenario,
        client: GOOGLE_CLIENT_ID.to_owned(),
        scopes: grant.scopes.clone(),
    });
    issue(grant.scenario, &grant.scopes, grant.nonce.as_deref(), Some(refresh), world)
}

/// <https://developers.google.com/identity/protocols/oauth2/native-app#offline>
fn refresh(form: &BTreeMap<String, String>, world: &World) -> Reply {
    let token = form.get("refresh_token").map(String::as_str).unwrap_or_default();
    let Some(kept) = world.grants.refresh(token).filter(|kept| kept.client == GOOGLE_CLIENT_ID) else {
        return refused(400, "invalid_grant", "Token has been expired or revoked.", None);
    };
    if let Some(reply) = of_scenario(kept.scenario, &kept.scopes) {
        return reply;
    }
    issue(kept.scenario, &kept.scopes, None, None, world)
}

/// What an account meets here. In truth the refusals of a saved sign-in meet a refresh; here the first token for more
/// than the identity meets them already, so that one run shows them.
fn of_scenario(scenario: &Scenario, scopes: &BTreeSet<String>) -> Option<Reply> {
    if scenario.cause == "app-misconfigured" {
        return Some(refused(401, "invalid_client", "The provided client secret is invalid.", None));
    }
    if !beyond_identity(scopes) {
        return None;
    }
    Some(match scenario.cause {
        "token-revoked" => refused(400, "invalid_grant", "Token has been expired or revoked.", None),
        // https://support.google.com/a/answer/9368756
        "interaction-required" => {
            refused(400, "invalid_grant", "reauth related error (invalid_rapt)", Some("invalid_rapt"))
        }
        "account-disabled" => refused(400, "invalid_grant", "Account has been deleted", None),
        _ => return None,
    })
}

fn issue(
    scenario: &'static Scenario,
    scopes: &BTreeSet<String>,
    nonce: Option<&str>,
    refresh: Option<String>,
    world: &World,
) -> Reply {
    let access = world.grants.access_token(AccessGrant { scenario, scopes: scopes.clone() });
    let mut body = json!({
        "access_token": access,
        "expires_in": ACCESS_SECONDS,
        "scope": scopes.iter().cloned().collect::<Vec<_>>().join(" "),
        "token_type": "Bearer",
    });
    if let Some(fields) = body.as_object_mut() {
        if let Some(refresh) = refresh {
            fields.insert("refresh_token".to_owned(), Value::from(refresh));
        }
        if scopes.contains("openid")
            && let Some(token) = world.key.sign(&claims(scenario, scopes, nonce, &access, world))
        {
            fields.insert("id_token".to_owned(), Value::from(token));
        }
    }
    Reply::json(200, &body).shifted(scenario.clock_offset())
}

/// <https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload>
fn claims(scenario: &Scenario, scopes: &BTreeSet<String>, nonce: Option<&str>, access: &str, world: &World) -> Value {
    let person = Person::of(scenario);
    let time = now() + scenario.clock_offset();
    let digest = Sha256::digest(access.as_bytes());
    let half: Vec<u8> = digest.iter().copied().take(16).collect();
    let mut claims = json!({
        "iss": world.addresses.base(Part::GoogleAccounts),
        "azp": GOOGLE_CLIENT_ID,
        "aud": GOOGLE_CLIENT_ID,
        "sub": person.subject,
        "at_hash": URL_SAFE_NO_PAD.encode(half),
        "iat": time,
        "exp": time + 3600,
    });
    if let Some(fields) = claims.as_object_mut() {
        if scopes.contains(&long("email")) {
            fields.insert("email".to_owned(), Value::from(person.email));
            fields.insert("email_verified".to_owned(), Value::from(true));
        }
        if scopes.contains(&long("profile")) {
            fields.insert("name".to_owned(), Value::from(person.name));
        }
        if let Some(domain) = person.hosted_domain {
            fields.insert("hd".to_owned(), Value::from(domain));
        }
        if let Some(nonce) = nonce {
            fields.insert("nonce".to_owned(), Value::from(nonce));
        }
    }
    claims
}

/// `POST /revoke` (<https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke>).
pub(super) fn revoke(incoming: &Incoming, world: &World) -> Reply {
    let form = incoming.form();
    let token = form.get("token").map(String::as_str).or_else(|| incoming.query("token")).unwrap_or_default();
    if world.grants.revoke(token) {
        Reply::json(200, &json!({}))
    } else {
        refused(400, "invalid_token", "Token expired or revoked", None)
    }
}

/// `/tokeninfo` (<https://developers.google.com/identity/sign-in/web/backend-auth#calling-the-tokeninfo-endpoint>).
pub(super) fn info(incoming: &Incoming, world: &World) -> Reply {
    let form = incoming.form();
    let token =
        form.get("access_token").map(String::as_str).or_else(|| incoming.query("access_token")).unwrap_or_default();
    let Some(grant) = world.grants.access(token) else {
        return refused(400, "invalid_token", "Invalid Value", None);
    };
    let mut body = json!({
            "azp": GOOGLE_CLIENT_ID,
            "aud": GOOGLE_CLIENT_ID,
            "sub": Person::of(grant.scenario).subject,
            "scope": grant.scopes.iter().cloned().collect::<Vec<_>>().join(" "),
            "exp": (now() + ACCESS_SECONDS).to_string(),
            "expires_in": ACCESS_SECONDS.to_string(),
            "access_type": "offline",
    });
    // With the scope `email` it also names the address, as mail servers need it that take the token
    // (https://doc.dovecot.org/2.3/configuration_manual/authentication/oauth2/).
    if let Some(fields) = body.as_object_mut().filter(|_| grant.scopes.contains(&long("email"))) {
        fields.insert("email".to_owned(), Value::from(Person::of(grant.scenario).email));
        fields.insert("email_verified".to_owned(), Value::from("true"));
    }
    Reply::json(200, &body)
}
