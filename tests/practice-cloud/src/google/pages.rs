//! Google's pages. Headings and codes as people see and paste them
//! (<https://developers.google.com/identity/protocols/oauth2/native-app#authorization-errors>,
//! <https://support.google.com/accounts/answer/16668185>); the layout is our own.

use std::collections::BTreeSet;

use super::BRAND;
use crate::{
    GOOGLE_CLIENT_ID,
    page::{Page, account_button, button, field, tick},
    reply::Reply,
};

pub(super) const APP_NAME: &str = "Inbox Doctor (practice)";

fn shown(page: Page) -> Reply {
    Reply::html(200, page.finish())
}

/// "Choose an account".
pub(super) fn choose(address: &str) -> Reply {
    shown(Page::new(BRAND, "sign-in", "Choose an account").text("app", &format!("to continue to {APP_NAME}")).form(
        &[("step", "pick")],
        &[account_button("account-hint", address), account_button("account-other", "other")],
    ))
}

/// "Sign in": address and password on one page.
pub(super) fn sign_in(address: &str, error: &str) -> Reply {
    let mut page = Page::new(BRAND, "sign-in", "Sign in").text("app", &format!("to continue to {APP_NAME}"));
    if !error.is_empty() {
        page = page.text("error", error);
    }
    shown(page.text("hint", "Any password is right here. Do not type a real one.").form(
        &[("step", "sign-in")],
        &[
            field("email", "email", "Email or phone", address),
            field("password", "password", "Password", ""),
            button("next", "next", "Next"),
        ],
    ))
}

/// "… wants access to your Google Account": boxes that are empty at first.
pub(super) fn consent(account: &str, scopes: &BTreeSet<String>) -> Reply {
    let mut inner: Vec<String> = scopes
        .iter()
        .filter(|scope| !matches!(scope.rsplit('/').next(), Some("openid" | "userinfo.email" | "userinfo.profile")))
        .enumerate()
        .map(|(index, scope)| {
            let id = format!("scope-{index}");
            tick(&id, &id, scope, scope, false)
        })
        .collect();
    inner.push(button("cancel", "cancel", "Cancel"));
    inner.push(button("continue", "continue", "Continue"));
    shown(
        Page::new(BRAND, "permission-list", &format!("{APP_NAME} wants access to your Google Account"))
            .text("account", account)
            .text("message", "Select what the app can access")
            .form(&[("step", "consent"), ("account", account)], &inner),
    )
}

/// "Google hasn't verified this app".
pub(super) fn not_verified(account: &str) -> Reply {
    shown(
        Page::new(BRAND, "app-not-verified", "Google hasn't verified this app")
            .text("account", account)
            .text(
                "message",
                "The app is requesting access to sensitive info in your Google Account. Until the developer verifies \
                 this app with Google, you shouldn't use it.",
            )
            .form(
                &[("step", "unverified"), ("account", account)],
                &[
                    button("back", "cancel", "Back to safety"),
                    button("go-on", "go-on", &format!("Go to {APP_NAME} (unsafe)")),
                ],
            ),
    )
}

/// A page that ends it: "Access blocked" with `Error <status>: <name>`.
pub(super) fn blocked(id: &str, heading: &str, message: &str, error: &str) -> Reply {
    shown(
        Page::new(BRAND, id, heading)
            .text("message", message)
            .text("error", error)
            .text("details", &format!("Request details: flowName=GeneralOAuthFlow client_id={GOOGLE_CLIENT_ID}")),
    )
}
