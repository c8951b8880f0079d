//! Realistic lists of observations and what they mean.

mod consent;
mod google;
mod mailbox;
mod network;
mod properties;
mod ways;
mod world;

use inbox_model::{Cause, Confidence, Severity, Verdict};
use world::World;

#[test]
fn a_healthy_mailbox_works() {
    let diagnosis = World::microsoft().healthy().judge();
    assert_eq!((diagnosis.verdict, diagnosis.findings.len()), (Verdict::Works, 0), "{:?}", diagnosis.findings);
    let diagnosis = World::google().healthy().judge();
    assert_eq!((diagnosis.verdict, diagnosis.findings.len()), (Verdict::Works, 0), "{:?}", diagnosis.findings);
}

#[test]
fn what_was_not_looked_at_is_not_called_fine() {
    let mut world = World::microsoft();
    world.passed("discovery-mx", &[]);
    let diagnosis = world.judge();
    assert_eq!((diagnosis.verdict, diagnosis.findings.len()), (Verdict::Inconclusive, 0));
    let mut world = World::microsoft();
    world.sign_in().passed("graph-inbox", &[]).passed("permissions", &[]);
    assert_eq!(world.judge().verdict, Verdict::Inconclusive, "the calendar was not looked at");
    assert_eq!(World::microsoft().judge().verdict, Verdict::Inconclusive);
}

#[test]
fn an_unknown_refusal_stays_unknown_with_its_evidence() {
    let mut world = World::microsoft();
    world.sign_in().refused("graph-inbox", Some(418), &["graph:ErrorOfTomorrow"], "");
    let diagnosis = world.judge();
    assert_eq!(diagnosis.verdict, Verdict::Blocked);
    let finding = &diagnosis.findings[0];
    assert_eq!((finding.cause, finding.confidence), (Cause::Unknown, Confidence::Possible));
    assert_eq!(finding.codes, ["ErrorOfTomorrow"]);
    assert_eq!(finding.evidence, [world.last_id()]);
    assert!(finding.parameters["evidence_ids"].contains("request-id"));
}

#[test]
fn a_later_success_makes_a_failure_void() {
    let mut world = World::microsoft().healthy();
    world.insert_before("graph-inbox", "graph-inbox", inbox_model::FailureKind::Throttled);
    assert_eq!(world.judge().verdict, Verdict::Works);
}

#[test]
fn a_kept_sign_in_that_expired_is_void_once_somebody_signed_in_anew() {
    let mut world = World::microsoft();
    world.refused_by("sign-in-stored", inbox_model::Operation::Refresh, None, &["oauth:invalid_grant"], "");
    let alone = world.judge();
    assert_eq!(alone.verdict, Verdict::Blocked);
    let mut world = world.healthy();
    world.passed("clock", &[]);
    assert_eq!(world.judge().verdict, Verdict::Works);
}

#[test]
fn domains_without_mail_are_named_as_such() {
    use inbox_model::MailReception;
    for (reception, variant, confidence) in [
        (MailReception::NoSuchDomain, "no-such-domain", Confidence::Certain),
        (MailReception::NullMx, "domain-takes-no-mail", Confidence::Certain),
        (MailReception::Nothing, "domain-takes-no-mail", Confidence::Likely),
    ] {
        let mut world = World::microsoft().at(inbox_model::Provider::None, reception);
        world.failed("discovery-mx", inbox_model::FailureKind::DnsNotFound, "contsoo.example");
        let diagnosis = world.judge();
        assert_eq!(world::causes(&diagnosis), [(Cause::AccountNotFound, Some(variant.to_owned()), confidence)]);
        assert_eq!(diagnosis.verdict, Verdict::Blocked);
    }
}

#[test]
fn a_host_that_the_app_cannot_sign_in_to_is_named() {
    let world = World::microsoft().at_other("sakura", "Sakura Internet");
    let diagnosis = world.judge();
    let finding = &diagnosis.findings[0];
    assert_eq!((finding.cause, finding.severity), (Cause::ProviderMismatch, Severity::Limits));
    assert_eq!(finding.variant.as_deref(), Some("other-host"));
    assert_eq!(finding.parameters["other"], "Sakura Internet");
    assert_eq!(finding.parameters["other_host"], "sakura");
    assert_eq!(diagnosis.verdict, Verdict::Limited);
}

#[test]
fn behind_an_unknown_gateway_nothing_is_claimed() {
    let world = World::microsoft().behind_gateway();
    let diagnosis = world.judge();
    assert_eq!((diagnosis.verdict, diagnosis.findings.len()), (Verdict::Inconclusive, 0));
}

