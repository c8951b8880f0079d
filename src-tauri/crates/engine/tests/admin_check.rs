//! The administrator's check against the practice cloud.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

mod support;

use inbox_engine::{AdminCheck, AdminCheckRequest, EngineError};
use inbox_model::{Cause, Language, Outcome, Verdict};
use support::{Bench, Headless, bench};
use tokio_util::sync::CancellationToken;

async fn look(bench: &Bench, admin: &str, user: Option<&str>) -> Result<AdminCheck, EngineError> {
    let request = AdminCheckRequest {
        admin: admin.to_owned(),
        user: user.map(str::to_owned),
        app: Some("hubspot".to_owned()),
        language: Language::En,
    };
    let watcher = Headless::new(None);
    Box::pin(bench.engine.admin_check(&request, &watcher, &CancellationToken::new())).await
}

fn causes(check: &AdminCheck) -> Vec<Cause> {
    check.findings.iter().map(|finding| finding.finding.cause).collect()
}

#[tokio::test]
async fn approved_and_assigned_works_and_an_unassigned_person_is_named() {
    let bench = bench(|_| {}).await;
    let fine = look(&bench, "works@contoso.example", Some("works@contoso.example")).await.unwrap();
    assert_eq!((fine.verdict, causes(&fine)), (Verdict::Works, vec![]), "{fine:#?}");
    let standing = fine.standing.unwrap();
    assert_eq!((standing.assignment_required, standing.user_assigned), (Some(true), Some(true)));
    assert_eq!((standing.missing_for_all, standing.granted_by_people), (Some(vec![]), Some(1)));
    let missing = look(&bench, "works@contoso.example", Some("user-not-assigned@contoso.example")).await.unwrap();
    assert_eq!((missing.verdict, causes(&missing)), (Verdict::Blocked, vec![Cause::UserNotAssigned]));
    // Somebody whom the directory does not know under this name: not told, and so not fine.
    let foreign = look(&bench, "works@contoso.example", Some("ana@fabrikam.example")).await.unwrap();
    assert_eq!((foreign.verdict, causes(&foreign)), (Verdict::Inconclusive, vec![]));
}

#[tokio::test]
async fn what_is_not_approved_unknown_or_off_is_found_with_the_link_that_mends_it() {
    let bench = bench(|_| {}).await;
    let little = look(&bench, "works@adatum.example", None).await.unwrap();
    assert_eq!((little.verdict, causes(&little)), (Verdict::Limited, vec![Cause::ConsentAdminRequired]));
    assert!(little.standing.unwrap().missing_for_all.unwrap().contains(&"Mail.ReadWrite".to_owned()));
    assert!(little.findings[0].explanation.links.iter().any(|link| link.kind == "admin-consent"));
    let unknown = look(&bench, "works@proseware.example", None).await.unwrap();
    assert_eq!((unknown.verdict, causes(&unknown)), (Verdict::Limited, vec![Cause::ConsentAdminRequired]));
    assert!(!unknown.standing.unwrap().known);
    let off = look(&bench, "works@relecloud.example", None).await.unwrap();
    assert_eq!((off.verdict, causes(&off)), (Verdict::Blocked, vec![Cause::AppDisabled]));
}

#[tokio::test]
async fn a_policy_against_it_is_kept_and_without_a_client_nothing_is_claimed() {
    let forbidden = bench(|settings| settings["allowAdminCheck"] = false.into()).await;
    let refused = look(&forbidden, "works@contoso.example", None).await;
    assert!(matches!(refused, Err(EngineError::Policy("allowAdminCheck"))));
    let bare = bench(|settings| {
        settings.as_object_mut().unwrap().remove("microsoftClientId");
    })
    .await;
    let nothing = look(&bare, "works@contoso.example", None).await.unwrap();
    assert_eq!((nothing.verdict, nothing.standing), (Verdict::Inconclusive, None));
    let skipped = nothing.observations.iter().find(|seen| seen.probe == "admin-app").unwrap();
    assert!(matches!(skipped.outcome, Outcome::Skipped { .. }));
}
