//! `/o/oauth2/v2/auth`
//! (<https://developers.google.com/identity/protocols/oauth2/native-app#step-2:-send-a-request-to-googles-oauth-2.0-server>).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    identity::{self, beyond_identity, long},
    pages,
};
use crate::{
    GOOGLE_CLIENT_ID,
    grants::CodeGrant,
    reply::{Incoming, Reply, with_fields},
    scenario::{Provider, Scenario, find},
    session,
    world::{World, now},
};

struct Ask<'a> {
    world: &'a World,
    redirect: &'a str,
    state: Option<&'a str>,
    nonce: Option<&'a str>,
    challenge: &'a str,
    prompt: Option<&'a str>,
    scopes: BTreeSet<String>,
}

fn broken(error: &str, message: &str) -> Reply {
    pages::blocked("error-code", "Access blocked: Authorization Error", message, error)
}

impl<'a> Ask<'a> {
    /// Reads the request; what is wrong with it is told on a page and never goes back
    /// (<https://developers.google.com/identity/protocols/oauth2/native-app#authorization-errors>).
    fn read(incoming: &'a Incoming, world: &'a World) -> Result<Self, Reply> {
        let client = incoming.query("client_id").unwrap_or_default();
        let redirect = incoming.query("redirect_uri").unwrap_or_default();
        if client.is_empty() {
            return Err(broken("Error 400: invalid_request", "Missing required parameter: client_id"));
        }
        if client != GOOGLE_CLIENT_ID {
            return Err(broken("Error 401: invalid_client", "The OAuth client was not found."));
        }
        if !identity::redirect_allowed(redirect) {
            return Err(broken(
                "Error 400: redirect_uri_mismatch",
                "You can't sign in to this app because it doesn't comply with Google's OAuth 2.0 policy.",
            ));
        }
        if incoming.query("response_type") != Some("code") {
            return Err(broken("Error 400: invalid_request", "Required parameter is missing: response_type"));
        }
        // Google lets a client leave PKCE out; here it must not, so that a missing proof shows (RFC 9700 section 2.1.1).
        let challenge = incoming.query("code_challenge").unwrap_or_default();
        if challenge.is_empty() || incoming.query("code_challenge_method") != Some("S256") {
            return Err(broken("Error 400: invalid_request", "code_challenge with the method S256 is wanted here."));
        }
        let scopes = match identity::scopes(incoming.query("scope").unwrap_or_default()) {
            Ok(scopes) if !scopes.is_empty() => scopes,
            Ok(_) => return Err(broken("Error 400: invalid_request", "Missing required parameter: scope")),
            Err(unknown) => {
                let message = format!("Some requested scopes were invalid. {{invalid=[{unknown}]}}");
                return Err(broken("Error 400: invalid_scope", &message));
            }
        };
        Ok(Self {
            world,
            redirect,
            state: incoming.query("state"),
            nonce: incoming.query("nonce"),
            challenge,
            prompt: incoming.query("prompt"),
            scopes,
        })
    }

    fn send(&self, fields: &[(&str, &str)]) -> Reply {
        let mut all: Vec<(&str, &str)> = Vec::new();
        if let Some(state) = self.state {
            all.push(("state", state));
        }
        all.extend_from_slice(fields);
        Reply::redirect(&with_fields(self.redirect, &all, false))
    }

    /// The person refused (same page, "Handle the OAuth 2.0 server response").
    fn denied(&self) -> Reply {
        self.send(&[("error", "access_denied")])
    }

    fn code(&self, scenario: &'static Scenario, scopes: BTreeSet<String>) -> Reply {
        let told = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
        let code = self.world.grants.code(CodeGrant {
            scenario,
            client: GOOGLE_CLIENT_ID.to_owned(),
            redirect: self.redirect.to_owned(),
            challenge: self.challenge.to_owned(),
            nonce: self.nonce.map(str::to_owned),
            scopes,
            made: now(),
        });
        self.send(&[("code", &code), ("scope", &told), ("authuser", "0"), ("prompt", "consent")])
    }
}

