//! `/{tenant}/oauth2/v2.0/authorize`
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>).

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::{
    identity::{self, Identity, beyond_identity},
    pages,
    play::{self, Known, Stop},
    refusal::{self, Names, Refusal},
};
use crate::{
    MICROSOFT_CLIENT_ID, Part, directory,
    grants::CodeGrant,
    reply::{Incoming, Reply, with_fields},
    scenario::{Provider, Scenario, find},
    session,
    world::{World, now, random_guid},
};

/// A request that passed the first checks.
pub(super) struct Ask<'a> {
    world: &'a World,
    tenant: &'a str,
    redirect: &'a str,
    state: Option<&'a str>,
    nonce: Option<&'a str>,
    challenge: &'a str,
    pub(super) hint: Option<&'a str>,
    prompt: Option<&'a str>,
    pub(super) scopes: BTreeSet<String>,
    fragment: bool,
}

impl<'a> Ask<'a> {
    /// Reads the request. What the redirect address cannot be trusted with is told on a page, the rest goes back to the
    /// app (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response>).
    fn read(tenant: &'a str, incoming: &'a Incoming, world: &'a World) -> Result<Self, Reply> {
        let client = incoming.query("client_id").unwrap_or_default();
        let redirect = incoming.query("redirect_uri").unwrap_or_default();
        let names = Names { client, tenant, brand: tenant, redirect, ..Names::default() };
        let page = |refusal: Refusal| Err(pages::refusal(&refusal.tell(names)));
        if !matches!(tenant, "common" | "organizations" | "consumers") && directory::of_segment(tenant).is_none() {
            return page(refusal::UNKNOWN_TENANT);
        }
        if client.is_empty() {
            return page(refusal::MISSING_FIELD);
        }
        if client != MICROSOFT_CLIENT_ID {
            return page(refusal::APP_NOT_FOUND);
        }
        if !identity::redirect_registered(redirect) {
            return page(refusal::BAD_REDIRECT);
        }
        let ask = Self {
            world,
            tenant,
            redirect,
            state: incoming.query("state"),
            nonce: incoming.query("nonce"),
            challenge: incoming.query("code_challenge").unwrap_or_default(),
            hint: incoming.query("login_hint"),
            prompt: incoming.query("prompt"),
            scopes: identity::scopes(incoming.query("scope").unwrap_or_default()).unwrap_or_default(),
            fragment: incoming.query("response_mode") == Some("fragment"),
        };
        if incoming.query("response_type") != Some("code") {
            return Err(ask.back(refusal::BAD_RESPONSE_TYPE, names));
        }
        // Entra lets a public client leave PKCE out; here it must not, so that a missing proof shows
        // (RFC 9700 section 2.1.1).
        if ask.challenge.is_empty() || incoming.query("code_challenge_method") != Some("S256") {
            return Err(ask.back(refusal::PKCE_WANTED, names));
        }
        if ask.scopes.is_empty() {
            return Err(ask.back(refusal::BAD_SCOPE, names));
        }
        Ok(ask)
    }

    fn send(&self, fields: &[(&str, &str)]) -> Reply {
        let mut fields = fields.to_vec();
        if let Some(state) = self.state {
            fields.push(("state", state));
        }
        // A bare host comes back with `/`
        // (https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions).
        let target = Url::parse(self.redirect).map_or_else(|_| self.redirect.to_owned(), String::from);
        Reply::redirect(&with_fields(&target, &fields, self.fragment))
    }

    fn back(&self, refusal: Refusal, names: Names<'_>) -> Reply {
        let told = refusal.tell(names);
        let uri = told.error_uri(&self.world.addresses.base(Part::MicrosoftLogin));
        self.send(&[("error", refusal.error), ("error_description", &told.description_in_lines()), ("error_uri", &uri)])
    }

