//! The pages of the sign-in. Their headings and buttons are worded as people see and paste them
//! (<https://learn.microsoft.com/entra/identity/enterprise-apps/application-sign-in-unexpected-user-consent-error>,
//! <https://learn.microsoft.com/entra/identity/enterprise-apps/user-admin-consent-overview>), so that a rehearsal looks
//! like the real thing; the layout is our own.

use super::{
    BRAND,
    authorize::Ask,
    play::Known,
    refusal::{APP_NAME, Told},
};
use crate::{
    MICROSOFT_CLIENT_ID,
    page::{Page, account_button, area, button, field},
    reply::Reply,
    scenario::Scenario,
};

fn shown(page: Page) -> Reply {
    Reply::html(200, page.finish())
}

/// "Pick an account".
pub(super) fn pick(address: &str) -> Reply {
    shown(Page::new(BRAND, "pick-account", "Pick an account").form(
        &[("step", "pick")],
        &[
            account_button("account-hint", address),
            account_button("account-other", "other"),
            button("cancel", "cancel", "Back"),
        ],
    ))
}

/// "Sign in": the address.
pub(super) fn sign_in(address: &str, error: &str) -> Reply {
    let mut page = Page::new(BRAND, "sign-in", "Sign in");
    if !error.is_empty() {
        page = page.text("error", error);
    }
    shown(page.form(
        &[("step", "email")],
        &[
            field("email", "email", "Email, phone, or Skype", address),
            button("next", "next", "Next"),
            button("cancel", "cancel", "Back"),
        ],
    ))
}

/// "Enter password"; at a federated domain the organisation's own page.
pub(super) fn password(address: &str, brand: &str, federated: bool) -> Reply {
    let (id, heading) = if federated {
        ("federated-sign-in", format!("{brand}: sign in with your organizational account"))
    } else {
        ("password", "Enter password".to_owned())
    };
    shown(
        Page::new(BRAND, id, &heading)
            .text("account", address)
            .text("hint", "Any password is right here. Do not type a real one.")
            .form(
                &[("step", "password"), ("account", address)],
                &[
                    field("password", "password", "Password", ""),
                    button("submit", "sign-in", "Sign in"),
                    button("cancel", "cancel", "Back"),
                ],
            ),
    )
}

/// "Sorry, but we're having trouble signing you in."
pub(super) fn refusal(told: &Told) -> Reply {
    shown(
        Page::new(BRAND, "error-code", "Sorry, but we're having trouble signing you in.")
            .text("error", &told.message)
            .text("request-id", &format!("Request Id: {}", told.trace))
            .text("correlation-id", &format!("Correlation Id: {}", told.correlation))
            .text("timestamp", &format!("Timestamp: {}", told.timestamp)),
    )
}

/// "You cannot access this right now": an access policy refused. Worded as in
/// <https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access>.
pub(super) fn policy(told: &Told) -> Reply {
    shown(
        Page::new(BRAND, "error-code", "You cannot access this right now")
            .text(
                "message",
                "Your sign-in was successful but does not meet the criteria to access this resource. For example, you \
                 might be signing in from a browser, app, or location that is restricted by your admin.",
            )
            .text("error", &format!("Error Code: {}", told.refusal.code))
            .text("request-id", &format!("Request Id: {}", told.trace))
            .text("correlation-id", &format!("Correlation Id: {}", told.correlation))
            .text("timestamp", &format!("Timestamp: {}", told.timestamp))
            .text("app", &format!("App name: {APP_NAME}"))
            .text("app-id", &format!("App id: {MICROSOFT_CLIENT_ID}"))
            .text("device", "Device state: Unregistered"),
    )
}

/// What `/error?code=…` says; only that it is the practice cloud's.
pub(super) fn code_explained(code: &str) -> Reply {
    let code: String = code.chars().filter(char::is_ascii_digit).take(8).collect();
    shown(Page::new(BRAND, "error-explained", &format!("AADSTS{code}")).text(
        "message",
        "The real page explains this code. See learn.microsoft.com/entra/identity-platform/reference-error-codes.",
    ))
}

/// Words for the scopes on the permission page
/// (<https://learn.microsoft.com/graph/permissions-reference>, "Display text" of the delegated permissions).
fn permission_words(scope: &str) -> String {
    match scope {
        "User.Read" => "Sign you in and read your profile",
        "Mail.ReadWrite" => "Read and write access to your mail",
        "Mail.Read" => "Read your mail",
        "Mail.Send" => "Send mail as you",
        "Calendars.Read" => "Read your calendars",
        "Calendars.ReadWrite" => "Have full access to your calendars",
        "offline_access" => "Maintain access to data you have given it access to",
        "openid" => "Sign you in",
        "profile" => "View your basic profile",
        "email" => "View your email address",
        other => other,
    }
    .to_owned()
}

/// A page that asks for something.
pub(super) fn known(known: Known, ask: &Ask<'_>, scenario: &Scenario) -> Reply {
    let account = scenario.address;
    let page = |id: &str, title: &str| Page::new(BRAND, id, title).text("account", account).text("app", APP_NAME);
    let back = ask.return_address();
    let return_words = "Return to the application without granting consent";
    shown(match known {
        Known::SignIn => return sign_in(account, ""),
        Known::Consent => {
            let words: Vec<String> = ask.scopes.iter().map(|scope| permission_words(scope)).collect();
            page("permission-list", "Permissions requested")
                .text("publisher", "unverified")
                .text("message", "This app would like to:")
                .list("permissions", &words)
                .form(
                    &[("step", "consent"), ("account", account)],
                    &[button("cancel", "decline", "Cancel"), button("accept", "accept", "Accept")],
                )
        }
        Known::NeedAdminApproval => page("need-admin-approval", "Need admin approval")
            .text(
                "message",
                &format!(
                    "{APP_NAME} needs permission to access resources in your organization that only an admin can \
                     grant. Please ask an admin to grant permission to this app before you can use it."
                ),
            )
            .text("admin-account", "Have an admin account? Sign in with that account")
            .link("return", &back, return_words),
        Known::ApprovalRequired => page("approval-required", "Approval required")
            .text("message", "This app requires your admin's approval to:")
            .list("permissions", &ask.scopes.iter().map(|scope| permission_words(scope)).collect::<Vec<_>>())
            .form(
                &[("step", "approval"), ("account", account)],
                &[
                    area("reason", "Enter justification for requesting this app"),
                    button("request", "request", "Request approval"),
                    button("cancel", "cancel", "Cancel"),
                ],
            ),
        Known::RequestSent => page("request-sent", "Request sent")
            .text("message", "Your request was sent to your administrators. You will get an email when it is reviewed.")
            .link("return", &back, "Return to the application"),
        Known::SecondFactor => page("something-else", "Approve sign in request")
            .text("message", "Open your Authenticator app, and enter the number shown to sign in.")
            .text("number", "42")
            .link("cancel", &back, "I can't use my Microsoft Authenticator app right now"),
        Known::SecurityInformation => page("something-else", "More information required")
            .text("message", "Your organization needs more information to keep your account secure")
            .link("cancel", &back, "Cancel"),
        Known::UpdatePassword => page("something-else", "Update your password").text(
            "message",
            "You need to update your password because this is the first time you are signing in, or because your \
             password has expired.",
        ),
        Known::NotForConsumers => page("error-code", "We're unable to complete your request").text(
            "error",
            "unauthorized_client: The client does not exist or is not enabled for consumers. If you are the \
             application developer, configure a new application through the App Registrations in the Azure Portal at \
             https://go.microsoft.com/fwlink/?linkid=2083908.",
        ),
    })
}