pub(super) fn answer(incoming: &Incoming, world: &World) -> Reply {
    let ask = match Ask::read(incoming, world) {
        Ok(ask) => ask,
        Err(reply) => return reply,
    };
    if incoming.method == "POST" {
        return step(&ask, &incoming.form());
    }
    let hint = incoming.query("login_hint");
    let known = hint.and_then(|hint| find(hint, Provider::Google));
    match (ask.prompt, hint, known) {
        // https://developers.google.com/identity/openid-connect/openid-connect#authenticationuriparameters (`prompt`)
        (Some("none"), _, None) => ask.send(&[("error", "interaction_required")]),
        (_, Some(_), Some(scenario)) if world.options.sso => go_on(&ask, scenario, None),
        (Some("none"), ..) => ask.send(&[("error", "interaction_required")]),
        (_, Some(hint), None) if world.options.sso => pages::sign_in(hint, "Couldn't find your Google Account"),
        // Signed in a moment ago: with a hint there is nothing to choose.
        (prompt, Some(hint), Some(scenario))
            if prompt != Some("select_account") && session::is(incoming, session::GOOGLE, hint) =>
        {
            go_on(&ask, scenario, None)
        }
        (_, Some(hint), _) => pages::choose(hint),
        (_, None, _) => pages::sign_in("", ""),
    }
}

/// What the person did on a page.
fn step(ask: &Ask<'_>, form: &BTreeMap<String, String>) -> Reply {
    let field = |name: &str| form.get(name).map(|value| value.trim()).unwrap_or_default();
    if field("action") == "cancel" {
        return ask.denied();
    }
    let account = match field("account") {
        "other" => return pages::sign_in("", ""),
        "" => field("email"),
        account => account,
    };
    let Some(scenario) = find(account, Provider::Google) else {
        return pages::sign_in(account, "Couldn't find your Google Account");
    };
    match field("step") {
        "unverified" => pages::consent(scenario.address, &ask.scopes),
        "consent" => {
            let ticked: BTreeSet<String> =
                form.iter().filter(|(name, _)| name.starts_with("scope-")).map(|(_, value)| value.clone()).collect();
            ask.world.agree(scenario.address);
            let granted = ask
                .scopes
                .iter()
                .filter(|scope| ticked.contains(*scope) || !beyond_identity(&BTreeSet::from([(*scope).clone()])))
                .cloned()
                .collect();
            go_on(ask, scenario, Some(granted))
        }
        _ => session::begin(go_on(ask, scenario, None), session::GOOGLE, scenario.address),
    }
}

/// The account is known; `granted` is what was ticked, where the permission page was passed.
fn go_on(ask: &Ask<'_>, scenario: &'static Scenario, granted: Option<BTreeSet<String>>) -> Reply {
    let session = ask.world.options.sso;
    let reply = match (stop(ask, scenario, session, granted.is_some()), granted) {
        (Some(reply), _) => reply,
        (None, Some(granted)) => ask.code(scenario, granted),
        (None, None) => {
            let mut scopes = ask.scopes.clone();
            if scenario.cause == "permission-missing" {
                // The boxes of calendar and of sending were left empty.
                scopes.retain(|scope| {
                    !scope.starts_with(&long("calendar"))
                        && !scope.ends_with("gmail.send")
                        && !scope.ends_with("gmail.modify")
                });
            }
            ask.code(scenario, scopes)
        }
    };
    reply.shifted(scenario.clock_offset())
}

fn stop(ask: &Ask<'_>, scenario: &'static Scenario, session: bool, consented: bool) -> Option<Reply> {
    match scenario.cause {
        "sign-in-cancelled" if session => return Some(pages::choose(scenario.address)),
        "app-disabled" => return Some(broken("Error 401: disabled_client", "The OAuth client was disabled.")),
        _ => {}
    }
    if !beyond_identity(&ask.scopes) || consented {
        return None;
    }
    let agreed = ask.world.agreed(scenario.address);
    Some(match scenario.local() {
        "consent-declined" if session => ask.denied(),
        "app-unverified" => pages::blocked(
            "error-code",
            "Access blocked: Inbox Doctor (practice) has not completed the Google verification process",
            "Inbox Doctor (practice) has not completed the Google verification process. The app is currently being \
             tested, and can only be accessed by developer-approved testers.",
            "Error 403: access_denied",
        ),
        "not-verified" if !agreed => pages::not_verified(scenario.address),
        "app-blocked-by-admin" => pages::blocked(
            "blocked-by-administrator",
            "Access blocked: Your institution's admin needs to review Inbox Doctor (practice)",
            "Access to your account data is restricted by policies within your organization. Please contact the \
             administrator of your organization for more information.",
            "Error 400: admin_policy_enforced",
        ),
        "advanced-protection" => pages::blocked(
            "advanced-protection",
            "Access blocked: Advanced Protection",
            "This app tried to access sensitive info in your Google Account. To keep your account safe, Advanced \
             Protection blocked this access.",
            "Error 400: policy_enforced",
        ),
        "consent-user-needed" if !agreed => pages::consent(scenario.address, &ask.scopes),
        _ if !session || ask.prompt == Some("consent") && scenario.cause == "consent-user-needed" => {
            pages::consent(scenario.address, &ask.scopes)
        }
        _ => return None,
    })
}