#[test]
fn somebody_else_signed_in() {
    let mut world = World::microsoft().signed_in_as("bob@fabrikam.example");
    world.sign_in().passed("graph-me", &[("mail", "bob@fabrikam.example".into()), ("guest", false.into())]);
    let finding = &world.judge().findings[0];
    assert_eq!((finding.cause, finding.variant.as_deref()), (Cause::WrongOrganisation, Some("wrong-account")));
    assert_eq!(
        (finding.confidence, finding.parameters["other"].as_str()),
        (Confidence::Likely, "bob@fabrikam.example")
    );

    let mut world = World::microsoft();
    world.failed_with("sign-in-identity", inbox_model::FailureKind::IdentityMismatch, "bob@fabrikam.example");
    let finding = &world.judge().findings[0];
    assert_eq!((finding.cause, finding.confidence), (Cause::WrongOrganisation, Confidence::Certain));
    assert_eq!(finding.parameters["other"], "bob@fabrikam.example");
}

#[test]
fn another_name_of_the_same_mailbox_is_the_same_person() {
    let mut world = World::microsoft().signed_in_as("ana.lima@contoso.example");
    world.sign_in().passed(
        "graph-me",
        &[("mail", "ana.lima@contoso.example".into()), ("proxyAddresses", vec!["smtp:ANA@contoso.example"].into())],
    );
    assert!(world.judge().findings.is_empty());
    let mut world = World::google().asked("a.n.a+x@gmail.com").signed_in_as("ana@googlemail.com");
    world.sign_in();
    assert!(world.judge().findings.is_empty());
}

#[test]
fn a_personal_account_with_a_foreign_primary_alias_is_found() {
    let mut world = World::outlook_com().signed_in_as("ana@gmail.com").asked("ana@gmail.com");
    world.sign_in();
    world.passed("graph-me", &[("personal", true.into()), ("mail", "ana@gmail.com".into())]);
    world.passed("graph-inbox", &[]).passed("graph-calendar", &[("canEdit", true.into())]).passed("permissions", &[]);
    let diagnosis = world.judge();
    assert_eq!(
        world::causes(&diagnosis),
        [(Cause::PrimaryAliasForeign, None, Confidence::Likely)],
        "{:?}",
        diagnosis.findings
    );
    assert_eq!(diagnosis.verdict, Verdict::Limited);
    world.passed("graph-calendar", &[("ownerAddress", "outlook_28CABF904928312D@outlook.com".into())]);
    let diagnosis = world.judge();
    assert_eq!(world::causes(&diagnosis), [(Cause::PrimaryAliasForeign, None, Confidence::Certain)]);
    assert_eq!(diagnosis.findings[0].parameters["other"], "outlook_28CABF904928312D@outlook.com");
}

#[test]
fn an_outlook_address_that_only_looks_alike_is_left_alone() {
    assert!(!super::identity::is_internal_address("outlook_anna@outlook.com"));
    assert!(!super::identity::is_internal_address("outlook_28CABF904928312D@outlook.com.example"));
    assert!(super::identity::is_internal_address("Outlook_28cabf904928312d@Outlook.com"));
}

#[test]
fn every_narrower_case_that_is_named_has_words() {
    let named = [
        (Cause::AccountNotFound, "no-such-domain"),
        (Cause::AccountNotFound, "domain-takes-no-mail"),
        (Cause::ProviderMismatch, "google"),
        (Cause::ProviderMismatch, "microsoft"),
        (Cause::ProviderMismatch, "other-host"),
        (Cause::WrongOrganisation, "guest"),
        (Cause::WrongOrganisation, "wrong-account"),
        (Cause::ConsentAdminRequired, "request-possible"),
        (Cause::SignInCancelled, "no-browser"),
        (Cause::SignInCancelled, "old-page"),
        (Cause::MailboxMissing, "personal"),
        (Cause::MailboxNotInCloud, "hybrid"),
        (Cause::MailboxNotInCloud, "shared"),
        (Cause::LicenceMissing, "organisation"),
    ];
    let of_rules = super::rules::rules().iter().filter_map(|rule| Some((rule.cause, rule.variant.as_deref()?)));
    for (cause, variant) in named.into_iter().chain(of_rules) {
        for language in inbox_model::Language::ALL {
            let words = crate::text::cause_text(cause, *language).unwrap();
            assert!(words.variant.contains_key(variant), "{} {cause} {variant}", language.tag());
        }
    }
}

#[test]
fn a_mail_host_is_named_as_its_language_names_it() {
    let diagnosis = World::microsoft().at_other("sakura", "Sakura Internet").judge();
    let context = crate::ExplainContext {
        app: world::app(),
        address: None,
        domain: None,
        tenant: None,
        helpdesk: None,
        login: None,
        today: jiff::civil::date(2026, 11, 24),
    };
    let title = |language| crate::explain(&diagnosis.findings[0], &context, language).title;
    assert!(title(inbox_model::Language::En).contains("Sakura Internet"));
    assert!(title(inbox_model::Language::Ja).contains("さくらインターネット"));
}
