//! Microsoft's side, seen through plain requests.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise, in its own helpers too"
)]

mod support;

use practice_cloud::{ACCESS_CANARY, MICROSOFT_CLIENT_ID, Part, REFRESH_CANARY};
use serde_json::json;
use support::*;

#[tokio::test]
async fn a_healthy_account_goes_all_the_way() {
    let cloud = cloud(true).await;
    let answer = get(&authorize_address(&cloud, "organizations", "works@contoso.example", IDENTITY)).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.fields()["state"], "the state");
    assert!(answer.header("location").starts_with(MICROSOFT_REDIRECT));

    let tokens = redeem(&cloud, &answer.code()).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let tokens = tokens.json();
    assert!(text(&tokens, "access_token").starts_with(ACCESS_CANARY));
    assert!(text(&tokens, "refresh_token").starts_with(REFRESH_CANARY));

    let login = cloud.addresses.base(Part::MicrosoftLogin);
    let configuration = get(&format!("{login}/contoso.example/v2.0/.well-known/openid-configuration")).await.json();
    let claims = claims(&text(&configuration, "jwks_uri"), &text(&tokens, "id_token"), MICROSOFT_CLIENT_ID).await;
    assert_eq!(claims["iss"], configuration["issuer"]);
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["preferred_username"], "works@contoso.example");

    let wider = refresh(&cloud, &text(&tokens, "refresh_token"), APP).await;
    assert_eq!(wider.status, 200, "{}", wider.body);
    let wider = wider.json();
    for scope in ["Mail.ReadWrite", "Mail.Send", "Calendars.Read", "Calendars.ReadWrite", "User.Read", "openid"] {
        assert!(text(&wider, "scope").split(' ').any(|granted| granted == scope), "{scope}");
    }
    let token = text(&wider, "access_token");
    for path in [
        "/oidc/userinfo",
        "/v1.0/me?$select=id,displayName,mail,userPrincipalName,onPremisesSyncEnabled",
        "/v1.0/me/licenseDetails",
        "/v1.0/me/mailFolders/inbox?$select=id,displayName",
        "/v1.0/me/messages?$top=1&$select=id",
        "/v1.0/me/calendar?$select=id,name,canEdit,owner",
        "/v1.0/me/calendarView?startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z&$top=1&$select=id",
    ] {
        let answer = graph(&cloud, &token, path).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(!answer.header("request-id").is_empty());
    }
    let me = graph(&cloud, &token, "/v1.0/me?$select=mail").await.unwrap().json();
    assert_eq!(me["mail"], "works@contoso.example");
    assert!(me.get("displayName").is_none());
    cloud.shutdown().await;
}

#[tokio::test]
async fn a_token_opens_only_what_it_was_given_for() {
    let cloud = cloud(true).await;
    let token = text(&identity(&cloud, "works@contoso.example").await.json(), "access_token");
    assert_eq!(graph(&cloud, &token, "/v1.0/me").await.unwrap().status, 200);
    let answer = graph(&cloud, &token, "/v1.0/me/mailFolders/inbox").await.unwrap();
    assert_eq!((answer.status, answer.json()["error"]["code"].clone()), (403, json!("ErrorAccessDenied")));
    let answer = graph(&cloud, "somebody-else", "/v1.0/me").await.unwrap();
    assert_eq!((answer.status, answer.json()["error"]["code"].clone()), (401, json!("InvalidAuthenticationToken")));
}

#[tokio::test]
async fn a_code_works_once_and_only_with_its_proof() {
    let cloud = cloud(true).await;
    let address = authorize_address(&cloud, "contoso.example", "works@contoso.example", IDENTITY);
    let url = format!("{}/contoso.example/oauth2/v2.0/token", cloud.addresses.base(Part::MicrosoftLogin));
    let ask = |code: String, verifier: &'static str, redirect: &'static str, secret: &'static str| {
        let url = url.clone();
        async move {
            post(
                &url,
                &[
                    ("client_id", MICROSOFT_CLIENT_ID),
                    ("grant_type", "authorization_code"),
                    ("code", &code),
                    ("redirect_uri", redirect),
                    ("code_verifier", verifier),
                    ("client_secret", secret),
                ],
            )
            .await
        }
    };
    let code = get(&address).await.code();
    for (verifier, redirect, secret, number) in [
        ("another", MICROSOFT_REDIRECT, "", 501_481),
        (VERIFIER, "http://localhost:1/", "", 50_112),
        (VERIFIER, MICROSOFT_REDIRECT, "a secret", 700_025),
    ] {
        let answer = ask(code.clone(), verifier, redirect, secret).await;
        assert_eq!(answer.json()["error_codes"], json!([number]), "{}", answer.body);
    }
    assert_eq!(ask(code.clone(), VERIFIER, MICROSOFT_REDIRECT, "").await.status, 200);
    let again = ask(code, VERIFIER, MICROSOFT_REDIRECT, "").await;
    assert_eq!((again.status, again.json()["error_codes"].clone()), (400, json!([54_005])));
}

