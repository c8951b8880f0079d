//! Google's side, seen through plain requests.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise, in its own helpers too"
)]

mod support;

use practice_cloud::{ACCESS_CANARY, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, Part, REFRESH_CANARY};
use support::*;

#[tokio::test]
async fn a_healthy_account_goes_all_the_way() {
    let cloud = cloud(true).await;
    let answer = get(&google_address(&cloud, "works@fabrikam.example", GOOGLE_APP)).await;
    assert_eq!(answer.fields()["state"], "the state");
    let tokens = google_redeem(&cloud, &answer.code()).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let tokens = tokens.json();
    let token = text(&tokens, "access_token");
    assert!(token.starts_with(ACCESS_CANARY) && text(&tokens, "refresh_token").starts_with(REFRESH_CANARY));
    assert!(text(&tokens, "scope").contains("userinfo.email"));

    let accounts = cloud.addresses.base(Part::GoogleAccounts);
    let configuration = get(&format!("{accounts}/.well-known/openid-configuration")).await.json();
    let claims = claims(&text(&configuration, "jwks_uri"), &text(&tokens, "id_token"), GOOGLE_CLIENT_ID).await;
    assert_eq!((&claims["iss"], &claims["email"]), (&configuration["issuer"], &"works@fabrikam.example".into()));
    assert_eq!(claims["nonce"], "the-nonce");

    let (gmail, apis) = (cloud.addresses.base(Part::GoogleGmail), cloud.addresses.base(Part::GoogleApis));
    for url in [
        text(&configuration, "userinfo_endpoint"),
        format!("{gmail}/gmail/v1/users/me/profile"),
        format!("{gmail}/gmail/v1/users/me/labels"),
        format!("{gmail}/gmail/v1/users/me/messages?maxResults=1"),
        format!("{gmail}/gmail/v1/users/me/settings/sendAs"),
        format!("{apis}/calendar/v3/users/me/calendarList?maxResults=1"),
        format!("{apis}/calendar/v3/calendars/primary"),
        format!("{apis}/calendar/v3/calendars/primary/events?maxResults=1"),
    ] {
        let answer = with_token("GET", &url, &token, "").await.unwrap();
        assert_eq!(answer.status, 200, "{url}: {}", answer.body);
    }
    let renewed = google_refresh(&cloud, &text(&tokens, "refresh_token")).await;
    assert_eq!(renewed.status, 200);
    assert!(renewed.json().get("refresh_token").is_none());
}

#[tokio::test]
async fn a_revoked_sign_in_is_over() {
    let cloud = cloud(true).await;
    let code = get(&google_address(&cloud, "works@fabrikam.example", GOOGLE_IDENTITY)).await.code();
    let tokens = google_redeem(&cloud, &code).await.json();
    let refresh = text(&tokens, "refresh_token");
    let revoke = format!("{}/revoke", cloud.addresses.base(Part::GoogleOauth2));
    assert_eq!(post(&revoke, &[("token", &refresh)]).await.status, 200);
    assert_eq!(google_refresh(&cloud, &refresh).await.json()["error"], "invalid_grant");
    let url = format!("{}/v1/userinfo", cloud.addresses.base(Part::GoogleOpenid));
    assert_eq!(with_token("GET", &url, &text(&tokens, "access_token"), "").await.unwrap().status, 401);
    assert_eq!(post(&revoke, &[("token", &refresh)]).await.status, 400);
}

#[tokio::test]
async fn a_wrong_request_stops_at_a_page() {
    let cloud = cloud(true).await;
    let address = google_address(&cloud, "works@fabrikam.example", GOOGLE_IDENTITY);
    for (from, to, error) in [
        ("redirect_uri=http%3A%2F%2F127.0.0.1", "redirect_uri=http%3A%2F%2Felsewhere.example", "redirect_uri_mismatch"),
        (GOOGLE_CLIENT_ID, "other.apps.googleusercontent.com", "Error 401: invalid_client"),
        ("response_type=code", "response_type=", "Error 400: invalid_request"),
        ("code_challenge_method=S256", "code_challenge_method=plain", "Error 400: invalid_request"),
        ("scope=openid+email", "scope=openid+nonsense", "Error 400: invalid_scope"),
    ] {
        let answer = get(&address.replace(from, to)).await;
        assert_eq!(answer.page(), "error-code", "{to}");
        assert!(answer.body.contains(error), "{to}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_token_endpoint_wants_secret_proof_and_a_fresh_code() {
    let cloud = cloud(true).await;
    let url = format!("{}/token", cloud.addresses.base(Part::GoogleOauth2));
    let code = get(&google_address(&cloud, "works@fabrikam.example", GOOGLE_IDENTITY)).await.code();
    let ask = |secret: &'static str, verifier: &'static str| {
        let (url, code) = (url.clone(), code.clone());
        async move {
            post(
                &url,
                &[
                    ("client_id", GOOGLE_CLIENT_ID),
                    ("client_secret", secret),
                    ("grant_type", "authorization_code"),
                    ("code", &code),
                    ("redirect_uri", GOOGLE_REDIRECT),
                    ("code_verifier", verifier),
                ],
            )
            .await
        }
    };
    assert_eq!(ask("", VERIFIER).await.json()["error"], "invalid_request");
    assert_eq!(ask("wrong", VERIFIER).await.json()["error"], "invalid_client");
    assert_eq!(ask(GOOGLE_CLIENT_SECRET, "wrong").await.json()["error"], "invalid_grant");
    assert_eq!(ask(GOOGLE_CLIENT_SECRET, VERIFIER).await.status, 200);
    assert_eq!(ask(GOOGLE_CLIENT_SECRET, VERIFIER).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_draft_and_an_event_are_made_and_deleted() {
    let cloud = cloud(true).await;
    let code = get(&google_address(&cloud, "works@fabrikam.example", GOOGLE_APP)).await.code();
    let token = text(&google_redeem(&cloud, &code).await.json(), "access_token");
    let drafts = format!("{}/gmail/v1/users/me/drafts", cloud.addresses.base(Part::GoogleGmail));
    let events = format!("{}/calendar/v3/calendars/primary/events", cloud.addresses.base(Part::GoogleApis));
    let times = r#"{"start":{"dateTime":"2026-11-25T09:00:00Z"},"end":{"dateTime":"2026-11-25T09:30:00Z"}}"#;
    for (url, body) in [(&drafts, r#"{"message":{"raw":"U3ViamVjdDogeA0KDQp5"}}"#), (&events, times)] {
        let made = with_token("POST", url, &token, body).await.unwrap();
        assert_eq!(made.status, 200, "{}", made.body);
        assert_eq!(cloud.leftovers().len(), 1);
        let one = format!("{url}/{}", text(&made.json(), "id"));
        assert_eq!(with_token("DELETE", &one, &token, "").await.unwrap().status, 204);
        assert_eq!(with_token("DELETE", &one, &token, "").await.unwrap().status, 404);
        assert!(cloud.leftovers().is_empty());
    }
}
