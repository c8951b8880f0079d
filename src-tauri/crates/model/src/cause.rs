//! The causes: every reason for a failed connection that the program can name.
//!
//! The list is a public contract, kept equal to `causes.tsv` by a test in `inbox-catalogue`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who can mend a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Fixer {
    /// The person whose mailbox it is.
    You,
    /// An administrator of the person's organisation.
    Admin,
    /// The vendor of the target app.
    Vendor,
    /// Nobody has to act; time mends it.
    Wait,
    /// Whoever runs the network that the computer is in.
    Network,
    /// Not known, because the cause is not known.
    #[serde(rename = "-")]
    Nobody,
}

macro_rules! causes {
    ($($(#[doc = $doc:literal])* $variant:ident = $id:literal, $fixer:ident;)*) => {
        /// A reason for a failed connection; `Unknown` is one of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        pub enum Cause {
            $($(#[doc = $doc])* #[serde(rename = $id)] $variant,)*
        }

        impl Cause {
            /// All causes in the order of the public list.
            pub const ALL: &'static [Cause] = &[$(Cause::$variant,)*];

            /// The public name, as in `causes.tsv`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Cause::$variant => $id,)* }
            }

            /// Who can mend it.
            #[must_use]
            pub fn fixer(self) -> Fixer {
                match self { $(Cause::$variant => Fixer::$fixer,)* }
            }

            /// What it means, in one English sentence for developers and documentation.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Cause::$variant => concat!($($doc,)*).trim_ascii(),)* }
            }

            /// The cause with this public name.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Cause> {
                match id { $($id => Some(Cause::$variant),)* _ => None }
            }
        }
    };
}