#[tokio::test]
async fn a_wrong_request_stops_where_entra_stops_it() {
    let cloud = cloud(true).await;
    let address = authorize_address(&cloud, "organizations", "works@contoso.example", IDENTITY);
    for (from, to, number) in [
        (
            "redirect_uri=http%3A%2F%2Flocalhost%3A49152%2F",
            "redirect_uri=http%3A%2F%2Flocalhost%3A49152%2Fother",
            "AADSTS50011",
        ),
        (MICROSOFT_CLIENT_ID, "00000000-0000-0000-0000-000000000000", "AADSTS700016"),
        ("/organizations/", "/no-such-tenant.example/", "AADSTS90002"),
    ] {
        let answer = get(&address.replace(from, to)).await;
        assert_eq!((answer.status, answer.page()), (200, "error-code"), "{to}");
        assert!(answer.body.contains(number), "{to}: {}", answer.body);
    }
    let answer = get(&address.replace("code_challenge_method=S256", "code_challenge_method=plain")).await;
    assert_eq!(answer.fields()["error"], "invalid_request");
    let answer = get(&address.replace("response_type=code", "response_type=token")).await;
    assert_eq!(answer.fields()["error"], "unsupported_response_type");
}

#[tokio::test]
async fn the_configuration_is_there_for_every_kind_of_tenant() {
    let cloud = cloud(true).await;
    let login = cloud.addresses.base(Part::MicrosoftLogin);
    let of = |tenant: &str| format!("{login}/{tenant}/v2.0/.well-known/openid-configuration");
    for shared in ["common", "organizations"] {
        assert_eq!(get(&of(shared)).await.json()["issuer"], format!("{login}/{{tenantid}}/v2.0"));
    }
    let personal = get(&of("consumers")).await.json();
    assert_eq!(personal["issuer"], format!("{login}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"));
    let by_name = get(&of("tokyo.contoso.example")).await.json();
    let id = text(&by_name, "issuer").split('/').nth(3).unwrap().to_owned();
    assert_eq!(get(&of(&id)).await.json(), by_name);
    assert_eq!(get(&of("cohovineyard.example")).await.json()["cloud_instance_name"], "partner.microsoftonline.cn");
    let gone = get(&of("tailspin.example")).await;
    assert_eq!((gone.status, gone.json()["error_codes"].clone()), (400, json!([90_002])));
}

#[tokio::test]
async fn the_realm_tells_managed_from_federated() {
    let cloud = cloud(true).await;
    let login = cloud.addresses.base(Part::MicrosoftLogin);
    let of = |who: &str| format!("{login}/getuserrealm.srf?login={who}&json=1");
    let managed = get(&of("x@contoso.example")).await.json();
    assert_eq!((&managed["NameSpaceType"], &managed["FederationBrandName"]), (&json!("Managed"), &json!("Contoso")));
    let federated = get(&of("x@adatum.example")).await.json();
    assert_eq!(federated["NameSpaceType"], "Federated");
    assert!(text(&federated, "AuthURL").starts_with("https://sts.adatum.example/"));
    assert_eq!(get(&of("x@fabrikam.example")).await.json()["NameSpaceType"], "Unknown");
    assert!(
        get(&format!("{login}/getuserrealm.srf?login=x@contoso.example&xml=1")).await.body.starts_with("<RealmInfo")
    );
}

#[tokio::test]
async fn autodiscover_leads_a_hybrid_organisation_elsewhere() {
    let cloud = cloud(true).await;
    let base = cloud.addresses.base(Part::MicrosoftAutodiscover);
    let of =
        |who: &str, protocol: &str| format!("{base}/autodiscover/autodiscover.json/v1.0/{who}?Protocol={protocol}");
    let here = get(&of("works@contoso.example", "AutodiscoverV1")).await;
    assert_eq!((here.status, here.json()["Protocol"].clone()), (200, json!("AutodiscoverV1")));
    let hybrid = get(&of("x@treyresearch.example", "AutodiscoverV1")).await;
    assert_eq!(hybrid.status, 302);
    assert!(hybrid.header("location").starts_with("https://mail.treyresearch.example/"));
    assert_eq!(get(&of("works@contoso.example", "Nonsense")).await.json()["ErrorCode"], "InvalidProtocol");
}
