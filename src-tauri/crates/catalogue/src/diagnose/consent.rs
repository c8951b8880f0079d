//! Sign-ins that stopped at a page of the browser: approval, permissions, cancelled, never came back.
//!
//! The sign-in runs with a registration of Inbox Doctor (or of the organisation), not with the target app's own. A page
//! that asks for approval therefore predicts what the app will meet and is never more than `likely`; see
//! `settle::met_by_own_client`.

use inbox_model::{Cause, CodeFamily, Confidence, FailureKind, Finding, Provider, Severity};

use super::view::{Bench, Build, Failed, Side, View, finding};
use crate::recognise::{TextContext, recognise};

/// Codes that say "nobody has agreed to these permissions yet" and nothing more
/// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
const CONSENT_OAUTH: &[&str] = &["consent_required"];
const CONSENT_SUBERROR: &[&str] = &["consent_required"];
const CONSENT_AADSTS: &[&str] = &["AADSTS65001"];

pub(super) fn judge(view: &View<'_>, bench: &mut Bench) {
    let silent = view.failed_ever("sign-in-app").find(|failed| wants_consent(failed));
    let open: Vec<Failed<'_>> = view.failed().filter(Failed::is_sign_in).collect();
    let told = open.iter().any(|failed| {
        failed.failure.kind == FailureKind::PersonReported || failed.probe() == "sign-in-app" && !wants_consent(failed)
    });
    for failed in open {
        let found = match failed.failure.kind {
            FailureKind::PersonReported => person_reported(view, &failed),
            FailureKind::BrowserDidNotReturn => did_not_return(view, &failed, silent.as_ref()),
            FailureKind::BrowserNotOpened => vec![interrupted(&failed, Confidence::Likely).variant("no-browser")],
            FailureKind::StateMismatch => vec![interrupted(&failed, Confidence::Possible).variant("old-page")],
            FailureKind::Cancelled => vec![interrupted(&failed, Confidence::Certain)],
            FailureKind::ProviderRefused
                if failed.has_code(CodeFamily::Oauth, "access_denied") && !has_number(&failed) =>
            {
                declined(view, &failed, silent.as_ref())
            }
            // A later page of the same sign-in says more than the silent try.
            FailureKind::ProviderRefused if wants_consent(&failed) && told => Vec::new(),
            FailureKind::ProviderRefused if wants_consent(&failed) => consent_wanted(view, &failed),
            _ => continue,
        };
        bench.claim(failed.observation);
        found.into_iter().for_each(|finding| bench.add(finding));
    }
}

fn wants_consent(failed: &Failed<'_>) -> bool {
    let other_number = failed
        .failure
        .codes
        .iter()
        .any(|code| code.family == CodeFamily::Aadsts && !CONSENT_AADSTS.contains(&code.value.as_str()));
    failed.failure.kind == FailureKind::ProviderRefused
        && !other_number
        && (failed.has_any_code(CodeFamily::Aadsts, CONSENT_AADSTS)
            || failed.has_any_code(CodeFamily::Oauth, CONSENT_OAUTH)
            || failed.has_any_code(CodeFamily::Suberror, CONSENT_SUBERROR))
}

fn has_number(failed: &Failed<'_>) -> bool {
    failed.failure.codes.iter().any(|code| code.family == CodeFamily::Aadsts)
}

fn interrupted(failed: &Failed<'_>, confidence: Confidence) -> Finding {
    finding(Cause::SignInCancelled, confidence, Severity::Limits, "sign-in-interrupted").shown_by(failed)
}

/// A work or school account at Microsoft, as far as can be told.
fn work_account(view: &View<'_>) -> bool {
    view.side() != Some(Side::Google) && !view.personal()
}

/// The person told which page the browser shows.
fn person_reported(view: &View<'_>, failed: &Failed<'_>) -> Vec<Finding> {
    use Confidence::{Certain, Likely};
    let page = failed.failure.codes.iter().find(|code| code.family == CodeFamily::Vendor).map(|c| c.value.as_str());
    let of = |cause, confidence, severity| {
        finding(cause, confidence, severity, &format!("page-{}", page.unwrap_or("unnamed"))).shown_by(failed)
    };
    match page {
        Some("need-admin-approval") => vec![of(Cause::ConsentAdminRequired, Certain, Severity::Blocks)],
        Some("approval-required") => {
            vec![of(Cause::ConsentAdminRequired, Certain, Severity::Blocks).variant("request-possible")]
        }
        Some("request-sent") => vec![of(Cause::ConsentPending, Certain, Severity::Blocks)],
        Some("permission-list") => vec![of(Cause::ConsentUserNeeded, Certain, Severity::Blocks)],
        Some("app-not-verified") => vec![of(Cause::AppUnverified, Certain, Severity::Blocks)],
        Some("blocked-by-administrator") if view.side() == Some(Side::Microsoft) => {
            // The same words exist at Microsoft for several policies; which one cannot be told without the code.
            vec![of(Cause::ConditionalAccessBlocked, Confidence::Possible, Severity::Blocks)]
        }
        Some("blocked-by-administrator") => vec![of(Cause::AppBlockedByAdmin, Certain, Severity::Blocks)],
        Some("advanced-protection") => vec![of(Cause::AdvancedProtection, Certain, Severity::Blocks)],
        Some("wrong-account") => {
            vec![of(Cause::WrongOrganisation, Certain, Severity::Blocks).variant("wrong-account")]
        }
        Some("nothing-opened") => vec![of(Cause::SignInCancelled, Likely, Severity::Limits).variant("no-browser")],
        Some("error-code") => error_page(view, failed),
        _ => vec![of(Cause::Unknown, Confidence::Possible, Severity::Limits)],
    }
}

