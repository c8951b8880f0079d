//! The judgement over everything. "Works" needs that everything the app needs was looked at and was fine.

use inbox_model::{Cause, Finding, Severity, Verdict};

use super::view::View;

const MAILBOX: &[&str] = &["graph-inbox", "graph-messages", "gmail-labels", "gmail-profile", "gmail-messages"];
const CALENDAR: &[&str] = &["graph-calendar", "graph-calendar-view", "google-calendar-list"];
const PERMISSIONS: &[&str] = &["permissions"];

pub(super) fn verdict(findings: &[Finding], view: &View<'_>) -> Verdict {
    if findings.iter().any(|finding| finding.severity == Severity::Blocks) {
        return Verdict::Blocked;
    }
    let parts = [MAILBOX, CALENDAR, PERMISSIONS];
    let failed = |probes: &[&str]| view.failed().any(|failed| probes.contains(&failed.probe()));
    let passed = parts.iter().filter(|probes| view.any_passed(probes)).count();
    let fine = parts.iter().filter(|probes| view.any_passed(probes) && !failed(probes)).count();
    let limits = findings.iter().any(|finding| finding.severity == Severity::Limits);
    // Another way in (IMAP) exists, and the app's own way does not: that is known without any sign-in.
    let other_host = findings.iter().any(|finding| finding.cause == Cause::ProviderMismatch);
    if limits {
        return if passed > 0 || other_host { Verdict::Limited } else { Verdict::Inconclusive };
    }
    if fine == parts.len() { Verdict::Works } else { Verdict::Inconclusive }
}
