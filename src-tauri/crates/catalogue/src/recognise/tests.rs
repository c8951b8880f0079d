use inbox_model::{Cause, Confidence};
use proptest::prelude::*;

use super::*;
use crate::CATALOGUE_DATE;

fn context() -> TextContext<'static> {
    TextContext { today: CATALOGUE_DATE.parse().unwrap(), domain: None, app: None }
}

fn first(text: &str) -> Finding {
    recognise(text, &context()).findings.swap_remove(0)
}

#[test]
fn the_innermost_reason_goes_before_its_wrappers() {
    let text = "HTTP 400 {\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50076: Due to a configuration change, you must use multi-factor authentication\",\"suberror\":\"basic_action\"}";
    let findings = recognise(text, &context()).findings;
    assert_eq!(findings[0].cause, Cause::MfaRequired);
    assert_eq!(findings[0].codes, ["AADSTS50076"]);
    assert!(findings.iter().all(|finding| finding.cause != Cause::TokenRevoked), "the wrapper says nothing more");
}

#[test]
fn several_causes_are_all_given() {
    let text = "box 1: ErrorQuotaExceeded\nbox 2: AADSTS50057 the user account is disabled. Trace ID: x";
    let causes: Vec<Cause> = recognise(text, &context()).findings.iter().map(|finding| finding.cause).collect();
    assert_eq!(causes, [Cause::AccountDisabled, Cause::MailboxFull]);
}

#[test]
fn places_count_in_utf16_and_hide_secrets() {
    let finding = first("😀 日本\nHubSpot: AADSTS50105 x");
    let place = &finding.places[0];
    assert_eq!((place.start, place.end, place.line), (15, 26, 2));
    assert_eq!(place.words, "AADSTS50105");
}

#[test]
fn a_code_that_nobody_documents_is_named_and_settles_nothing() {
    let finding = first("AADSTS9999999: something new happened");
    assert_eq!((finding.cause, finding.confidence), (Cause::Unknown, Confidence::Possible));
    assert_eq!(finding.codes, ["AADSTS9999999"]);
    assert_eq!(finding.parameters.get("unknown-code").map(String::as_str), Some("AADSTS9999999"));
}

#[test]
fn every_entra_code_is_recognised_as_its_cause() {
    for row in crate::codes::entra_codes() {
        let finding = first(&format!("AADSTS{}: error while signing in.", row.number));
        assert_eq!(finding.cause, row.cause, "{}", row.number);
        assert_eq!(finding.confidence, row.confidence, "{}", row.number);
        assert_eq!(finding.variant.as_deref(), row.variant, "{}", row.number);
    }
}

#[test]
fn ids_and_times_are_collected_from_every_shape() {
    let text = "error=x&error_description=AADSTS50105%3a+y%0d%0aTrace+ID%3a+5b0f1c3e-77aa-4a10-9a55-6f1d20c40b00%0d%0aCorrelation+ID%3a+91b7d0c2-44ad-4b6f-8f7c-0a2f3d1c5e6f%0d%0aTimestamp%3a+2026-11-19+02%3a14%3a55Z";
    let ids: Vec<(String, String)> =
        recognise(text, &context()).ids.into_iter().map(|id| (id.kind, id.value)).collect();
    assert_eq!(
        ids,
        [
            ("trace-id".to_owned(), "5b0f1c3e-77aa-4a10-9a55-6f1d20c40b00".to_owned()),
            ("correlation-id".to_owned(), "91b7d0c2-44ad-4b6f-8f7c-0a2f3d1c5e6f".to_owned()),
            ("timestamp".to_owned(), "2026-11-19 02:14:55Z".to_owned()),
        ]
    );
    let graph = "{\"innerError\":{\"request-id\":\"41a6868f-ddc2-4691-85fc-57125def416f\",\"client-request-id\":\"11a6868f-ddc2-4691-85fc-57125def416f\"}}";
    let kinds: Vec<String> = recognise(graph, &context()).ids.into_iter().map(|id| id.kind).collect();
    assert_eq!(kinds, ["request-id", "client-request-id"]);
}

#[test]
fn addresses_are_read_for_what_is_wrong_with_them() {
    let notes = |text: &str| recognise(text, &context()).notes;
    assert_eq!(notes("https://login.microsoftonline.com/common/adminconsent?client_id=x"), ["common-in-consent"]);
    assert_eq!(
        notes("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&prompt=consent"),
        ["prompt-consent"]
    );
    assert_eq!(notes("https://app.example/cb?admin_consent=True&tenant=t&state=1"), ["consent-granted"]);
    let refused =
        "https://app.example/cb?admin_consent=True&error=consent_required&error_description=AADSTS65004%3a+declined";
    assert_eq!(notes(refused), Vec::<String>::new());
    assert_eq!(first(refused).cause, Cause::ConsentDeclined);
}

#[test]
fn a_code_with_several_causes_brings_its_question() {
    let recognition = recognise("MailboxNotEnabledForRESTAPI", &context());
    assert_eq!(recognition.questions[0].id, "where-is-the-mailbox");
    assert_ne!(recognition.findings[0].confidence, Confidence::Certain);
}

#[test]
fn patterns_are_plain_lines() {
    let all = patterns();
    assert!(all.len() > 1000);
    assert!(all.iter().all(|pattern| !pattern.is_empty() && !pattern.contains('\n')));
    assert!(all.iter().any(|pattern| pattern == "AADSTS"));
}

const REPORTS: &[(&str, Cause)] = &[
    ("AADSTS50105: Your administrator has configured the application to block users", Cause::UserNotAssigned),
    (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        Cause::SmtpAuthOff,
    ),
    ("The mailbox is either inactive, soft-deleted, or is hosted on-premise.", Cause::MailboxNotInCloud),
    ("Request had insufficient authentication scopes.", Cause::PermissionMissing),
    ("Access has been blocked by Conditional Access policies.", Cause::ConditionalAccessBlocked),
];

proptest! {
    #[test]
    fn any_text_is_read_to_the_end(text in "\\PC{0,400}") {
        let recognition = recognise(&text, &context());
        prop_assert!(!recognition.findings.is_empty());
        for place in recognition.findings.iter().flat_map(|finding| &finding.places) {
            prop_assert!(place.start <= place.end);
            prop_assert!(place.end as usize <= text.encode_utf16().count());
        }
    }

    #[test]
    fn any_mangled_code_is_read_to_the_end(text in "(AADSTS|%[0-9a-fA-F]{2}|&#?[a-z0-9]{0,5};|\\\\u[0-9a-f]{0,4}|[0-9]{1,9}|<[a-z/]{0,5}>|[ \\-=\"'.]|error){0,40}") {
        let _ = recognise(&text, &context());
    }

    #[test]
    fn noise_and_wrapping_change_nothing(
        which in 0..REPORTS.len(),
        before in proptest::collection::vec("[qxzv]{3,9}( [qxzv]{3,9}){0,5}", 0..4),
        after in proptest::collection::vec("[qxzv]{3,9}( [qxzv]{3,9}){0,5}", 0..4),
        width in 10_usize..60,
        quote in "(> |>> |\\| |    |)",
    ) {
        let (report, cause) = REPORTS[which];
        let mut lines: Vec<String> = before;
        let mut line = String::new();
        for word in report.split(' ') {
            if !line.is_empty() && line.len() + word.len() > width {
                lines.push(format!("{quote}{line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(format!("{quote}{line}"));
        lines.extend(after);
        prop_assert_eq!(first(&lines.join("\n")).cause, cause);
    }
}
