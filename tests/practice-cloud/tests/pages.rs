//! The pages, as a person clicks through them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise, in its own helpers too"
)]

mod support;

use practice_cloud::{MICROSOFT_CLIENT_ID, Part, PracticeCloud};
use support::*;

async fn sign_in(cloud: &PracticeCloud, address: &str, scope: &str) -> (String, Answer) {
    let url = authorize_address(cloud, "organizations", address, scope);
    let first = get(&url).await;
    assert!(matches!(first.page(), "password" | "federated-sign-in"), "{}", first.body);
    assert!(first.body.contains("<title>Practice – "));
    let next =
        post(&url, &[("step", "password"), ("account", address), ("password", "x"), ("action", "sign-in")]).await;
    (url, next)
}

#[tokio::test]
async fn a_person_signs_in_from_an_empty_page() {
    let cloud = cloud(false).await;
    let url = authorize_address(&cloud, "organizations", "", IDENTITY);
    assert_eq!(get(&url).await.page(), "sign-in");
    let next = post(&url, &[("step", "email"), ("email", "works@contoso.example"), ("action", "next")]).await;
    assert_eq!(next.page(), "password");
    for id in ["id=\"password\"", "id=\"submit\"", "id=\"cancel\"", "value=\"works@contoso.example\""] {
        assert!(next.body.contains(id), "{id}");
    }
    let done = post(&url, &[("step", "password"), ("account", "works@contoso.example"), ("action", "sign-in")]).await;
    assert_eq!(redeem(&cloud, &done.code()).await.status, 200);
    let unknown = post(&url, &[("step", "password"), ("account", "nobody@contoso.example")]).await;
    assert!(unknown.body.contains("AADSTS50034"));
}

#[tokio::test]
async fn a_federated_domain_shows_its_own_page() {
    let cloud = cloud(false).await;
    let first = get(&authorize_address(&cloud, "organizations", "works@adatum.example", IDENTITY)).await;
    assert_eq!(first.page(), "federated-sign-in");
    let (_, done) = sign_in(&cloud, "works@adatum.example", APP).await;
    assert_eq!(redeem(&cloud, &done.code()).await.status, 200);
}

#[tokio::test]
async fn leaving_the_approval_page_looks_like_a_cancel() {
    let cloud = cloud(false).await;
    let (_, page) = sign_in(&cloud, "consent-admin-required@contoso.example", APP).await;
    assert_eq!(page.page(), "need-admin-approval");
    let link = page.body.split("id=\"return\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(
        link.replace("&amp;", "&"),
        format!("{MICROSOFT_REDIRECT}?error=access_denied&error_subcode=cancel&state=the+state")
    );
}

#[tokio::test]
async fn identity_scopes_need_no_administrator() {
    let cloud = cloud(false).await;
    let (_, done) = sign_in(&cloud, "consent-admin-required@contoso.example", IDENTITY).await;
    assert_eq!(redeem(&cloud, &done.code()).await.status, 200);
}

#[tokio::test]
async fn the_permission_page_is_accepted_or_declined() {
    let cloud = cloud(false).await;
    let address = "consent-user-needed@contoso.example";
    let (url, page) = sign_in(&cloud, address, APP).await;
    assert_eq!(page.page(), "permission-list");
    let declined = post(&url, &[("step", "consent"), ("account", address), ("action", "decline")]).await;
    assert!(declined.fields()["error_description"].starts_with("AADSTS65004"));
    assert_eq!(declined.fields()["error"], "access_denied");
    let accepted = post(&url, &[("step", "consent"), ("account", address), ("action", "accept")]).await;
    let tokens = redeem(&cloud, &accepted.code()).await.json();
    // From now on it goes silently.
    assert_eq!(refresh(&cloud, &text(&tokens, "refresh_token"), APP).await.status, 200);
}

#[tokio::test]
async fn a_request_for_approval_is_sent_once() {
    let cloud = cloud(false).await;
    let address = "consent-pending@contoso.example";
    let (url, page) = sign_in(&cloud, address, APP).await;
    assert_eq!(page.page(), "approval-required");
    assert!(page.body.contains("<textarea id=\"reason\""));
    let fields = [("step", "approval"), ("account", address), ("reason", "please"), ("action", "request")];
    assert_eq!(post(&url, &fields).await.page(), "request-sent");
    assert_eq!(sign_in(&cloud, address, APP).await.1.page(), "request-sent");
}

#[tokio::test]
async fn an_administrator_approves_for_everybody() {
    let cloud = cloud(true).await;
    let login = cloud.addresses.base(Part::MicrosoftLogin);
    let address = "consent-admin-required@contoso.example";
    let tokens = identity(&cloud, address).await.json();
    let token = text(&tokens, "refresh_token");
    assert_eq!(refresh(&cloud, &token, APP).await.json()["suberror"], "consent_required");

    let query = form(&[
        ("client_id", MICROSOFT_CLIENT_ID),
        ("scope", "https://graph.microsoft.com/Mail.ReadWrite https://graph.microsoft.com/Calendars.ReadWrite"),
        ("redirect_uri", MICROSOFT_REDIRECT),
        ("state", "12345"),
    ]);
    let url = format!("{login}/contoso.example/v2.0/adminconsent?{query}");
    assert_eq!(get(&url).await.page(), "admin-consent");
    let refused = post(&url, &[("action", "cancel")]).await.fields();
    assert_eq!((refused["admin_consent"].as_str(), refused["error"].as_str()), ("True", "consent_required"));
    assert_eq!(refresh(&cloud, &token, APP).await.status, 400);

    let accepted = post(&url, &[("action", "accept")]).await.fields();
    assert_eq!((accepted["admin_consent"].as_str(), accepted["state"].as_str()), ("True", "12345"));
    assert_eq!(refresh(&cloud, &token, APP).await.status, 200);
}

