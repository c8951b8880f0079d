//! What an account does at each station of the sign-in.

use super::refusal::{self, Refusal};
use crate::{scenario::Scenario, world::World};

use super::identity::Identity;

/// What the authorize address answers in place of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It sends the browser back with an error.
    Back(Refusal),
    /// It stands at an error page with a code.
    Page(Refusal),
    /// "You cannot access this right now": an access policy refused.
    Policy(Refusal),
    /// It stands at one of the known pages.
    Known(Known),
}

/// Pages that ask for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Account or password.
    SignIn,
    /// The list of permissions.
    Consent,
    /// "Need admin approval".
    NeedAdminApproval,
    /// "Approval required", with a box for the reason.
    ApprovalRequired,
    /// "Request sent".
    RequestSent,
    /// "Approve sign in request".
    SecondFactor,
    /// "More information required".
    SecurityInformation,
    /// "Update your password".
    UpdatePassword,
    /// "We're unable to complete your request": a personal account at an app for work accounts.
    NotForConsumers,
}

/// At the sign-in itself. `session`: the browser is signed in already, so no page of the sign-in is passed.
pub(super) fn at_sign_in(scenario: &Scenario, session: bool) -> Option<Stop> {
    Some(match scenario.cause {
        "user-not-assigned" => Stop::Back(refusal::NOT_ASSIGNED),
        "wrong-password" => Stop::Page(refusal::PASSWORD_WRONG),
        "federation-failed" => Stop::Page(refusal::FEDERATION),
        "tenant-not-found" => Stop::Page(refusal::UNKNOWN_TENANT),
        "wrong-account-type" => Stop::Known(Known::NotForConsumers),
        "sign-in-cancelled" if session => Stop::Known(Known::SignIn),
        // With a live session none of the sign-in's own pages is passed; the token endpoint refuses then (`at_redeem`).
        "account-locked" if !session => Stop::Page(refusal::LOCKED),
        "account-disabled" if !session => Stop::Page(refusal::DISABLED),
        "account-not-found" if !session => Stop::Page(refusal::NO_SUCH_USER),
        "password-expired" if !session => Stop::Known(Known::UpdatePassword),
        "tenant-restricted" if !session => Stop::Page(refusal::TENANT_RESTRICTED),
        _ => return None,
    })
}

/// Once more than the identity is asked for.
pub(super) fn at_app_scopes(scenario: &Scenario, session: bool, world: &World) -> Option<Stop> {
    if consent_settled(scenario, world) {
        return None;
    }
    Some(match scenario.local() {
        "approval-required" if world.agreed(&asked(scenario)) => Stop::Known(Known::RequestSent),
        "approval-required" => Stop::Known(Known::ApprovalRequired),
        "consent-pending" if session || world.agreed(&asked(scenario)) => Stop::Known(Known::RequestSent),
        "consent-pending" => Stop::Known(Known::ApprovalRequired),
        "consent-admin-required" => Stop::Known(Known::NeedAdminApproval),
        "consent-user-needed" => Stop::Known(Known::Consent),
        "consent-declined" if session => Stop::Back(refusal::DECLINED),
        "consent-declined" => Stop::Known(Known::Consent),
        "permission-missing" if !session => Stop::Known(Known::Consent),
        "interaction-required" => Stop::Back(refusal::TILE_REJECTED),
        "mfa-required" => Stop::Known(Known::SecondFactor),
        "mfa-setup-required" => Stop::Known(Known::SecurityInformation),
        "conditional-access-blocked" => Stop::Policy(refusal::CONDITIONAL_ACCESS),
        "device-not-compliant" => Stop::Policy(refusal::DEVICE),
        "app-protection-required" => Stop::Policy(refusal::APP_PROTECTION),
        "risk-blocked" => Stop::Policy(refusal::RISK),
        "app-not-in-tenant" => Stop::Page(refusal::APP_NOT_FOUND),
        "app-disabled" => Stop::Page(refusal::APP_DISABLED),
        _ => return None,
    })
}

/// When a code is redeemed.
pub(super) fn at_redeem(scenario: &Scenario) -> Option<Refusal> {
    Some(match scenario.cause {
        "account-locked" => refusal::LOCKED,
        "account-disabled" => refusal::DISABLED,
        "account-not-found" => refusal::DELETED,
        "password-expired" => refusal::PASSWORD_EXPIRED,
        // The network's header is added to every request to the sign-in host, the app's own among them
        // (https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions).
        "tenant-restricted" => refusal::TENANT_RESTRICTED,
        "app-misconfigured" => refusal::SECRET_WANTED,
        _ => return None,
    })
}

/// When a refresh token is redeemed for more than the identity.
pub(super) fn at_refresh(scenario: &Scenario, world: &World) -> Option<Refusal> {
    if consent_settled(scenario, world) {
        return None;
    }
    Some(match scenario.cause {
        "consent-admin-required" | "consent-pending" | "consent-user-needed" | "consent-declined" => {
            refusal::NO_CONSENT
        }
        "interaction-required" => refusal::SILENT_IMPOSSIBLE,
        "mfa-required" => refusal::MFA,
        "mfa-setup-required" => refusal::MFA_SETUP,
        "conditional-access-blocked" => refusal::CONDITIONAL_ACCESS,
        "device-not-compliant" => refusal::DEVICE,
        "app-protection-required" => refusal::APP_PROTECTION,
        "risk-blocked" => refusal::RISK,
        "app-not-in-tenant" => refusal::APP_NOT_FOUND,
        "app-disabled" => refusal::APP_DISABLED,
        "token-expired" => refusal::TOKEN_EXPIRED,
        "token-revoked" => refusal::TOKEN_REVOKED,
        _ => return None,
    })
}

/// The mark of somebody who has asked the administrator.
pub(super) fn asked(scenario: &Scenario) -> String {
    format!("asked:{}", scenario.address)
}

/// Whether consent is given by now: by the administrator for the tenant, or by the person on the page.
fn consent_settled(scenario: &Scenario, world: &World) -> bool {
    scenario.cause.starts_with("consent-")
        && (world.agreed(scenario.address) || world.tenant_consented(&Identity::of(scenario).organisation.tenant()))
}
