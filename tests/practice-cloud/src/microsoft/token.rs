//! `/{tenant}/oauth2/v2.0/token`
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret>).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    identity::{self, Identity, beyond_identity},
    play,
    refusal::{self, Names, Refusal},
};
use crate::{
    MICROSOFT_CLIENT_ID, Part, directory,
    grants::{ACCESS_SECONDS, AccessGrant, CodeRefusal, RefreshGrant},
    reply::{Incoming, Reply},
    scenario::Scenario,
    world::{World, guid_for, now},
};

pub(super) fn answer(tenant: &str, incoming: &Incoming, world: &World) -> Reply {
    let form = incoming.form();
    let base = world.addresses.base(Part::MicrosoftLogin);
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let names = Names { client: field("client_id"), tenant, brand: tenant, ..Names::default() };
    let known_tenant =
        matches!(tenant, "common" | "organizations" | "consumers") || directory::of_segment(tenant).is_some();
    let early = if !known_tenant {
        Some(refusal::UNKNOWN_TENANT)
    } else if field("client_id").is_empty() {
        Some(refusal::MISSING_FIELD)
    } else if field("client_id") != MICROSOFT_CLIENT_ID {
        Some(refusal::APP_NOT_FOUND)
    } else if !field("client_secret").is_empty() || !field("client_assertion").is_empty() {
        Some(refusal::SECRET_UNWANTED)
    } else {
        None
    };
    if let Some(refusal) = early {
        return refusal.tell(names).json(&base);
    }
    match field("grant_type") {
        "authorization_code" => redeem(&form, names, world),
        "refresh_token" => refresh(&form, names, world),
        _ => refusal::BAD_GRANT_TYPE.tell(names).json(&base),
    }
}

fn redeem(form: &BTreeMap<String, String>, names: Names<'_>, world: &World) -> Reply {
    let base = world.addresses.base(Part::MicrosoftLogin);
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("code").is_empty() {
        return refusal::MISSING_CODE.tell(names).json(&base);
    }
    let grant =
        match world.grants.redeem(field("code"), field("client_id"), field("redirect_uri"), field("code_verifier")) {
            Ok(grant) => grant,
            Err(reason) => {
                let refusal = match reason {
                    CodeRefusal::Unknown => refusal::CODE_BAD,
                    CodeRefusal::Used => refusal::CODE_USED,
                    CodeRefusal::Expired => refusal::CODE_EXPIRED,
                    CodeRefusal::Redirect => refusal::CODE_REDIRECT,
                    CodeRefusal::Client => refusal::CODE_CLIENT,
                    CodeRefusal::Verifier => refusal::VERIFIER,
                };
                return refusal.tell(names).json(&base);
            }
        };
    match play::at_redeem(grant.scenario) {
        Some(refusal) => refused(refusal, grant.scenario, names, world),
        None => issue(grant.scenario, &grant.scopes, grant.nonce.as_deref(), world),
    }
}

/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token>
fn refresh(form: &BTreeMap<String, String>, names: Names<'_>, world: &World) -> Reply {
    let base = world.addresses.base(Part::MicrosoftLogin);
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("refresh_token").is_empty() {
        return refusal::MISSING_REFRESH.tell(names).json(&base);
    }
    let Some(kept) = world.grants.refresh(field("refresh_token")) else {
        return refusal::REFRESH_BAD.tell(names).json(&base);
    };
    if kept.client != field("client_id") {
        return refusal::CODE_CLIENT.tell(names).json(&base);
    }
    let scopes = match field("scope") {
        "" => kept.scopes.clone(),
        text => match identity::scopes(text) {
            Some(scopes) => scopes,
            None => return refusal::BAD_SCOPE.tell(names).json(&base),
        },
    };
    if let Some(refusal) = play::at_redeem(kept.scenario) {
        return refused(refusal, kept.scenario, names, world);
    }
    if beyond_identity(&scopes)
        && let Some(refusal) = play::at_refresh(kept.scenario, world)
    {
        return refused(refusal, kept.scenario, names, world);
    }
    issue(kept.scenario, &scopes, None, world)
}

fn refused(refusal: Refusal, scenario: &Scenario, names: Names<'_>, world: &World) -> Reply {
    let brand = Identity::of(scenario).organisation.brand;
    refusal
        .tell(Names { user: scenario.address, brand, ..names })
        .json(&world.addresses.base(Part::MicrosoftLogin))
        .shifted(scenario.clock_offset())
}

fn issue(scenario: &'static Scenario, asked: &BTreeSet<String>, nonce: Option<&str>, world: &World) -> Reply {
    let mut scopes = asked.clone();
    if scenario.cause == "permission-missing" {
        // As after a consent to a smaller request: the token holds what was granted, and says so.
        scopes.retain(|scope| !matches!(scope.as_str(), "Mail.ReadWrite" | "Mail.Send" | "Calendars.ReadWrite"));
    }
    let access = world.grants.access_token(AccessGrant { scenario, scopes: scopes.clone() });
    // `offline_access` shows in the refresh token, not in `scope`; the OpenID scopes always come along.
    let mut told: Vec<&str> = scopes.iter().map(String::as_str).filter(|scope| *scope != "offline_access").collect();
    for always in ["openid", "profile", "email"] {
        if !told.contains(&always) {
            told.push(always);
        }
    }
    let mut body = json!({
        "token_type": "Bearer",
        "scope": told.join(" "),
        "expires_in": ACCESS_SECONDS,
        "ext_expires_in": ACCESS_SECONDS,
        "access_token": access,
    });
    if let Some(fields) = body.as_object_mut() {
        if scopes.contains("offline_access") {
            let token = world.grants.refresh_token(RefreshGrant {
                scenario,
                client: MICROSOFT_CLIENT_ID.to_owned(),
                scopes: scopes.clone(),
            });
            fields.insert("refresh_token".to_owned(), Value::from(token));
        }
        if scopes.contains("openid")
            && let Some(token) = world.key.sign(&claims(scenario, nonce, world))
        {
            fields.insert("id_token".to_owned(), Value::from(token));
        }
    }
    Reply::json(200, &body).shifted(scenario.clock_offset())
}

/// <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>
fn claims(scenario: &Scenario, nonce: Option<&str>, world: &World) -> Value {
    let identity = Identity::of(scenario);
    let tenant = identity.organisation.tenant();
    let time = now() + scenario.clock_offset();
    let mut claims = json!({
        "aud": MICROSOFT_CLIENT_ID,
        "iss": format!("{}/{tenant}/v2.0", world.addresses.base(Part::MicrosoftLogin)),
        "iat": time,
        "nbf": time,
        // A little over an hour, as Entra issues them.
        "exp": time + 3900,
        "name": identity.name,
        "oid": identity.oid,
        "preferred_username": identity.preferred_username,
        "sub": guid_for(&format!("{} sub", identity.oid)).replace('-', ""),
        "tid": tenant,
        "ver": "2.0",
    });
    if let Some(fields) = claims.as_object_mut() {
        if let Some(mail) = &identity.mail {
            fields.insert("email".to_owned(), Value::from(mail.as_str()));
        }
        if let Some(nonce) = nonce {
            fields.insert("nonce".to_owned(), Value::from(nonce));
        }
    }
    claims
}
