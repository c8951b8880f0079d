//! The table of accounts.

use super::{
    Ending::{self, NoBrowser, Page, Returns},
    Provider::{self, Google, Microsoft, Other},
    Scenario,
};

const fn row(
    provider: Provider,
    address: &'static str,
    cause: &'static str,
    title: &'static str,
    ending: Ending,
) -> Scenario {
    Scenario { address, cause, provider, title, ending, write_test: false }
}

const fn writing(row: Scenario) -> Scenario {
    Scenario { write_test: true, ..row }
}

/// All accounts.
#[rustfmt::skip]
pub(crate) const ALL: &[Scenario] = &[
    // Microsoft: healthy
    row(Microsoft, "works@contoso.example", "works", "A healthy Microsoft 365 mailbox", Returns),
    row(Microsoft, "works@tokyo.contoso.example", "works", "A healthy mailbox in a sub-domain", Returns),
    row(Microsoft, "works@adatum.example", "works", "A healthy mailbox behind the organisation's own sign-in server", Returns),
    row(Microsoft, "works@proseware.example", "works", "A healthy mailbox behind a filter (Proofpoint)", Returns),
    row(Microsoft, "works@relecloud.example", "works", "A healthy mailbox whose MX is under mx.microsoft", Returns),
    row(Microsoft, "works@xn--r8jz45g.example", "works", "A healthy mailbox at an international domain (例え.example)", Returns),
    // Microsoft: consent
    row(Microsoft, "consent-admin-required@contoso.example", "consent-admin-required", "Need admin approval", Page("need-admin-approval", "")),
    row(Microsoft, "approval-required@contoso.example", "consent-admin-required", "Approval required: a request can be sent", Page("approval-required", "")),
    row(Microsoft, "consent-pending@contoso.example", "consent-pending", "A request was sent and waits", Page("request-sent", "")),
    row(Microsoft, "consent-user-needed@contoso.example", "consent-user-needed", "The permission page was not answered yet", Page("permission-list", "")),
    row(Microsoft, "consent-declined@contoso.example", "consent-declined", "Cancel was pressed on the permission page", Returns),
    // Microsoft: the sign-in
    row(Microsoft, "user-not-assigned@contoso.example", "user-not-assigned", "The app is limited to assigned users", Returns),
    row(Microsoft, "interaction-required@contoso.example", "interaction-required", "An interactive sign-in is wanted, with no reason given", Returns),
    row(Microsoft, "mfa-required@contoso.example", "mfa-required", "A second factor must be given", Page("something-else", "Approve sign in request")),
    row(Microsoft, "mfa-setup-required@contoso.example", "mfa-setup-required", "A second factor must be registered first", Page("something-else", "More information required")),
    row(Microsoft, "conditional-access-blocked@contoso.example", "conditional-access-blocked", "Blocked by Conditional Access", Page("error-code", "Error Code: 53003")),
    row(Microsoft, "device-not-compliant@contoso.example", "device-not-compliant", "A compliant device is wanted", Page("error-code", "Error Code: 53000")),
    row(Microsoft, "app-protection-required@contoso.example", "app-protection-required", "An app protection policy is wanted", Page("error-code", "Error Code: 53009")),
    row(Microsoft, "risk-blocked@contoso.example", "risk-blocked", "Blocked because of risk", Page("error-code", "Error Code: 53004")),
    row(Microsoft, "account-locked@contoso.example", "account-locked", "Locked for a while", Returns),
    row(Microsoft, "account-disabled@contoso.example", "account-disabled", "Turned off", Returns),
    row(Microsoft, "account-not-found@contoso.example", "account-not-found", "No such user; deleted", Returns),
    row(Microsoft, "wrong-password@contoso.example", "wrong-password", "The password is wrong", Page("error-code", "AADSTS50126")),
    row(Microsoft, "password-expired@contoso.example", "password-expired", "The password has expired", Returns),
    row(Microsoft, "sign-in-cancelled@contoso.example", "sign-in-cancelled", "The sign-in page is left unanswered", Page("sign-in", "")),
    row(Microsoft, "wrong-account-type@contoso.example", "wrong-account-type", "A personal account at an app for work accounts", Page("error-code", "unauthorized_client: The client does not exist or is not enabled for consumers. If you are the application developer, configure a new application through the App Registrations in the Azure Portal")),
    row(Microsoft, "wrong-organisation@contoso.example", "wrong-organisation", "Signed in as a guest of another organisation", Returns),
    row(Microsoft, "other-account@contoso.example", "wrong-organisation", "The browser is signed in as somebody else", Returns),
    row(Microsoft, "tenant-not-found@tailspin.example", "tenant-not-found", "The MX points to Microsoft, the tenant is gone", Page("error-code", "AADSTS90002")),
    row(Microsoft, "tenant-restricted@contoso.example", "tenant-restricted", "The network restricts tenants", Returns),
    row(Microsoft, "app-not-in-tenant@contoso.example", "app-not-in-tenant", "The app is not known in the tenant", Page("error-code", "AADSTS700016")),
    row(Microsoft, "app-disabled@contoso.example", "app-disabled", "The app is turned off in the tenant", Page("error-code", "AADSTS7000112")),
    row(Microsoft, "app-misconfigured@contoso.example", "app-misconfigured", "The registration is no public client", Returns),
    row(Microsoft, "federation-failed@contoso.example", "federation-failed", "The organisation's sign-in server failed", Page("error-code", "AADSTS50008")),
    row(Microsoft, "federation-failed@adatum.example", "federation-failed", "The organisation's sign-in server failed (federated domain)", Page("error-code", "AADSTS50008")),
    // Microsoft: what was kept
    row(Microsoft, "token-expired@contoso.example", "token-expired", "The saved sign-in is too old", Returns),
    row(Microsoft, "token-revoked@contoso.example", "token-revoked", "The saved sign-in was withdrawn", Returns),
    row(Microsoft, "token-invalid@contoso.example", "token-invalid", "The access token is not accepted", Returns),
    // Microsoft: the mailbox
    row(Microsoft, "licence-missing@contoso.example", "licence-missing", "No licence with Exchange Online", Returns),
    row(Microsoft, "mailbox-missing@contoso.example", "mailbox-missing", "No mailbox at this address", Returns),
    row(Microsoft, "mailbox-not-in-cloud@contoso.example", "mailbox-not-in-cloud", "The mailbox is on-premises", Returns),
    row(Microsoft, "mailbox-not-in-cloud@treyresearch.example", "mailbox-not-in-cloud", "The mailbox is on-premises (hybrid domain)", Returns),
    row(Microsoft, "mailbox-moving@contoso.example", "mailbox-moving", "The mailbox is being moved", Returns),
    row(Microsoft, "mailbox-full@contoso.example", "mailbox-full", "The mailbox is over its quota", Returns),
    row(Microsoft, "primary-alias-foreign@woodgrove.example", "primary-alias-foreign", "A personal account whose primary alias is no Microsoft address", Returns),
    row(Microsoft, "permission-missing@contoso.example", "permission-missing", "Fewer permissions were granted than asked for", Returns),
    row(Microsoft, "access-denied@contoso.example", "access-denied", "Access is denied though the permissions are there", Returns),
    row(Microsoft, "app-access-policy@contoso.example", "app-access-policy", "An application access policy keeps the app out", Returns),
    row(Microsoft, "calendar-missing@contoso.example", "calendar-missing", "There is no calendar", Returns),
    row(Microsoft, "item-not-found@contoso.example", "item-not-found", "The inbox folder is not found", Returns),
    row(Microsoft, "throttled@contoso.example", "throttled", "Too many requests", Returns),
    row(Microsoft, "provider-outage@contoso.example", "provider-outage", "Graph is unavailable", Returns),
    writing(row(Microsoft, "send-refused@contoso.example", "send-refused", "Reading works, sending as this address is refused", Returns)),
    writing(row(Microsoft, "sending-limit@contoso.example", "sending-limit", "Reading works, the sending limit is reached", Returns)),
    // Microsoft: the network
    row(Microsoft, "network-captive-portal@contoso.example", "network-captive-portal", "A Wi-Fi sign-in page answers in place of Graph", Returns),
    row(Microsoft, "network-unreachable@contoso.example", "network-unreachable", "The connection to Graph breaks off", Returns),
    row(Microsoft, "clock-wrong@contoso.example", "clock-wrong", "This computer's clock is seven hours late", Returns),
    row(Microsoft, "provider-mismatch@northwind.example", "provider-mismatch", "A Microsoft account whose mail is hosted in Japan (Sakura)", Returns),
    // Google
    row(Google, "works@fabrikam.example", "works", "A healthy Google Workspace mailbox", Returns),
    row(Google, "consent-user-needed@fabrikam.example", "consent-user-needed", "The permission page was not answered yet", Page("permission-list", "")),
    row(Google, "consent-declined@fabrikam.example", "consent-declined", "Cancel was pressed on the permission page", Returns),
    row(Google, "sign-in-cancelled@fabrikam.example", "sign-in-cancelled", "The account page is left unanswered", Page("sign-in", "")),
    row(Google, "interaction-required@fabrikam.example", "interaction-required", "The Workspace session length wants a new sign-in", Returns),
    row(Google, "account-disabled@fabrikam.example", "account-disabled", "The account was deleted", Returns),
    row(Google, "wrong-organisation@fabrikam.example", "wrong-organisation", "The browser is signed in as somebody else", Returns),
    row(Google, "app-unverified@fabrikam.example", "app-unverified", "The app is in testing and this user is no tester", Page("error-code", "has not completed the Google verification process. The app is currently being tested, and can only be accessed by developer-approved testers.")),
    row(Google, "not-verified@fabrikam.example", "app-unverified", "Google hasn't verified this app", Page("app-not-verified", "")),
    row(Google, "app-blocked-by-admin@fabrikam.example", "app-blocked-by-admin", "The Workspace administrator blocks the app", Page("blocked-by-administrator", "Error 400: admin_policy_enforced")),
    row(Google, "advanced-protection@fabrikam.example", "advanced-protection", "Advanced Protection blocks the app", Page("advanced-protection", "Error 400: policy_enforced")),
    row(Google, "app-disabled@fabrikam.example", "app-disabled", "The OAuth client is turned off", Page("error-code", "Error 401: disabled_client")),
    row(Google, "app-misconfigured@fabrikam.example", "app-misconfigured", "The client secret is wrong", Returns),
    row(Google, "token-expired@fabrikam.example", "token-expired", "The access token is too old", Returns),
    row(Google, "token-revoked@fabrikam.example", "token-revoked", "The saved sign-in was withdrawn", Returns),
    row(Google, "permission-missing@fabrikam.example", "permission-missing", "Boxes were left unticked", Returns),
    row(Google, "service-off@fabrikam.example", "service-off", "Gmail is turned off for this user", Returns),
    row(Google, "calendar-off@fabrikam.example", "service-off", "Calendar is turned off for this user", Returns),
    row(Google, "api-off@fabrikam.example", "api-off", "The Gmail API is off in the app's project", Returns),
    row(Google, "tenant-restricted@fabrikam.example", "tenant-restricted", "The network restricts organisations", Returns),
    row(Google, "throttled@fabrikam.example", "throttled", "Too many requests", Returns),
    row(Google, "provider-outage@fabrikam.example", "provider-outage", "Gmail is unavailable", Returns),
    row(Google, "network-captive-portal@fabrikam.example", "network-captive-portal", "A Wi-Fi sign-in page answers in place of Gmail", Returns),
    row(Google, "network-unreachable@fabrikam.example", "network-unreachable", "The connection to Gmail breaks off", Returns),
    row(Google, "clock-wrong@fabrikam.example", "clock-wrong", "This computer's clock is seven hours late", Returns),
    // Google: personal accounts
    row(Google, "works@alpineskihouse.example", "works", "A healthy personal Gmail account", Returns),
    row(Google, "mailbox-missing@alpineskihouse.example", "mailbox-missing", "A personal Google account without Gmail", Returns),
    row(Google, "calendar-missing@alpineskihouse.example", "calendar-missing", "A personal Google account whose calendar was never opened", Returns),
    // Discovery only
    row(Other, "network-dns@servfail.example", "network-dns", "The DNS server fails for this domain", NoBrowser),
];
