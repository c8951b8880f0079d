use inbox_model::{
    Cause as C,
    Confidence::{Certain, Likely, Possible},
    FailureKind, Fixer, Operation, Verdict,
};

use super::world::{World, causes};

fn refused(mut world: World, probe: &str, code: &str, words: &str) -> Vec<(C, Option<String>)> {
    world.sign_in().refused(probe, Some(403), &[code], words);
    causes(&world.judge()).into_iter().map(|(cause, variant, _)| (cause, variant)).collect()
}

#[test]
fn refusals_of_the_apis_are_told_apart() {
    let some = |text: &str| Some(text.to_owned());
    for (probe, code, words, cause, variant) in [
        ("gmail-labels", "google:accessNotConfigured", "", C::ApiOff, None),
        ("gmail-labels", "google:SERVICE_DISABLED", "", C::ApiOff, None),
        ("gmail-labels", "google:failedPrecondition", "Mail service not enabled", C::ServiceOff, some("gmail")),
        ("gmail-labels", "google:failedPrecondition", "Precondition check failed.", C::MailboxMissing, some("google")),
        ("gmail-labels", "google:forbidden", "Delegation denied for ana@fabrikam.example", C::AccessDenied, None),
        ("google-calendar-list", "google:notFound", "Not Found", C::ItemNotFound, None),
        ("gmail-labels", "google:ACCESS_TOKEN_SCOPE_INSUFFICIENT", "", C::PermissionMissing, some("google")),
        ("gmail-labels", "google:domainPolicy", "", C::AppBlockedByAdmin, None),
        ("google-calendar-list", "google:notACalendarUser", "", C::ServiceOff, some("calendar")),
        ("gmail-send-self", "google:dailyLimitExceeded", "", C::SendingLimit, None),
    ] {
        assert_eq!(refused(World::google(), probe, code, words).first(), Some(&(cause, variant)), "{code}");
    }
}

#[test]
fn a_personal_gmail_has_no_administrator_to_ask() {
    assert_eq!(
        refused(World::gmail(), "gmail-labels", "google:failedPrecondition", "Precondition check failed."),
        [(C::MailboxMissing, Some("google".to_owned()))]
    );
    let mut world = World::gmail();
    world.sign_in().refused("google-calendar-list", Some(403), &["google:notACalendarUser"], "");
    let finding = world.judge().findings.remove(0);
    assert_eq!((finding.cause, finding.fixer), (C::CalendarMissing, Fixer::You));
}

#[test]
fn in_a_workspace_the_service_may_also_be_off() {
    let found = refused(World::google(), "gmail-labels", "google:failedPrecondition", "Precondition check failed.");
    assert_eq!(found, [(C::MailboxMissing, Some("google".to_owned())), (C::ServiceOff, None)]);
}

#[test]
fn words_in_the_fields_of_oauth_are_read() {
    for (codes, words, cause) in [
        (&["oauth:invalid_grant", "suberror:invalid_rapt"][..], "reauth related error", C::InteractionRequired),
        (&["oauth:invalid_grant"][..], "Account has been deleted", C::AccountDisabled),
    ] {
        let mut world = World::google();
        world.refused_by("sign-in-app", Operation::ExchangeCode, Some(400), codes, words);
        assert_eq!(world.judge().findings[0].cause, cause, "{words}");
    }
}

#[test]
fn a_box_left_empty_is_a_missing_permission_with_words_of_its_own() {
    let mut world = World::google();
    world.sign_in().failed_with(
        "sign-in-app",
        FailureKind::ScopesMissing,
        "https://www.googleapis.com/auth/gmail.modify",
    );
    world.failed_with("permissions", FailureKind::ScopesMissing, "https://www.googleapis.com/auth/gmail.modify");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::PermissionMissing, Some("google".to_owned()), Certain)]);
    assert_eq!(diagnosis.findings[0].evidence.len(), 2);
    assert_eq!(diagnosis.verdict, Verdict::Blocked);
}

#[test]
fn pages_of_google_settle_the_cause() {
    for (page, cause) in [
        ("app-not-verified", C::AppUnverified),
        ("blocked-by-administrator", C::AppBlockedByAdmin),
        ("advanced-protection", C::AdvancedProtection),
    ] {
        let mut world = World::google();
        world.sign_in().reported("sign-in-app", page, "");
        assert_eq!(causes(&world.judge()), [(cause, None, Likely)], "{page}");
    }
}

#[test]
fn cancel_at_google_is_cancel() {
    let mut world = World::google();
    world.sign_in().refused_by("sign-in-app", Operation::Authorize, None, &["oauth:access_denied"], "");
    assert_eq!(causes(&world.judge()), [(C::ConsentDeclined, None, Likely)]);
}

#[test]
fn no_way_back_from_workspace_may_be_the_administrator() {
    let mut world = World::google();
    world.sign_in().failed_with("sign-in-app", FailureKind::BrowserDidNotReturn, "");
    assert_eq!(causes(&world.judge()), [(C::SignInCancelled, None, Likely), (C::AppBlockedByAdmin, None, Possible)]);
}

#[test]
fn a_google_account_without_gmail_whose_mail_is_at_microsoft_is_told_so() {
    let mut world = World::microsoft().signed_in_as("ana@contoso.example");
    world.account.as_mut().unwrap().provider = "google".to_owned();
    world.sign_in().refused("gmail-labels", Some(400), &["google:failedPrecondition"], "Mail service not enabled");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::ProviderMismatch, Some("microsoft".to_owned()), Likely)]);
    assert_eq!(diagnosis.findings[0].parameters["other"], "Microsoft 365");
}
