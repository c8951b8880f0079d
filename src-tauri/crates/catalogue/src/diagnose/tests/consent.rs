use inbox_model::{
    Cause as C,
    Confidence::{Likely, Possible},
    FailureKind, Operation, Severity, Verdict,
};

use super::world::{World, causes};

#[test]
fn pages_that_the_person_saw_settle_the_cause() {
    for (page, cause, variant) in [
        ("need-admin-approval", C::ConsentAdminRequired, None),
        ("approval-required", C::ConsentAdminRequired, Some("request-possible")),
        ("request-sent", C::ConsentPending, None),
        ("permission-list", C::ConsentUserNeeded, None),
        ("wrong-account", C::WrongOrganisation, Some("wrong-account")),
    ] {
        let mut world = World::microsoft();
        world.sign_in().silent_consent_required().reported("sign-in-app", page, "");
        let diagnosis = world.judge();
        let first = &diagnosis.findings[0];
        assert_eq!((first.cause, first.variant.as_deref()), (cause, variant), "{page}");
        assert_eq!((diagnosis.verdict, diagnosis.findings.len()), (Verdict::Blocked, 1), "{page}");
    }
}

#[test]
fn what_our_own_registration_meets_is_a_prediction_and_says_so() {
    let mut world = World::microsoft();
    world.sign_in().reported("sign-in-app", "need-admin-approval", "");
    let finding = world.judge().findings.remove(0);
    assert_eq!(finding.confidence, Likely);
    assert_eq!(finding.parameters["met_by"], "inbox-doctor");
}

#[test]
fn consent_missing_and_no_way_back_is_most_likely_the_approval_page() {
    let mut world = World::microsoft();
    world.sign_in().silent_consent_required();
    world.failed_with("sign-in-app", FailureKind::BrowserDidNotReturn, "");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::ConsentAdminRequired, None, Likely), (C::ConsentUserNeeded, None, Possible)]);
    assert!(diagnosis.findings[0].codes.contains(&"AADSTS65001".to_owned()));
    assert_eq!(diagnosis.verdict, Verdict::Blocked);

    let mut personal = World::outlook_com();
    personal.sign_in().silent_consent_required();
    personal.failed_with("sign-in-app", FailureKind::BrowserDidNotReturn, "");
    assert_eq!(causes(&personal.judge()), [(C::ConsentUserNeeded, None, Likely)]);
}

#[test]
fn no_way_back_alone_proves_nothing() {
    let mut world = World::microsoft();
    world.failed_with("sign-in-identity", FailureKind::BrowserDidNotReturn, "");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::SignInCancelled, None, Likely)]);
    assert_eq!(diagnosis.verdict, Verdict::Inconclusive);

    let mut world = World::microsoft();
    world.sign_in().failed_with("sign-in-app", FailureKind::BrowserDidNotReturn, "");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::SignInCancelled, None, Likely), (C::ConsentAdminRequired, None, Possible)]);
    assert_eq!(diagnosis.verdict, Verdict::Inconclusive);
}

#[test]
fn cancel_after_missing_consent_leaves_both_readings() {
    let mut world = World::microsoft();
    world.sign_in().silent_consent_required();
    world.refused_by("sign-in-app", Operation::Authorize, None, &["oauth:access_denied", "suberror:cancel"], "");
    assert_eq!(causes(&world.judge()), [(C::ConsentDeclined, None, Likely), (C::ConsentAdminRequired, None, Possible)]);
}

#[test]
fn consent_given_in_the_browser_makes_the_silent_refusal_void() {
    let mut world = World::microsoft();
    world.sign_in().silent_consent_required();
    let world = world.healthy();
    assert_eq!(world.judge().verdict, Verdict::Works);
}

#[test]
fn missing_consent_without_a_browser_is_judged_by_the_kind_of_account() {
    let mut world = World::microsoft();
    world.sign_in().silent_consent_required();
    assert_eq!(
        causes(&world.judge()),
        [(C::ConsentAdminRequired, None, Likely), (C::ConsentUserNeeded, None, Possible)]
    );
}

#[test]
fn a_browser_that_did_not_open_is_no_verdict_on_the_mailbox() {
    for kind in [FailureKind::BrowserNotOpened, FailureKind::Cancelled, FailureKind::StateMismatch] {
        let mut world = World::microsoft();
        world.failed_with("sign-in-identity", kind, "");
        let diagnosis = world.judge();
        assert_eq!(diagnosis.findings[0].cause, C::SignInCancelled, "{kind:?}");
        assert_eq!(diagnosis.findings[0].severity, Severity::Limits);
        assert_eq!(diagnosis.verdict, Verdict::Inconclusive);
    }
}

#[test]
fn a_page_that_was_not_recognised_is_unknown() {
    let mut world = World::microsoft();
    world.sign_in().reported("sign-in-app", "error-code", "zzz qqq");
    assert_eq!(causes(&world.judge()), [(C::Unknown, None, Possible)]);
    let mut world = World::microsoft();
    world.sign_in().reported("sign-in-app", "something-else", "");
    assert_eq!(causes(&world.judge()), [(C::Unknown, None, Possible)]);
}
