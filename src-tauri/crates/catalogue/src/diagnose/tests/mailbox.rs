use inbox_model::{
    Autodiscover, Cause as C,
    Confidence::{Certain, Likely, Possible},
    FailureKind, MailReception, Provider, SkipReason, Verdict,
};
use serde_json::{Value, json};

use super::world::{World, causes};

const REST: &str = "graph:MailboxNotEnabledForRESTAPI";

/// Signed in, `/me` and licences read, the mailbox refused.
fn refused(mut world: World, me: &[(&str, Value)], exchange: Option<bool>, code: &str) -> World {
    world.sign_in().passed("graph-me", me);
    if let Some(exchange) = exchange {
        world.passed("graph-licences", &[("exchange", exchange.into())]);
    }
    let words = "The mailbox is either inactive, soft-deleted, or is hosted on-premise.";
    world.refused("graph-inbox", Some(404), &[code], words).refused("graph-messages", Some(404), &[code], words);
    world
}

fn member(synced: Option<bool>) -> Vec<(&'static str, Value)> {
    let mut facts = vec![
        ("mail", "ana@contoso.example".into()),
        ("userType", "Member".into()),
        ("guest", false.into()),
        ("personal", false.into()),
    ];
    if let Some(synced) = synced {
        facts.push(("onPremisesSyncEnabled", synced.into()));
    }
    facts
}

#[test]
fn a_guest_is_told_that_the_mailbox_is_in_the_home_organisation() {
    let me = [("userPrincipalName", json!("ana_fabrikam#EXT#@contoso.example")), ("guest", json!(true))];
    let diagnosis = refused(World::microsoft(), &me, Some(false), REST).judge();
    assert_eq!(causes(&diagnosis), [(C::WrongOrganisation, Some("guest".to_owned()), Certain)]);
    for id in ["o3", "o5", "o6"] {
        assert!(diagnosis.findings[0].evidence.iter().any(|evidence| evidence == id), "{id}");
    }
}

#[test]
fn no_exchange_plan_is_a_missing_licence() {
    let diagnosis = refused(World::microsoft(), &member(None), Some(false), REST).judge();
    assert_eq!(causes(&diagnosis), [(C::LicenceMissing, None, Certain)]);
    assert_eq!(diagnosis.verdict, Verdict::Blocked);
    let plans = json!([{"service": "SharePoint", "capabilityStatus": "Enabled"}, {"service": "exchange", "capabilityStatus": "Deleted"}]);
    let mut me = member(None);
    me.push(("assignedPlans", plans));
    assert_eq!(causes(&refused(World::microsoft(), &me, None, REST).judge())[0].0, C::LicenceMissing);
}

#[test]
fn a_plan_and_an_own_server_is_a_hybrid_mailbox() {
    let hybrid = Some("hybrid".to_owned());
    let world = World::microsoft().autodiscover(Autodiscover::Elsewhere { host: "mail.contoso.example".to_owned() });
    let diagnosis = refused(world, &member(Some(true)), Some(true), REST).judge();
    assert_eq!(causes(&diagnosis), [(C::MailboxNotInCloud, hybrid.clone(), Certain)]);
    assert_eq!(diagnosis.findings[0].parameters["other"], "mail.contoso.example");
    let diagnosis = refused(World::microsoft(), &member(Some(true)), Some(true), REST).judge();
    assert_eq!(
        causes(&diagnosis),
        [(C::MailboxNotInCloud, hybrid.clone(), Likely), (C::MailboxMissing, None, Possible)]
    );
    let diagnosis = refused(World::microsoft(), &member(Some(true)), Some(false), REST).judge();
    assert_eq!(causes(&diagnosis), [(C::LicenceMissing, None, Likely), (C::MailboxNotInCloud, hybrid, Possible)]);
}

