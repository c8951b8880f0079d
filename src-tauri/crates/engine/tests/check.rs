//! Whole checks against the practice cloud: real DNS packets, real HTTP, a real code flow.

mod support;

use inbox_model::{Cause, PageSeen, Step, StepState, Verdict};
use support::bench;

#[tokio::test(flavor = "multi_thread")]
async fn healthy_accounts_work_at_microsoft_and_google() {
    let bench = bench(|_| {}).await;
    for address in ["works@contoso.example", "works@fabrikam.example"] {
        let (examination, _) = bench.check(address, None).await;
        assert_eq!(examination.verdict, Verdict::Works, "{address}: {examination:#?}");
        for step in &examination.steps {
            assert_eq!(step.state, StepState::Fine, "{address} {:?}", step.step);
        }
        assert_eq!(examination.steps.len(), Step::ALL.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sign_in_nothing_behind_it_is_claimed() {
    let bench = bench(|_| {}).await;
    let (examination, _) = bench.check_with("works@contoso.example", None, |request| request.sign_in = false).await;
    assert_eq!(examination.verdict, Verdict::Inconclusive);
    let mailbox = examination.steps.iter().find(|step| step.step == Step::Mailbox).unwrap();
    assert_eq!(mailbox.state, StepState::NotChecked);
    assert_eq!(bench.cloud.requests().iter().filter(|request| request.path.contains("authorize")).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_no_registered_client_discovery_and_consent_link_are_complete() {
    let bench = bench(|settings| {
        settings.as_object_mut().unwrap().remove("microsoftClientId");
    })
    .await;
    let (examination, _) = bench.check("works@contoso.example", None).await;
    assert_eq!(examination.verdict, Verdict::Inconclusive);
    let found = examination.discovery.unwrap();
    let tenant = found.tenant.unwrap();
    let app = bench.engine.app(None).unwrap();
    let links = bench.engine.consent_links(app, &tenant.id, tenant.cloud).unwrap();
    assert!(links.short.contains(&tenant.id) && links.short.contains("/adminconsent?client_id="), "{links:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_scenario_ends_in_its_cause() {
    let bench = bench(|_| {}).await;
    let mut wrong = Vec::new();
    for scenario in bench.cloud.scenarios() {
        let Some(cause) = Cause::from_id(&scenario.cause) else { continue };
        let page = scenario.page.as_deref().and_then(|page| serde_json::from_value(page.into()).ok());
        let page = page.map(|page| (page, scenario.page_text.as_ref().map(ToString::to_string)));
        let (examination, _) =
            bench.check_with(&scenario.address, page, |request| request.write_test = scenario.write_test).await;
        let first = examination.findings.first().map(|finding| finding.finding.cause);
        let found: Vec<_> = examination
            .findings
            .iter()
            .map(|finding| format!("{} ({:?})", finding.finding.cause, finding.finding.confidence))
            .collect();
        if first != Some(cause) {
            wrong.push(format!("{}: {:?} {}", scenario.address, examination.verdict, found.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} scenarios end elsewhere:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_report_judges_the_same_when_replayed() {
    let bench = bench(|_| {}).await;
    let page = Some((PageSeen::NeedAdminApproval, None));
    let (examination, _) = bench.check("consent-admin-required@contoso.example", page).await;
    let report = inbox_engine::report::render(
        &examination,
        inbox_engine::report::ReportFormat::Json,
        inbox_model::RedactionLevel::Names,
    )
    .unwrap();
    assert!(!report.contains("consent-admin-required@"), "the local part is masked");
    let replayed = bench.engine.replay(&report, inbox_model::Language::Ja).unwrap();
    assert_eq!(replayed.verdict, examination.verdict);
    let causes = |e: &inbox_model::Examination| e.findings.iter().map(|f| f.finding.cause).collect::<Vec<_>>();
    assert_eq!(causes(&replayed), causes(&examination));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_write_test_cleans_up_and_a_crash_is_cleaned_up_by_the_next_check() {
    let bench = bench(|_| {}).await;
    for address in ["works@contoso.example", "works@fabrikam.example"] {
        let (examination, _) = bench.check_with(address, None, |request| request.write_test = true).await;
        assert_eq!(examination.verdict, Verdict::Works, "{examination:#?}");
    }
    bench.check("works@contoso.example", None).await;
    bench.check("works@fabrikam.example", None).await;
    let mails: Vec<String> = bench.cloud.leftovers();
    assert!(mails.is_empty(), "{mails:?}");
}