#[tokio::test]
async fn the_short_consent_link_of_the_target_app_works_too() {
    let cloud = cloud(false).await;
    let login = cloud.addresses.base(Part::MicrosoftLogin);
    let client = "450987b3-a09a-4f14-9b2c-4f301d1e15f5";
    let url = format!("{login}/contoso.example/adminconsent?client_id={client}");
    let page = get(&url).await;
    assert!(page.body.contains("HubSpot Sales"));
    // The browser is not led off this computer.
    assert_eq!(post(&url, &[("action", "accept")]).await.page(), "consent-granted");
    assert!(get(&format!("{login}/common/adminconsent?client_id={client}")).await.body.contains("AADSTS900561"));
    let wrong =
        format!("{login}/contoso.example/v2.0/adminconsent?client_id={client}&scope=x&redirect_uri=https://x.example/");
    assert!(get(&wrong).await.body.contains("AADSTS50011"));
}

#[tokio::test]
async fn sign_in_faults_show_on_the_sign_in_page() {
    let cloud = cloud(false).await;
    for (address, words) in [
        ("account-locked@contoso.example", "AADSTS50053"),
        ("account-disabled@contoso.example", "AADSTS50057"),
        ("account-not-found@contoso.example", "AADSTS50034"),
        ("password-expired@contoso.example", "Update your password"),
        ("tenant-restricted@contoso.example", "AADSTS500021"),
    ] {
        let (_, page) = sign_in(&cloud, address, IDENTITY).await;
        assert!(page.body.contains(words), "{address}: {}", page.body);
    }
    let (_, back) = sign_in(&cloud, "user-not-assigned@contoso.example", IDENTITY).await;
    assert_eq!(back.fields()["error"], "interaction_required");
    assert!(back.fields()["error_description"].contains("AADSTS50105"));
}

#[tokio::test]
async fn a_silent_request_never_shows_a_page() {
    let cloud = cloud(true).await;
    for (address, error) in [
        ("consent-admin-required@contoso.example", "consent_required"),
        ("mfa-required@contoso.example", "interaction_required"),
        ("nobody@contoso.example", "login_required"),
    ] {
        let url = authorize_address(&cloud, "organizations", address, APP) + "&prompt=none";
        assert_eq!(get(&url).await.fields()["error"], error, "{address}");
    }
}

#[tokio::test]
async fn google_grants_only_what_was_ticked() {
    let cloud = cloud(false).await;
    let address = "works@fabrikam.example";
    let url = google_address(&cloud, address, GOOGLE_APP);
    assert_eq!(get(&url).await.page(), "sign-in");
    let page = post(&url, &[("step", "pick"), ("account", address)]).await;
    assert_eq!(page.page(), "permission-list");
    assert!(!page.body.contains(" checked"));
    let calendar = "https://www.googleapis.com/auth/calendar";
    let fields = [("step", "consent"), ("account", address), ("scope-0", calendar), ("action", "continue")];
    let tokens = google_redeem(&cloud, &post(&url, &fields).await.code()).await.json();
    let granted = text(&tokens, "scope");
    assert!(granted.contains("/calendar") && granted.contains("openid") && !granted.contains("gmail"), "{granted}");
    let cancel = [("step", "consent"), ("account", address), ("action", "cancel")];
    assert_eq!(post(&url, &cancel).await.fields()["error"], "access_denied");
}

#[tokio::test]
async fn the_unverified_page_can_be_passed() {
    let cloud = cloud(false).await;
    let address = "not-verified@fabrikam.example";
    let url = google_address(&cloud, address, GOOGLE_APP);
    let page = post(&url, &[("step", "pick"), ("account", address)]).await;
    assert_eq!(page.page(), "app-not-verified");
    let next = post(&url, &[("step", "unverified"), ("account", address), ("action", "go-on")]).await;
    assert_eq!(next.page(), "permission-list");
    let done = post(&url, &[("step", "consent"), ("account", address), ("action", "continue")]).await;
    assert_eq!(google_redeem(&cloud, &done.code()).await.status, 200);
}

#[tokio::test]
async fn the_second_stage_finds_the_browser_signed_in() {
    let cloud = cloud(false).await;
    let (address, login) = ("consent-user-needed@contoso.example", cloud.addresses.base(Part::MicrosoftLogin));
    let (_, done) = sign_in(&cloud, address, IDENTITY).await;
    let cookie = done.header("set-cookie").split(';').next().unwrap().to_owned();
    let url = authorize_address(&cloud, "organizations", address, APP);
    let with_session = send("GET", &url, &[("cookie", &cookie)], "").await.unwrap();
    assert_eq!(with_session.page(), "permission-list");
    let other = authorize_address(&cloud, "organizations", "works@contoso.example", APP);
    assert_eq!(send("GET", &other, &[("cookie", &cookie)], "").await.unwrap().page(), "password");
    let out = get(&format!("{login}/common/oauth2/v2.0/logout")).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
}