#[test]
fn without_further_facts_the_other_readings_stay_possible() {
    let diagnosis = refused(World::microsoft(), &member(None), Some(true), REST).judge();
    assert_eq!(causes(&diagnosis), [(C::MailboxNotInCloud, None, Likely), (C::MailboxMissing, None, Possible)]);
    let diagnosis = refused(World::microsoft(), &member(None), None, "graph:ErrorMissingEmailAddress").judge();
    assert_eq!(diagnosis.findings[0].cause, C::MailboxMissing);
    assert_eq!(diagnosis.findings.len(), 3);
    let shared = "graph:RESTAPINotEnabledForComponentSharedMailbox";
    let diagnosis = refused(World::microsoft(), &member(None), Some(true), shared).judge();
    assert_eq!(
        causes(&diagnosis),
        [(C::MailboxNotInCloud, Some("shared".to_owned()), Likely), (C::MailboxMoving, None, Possible)]
    );
}

#[test]
fn an_organisation_without_exchange_is_told_apart_from_a_user_without_licence() {
    let diagnosis =
        refused(World::microsoft(), &member(None), None, "graph:OrganizationFromTenantGuidNotFound").judge();
    assert_eq!(causes(&diagnosis), [(C::LicenceMissing, Some("organisation".to_owned()), Likely)]);
}

#[test]
fn mail_kept_elsewhere_is_named_with_its_host() {
    let world = World::microsoft().at(Provider::GoogleWorkspace, MailReception::Mx);
    let diagnosis = refused(world, &member(None), Some(false), REST).judge();
    assert_eq!(causes(&diagnosis), [(C::ProviderMismatch, Some("google".to_owned()), Likely)]);
    assert_eq!(diagnosis.findings[0].parameters["other"], "Google Workspace");
    assert_eq!(diagnosis.suppressed[0].cause, C::LicenceMissing);
    assert_eq!(diagnosis.suppressed[0].because_of, C::ProviderMismatch);

    let personal = [("personal", json!(true)), ("mail", json!("ana@gmail.com"))];
    let world = World::gmail().signed_in_as("ana@gmail.com");
    let mut world = refused(world, &personal, None, REST);
    world.account.as_mut().unwrap().provider = "microsoft".to_owned();
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::ProviderMismatch, Some("google".to_owned()), Likely)]);
    assert!(diagnosis.suppressed.iter().any(|left| left.cause == C::PrimaryAliasForeign));
}

#[test]
fn a_personal_account_without_mailbox_is_not_sent_to_an_administrator_of_licences() {
    let me = [("personal", json!(true)), ("mail", json!("ana@outlook.com"))];
    let diagnosis = refused(World::outlook_com(), &me, None, REST).judge();
    assert_eq!(causes(&diagnosis), [(C::MailboxMissing, Some("personal".to_owned()), Likely)]);
}

#[test]
fn missing_licence_is_told_even_when_consent_kept_the_mailbox_closed() {
    let mut world = World::microsoft();
    world.sign_in().passed("graph-me", &member(None)).passed("graph-licences", &[("exchange", false.into())]);
    world.silent_consent_required().reported("sign-in-app", "need-admin-approval", "");
    world.skipped("graph-inbox", SkipReason::DependencyFailed);
    let found = causes(&world.judge());
    assert_eq!(found, [(C::ConsentAdminRequired, None, Likely), (C::LicenceMissing, None, Likely)]);
}

#[test]
fn moving_full_and_throttled_mailboxes_are_told_apart() {
    for (code, status, cause) in [
        ("graph:ErrorMailboxMoveInProgress", 503, C::MailboxMoving),
        ("graph:ErrorQuotaExceeded", 507, C::MailboxFull),
        ("graph:TooManyRequests", 429, C::Throttled),
    ] {
        let mut world = World::microsoft();
        world.sign_in().refused("graph-inbox", Some(status), &[code], "");
        assert_eq!(world.judge().findings[0].cause, cause, "{code}");
    }
}

#[test]
fn access_denied_with_all_permissions_is_a_rule_of_exchange() {
    let mut world = World::microsoft();
    world.sign_in().passed("permissions", &[("granted", vec!["Mail.ReadWrite"].into())]);
    world.refused("graph-inbox", Some(403), &["graph:ErrorAccessDenied"], "");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::AccessDenied, None, Likely)]);
}

