//! Microsoft: identity platform, Graph, Autodiscover.

mod admin_consent;
mod authorize;
mod autodiscover;
pub(crate) mod graph;
mod identity;
mod metadata;
mod pages;
mod play;
mod refusal;
mod token;

use crate::{
    page::Page,
    reply::{Incoming, Reply, with_fields},
    session,
    world::World,
};

pub(crate) use autodiscover::answer as autodiscover;
pub(crate) use graph::answer as graph;

pub(crate) const BRAND: &str = "Microsoft";

/// `login.microsoftonline.com`.
pub(crate) fn login(incoming: &Incoming, world: &World) -> Reply {
    let segments = incoming.segments();
    match (incoming.method.as_str(), segments.as_slice()) {
        ("GET", ["getuserrealm.srf"]) => metadata::realm(incoming),
        ("GET", ["error"]) => pages::code_explained(incoming.query("code").unwrap_or_default()),
        ("GET", [tenant, "v2.0", ".well-known", "openid-configuration"]) => {
            metadata::configuration(tenant, true, world)
        }
        ("GET", [tenant, ".well-known", "openid-configuration"]) => metadata::configuration(tenant, false, world),
        ("GET", [_, "discovery", "v2.0", "keys"]) => metadata::keys(world),
        ("GET" | "POST", [tenant, "oauth2", "v2.0", "authorize"]) => authorize::answer(tenant, incoming, world),
        ("POST", [tenant, "oauth2", "v2.0", "token"]) => token::answer(tenant, incoming, world),
        ("GET" | "POST", [tenant, "v2.0", "adminconsent"]) => admin_consent::answer(tenant, true, incoming, world),
        ("GET" | "POST", [tenant, "adminconsent"]) => admin_consent::answer(tenant, false, incoming, world),
        ("GET", [_, "oauth2", "v2.0", "logout"]) => logout(incoming),
        _ => Reply::not_found(),
    }
}

/// <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request>
fn logout(incoming: &Incoming) -> Reply {
    let reply = match incoming.query("post_logout_redirect_uri") {
        Some(target) if identity::is_loopback(target) => match incoming.query("state") {
            Some(state) => Reply::redirect(&with_fields(target, &[("state", state)], false)),
            None => Reply::redirect(target),
        },
        _ => Reply::html(
            200,
            Page::new(BRAND, "signed-out", "You signed out of your account")
                .text("message", "It's a good idea to close all browser windows.")
                .finish(),
        ),
    };
    session::end(reply, session::MICROSOFT)
}