    /// What leaving a page by its Cancel, Back or "Return to the application" sends: no description, a subcode
    /// (<https://github.com/AzureAD/microsoft-authentication-library-for-dotnet>, tests of the authorization result).
    fn cancelled(&self) -> Reply {
        self.send(&[("error", "access_denied"), ("error_subcode", "cancel")])
    }

    fn names<'n>(&'n self, scenario: &'n Scenario, brand: &'n str) -> Names<'n> {
        Names {
            client: MICROSOFT_CLIENT_ID,
            user: scenario.address,
            // Where the request names none, the user's own is meant.
            tenant: match self.tenant {
                "common" | "organizations" | "consumers" => scenario.domain(),
                named => named,
            },
            brand,
            redirect: self.redirect,
        }
    }

    fn code(&self, scenario: &'static Scenario) -> Reply {
        let code = self.world.grants.code(CodeGrant {
            scenario,
            client: MICROSOFT_CLIENT_ID.to_owned(),
            redirect: self.redirect.to_owned(),
            challenge: self.challenge.to_owned(),
            nonce: self.nonce.map(str::to_owned),
            scopes: self.scopes.clone(),
            made: now(),
        });
        self.send(&[("code", &code), ("session_state", &random_guid())])
    }
}

pub(super) fn answer(tenant: &str, incoming: &Incoming, world: &World) -> Reply {
    let ask = match Ask::read(tenant, incoming, world) {
        Ok(ask) => ask,
        Err(reply) => return reply,
    };
    if incoming.method == "POST" {
        return step(&ask, &incoming.form());
    }
    if ask.prompt == Some("none") {
        return silently(&ask);
    }
    match ask.hint {
        Some(hint) if world.options.sso => match find(hint, Provider::Microsoft) {
            Some(scenario) => go_on(&ask, scenario, false),
            None => unknown_user(&ask, hint),
        },
        Some(hint) if ask.prompt == Some("select_account") => pages::pick(hint),
        // Signed in a moment ago: the pages of the sign-in are passed, what comes after them is not.
        Some(hint) if ask.prompt != Some("login") && session::is(incoming, session::MICROSOFT, hint) => {
            match find(hint, Provider::Microsoft) {
                Some(scenario) => go_on(&ask, scenario, false),
                None => unknown_user(&ask, hint),
            }
        }
        Some(hint) => pages::password(hint, brand_of(hint), federated(hint)),
        None => pages::sign_in("", ""),
    }
}

fn brand_of(address: &str) -> &'static str {
    directory::of_domain(address.rsplit('@').next().unwrap_or_default()).map_or("Microsoft", |tenant| tenant.brand)
}

fn federated(address: &str) -> bool {
    directory::of_domain(address.rsplit('@').next().unwrap_or_default())
        .is_some_and(|tenant| !tenant.federation.is_empty())
}

fn unknown_user(ask: &Ask<'_>, address: &str) -> Reply {
    let names = Names {
        client: MICROSOFT_CLIENT_ID,
        user: address,
        tenant: ask.tenant,
        brand: brand_of(address),
        redirect: ask.redirect,
    };
    pages::refusal(&refusal::NO_SUCH_USER.tell(names))
}

/// What the person did on a page.
fn step(ask: &Ask<'_>, form: &BTreeMap<String, String>) -> Reply {
    let field = |name: &str| form.get(name).map(|value| value.trim()).unwrap_or_default();
    let account = match field("account") {
        "" => field("email"),
        account => account,
    };
    match (field("step"), field("action")) {
        (_, "cancel") => return ask.cancelled(),
        ("pick", _) if account == "other" => return pages::sign_in("", ""),
        ("email", _) if account.is_empty() => {
            return pages::sign_in("", "Enter a valid email address, phone number, or Skype name.");
        }
        ("email" | "pick", _) => return pages::password(account, brand_of(account), federated(account)),
        _ => {}
    }
    let Some(scenario) = find(account, Provider::Microsoft) else {
        return unknown_user(ask, account);
    };
    match (field("step"), field("action")) {
        ("password", _) => session::begin(go_on(ask, scenario, false), session::MICROSOFT, scenario.address),
        ("consent", "accept") => {
            ask.world.agree(scenario.address);
            go_on(ask, scenario, true)
        }
        ("consent", _) => {
            let brand = Identity::of(scenario).organisation.brand;
            ask.back(refusal::DECLINED, ask.names(scenario, brand))
        }
        ("approval", _) => {
            ask.world.agree(&play::asked(scenario));
            pages::known(Known::RequestSent, ask, scenario)
        }
        _ => pages::sign_in(account, ""),
    }
}