#[test]
fn the_words_decide_where_the_code_is_a_wrapper() {
    for (code, words, cause) in [
        (
            "graph:ErrorAccessDenied",
            "[RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
            C::AppAccessPolicy,
        ),
        ("graph:InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.", C::TokenExpired),
        ("graph:InvalidAuthenticationToken", "code: TokenIssuedBeforeRevocationTimestamp", C::TokenRevoked),
        ("graph:InvalidAuthenticationToken", "code: LocationConditionEvaluationSatisfied", C::ConditionalAccessBlocked),
    ] {
        let mut world = World::microsoft();
        world.sign_in().passed("permissions", &[("granted", vec!["Mail.ReadWrite"].into())]);
        world.refused("graph-inbox", Some(401), &[code], words);
        let diagnosis = world.judge();
        assert_eq!((diagnosis.findings[0].cause, diagnosis.findings.len()), (cause, 1), "{words}");
    }
}

#[test]
fn an_identity_scope_is_no_mail_permission() {
    let mut world = World::microsoft();
    world.failed_with("permissions", FailureKind::ScopesMissing, "email, User.Read");
    assert_eq!(world.judge().findings[0].severity, inbox_model::Severity::Limits);
}

#[test]
fn missing_permissions_are_named() {
    let mut world = World::microsoft();
    world.sign_in().failed_with("permissions", FailureKind::ScopesMissing, "Mail.ReadWrite, Calendars.ReadWrite");
    let finding = world.judge().findings.remove(0);
    assert_eq!((finding.cause, finding.confidence), (C::PermissionMissing, Certain));
    assert_eq!(finding.parameters["missing"], "Mail.ReadWrite, Calendars.ReadWrite");
    let mut world = World::microsoft().healthy();
    world.observations.retain(|o| o.probe != "permissions");
    world.failed_with("permissions", FailureKind::ScopesMissing, "Calendars.ReadWrite");
    assert_eq!(world.judge().verdict, Verdict::Limited);
    let mut world = World::microsoft();
    world.passed("permissions", &[("missing", json!(["Mail.Send"]))]);
    assert_eq!(world.judge().findings[0].parameters["missing"], "Mail.Send");
}

#[test]
fn a_calendar_of_its_own_fault_limits() {
    let mut world = World::microsoft().healthy();
    world.passed("graph-calendar", &[("canEdit", false.into())]);
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::CalendarMissing, Some("read-only".to_owned()), Certain)]);
    assert_eq!(diagnosis.verdict, Verdict::Limited);
    let mut world = World::microsoft();
    world.sign_in().passed("graph-inbox", &[]);
    world.refused("graph-calendar", Some(404), &["graph:ErrorItemNotFound"], "");
    let diagnosis = world.judge();
    assert_eq!((diagnosis.findings[0].cause, diagnosis.verdict), (C::CalendarMissing, Verdict::Limited));
}

#[test]
fn sending_that_is_refused_limits() {
    let mut world = World::microsoft().healthy();
    world.refused("graph-send-self", Some(403), &["graph:ErrorSendAsDenied"], "");
    let diagnosis = world.judge();
    assert_eq!((diagnosis.findings[0].cause, diagnosis.verdict), (C::SendRefused, Verdict::Limited));
}

#[test]
fn an_account_that_is_turned_off_is_told() {
    let mut me = member(None);
    me.push(("accountEnabled", false.into()));
    let diagnosis = refused(World::microsoft(), &me, Some(true), REST).judge();
    assert_eq!(diagnosis.findings[0].cause, C::AccountDisabled);
    assert!(diagnosis.suppressed.iter().any(|left| left.because_of == C::AccountDisabled));
}

#[test]
fn a_condition_that_was_read_as_a_fact_names_its_cause() {
    let mut world = World::microsoft();
    world.observations.clear();
    let failure = inbox_model::Failure::of(FailureKind::AccountCondition)
        .with_code(inbox_model::CodeFamily::Vendor, "mailbox-full");
    world.sign_in().failed("graph-inbox", FailureKind::AccountCondition, "graph.microsoft.com");
    world.observations.last_mut().unwrap().outcome = inbox_model::Outcome::Failed { failure };
    assert_eq!(causes(&world.judge()), [(C::MailboxFull, None, Likely)]);
}
