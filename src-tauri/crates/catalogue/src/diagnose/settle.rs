//! From findings to a list to act on: one finding per cause, consequences left out, first things first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use inbox_model::{Cause, Confidence, Finding, Severity, Suppressed};

use super::view::View;

pub(super) fn settle(findings: Vec<Finding>, view: &View<'_>) -> (Vec<Finding>, Vec<Suppressed>) {
    let findings: Vec<Finding> = findings.into_iter().map(|finding| met_by_own_client(finding, view)).collect();
    let merged = merge(findings);
    let (mut kept, suppressed) = suppress(merged);
    for finding in &mut kept {
        name_surroundings(finding, view);
    }
    kept.sort_by_key(order);
    (kept, suppressed)
}

/// Causes that belong to a registration: what Inbox Doctor's own registration meets predicts what the target app's meets, and
/// proves nothing, because an administrator may have approved the one and not the other.
const OF_A_REGISTRATION: &[Cause] = &[
    Cause::ConsentAdminRequired,
    Cause::ConsentPending,
    Cause::ConsentUserNeeded,
    Cause::ConsentDeclined,
    Cause::UserNotAssigned,
    Cause::AppNotInTenant,
    Cause::AppDisabled,
    Cause::AppMisconfigured,
    Cause::AppUnverified,
    Cause::AppBlockedByAdmin,
    Cause::AdvancedProtection,
];

fn met_by_own_client(mut finding: Finding, view: &View<'_>) -> Finding {
    let at_sign_in = !finding.evidence.is_empty()
        && finding
            .evidence
            .iter()
            .all(|id| view.observations.iter().any(|o| o.id == *id && o.probe.starts_with("sign-in")));
    if at_sign_in && OF_A_REGISTRATION.contains(&finding.cause) {
        finding.confidence = finding.confidence.min(Confidence::Likely);
        finding.parameters.insert("met_by".to_owned(), "inbox-doctor".to_owned());
    }
    finding
}

/// One finding per cause: the surest keeps its variant and words, all keep their evidence.
fn merge(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| (Reverse(finding.confidence), Reverse(finding.severity), finding.variant.is_none()));
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        match merged.iter_mut().find(|kept| kept.cause == finding.cause) {
            None => merged.push(finding),
            Some(kept) => {
                kept.severity = kept.severity.max(finding.severity);
                kept.codes.extend(finding.codes);
                kept.evidence.extend(finding.evidence);
                kept.rules.extend(finding.rules);
                if kept.variant == finding.variant || finding.variant.is_none() {
                    for (name, value) in finding.parameters {
                        kept.parameters.entry(name).or_insert(value);
                    }
                }
            }
        }
    }
    for finding in &mut merged {
        distinct(&mut finding.codes);
        distinct(&mut finding.evidence);
        distinct(&mut finding.rules);
    }
    merged
}

fn distinct(values: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
}

fn is_network(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::NetworkDns
            | Cause::NetworkUnreachable
            | Cause::NetworkProxy
            | Cause::NetworkTls
            | Cause::NetworkCaptivePortal
    )
}

fn is_mailbox(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::MailboxMissing
            | Cause::MailboxNotInCloud
            | Cause::MailboxMoving
            | Cause::LicenceMissing
            | Cause::ServiceOff
            | Cause::ItemNotFound
    )
}

/// Whether `first` explains `second`, so that `second` goes away once `first` is mended.
fn explains(first: &Finding, second: &Finding) -> bool {
    use Cause as C;
    let later = second.cause;
    match first.cause {
        C::NetworkCaptivePortal => {
            is_network(later) || matches!(later, C::ProviderOutage | C::SignInCancelled | C::Unknown | C::ClockWrong)
        }
        C::NetworkProxy => {
            matches!(
                later,
                C::NetworkDns
                    | C::NetworkUnreachable
                    | C::NetworkTls
                    | C::ProviderOutage
                    | C::SignInCancelled
                    | C::Unknown
            )
        }
        C::NetworkUnreachable if has_variant(first, &["no-network"]) => {
            is_network(later) || matches!(later, C::ProviderOutage | C::SignInCancelled | C::Unknown | C::ClockWrong)
        }
        C::NetworkDns => {
            matches!(later, C::NetworkUnreachable | C::ProviderOutage | C::SignInCancelled | C::Unknown)
                && !has_variant(second, &["no-network"])
        }
        C::NetworkTls | C::NetworkUnreachable => matches!(later, C::SignInCancelled | C::Unknown),
        C::ClockWrong => {
            // A wrong clock makes dates wrong; it does not make anybody's issuer, name or protocol wrong.
            let by_date = second.variant.is_none() || has_variant(second, &["expired", "not-yet-valid"]);
            later == C::NetworkTls && by_date || matches!(later, C::TokenInvalid | C::TokenExpired | C::Unknown)
        }
        C::LoopbackBlocked => matches!(later, C::SignInCancelled),
        C::AccountNotFound => {
            matches!(later, C::ProviderMismatch | C::TenantNotFound | C::SignInCancelled | C::Unknown)
        }
        C::ProviderMismatch => {
            // The sign-in was at the wrong provider: what is missing there need not be there.
            first.severity == Severity::Blocks
                && (is_mailbox(later) || matches!(later, C::CalendarMissing | C::PrimaryAliasForeign | C::AccessDenied))
        }
        C::WrongOrganisation => {
            is_mailbox(later)
                || matches!(later, C::CalendarMissing | C::PrimaryAliasForeign | C::AccessDenied | C::PermissionMissing)
        }
        C::AccountDisabled => is_mailbox(later) || matches!(later, C::CalendarMissing | C::AccessDenied),
        C::LicenceMissing | C::MailboxMissing | C::MailboxNotInCloud | C::MailboxMoving | C::ServiceOff => {
            // Two readings of one answer do not explain each other; what comes behind the mailbox is explained.
            matches!(later, C::CalendarMissing | C::SendRefused | C::ItemNotFound | C::AccessDenied)
                || later == C::Unknown && second.severity <= Severity::Limits
        }
        C::ConsentAdminRequired | C::ConsentPending | C::AppBlockedByAdmin => {
            matches!(later, C::InteractionRequired | C::SignInCancelled | C::PermissionMissing)
        }
        C::PermissionMissing => {
            matches!(later, C::AccessDenied) || later == C::Unknown && second.severity <= Severity::Limits
        }
        C::Throttled | C::ProviderOutage => later == C::Unknown && second.severity <= Severity::Limits,
        _ => false,
    }
}