/// Past the sign-in pages: the account is known.
fn go_on(ask: &Ask<'_>, scenario: &'static Scenario, consented: bool) -> Reply {
    let reply = match stop(ask, scenario, consented) {
        None => ask.code(scenario),
        Some(stop) => {
            let brand = Identity::of(scenario).organisation.brand;
            let names = ask.names(scenario, brand);
            match stop {
                Stop::Back(refusal) => ask.back(refusal, names),
                Stop::Page(refusal) => pages::refusal(&refusal.tell(names)),
                Stop::Policy(refusal) => pages::policy(&refusal.tell(names)),
                Stop::Known(known) => pages::known(known, ask, scenario),
            }
        }
    };
    reply.shifted(scenario.clock_offset())
}

fn stop(ask: &Ask<'_>, scenario: &'static Scenario, consented: bool) -> Option<Stop> {
    let session = ask.world.options.sso;
    let identity = Identity::of(scenario);
    if identity.is_personal() && ask.tenant == "organizations" {
        return Some(Stop::Page(refusal::PERSONAL_UNWANTED));
    }
    if let Some(asked) = directory::of_segment(ask.tenant)
        && asked != identity.organisation
        && directory::of_domain(scenario.domain()) != Some(asked)
    {
        return Some(Stop::Page(refusal::NOT_OF_TENANT));
    }
    if let Some(stop) = play::at_sign_in(scenario, session) {
        return Some(stop);
    }
    if beyond_identity(&ask.scopes)
        && !consented
        && let Some(stop) = play::at_app_scopes(scenario, session, ask.world)
    {
        return Some(stop);
    }
    (ask.prompt == Some("consent") && !consented).then_some(Stop::Known(Known::Consent))
}

/// `prompt=none`: a page is never shown; what would need one goes back as an error
/// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-codes-for-authorization-endpoint-errors>).
fn silently(ask: &Ask<'_>) -> Reply {
    let scenario = ask.hint.filter(|_| ask.world.options.sso).and_then(|hint| find(hint, Provider::Microsoft));
    let Some(scenario) = scenario else {
        return ask.back(refusal::NOBODY_SIGNED_IN, Names { client: MICROSOFT_CLIENT_ID, ..Names::default() });
    };
    let brand = Identity::of(scenario).organisation.brand;
    let names = ask.names(scenario, brand);
    let reply = match stop(ask, scenario, false) {
        None => ask.code(scenario),
        Some(Stop::Back(refusal) | Stop::Page(refusal) | Stop::Policy(refusal)) => ask.back(refusal, names),
        Some(Stop::Known(known)) => ask.back(
            match known {
                Known::SecondFactor => refusal::MFA,
                Known::SecurityInformation => refusal::MFA_SETUP,
                Known::UpdatePassword => refusal::PASSWORD_EXPIRED,
                Known::SignIn | Known::NotForConsumers => refusal::NOBODY_SIGNED_IN,
                Known::Consent | Known::NeedAdminApproval | Known::ApprovalRequired | Known::RequestSent => {
                    refusal::CONSENT_REQUIRED
                }
            },
            names,
        ),
    };
    reply.shifted(scenario.clock_offset())
}

impl Ask<'_> {
    /// The address of the "Return to the application" link.
    pub(super) fn return_address(&self) -> String {
        self.cancelled()
            .headers
            .get(http::header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }
}
