//! OpenID configuration, keys, userinfo.

use serde_json::{Value, json};

use super::{
    Call, failure,
    identity::{self, Person},
};
use crate::{Part, reply::Reply, world::World};

/// `/.well-known/openid-configuration`
/// (<https://developers.google.com/identity/openid-connect/openid-connect#discovery>).
pub(super) fn configuration(world: &World) -> Reply {
    let base = |part| world.addresses.base(part);
    let oauth2 = base(Part::GoogleOauth2);
    Reply::json(
        200,
        &json!({
            "issuer": base(Part::GoogleAccounts),
            "authorization_endpoint": format!("{}/o/oauth2/v2/auth", base(Part::GoogleAccounts)),
            "device_authorization_endpoint": format!("{oauth2}/device/code"),
            "token_endpoint": format!("{oauth2}/token"),
            "userinfo_endpoint": format!("{}/v1/userinfo", base(Part::GoogleOpenid)),
            "revocation_endpoint": format!("{oauth2}/revoke"),
            "jwks_uri": format!("{}/oauth2/v3/certs", base(Part::GoogleApis)),
            "response_types_supported":
                ["code", "token", "id_token", "code token", "code id_token", "token id_token",
                 "code token id_token", "none"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss",
                "name", "picture", "sub"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        }),
    )
}

/// `/oauth2/v3/certs`
/// (<https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken>).
pub(super) fn keys(world: &World) -> Reply {
    Reply::json(200, &json!({ "keys": [world.key.jwk(None)] }))
}

/// `/v1/userinfo`
/// (<https://developers.google.com/identity/openid-connect/openid-connect#obtaininguserprofileinformation>).
pub(super) fn userinfo(call: &Call<'_>) -> Reply {
    if let Some(reply) = failure::of_network(call.scenario) {
        return reply;
    }
    if !call.may(&["openid", "userinfo.email", "userinfo.profile"]) {
        return failure::scope_missing("openidconnect.googleapis.com");
    }
    let person = Person::of(call.scenario);
    let mut body = json!({ "sub": person.subject, "picture": "https://lh3.googleusercontent.com/a/practice" });
    if let Some(fields) = body.as_object_mut() {
        if call.scopes.contains(&identity::long("userinfo.email")) {
            fields.insert("email".to_owned(), Value::from(person.email));
            fields.insert("email_verified".to_owned(), Value::from(true));
            if let Some(domain) = person.hosted_domain {
                fields.insert("hd".to_owned(), Value::from(domain));
            }
        }
        if call.scopes.contains(&identity::long("userinfo.profile")) {
            fields.insert("name".to_owned(), Value::from(person.name));
        }
    }
    Reply::json(200, &body)
}
