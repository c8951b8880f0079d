//! Google: identity, Gmail, Calendar.

mod authorize;
mod calendar;
mod failure;
mod gmail;
mod identity;
mod metadata;
mod pages;
mod token;

use std::collections::BTreeSet;

use crate::{
    reply::{Incoming, Reply},
    scenario::{Provider, Scenario},
    world::World,
};

pub(crate) const BRAND: &str = "Google";

/// A call to an API with the person it is made for.
struct Call<'a> {
    incoming: &'a Incoming,
    world: &'a World,
    scenario: &'static Scenario,
    scopes: BTreeSet<String>,
}

impl Call<'_> {
    /// Whether one of these scopes (by its last part) is in the token.
    fn may(&self, any: &[&str]) -> bool {
        any.iter().any(|short| self.scopes.contains(&identity::long(short)))
    }
}

/// Reads the bearer token; what is wrong with it, or with the network, is answered at once.
fn call<'a>(incoming: &'a Incoming, world: &'a World) -> Result<Call<'a>, Reply> {
    let token = incoming.bearer().ok_or_else(failure::no_token)?;
    let grant = world
        .grants
        .access(token)
        .filter(|grant| grant.scenario.provider == Provider::Google)
        .ok_or_else(failure::bad_token)?;
    Ok(Call { incoming, world, scenario: grant.scenario, scopes: grant.scopes })
}

/// `accounts.google.com`.
pub(crate) fn accounts(incoming: &Incoming, world: &World) -> Reply {
    match (incoming.method.as_str(), incoming.segments().as_slice()) {
        ("GET", [".well-known", "openid-configuration"]) => metadata::configuration(world),
        ("GET" | "POST", ["o", "oauth2", "v2", "auth"]) => authorize::answer(incoming, world),
        _ => Reply::not_found(),
    }
}

/// `oauth2.googleapis.com`.
pub(crate) fn oauth2(incoming: &Incoming, world: &World) -> Reply {
    match (incoming.method.as_str(), incoming.segments().as_slice()) {
        ("POST", ["token"]) => token::answer(incoming, world),
        ("POST", ["revoke"]) => token::revoke(incoming, world),
        ("GET" | "POST", ["tokeninfo"]) => token::info(incoming, world),
        _ => Reply::not_found(),
    }
}

/// `openidconnect.googleapis.com`.
pub(crate) fn openid(incoming: &Incoming, world: &World) -> Reply {
    match (incoming.method.as_str(), incoming.segments().as_slice()) {
        ("GET" | "POST", ["v1", "userinfo"]) => match call(incoming, world) {
            Ok(call) => metadata::userinfo(&call).shifted(call.scenario.clock_offset()),
            Err(reply) => reply,
        },
        _ => Reply::not_found(),
    }
}

/// `gmail.googleapis.com`.
pub(crate) fn gmail(incoming: &Incoming, world: &World) -> Reply {
    match call(incoming, world) {
        Ok(call) => gmail::answer(&call).shifted(call.scenario.clock_offset()),
        Err(reply) => reply,
    }
}

/// `www.googleapis.com`.
pub(crate) fn apis(incoming: &Incoming, world: &World) -> Reply {
    match (incoming.method.as_str(), incoming.segments().as_slice()) {
        ("GET", ["oauth2", "v3", "certs"]) => metadata::keys(world),
        ("GET", ["generate_204"]) => Reply::empty(204),
        _ => match call(incoming, world) {
            Ok(call) => calendar::answer(&call).shifted(call.scenario.clock_offset()),
            Err(reply) => reply,
        },
    }
}