fn has_variant(finding: &Finding, names: &[&str]) -> bool {
    finding.variant.as_deref().is_some_and(|variant| names.contains(&variant))
}

fn suppress(findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
    let explained_by = |finding: &Finding| {
        findings.iter().find(|first| {
            first.cause != finding.cause
                && first.confidence >= Confidence::Likely
                && first.severity > Severity::Note
                && explains(first, finding)
                // Of two that would explain each other the surer stays.
                && !(explains(finding, first) && finding.confidence > first.confidence)
        })
    };
    let reasons: Vec<Option<Cause>> =
        findings.iter().map(|finding| explained_by(finding).map(|first| first.cause)).collect();
    let mut kept = Vec::new();
    let mut suppressed = Vec::new();
    for (finding, reason) in findings.iter().zip(reasons) {
        match reason {
            Some(because_of) => {
                suppressed.push(Suppressed { cause: finding.cause, because_of, evidence: finding.evidence.clone() });
            }
            None => kept.push(finding.clone()),
        }
    }
    (kept, suppressed)
}

/// What has to be mended before what: the network before the sign-in, the sign-in before the mailbox.
fn rank(cause: Cause) -> u8 {
    use Cause as C;
    match cause {
        cause if is_network(cause) => 0,
        C::ClockWrong => 1,
        C::AccountNotFound | C::ProviderMismatch | C::WrongOrganisation | C::WrongAccountType | C::TenantNotFound => 2,
        C::TenantRestricted | C::FederationFailed | C::ProviderOutage | C::Throttled => 3,
        C::AccountDisabled | C::AccountLocked | C::PasswordExpired | C::WrongPassword => 4,
        C::MfaSetupRequired | C::MfaRequired | C::RiskBlocked => 5,
        C::DeviceNotCompliant | C::AppProtectionRequired | C::ConditionalAccessBlocked => 6,
        C::ConsentAdminRequired
        | C::ConsentPending
        | C::ConsentUserNeeded
        | C::ConsentDeclined
        | C::UserNotAssigned
        | C::AppNotInTenant
        | C::AppDisabled
        | C::AppMisconfigured
        | C::AppUnverified
        | C::AppBlockedByAdmin
        | C::AdvancedProtection
        | C::ApiOff => 7,
        C::TokenExpired | C::TokenRevoked | C::TokenInvalid | C::InteractionRequired => 8,
        C::LoopbackBlocked | C::BrowserBlocked | C::SignInCancelled => 9,
        C::LicenceMissing | C::MailboxMissing | C::MailboxNotInCloud | C::MailboxMoving | C::ServiceOff => 10,
        C::PermissionMissing | C::AppAccessPolicy | C::AccessDenied => 11,
        C::MailboxFull | C::PrimaryAliasForeign => 12,
        C::CalendarMissing | C::SendRefused | C::SendingLimit => 13,
        C::KeychainUnavailable => 15,
        C::Unknown => 16,
        _ => 14,
    }
}

type Order = (bool, bool, u8, Reverse<Confidence>, Reverse<Severity>, Cause);

fn order(finding: &Finding) -> Order {
    (
        finding.severity == Severity::Note,
        finding.confidence == Confidence::Possible,
        rank(finding.cause),
        Reverse(finding.confidence),
        Reverse(finding.severity),
        finding.cause,
    )
}

/// Values that any text may name.
fn name_surroundings(finding: &mut Finding, view: &View<'_>) {
    if let Some(provider) = view.provider_name() {
        finding.parameters.entry("provider".to_owned()).or_insert(provider);
    }
    if let Some(gateway) = view.discovery().and_then(|d| d.gateway.as_ref()) {
        finding.parameters.entry("gateway".to_owned()).or_insert_with(|| gateway.name.clone());
    }
}
