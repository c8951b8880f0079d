//! `/{tenant}/v2.0/adminconsent` and `/{tenant}/adminconsent`
//! (<https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>,
//! <https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent>).

use super::{
    BRAND, identity, pages,
    refusal::{self, Names},
};
use crate::{
    MICROSOFT_CLIENT_ID, directory,
    page::{Page, button},
    reply::{Incoming, Reply, with_fields},
    world::World,
};

/// HubSpot's app, as its help article names it.
const HUBSPOT_CLIENT_ID: &str = "450987b3-a09a-4f14-9b2c-4f301d1e15f5";
/// Its redirect address there.
const HUBSPOT_REDIRECT: &str = "https://app.hubspot.com/oauthor/v1/office365/verify";

fn app_name(client: &str) -> Option<&'static str> {
    match client {
        MICROSOFT_CLIENT_ID => Some(refusal::APP_NAME),
        HUBSPOT_CLIENT_ID => Some("HubSpot Sales"),
        _ => None,
    }
}

pub(super) fn answer(tenant: &str, v2: bool, incoming: &Incoming, world: &World) -> Reply {
    let client = incoming.query("client_id").unwrap_or_default();
    let redirect = incoming.query("redirect_uri");
    let names = Names { client, tenant, brand: tenant, redirect: redirect.unwrap_or_default(), ..Names::default() };
    let page = |refusal: refusal::Refusal| pages::refusal(&refusal.tell(names));
    // `organizations` lets the administrator's own account decide: here always Contoso's.
    let organisation = match tenant {
        "common" | "consumers" => return page(refusal::NO_TENANT_FOR_CONSENT),
        "organizations" => directory::of_domain("contoso.example"),
        named => directory::of_segment(named),
    };
    let Some(organisation) = organisation else { return page(refusal::UNKNOWN_TENANT) };
    if client.is_empty() {
        return page(refusal::MISSING_FIELD);
    }
    let Some(app) = app_name(client) else { return page(refusal::APP_NOT_FOUND) };
    // The address is checked before the consent page; nothing is granted when it is not registered.
    let registered = |address: &str| identity::redirect_registered(address) || address == HUBSPOT_REDIRECT;
    match redirect {
        Some(address) if !registered(address) => return page(refusal::BAD_REDIRECT),
        None if v2 => return page(refusal::BAD_REDIRECT),
        _ => {}
    }
    let scope = incoming.query("scope").unwrap_or_default();
    if v2 && scope.is_empty() {
        return page(refusal::BAD_SCOPE);
    }
    let tenant_id = organisation.tenant();
    let form = incoming.form();
    let action = if incoming.method == "POST" { form.get("action").map(String::as_str) } else { None };
    let Some(action) = action else {
        let scopes: Vec<String> = if scope.is_empty() {
            vec!["All permissions of the app's registration".to_owned()]
        } else {
            scope.split_whitespace().map(str::to_owned).collect()
        };
        return Reply::html(
            200,
            Page::new(BRAND, "admin-consent", "Permissions requested")
                .text("subheading", "Review for your organization")
                .text("account", &format!("admin@{}", organisation.domain))
                .text("app", app)
                .text("tenant", &tenant_id)
                .list("permissions", &scopes)
                .text(
                    "message",
                    "If you accept, this app will get access to the specified resources for all users in your \
                     organization. No one else will be prompted to review these permissions.",
                )
                .form(&[], &[button("cancel", "cancel", "Cancel"), button("accept", "accept", "Accept")])
                .finish(),
        );
    };
    let accepted = action == "accept";
    if accepted && client == MICROSOFT_CLIENT_ID {
        world.consent_for_tenant(&tenant_id);
    }
    let mut fields = Vec::new();
    let told = refusal::DECLINED.tell(names);
    let description = told.description();
    match (accepted, v2) {
        (true, true) => fields.extend([("admin_consent", "True"), ("tenant", tenant_id.as_str()), ("scope", scope)]),
        (true, false) => fields.extend([("tenant", tenant_id.as_str()), ("admin_consent", "True")]),
        (false, true) => fields.extend([
            ("admin_consent", "True"),
            ("error", "consent_required"),
            ("error_description", description.as_str()),
        ]),
        (false, false) => {
            fields.extend([("error", "permission_denied"), ("error_description", "The admin canceled the request")])
        }
    }
    if let Some(state) = incoming.query("state") {
        fields.push(("state", state));
    }
    match redirect.filter(|address| identity::is_loopback(address)) {
        Some(address) => Reply::redirect(&with_fields(address, &fields, false)),
        // The real one goes on to the vendor's page; the practice cloud never leads a browser off this computer.
        None => {
            let heading = if accepted { "Consent was granted" } else { "Consent was not granted" };
            let target = with_fields(redirect.unwrap_or("(the app's own page)"), &fields, false);
            Reply::html(
                200,
                Page::new(BRAND, if accepted { "consent-granted" } else { "consent-refused" }, heading)
                    .text("message", "The real page would go on to:")
                    .text("target", &target)
                    .finish(),
            )
        }
    }
}
