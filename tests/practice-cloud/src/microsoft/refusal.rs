//! Refusals of the identity platform: code, `error`, `suberror`, text, and the shapes in which they are told.

use serde_json::{Value, json};

use crate::{
    reply::Reply,
    world::{now, random_guid},
};

/// A refusal. Codes and their meaning: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u32,
    pub(crate) error: &'static str,
    pub(crate) suberror: &'static str,
    pub(crate) text: &'static str,
    /// Whether a claims challenge goes with it.
    pub(crate) claims: bool,
}

const fn refusal(code: u32, error: &'static str, suberror: &'static str, text: &'static str) -> Refusal {
    Refusal { code, error, suberror, text, claims: false }
}

const fn challenge(code: u32, error: &'static str, suberror: &'static str, text: &'static str) -> Refusal {
    Refusal { code, error, suberror, text, claims: true }
}

/// The app's name in the texts.
pub(crate) const APP_NAME: &str = "Inbox Doctor (practice)";

#[rustfmt::skip]
mod list {
    use super::{Refusal, challenge, refusal};

    pub(crate) const MISSING_FIELD: Refusal = refusal(900_144, "invalid_request", "", "The request body must contain the following parameter: 'client_id'.");
    pub(crate) const MISSING_CODE: Refusal = refusal(900_144, "invalid_request", "", "The request body must contain the following parameter: 'code'.");
    pub(crate) const MISSING_REFRESH: Refusal = refusal(900_144, "invalid_request", "", "The request body must contain the following parameter: 'refresh_token'.");
    pub(crate) const UNKNOWN_TENANT: Refusal = refusal(90_002, "invalid_tenant", "", "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");
    pub(crate) const APP_NOT_FOUND: Refusal = refusal(700_016, "unauthorized_client", "", "Application with identifier '{client}' was not found in the directory '{brand}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.");
    pub(crate) const APP_DISABLED: Refusal = refusal(7_000_112, "unauthorized_client", "", "Application '{client}'({app}) is disabled.");
    pub(crate) const BAD_REDIRECT: Refusal = refusal(50_011, "invalid_request", "", "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application '{client}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.");
    pub(crate) const BAD_RESPONSE_TYPE: Refusal = refusal(700_054, "unsupported_response_type", "", "response_type is not enabled for the application.");
    pub(crate) const PKCE_WANTED: Refusal = refusal(9_002_325, "invalid_request", "", "Proof Key for Code Exchange is required for cross-origin authorization code redemption.");
    pub(crate) const BAD_SCOPE: Refusal = refusal(70_011, "invalid_scope", "", "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid.");
    pub(crate) const NO_TENANT_FOR_CONSENT: Refusal = refusal(900_561, "invalid_request", "", "The endpoint only accepts a tenant, a domain name or 'organizations'.");
    pub(crate) const SECRET_UNWANTED: Refusal = refusal(700_025, "invalid_client", "", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
    pub(crate) const SECRET_WANTED: Refusal = refusal(7_000_218, "invalid_client", "", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
    pub(crate) const BAD_GRANT_TYPE: Refusal = refusal(70_003, "unsupported_grant_type", "", "The app requested an unsupported grant type.");
    pub(crate) const CODE_USED: Refusal = refusal(54_005, "invalid_grant", "", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.");
    pub(crate) const CODE_BAD: Refusal = refusal(9_002_313, "invalid_request", "", "Invalid request. Request is malformed or invalid.");
    pub(crate) const CODE_EXPIRED: Refusal = refusal(70_008, "invalid_grant", "", "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.");
    pub(crate) const CODE_REDIRECT: Refusal = refusal(50_112, "invalid_grant", "", "The 'redirect_uri' specified in the request does not match the redirect URI of the authorization request.");
    pub(crate) const CODE_CLIENT: Refusal = refusal(70_000, "invalid_grant", "client_mismatch", "Provided grant is invalid or malformed.");
    pub(crate) const VERIFIER: Refusal = refusal(501_481, "invalid_grant", "", "The Code_Verifier does not match the code_challenge supplied in the authorization request.");
    pub(crate) const REFRESH_BAD: Refusal = refusal(9_002_313, "invalid_grant", "bad_token", "Invalid request. Request is malformed or invalid.");
    pub(crate) const NOBODY_SIGNED_IN: Refusal = refusal(50_058, "login_required", "", "A silent sign-in request was sent but no user is signed in.");
    pub(crate) const NOT_OF_TENANT: Refusal = refusal(50_020, "invalid_request", "", "User account '{user}' from identity provider does not exist in tenant '{brand}' and cannot access the application '{client}'({app}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.");

    pub(crate) const PERSONAL_UNWANTED: Refusal = refusal(500_200, "invalid_request", "", "User account '{user}' is a personal Microsoft account. Personal Microsoft accounts are not supported for this application unless explicitly invited to an organization. Try signing out and signing back in with an organizational account.");

    pub(crate) const NO_CONSENT: Refusal = refusal(65_001, "invalid_grant", "consent_required", "The user or administrator has not consented to use the application with ID '{client}' named '{app}'. Send an interactive authorization request for this user and resource.");
    pub(crate) const CONSENT_REQUIRED: Refusal = Refusal { error: "consent_required", suberror: "", ..NO_CONSENT };
    pub(crate) const DECLINED: Refusal = refusal(65_004, "access_denied", "", "User declined to consent to access the app.");
    pub(crate) const NOT_ASSIGNED: Refusal = refusal(50_105, "interaction_required", "", "Your administrator has configured the application {app} ('{client}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.");
    pub(crate) const SILENT_IMPOSSIBLE: Refusal = refusal(50_058, "interaction_required", "basic_action", "A silent sign-in request was sent but no user is signed in.");
    pub(crate) const TILE_REJECTED: Refusal = refusal(16_001, "interaction_required", "", "The account that was selected is not valid for this sign-in session. Select another account.");
    pub(crate) const MFA: Refusal = challenge(50_076, "interaction_required", "basic_action", "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.");
    pub(crate) const MFA_SETUP: Refusal = challenge(50_079, "interaction_required", "basic_action", "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.");
    pub(crate) const CONDITIONAL_ACCESS: Refusal = challenge(53_003, "interaction_required", "message_only", "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.");
    pub(crate) const DEVICE: Refusal = challenge(53_000, "interaction_required", "additional_action", "Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant. The user must enroll their device with an approved MDM provider like Intune.");
    pub(crate) const APP_PROTECTION: Refusal = challenge(53_009, "unauthorized_client", "protection_policy_required", "Application needs to enforce Intune protection policies.");
    pub(crate) const RISK: Refusal = challenge(53_004, "interaction_required", "message_only", "Cannot configure multi-factor authentication methods because suspicious activity is present.");
    pub(crate) const LOCKED: Refusal = refusal(50_053, "invalid_grant", "", "You've tried to sign in too many times with an incorrect user ID or password.");
    pub(crate) const DISABLED: Refusal = refusal(50_057, "invalid_grant", "", "The user account is disabled.");
    pub(crate) const DELETED: Refusal = refusal(500_341, "invalid_grant", "", "The user account {user} has been deleted from the directory. To sign into this application, the account must be added to the directory.");
    pub(crate) const NO_SUCH_USER: Refusal = refusal(50_034, "invalid_grant", "", "The user account {user} does not exist in the {brand} directory. To sign into this application, the account must be added to the directory.");
    pub(crate) const PASSWORD_WRONG: Refusal = refusal(50_126, "invalid_grant", "", "Error validating credentials due to invalid username or password.");
    pub(crate) const PASSWORD_EXPIRED: Refusal = refusal(50_055, "invalid_grant", "user_password_expired", "The password is expired.");
    pub(crate) const TENANT_RESTRICTED: Refusal = refusal(500_021, "invalid_grant", "message_only", "Access to '{brand}' tenant is denied.");
    pub(crate) const FEDERATION: Refusal = refusal(50_008, "invalid_request", "", "SAML token is invalid.");
    pub(crate) const TOKEN_EXPIRED: Refusal = refusal(700_082, "invalid_grant", "token_expired", "The refresh token has expired due to inactivity. The token was issued on 2026-07-01T08:00:00.0000000Z and was inactive for 90.00:00:00.");
    pub(crate) const TOKEN_REVOKED: Refusal = refusal(50_173, "invalid_grant", "bad_token", "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '2026-11-01T08:00:00.0000000Z' and the TokensValidFrom date (before which tokens are not valid) for this user is '2026-11-20T08:00:00.0000000Z'.");
}

pub(crate) use list::*;

/// Names that stand in a text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names<'a> {
    pub(crate) client: &'a str,
    pub(crate) user: &'a str,
    pub(crate) tenant: &'a str,
    pub(crate) brand: &'a str,
    pub(crate) redirect: &'a str,
}

/// A refusal with its text and ids filled in.
pub(crate) struct Told {
    pub(crate) refusal: Refusal,
    pub(crate) message: String,
    pub(crate) trace: String,
    pub(crate) correlation: String,
    pub(crate) timestamp: String,
}

impl Refusal {
    pub(crate) fn tell(self, names: Names<'_>) -> Told {
        let message = self
            .text
            .replace("{client}", names.client)
            .replace("{user}", names.user)
            .replace("{tenant}", names.tenant)
            .replace("{brand}", names.brand)
            .replace("{redirect}", names.redirect)
            .replace("{app}", APP_NAME);
        let timestamp =
            jiff::Timestamp::from_second(now()).unwrap_or_default().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        Told {
            refusal: self,
            message: format!("AADSTS{}: {message}", self.code),
            trace: random_guid(),
            correlation: random_guid(),
            timestamp,
        }
    }
}

impl Told {
    /// With the ids on one line, as newer answers of the token endpoint have them.
    pub(crate) fn description(&self) -> String {
        format!(
            "{} Trace ID: {} Correlation ID: {} Timestamp: {}",
            self.message, self.trace, self.correlation, self.timestamp
        )
    }

    /// With the ids on lines of their own, as redirects have them.
    pub(crate) fn description_in_lines(&self) -> String {
        format!(
            "{}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
            self.message, self.trace, self.correlation, self.timestamp
        )
    }

    pub(crate) fn error_uri(&self, base: &str) -> String {
        format!("{base}/error?code={}", self.refusal.code)
    }

    /// The token endpoint's error response
    /// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response-1>).
    pub(crate) fn json(&self, base: &str) -> Reply {
        let mut body = json!({
            "error": self.refusal.error,
            "error_description": self.description(),
            "error_codes": [self.refusal.code],
            "timestamp": self.timestamp,
            "trace_id": self.trace,
            "correlation_id": self.correlation,
            "error_uri": self.error_uri(base),
        });
        if let Some(fields) = body.as_object_mut() {
            if !self.refusal.suberror.is_empty() {
                fields.insert("suberror".to_owned(), Value::from(self.refusal.suberror));
            }
            if self.refusal.claims {
                // https://learn.microsoft.com/entra/identity-platform/v2-conditional-access-dev-guide
                let claims = "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"5f0c1b0e-6f0a-4f7b-9b7d-2f6f1f3f0a11\"]}}}";
                fields.insert("claims".to_owned(), Value::from(claims));
            }
        }
        let status = if self.refusal.error == "invalid_client" { 401 } else { 400 };
        Reply::json(status, &body)
    }
}