/// The text of an error page, read as a pasted text is read.
pub(super) fn error_page(view: &View<'_>, failed: &Failed<'_>) -> Vec<Finding> {
    let context = TextContext {
        today: view.context.today,
        domain: view.address().map(|address| address.domain()).or(view.discovery().map(|d| &d.domain)),
        app: Some(view.context.app),
    };
    let findings = recognise(&failed.failure.detail, &context).findings;
    let settled: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| finding.cause != Cause::Unknown)
        .map(|mut finding| {
            finding.evidence.push(failed.observation.id.clone());
            // Places count from the beginning of the examined text, which a diagnosis does not carry.
            finding.places.clear();
            finding
        })
        .collect();
    if settled.is_empty() {
        return vec![
            finding(Cause::Unknown, Confidence::Possible, Severity::Blocks, "page-error-code").shown_by(failed),
        ];
    }
    settled
}

/// The browser did not come back within the time.
fn did_not_return(view: &View<'_>, failed: &Failed<'_>, silent: Option<&Failed<'_>>) -> Vec<Finding> {
    let app_stage = failed.probe() == "sign-in-app";
    if app_stage && let Some(silent) = silent {
        let evidence = [silent.observation.id.clone()];
        let codes: Vec<String> = silent.failure.codes.iter().map(|code| code.value.clone()).collect();
        let with = |cause, confidence, severity, rule: &str| {
            let mut found = finding(cause, confidence, severity, rule).shown_by(failed).evidence(evidence.clone());
            found.codes.extend(codes.clone());
            found
        };
        // "Let Microsoft manage" keeps people from agreeing to mail and calendar permissions since November 2025
        // (https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies); the page that says so
        // has no way back to the app.
        if work_account(view) {
            return vec![
                with(Cause::ConsentAdminRequired, Confidence::Likely, Severity::Blocks, "consent-wanted-no-return"),
                with(Cause::ConsentUserNeeded, Confidence::Possible, Severity::Limits, "consent-wanted-no-return"),
            ];
        }
        return vec![with(Cause::ConsentUserNeeded, Confidence::Likely, Severity::Blocks, "consent-wanted-no-return")];
    }
    let mut found = vec![interrupted(failed, Confidence::Likely)];
    if app_stage {
        let page = match view.side() {
            Some(Side::Google) if is_workspace(view) => Some(Cause::AppBlockedByAdmin),
            Some(Side::Microsoft) if work_account(view) => Some(Cause::ConsentAdminRequired),
            _ => None,
        };
        if let Some(cause) = page {
            found.push(finding(cause, Confidence::Possible, Severity::Limits, "page-without-return").shown_by(failed));
        }
    }
    found
}

fn is_workspace(view: &View<'_>) -> bool {
    view.text("google-userinfo", "hd").is_some()
        || view.discovery().is_some_and(|d| d.provider == Provider::GoogleWorkspace)
}

/// `access_denied` without a number: Cancel was pressed, or the page "Need admin approval" was left by its return link.
fn declined(view: &View<'_>, failed: &Failed<'_>, silent: Option<&Failed<'_>>) -> Vec<Finding> {
    let google = view.side() == Some(Side::Google);
    let confidence = if google { Confidence::Certain } else { Confidence::Likely };
    let mut found =
        vec![finding(Cause::ConsentDeclined, confidence, Severity::Blocks, "access-denied").shown_by(failed)];
    let app_stage = failed.probe() == "sign-in-app";
    if !google && work_account(view) && (silent.is_some() || app_stage) {
        let mut approval =
            finding(Cause::ConsentAdminRequired, Confidence::Possible, Severity::Blocks, "left-approval-page")
                .shown_by(failed);
        if let Some(silent) = silent {
            approval = approval.evidence([silent.observation.id.clone()]);
        }
        found.push(approval);
    }
    found
}

/// Consent is missing and no browser was asked: which page would come is not known.
fn consent_wanted(view: &View<'_>, failed: &Failed<'_>) -> Vec<Finding> {
    let of = |cause, confidence| finding(cause, confidence, Severity::Blocks, "consent-wanted").shown_by(failed);
    if work_account(view) {
        vec![of(Cause::ConsentAdminRequired, Confidence::Likely), of(Cause::ConsentUserNeeded, Confidence::Possible)]
    } else {
        vec![of(Cause::ConsentUserNeeded, Confidence::Likely)]
    }
}