causes! {
    /// The organisation lets only an administrator approve this app; the user cannot consent.
    ConsentAdminRequired = "consent-admin-required", Admin;
    /// A consent request was sent to the administrators and waits for their answer.
    ConsentPending = "consent-pending", Admin;
    /// The user has not yet agreed to the permissions the app asks for; signing in again interactively can mend it.
    ConsentUserNeeded = "consent-user-needed", You;
    /// Somebody pressed Cancel or Deny on the permission page.
    ConsentDeclined = "consent-declined", You;
    /// The app is limited to assigned users or groups, and this user is not assigned to it.
    UserNotAssigned = "user-not-assigned", Admin;
    /// The provider wants an interactive sign-in again and gives no more specific reason.
    InteractionRequired = "interaction-required", You;
    /// A second factor must be given at sign-in.
    MfaRequired = "mfa-required", You;
    /// The user must first register a second factor or other security information.
    MfaSetupRequired = "mfa-setup-required", You;
    /// An access policy of the organisation blocks this sign-in, place, app or flow.
    ConditionalAccessBlocked = "conditional-access-blocked", Admin;
    /// The policy wants a managed, compliant or joined device.
    DeviceNotCompliant = "device-not-compliant", Admin;
    /// The policy wants an approved client app or an app protection policy.
    AppProtectionRequired = "app-protection-required", Admin;
    /// The sign-in or the user was judged risky and blocked.
    RiskBlocked = "risk-blocked", Admin;
    /// Too many tries; the account is locked for a while.
    AccountLocked = "account-locked", You;
    /// The account is turned off.
    AccountDisabled = "account-disabled", Admin;
    /// No such account at this provider or in this organisation.
    AccountNotFound = "account-not-found", You;
    /// The user name or password is wrong.
    WrongPassword = "wrong-password", You;
    /// The password must be changed first.
    PasswordExpired = "password-expired", You;
    /// The sign-in was not finished: closed, timed out or went back.
    SignInCancelled = "sign-in-cancelled", You;
    /// A personal account was used where a work or school account is needed, or the reverse.
    WrongAccountType = "wrong-account-type", You;
    /// The account belongs to another organisation than the one asked for, or is only a guest there.
    WrongOrganisation = "wrong-organisation", You;
    /// The organisation (tenant) named does not exist or has no subscription.
    TenantNotFound = "tenant-not-found", You;
    /// Tenant restrictions or cross-tenant settings stop this account or app.
    TenantRestricted = "tenant-restricted", Admin;
    /// The app is not known in this organisation yet, or the wrong organisation was asked.
    AppNotInTenant = "app-not-in-tenant", Admin;
    /// The app is turned off in this organisation, or by the provider.
    AppDisabled = "app-disabled", Admin;
    /// The app's own registration or request is wrong (redirect address, secret, client id, scope, request shape).
    AppMisconfigured = "app-misconfigured", Vendor;
    /// The app is not verified by the provider, in testing, or open only to its own organisation.
    AppUnverified = "app-unverified", Vendor;
    /// The Workspace administrator's API access control blocks the app or the scopes.
    AppBlockedByAdmin = "app-blocked-by-admin", Admin;
    /// The account is in Google's Advanced Protection Program, which blocks the app.
    AdvancedProtection = "advanced-protection", Admin;
    /// The user or the organisation lacks a licence or subscription for a service that the app needs.
    LicenceMissing = "licence-missing", Admin;
    /// The saved sign-in is too old; sign in again.
    TokenExpired = "token-expired", You;
    /// The saved sign-in was withdrawn (password change, sign-out, admin, security event); sign in again.
    TokenRevoked = "token-revoked", You;
    /// The access token is malformed, for another service, or was not accepted.
    TokenInvalid = "token-invalid", Vendor;
    /// The organisation's own sign-in server (AD FS, Okta, Ping …) failed or is misconfigured.
    FederationFailed = "federation-failed", Admin;
    /// The account exists but has no mailbox at this provider.
    MailboxMissing = "mailbox-missing", Admin;
    /// The mailbox is on-premises (hybrid), inactive, or being migrated, so the cloud API cannot reach it.
    MailboxNotInCloud = "mailbox-not-in-cloud", Admin;
    /// The mailbox is being moved right now.
    MailboxMoving = "mailbox-moving", Wait;
    /// The mailbox is over its quota.
    MailboxFull = "mailbox-full", You;
    /// Reading works, but sending is refused (send-as right, sender not allowed, outbound block).
    SendRefused = "send-refused", Admin;
    /// The account shows as outlook_<hex>@outlook.com: its primary alias is not a Microsoft domain.
    PrimaryAliasForeign = "primary-alias-foreign", You;
    /// The sign-in worked but the permissions granted do not cover what was asked.
    PermissionMissing = "permission-missing", You;
    /// The provider refuses access to this mailbox or object and the text does not say that a permission is missing.
    AccessDenied = "access-denied", Admin;
    /// Reading works, but the provider's sending limit is reached for now.
    SendingLimit = "sending-limit", Wait;
    /// An Exchange application access policy (or role assignment) keeps this app out of this mailbox.
    AppAccessPolicy = "app-access-policy", Admin;
    /// The mailbox works but there is no usable calendar.
    CalendarMissing = "calendar-missing", Admin;
    /// Mail or calendar is turned off for this user in the organisation's admin console.
    ServiceOff = "service-off", Admin;
    /// The API is not enabled in the app's own cloud project.
    ApiOff = "api-off", Vendor;
    /// Sign-in with a user name and password is turned off for this protocol; modern sign-in is needed.
    BasicAuthOff = "basic-auth-off", Admin;
    /// The provider wants an app-specific password.
    AppPasswordNeeded = "app-password-needed", You;
    /// IMAP or POP is turned off for this mailbox.
    ImapOff = "imap-off", Admin;
    /// Authenticated SMTP is turned off for this mailbox or organisation.
    SmtpAuthOff = "smtp-auth-off", Admin;
    /// Exchange Web Services is turned off, blocked for this app, or retired.
    EwsOff = "ews-off", Admin;
    /// The mail server refused the sign-in and gives no more specific reason.
    LoginRejected = "login-rejected", You;
    /// The message, folder or event asked for is not there (any more).
    ItemNotFound = "item-not-found", Vendor;
    /// Too many requests; try again later.
    Throttled = "throttled", Wait;
    /// The provider has a fault or is unavailable for the moment.
    ProviderOutage = "provider-outage", Wait;
    /// A needed name cannot be looked up.
    NetworkDns = "network-dns", Network;
    /// A needed host cannot be reached: blocked, refused or timed out.
    NetworkUnreachable = "network-unreachable", Network;
    /// A proxy stands in the way: it wants a sign-in or refuses.
    NetworkProxy = "network-proxy", Network;
    /// The TLS connection is not trusted: interception, expired or unknown certificate, old protocol.
    NetworkTls = "network-tls", Network;
    /// A Wi-Fi sign-in page answers instead of the provider.
    NetworkCaptivePortal = "network-captive-portal", Network;
    /// This computer's clock is off.
    ClockWrong = "clock-wrong", You;
    /// The sign-in page was opened in an embedded or unsupported browser.
    BrowserBlocked = "browser-blocked", Vendor;
    /// The browser could not come back to this app on this computer.
    LoopbackBlocked = "loopback-blocked", Network;
    /// The computer's password store is missing or locked.
    KeychainUnavailable = "keychain-unavailable", You;
    /// The mail of this address is hosted elsewhere; another provider must be chosen.
    ProviderMismatch = "provider-mismatch", You;
    /// Nothing in the text settles a cause.
    Unknown = "unknown", Nobody;
}

impl std::fmt::Display for Cause {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.id())
    }
}
