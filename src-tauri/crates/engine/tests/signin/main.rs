//! Sign-ins against a provider that answers whatever a test wants: right, wrong, hostile.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod bench;
mod key;
mod person;
mod server;

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use inbox_engine::signin::{
    Identity, Memory, Prompt, Revocation, Stopped, TokenStore, confirm_identity, refresh, sign_in, sign_out,
};
use inbox_model::{CheckEvent, CheckReply, CodeFamily, Failure, FailureKind, Outcome, PageSeen, SkipReason, Stage};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use bench::{ADDRESS, Bench, CANARY, CLIENT, SECRET, TENANT, identity_scopes, refusal, request, tokens};
use key::{OTHER_KEY, SHARED_KEY, sign_hs256_with_public_key, unsigned};
use person::Browser;
use server::Reply;

fn codes(failure: &Failure) -> Vec<&str> {
    failure.codes.iter().map(|code| code.value.as_str()).collect()
}

#[tokio::test]
async fn microsoft_is_asked_by_the_rules_and_the_grant_tells_who_it_is() {
    let bench = Bench::new().await;
    bench.server.next_token(bench.right());
    let person = bench.person(Browser::returns());
    let granted = bench.sign_in(&bench.microsoft("common"), &person).await.unwrap();

    let asked = bench.asked();
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["scope"], identity_scopes().join(" "));
    assert_eq!(asked["login_hint"], ADDRESS);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["redirect_uri"].starts_with("http://localhost:") && !asked["redirect_uri"].ends_with('/'));
    assert!(asked["state"].len() >= 22 && asked["nonce"].len() >= 22 && asked["state"] != asked["nonce"]);
    assert!(!asked.contains_key("prompt") && !asked.contains_key("access_type"));

    let form = bench.server.forms("/common/oauth2/v2.0/token").remove(0);
    assert_eq!(form["redirect_uri"], asked["redirect_uri"], "to the letter");
    assert_eq!(form["code"], format!("{CANARY}-code"));
    assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])), asked["code_challenge"]);
    assert!(!form.contains_key("client_secret"));

    let grant = &granted.grant;
    assert_eq!((grant.provider.as_str(), grant.account.as_str()), ("microsoft", "Ana@contoso.example"));
    assert_eq!((grant.subject.as_str(), grant.tenant.as_deref()), ("subject-1", Some(TENANT)));
    assert!(!grant.personal && granted.by_browser && granted.missing.is_empty());
    assert_eq!(granted.identity, Identity::Same);
    assert_eq!(grant.access_token.expose(), &format!("{CANARY}-access-1"));
    let life = grant.expires.unwrap().as_second() - jiff::Timestamp::now().as_second();
    assert!((3590..=3600).contains(&life), "{life}");

    let outcomes = bench.observations("sign-in-identity");
    assert_eq!(outcomes.len(), 2);
    let Outcome::Passed { facts } = &outcomes[1].outcome else { panic!("{outcomes:?}") };
    assert_eq!(facts["account"], "Ana@contoso.example");
    assert_eq!(facts["granted"], json!(["User.Read", "email", "openid", "profile"]));
    assert!(outcomes.iter().all(|one| !one.target.contains('?')));
    let events = person.events();
    assert!(
        matches!(&events[0], CheckEvent::WaitingForBrowser { stage: Stage::Identity, opened: true, seconds, .. } if *seconds >= 18)
    );
    assert_eq!(events.last().unwrap(), &CheckEvent::BrowserDone { stage: Stage::Identity });
}

#[tokio::test]
async fn google_is_asked_in_its_own_way() {
    let bench = Bench::new().await;
    let mut claims = bench.claims();
    claims["iss"] = "accounts.google.com".into();
    claims["email"] = ADDRESS.into();
    for field in ["tid", "preferred_username", "nbf"] {
        claims.as_object_mut().unwrap().remove(field);
    }
    bench.server.next_token(Reply::Make(Box::new(move |asked| {
        claims["nonce"] = asked["nonce"].clone().into();
        let mut answer = tokens("openid https://www.googleapis.com/auth/userinfo.email https://mail.google.com/");
        answer["id_token"] = SHARED_KEY.sign(&claims).into();
        answer
    })));
    let back = "/?iss=https%3A%2F%2Faccounts.google.com&code={code}&state={state}";
    let person = bench.person(Browser::Requests(vec![back]));
    let mut request = request(
        Stage::Identity,
        &["openid", "email", "https://mail.google.com/", "https://www.googleapis.com/auth/calendar"],
    );
    request.prompt = Some(Prompt::Consent);
    let granted = sign_in(bench.context(&person), &bench.google(), &request).await.unwrap();
    let asked = bench.asked();
    assert!(asked["redirect_uri"].starts_with("http://127.0.0.1:"));
    assert_eq!((asked["access_type"].as_str(), asked["include_granted_scopes"].as_str()), ("offline", "true"));
    assert_eq!(asked["prompt"], "consent");
    assert_eq!(bench.server.forms("/google/token")[0]["client_secret"], SECRET);
    assert_eq!((granted.identity, granted.grant.tenant), (Identity::Same, None));
    assert_eq!(granted.missing, ["https://www.googleapis.com/auth/calendar"], "one box was not ticked");
    let failure = bench.failures("sign-in-identity").pop().unwrap();
    assert_eq!(
        (failure.kind, failure.detail.as_str()),
        (FailureKind::ScopesMissing, "https://www.googleapis.com/auth/calendar")
    );
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_not_exchanged() {
    let bench = Bench::new().await;
    let person = bench.person(Browser::Requests(vec!["/?iss=https%3A%2F%2Fevil.example&code={code}&state={state}"]));
    let Err(Stopped::Failed(failure)) = bench.sign_in(&bench.google(), &person).await else { panic!() };
    assert_eq!(failure.kind, FailureKind::StateMismatch);
    assert!(bench.server.forms("/token").is_empty(), "the code went to the wrong place");
}

#[tokio::test]
async fn a_personal_account_and_a_strange_sign_in_name_are_told() {
    let bench = Bench::new().await;
    let mut claims = bench.claims();
    claims["tid"] = inbox_engine::signin::PERSONAL_TENANT.into();
    claims["iss"] = format!("{}{}/v2.0", bench.server.base("microsoft"), inbox_engine::signin::PERSONAL_TENANT).into();
    claims["preferred_username"] = "somebody@outlook.example".into();
    bench.server.next_token(bench.id_token(claims, |claims| SHARED_KEY.sign(claims)));
    let granted = bench.sign_in(&bench.microsoft("common"), &bench.person(Browser::returns())).await.unwrap();
    assert!(granted.grant.personal);
    assert_eq!(granted.identity, Identity::Unconfirmed("somebody@outlook.example".to_owned()));
    assert!(bench.failures("sign-in-identity").is_empty(), "a sign-in name alone proves nothing at Microsoft");
    let request = request(Stage::Identity, &[]);
    let aliases = ["x@contoso.example".to_owned(), "SMTP:ANA@contoso.example".to_owned()];
    assert!(confirm_identity(&bench.recorder, &request, &granted, &aliases));
    assert!(bench.failures("sign-in-identity").is_empty());
    assert!(!confirm_identity(&bench.recorder, &request, &granted, &aliases[..1]));
    let failure = bench.failures("sign-in-identity").pop().unwrap();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::IdentityMismatch, "somebody@outlook.example"));
}

#[tokio::test]
async fn hostile_answers_of_the_token_endpoint_end_in_a_definite_failure() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("organizations");
    let json_type = || "Content-Type: application/json\r\n".to_owned();
    let html = || {
        ("Content-Type: text/html\r\n".to_owned(), b"<!doctype html><html><title>Hotel Wi-Fi</title></html>".to_vec())
    };
    let whole = tokens("openid").to_string().into_bytes();
    let cases: Vec<(&str, Reply, FailureKind)> = vec![
        ("broken JSON", Reply::Raw("200 OK", json_type(), whole[..60].to_vec()), FailureKind::BodyMalformed),
        ("empty", Reply::Raw("200 OK", json_type(), Vec::new()), FailureKind::BodyMalformed),
        ("an array", Reply::Json(200, json!([])), FailureKind::BodyMalformed),
        ("no access token", Reply::Json(200, json!({"token_type": "Bearer"})), FailureKind::BodyMalformed),
        (
            "broken off",
            Reply::Raw("200 OK", json_type() + "Content-Length: 5000\r\n", whole[..60].to_vec()),
            FailureKind::BodyIncomplete,
        ),
        ("a hotel", Reply::Raw("200 OK", html().0, html().1), FailureKind::CaptivePortal),
        ("100 MB", Reply::Huge(100_000_000), FailureKind::BodyTooLarge),
        ("too many", Reply::Raw("429 Slow", "Retry-After: 17\r\n".to_owned(), Vec::new()), FailureKind::Throttled),
        ("down", Reply::Raw("503 Busy", html().0, html().1), FailureKind::ProviderUnavailable),
        ("forbidden", Reply::Raw("403 No", html().0, html().1), FailureKind::HttpStatus),
        (
            "elsewhere",
            Reply::Raw("307 Moved", "Location: http://evil.example/token\r\n".to_owned(), Vec::new()),
            FailureKind::RedirectRefused,
        ),
    ];
    for (name, reply, kind) in cases {
        let began = Instant::now();
        let failure = bench.failure_of(&provider, reply).await;
        assert_eq!(failure.kind, kind, "{name}: {failure:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{name}");
        if kind == FailureKind::Throttled {
            assert_eq!((failure.status, failure.retry_after), (Some(429), Some(17)));
        }
    }
    let failure = bench.failure_of(&provider, refusal("invalid_grant", 70_008, "bad_token", "code")).await;
    assert_eq!(codes(&failure), ["invalid_grant", "bad_token", "AADSTS70008"]);
    assert_eq!(failure.ids["trace_id"], "t-1");
}

#[tokio::test]
async fn a_token_endpoint_that_says_nothing_ends_with_the_check() {
    let bench = Bench::new().await;
    bench.server.next_token(Reply::Silence);
    let (person, provider) = (bench.person(Browser::returns()), bench.microsoft("common"));
    let cancel = async {
        while bench.server.forms("/token").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bench.cancel.cancel();
    };
    let (result, ()) = tokio::join!(bench.sign_in(&provider, &person), cancel);
    let Err(Stopped::Failed(failure)) = result else { panic!("{result:?}") };
    assert_eq!(failure.kind, FailureKind::Cancelled);
}

#[tokio::test]
async fn an_id_token_that_is_not_right_in_every_part_is_refused() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    let now = jiff::Timestamp::now().as_second();
    let with = |field: &str, value: Value| {
        let mut claims = bench.claims();
        claims[field] = value;
        claims
    };
    let without = |field: &str| {
        let mut claims = bench.claims();
        claims.as_object_mut().unwrap().remove(field);
        claims
    };
    let signed = |claims: Value| bench.id_token(claims, |claims| SHARED_KEY.sign(claims));
    let other_tenant = format!("{}22222222-2222-3333-4444-555555555555/v2.0", bench.server.base("microsoft"));
    let cases: Vec<(&str, Reply)> = vec![
        ("nonce", signed(with("nonce", "another".into()))),
        ("issuer", signed(with("iss", "https://evil.example/v2.0".into()))),
        ("issuer", signed(with("iss", other_tenant.into()))),
        ("issuer", signed(with("tid", "../evil".into()))),
        ("issuer", signed(without("tid"))),
        ("audience", signed(with("aud", "client-2".into()))),
        ("audience", signed(with("aud", json!([CLIENT, "client-2"])))),
        ("claim", signed(without("aud"))),
        ("claim", signed(without("exp"))),
        ("malformed", signed(without("sub"))),
        ("algorithm", bench.id_token(bench.claims(), sign_hs256_with_public_key)),
        ("malformed", bench.id_token(bench.claims(), unsigned)),
        ("key", bench.id_token(bench.claims(), |claims| SHARED_KEY.sign_as(None, claims))),
        ("key", bench.id_token(bench.claims(), |claims| SHARED_KEY.sign_as(Some("key-9"), claims))),
        ("key", bench.id_token(bench.claims(), |claims| SHARED_KEY.sign_as(Some("key-0"), claims))),
        ("signature", bench.id_token(bench.claims(), |claims| OTHER_KEY.sign_as(Some("key-1"), claims))),
        ("malformed", bench.id_token(bench.claims(), |_| "not.a.token".to_owned())),
        ("malformed", bench.id_token(bench.claims(), |_| String::new())),
        ("missing", Reply::Json(200, tokens("openid"))),
    ];
    for (index, (word, reply)) in cases.into_iter().enumerate() {
        let failure = bench.failure_of(&provider, reply).await;
        // Which part of several missing ones is named first is the library's business.
        let named = failure.detail == word || (word == "claim" && failure.detail == "malformed");
        assert!(failure.kind == FailureKind::IdTokenInvalid && named, "{index} {word}: {failure:?}");
    }
    let failure = bench.failure_of(&provider, signed(with("exp", (now - 7200).into()))).await;
    assert_eq!(failure.kind, FailureKind::ClockSkew, "nothing speaks for the clock: {failure:?}");
    let mut google_like = without("nbf");
    google_like["iat"] = (now + 7200).into();
    assert_eq!(bench.failure_of(&provider, signed(google_like)).await.kind, FailureKind::ClockSkew);
    let failure = bench.failure_of(&provider, signed(with("nbf", (now + 7200).into()))).await;
    assert_eq!(failure.kind, FailureKind::ClockSkew);
    assert!(failure.detail.parse::<i64>().unwrap() < -7000, "{failure:?}");
    bench.server.next_token(signed(with("exp", (now - 200).into())));
    bench.sign_in(&provider, &bench.person(Browser::returns())).await.expect("a clock may be off by five minutes");
}

#[tokio::test]
async fn the_providers_clock_decides_between_an_old_token_and_a_wrong_clock() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    for (theirs, kind) in [(0, FailureKind::IdTokenInvalid), (-7300, FailureKind::ClockSkew)] {
        let now = jiff::Timestamp::now();
        let date = now.checked_add(jiff::SignedDuration::from_secs(theirs)).unwrap();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let mut claims = bench.claims();
        claims["exp"] = (now.as_second() - 3600).into();
        claims["nonce"] = "unknown".into();
        // The nonce is only known once the page is open, and this answer is made before: refresh compares none.
        let mut answer = tokens("User.Read");
        answer["id_token"] = SHARED_KEY.sign(&claims).into();
        let head = format!("Content-Type: application/json\r\nDate: {date}\r\n");
        bench.server.next_token(Reply::Raw("200 OK", head, answer.to_string().into_bytes()));
        let stored = inbox_engine::signin::StoredSignIn {
            binding: provider.binding(),
            address: ADDRESS.to_owned(),
            tenant: None,
            refresh_token: inbox_model::Secret::new(format!("{CANARY}-refresh-0")),
        };
        let person = bench.person(Browser::Missing);
        let result = refresh(bench.context(&person), &provider, &stored, &["User.Read".to_owned()]).await;
        let Err(Stopped::Failed(failure)) = result else { panic!("{result:?}") };
        assert_eq!(failure.kind, kind, "{theirs}: {failure:?}");
    }
}

#[tokio::test]
async fn a_changed_key_is_fetched_once_more() {
    let bench = Bench::new().await;
    let with_new = json!({"keys": [OTHER_KEY.jwk()]});
    bench.server.set_keys(vec![json!({"keys": [SHARED_KEY.jwk()]}), with_new]);
    bench.server.next_token(bench.id_token(bench.claims(), |claims| OTHER_KEY.sign(claims)));
    bench.sign_in(&bench.microsoft("common"), &bench.person(Browser::returns())).await.unwrap();
    assert_eq!(bench.server.key_fetches(), 2);
    // A key that Microsoft keeps for another organisation.
    let mut foreign = SHARED_KEY.jwk();
    foreign["issuer"] = format!("{}99999999-2222-3333-4444-555555555555/v2.0", bench.server.base("microsoft")).into();
    bench.server.set_keys(vec![json!({"keys": [foreign]})]);
    let failure = bench.failure_of(&bench.microsoft("common"), bench.right()).await;
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::IdTokenInvalid, "key-issuer"));
}

#[tokio::test]
async fn repeated_reordered_and_foreign_answers_do_not_confuse_the_sign_in() {
    let bench = Bench::new().await;
    bench.server.next_token(bench.right());
    let person = bench.person(Browser::Requests(vec![
        "/favicon.ico",
        "/?code=stolen&state=another",
        "/?error=access_denied&state=another",
        "/?code={code}&state={state}",
        "/?code={code}&state={state}",
        "/?error=access_denied&state={state}",
    ]));
    bench.sign_in(&bench.microsoft("common"), &person).await.unwrap();
    assert_eq!(bench.server.forms("/token").len(), 1, "a code is used once");
}

#[tokio::test]
async fn a_refusal_on_the_way_back_keeps_its_codes_and_ids() {
    let bench = Bench::new().await;
    let back = "/?error=access_denied&error_subcode=cancel&error_description=AADSTS65004%3a+Declined+{state}.%0d%0aTrace+ID%3a+t-2%0d%0aCorrelation+ID%3a+c-2%0d%0aTimestamp%3a+2026-11-24+08%3a00%3a00Z&state={state}";
    let person = bench.person(Browser::Requests(vec![back]));
    let Err(Stopped::Failed(failure)) = bench.sign_in(&bench.microsoft("common"), &person).await else { panic!() };
    assert_eq!(failure.kind, FailureKind::ProviderRefused);
    assert_eq!(codes(&failure), ["access_denied", "cancel", "AADSTS65004"]);
    assert_eq!((failure.ids["trace_id"].as_str(), failure.ids["timestamp"].as_str()), ("t-2", "2026-11-24 08:00:00Z"));
    assert!(!failure.detail.contains(&bench.asked()["state"]), "{failure:?}");
}

#[tokio::test]
async fn every_way_of_not_coming_back_has_its_own_end() {
    let bench = Bench::new().await;
    let short = Duration::from_millis(300);
    for (browser, kind) in [
        (Browser::Requests(vec![]), FailureKind::BrowserDidNotReturn),
        (Browser::Requests(vec!["/?code=x&state=another"]), FailureKind::StateMismatch),
        (Browser::Missing, FailureKind::BrowserNotOpened),
        (
            Browser::Says(vec![CheckReply::PastedAddress { address: "http://localhost/?code=x&state=y".to_owned() }]),
            FailureKind::StateMismatch,
        ),
        (
            Browser::Says(vec![CheckReply::PastedAddress { address: "hello".to_owned() }]),
            FailureKind::BrowserDidNotReturn,
        ),
    ] {
        let person = bench.person(browser);
        let request = inbox_engine::signin::SignInRequest { wait: short, ..request(Stage::Identity, &["openid"]) };
        let result = sign_in(bench.context(&person), &bench.microsoft("common"), &request).await;
        let Err(Stopped::Failed(failure)) = result else { panic!("{result:?}") };
        assert_eq!(failure.kind, kind, "{failure:?}");
        assert_eq!(bench.failures("sign-in-identity").last().unwrap().kind, kind);
        let told = person.events().into_iter().find_map(|event| match event {
            CheckEvent::WaitingForBrowser { opened, .. } => Some(opened),
            _ => None,
        });
        assert_eq!(told, Some(kind != FailureKind::BrowserNotOpened));
    }
}

#[tokio::test]
async fn what_the_person_says_ends_or_mends_the_wait() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    let says = |reply| bench.person(Browser::Says(vec![reply]));

    let text = Some("Sorry. AADSTS90094: an admin must approve. code=abcdefghijklmnop".to_owned());
    let person = says(CheckReply::Saw { page: PageSeen::ErrorCode, text });
    let Err(Stopped::Failed(failure)) = bench.sign_in(&provider, &person).await else { panic!() };
    assert_eq!(failure.kind, FailureKind::PersonReported);
    assert_eq!(codes(&failure), ["error-code", "AADSTS90094"]);
    assert_eq!(failure.codes[0].family, CodeFamily::Vendor);

    let person = says(CheckReply::Saw { page: PageSeen::NeedAdminApproval, text: None });
    let Err(Stopped::Failed(failure)) = bench.sign_in(&provider, &person).await else { panic!() };
    assert_eq!(codes(&failure), ["need-admin-approval"]);

    let Err(Stopped::Skipped(reason)) = bench.sign_in(&provider, &says(CheckReply::SkipSignIn)).await else { panic!() };
    assert_eq!(reason, SkipReason::NoSignIn);

    bench.server.next_token(bench.right());
    let person = bench.person(Browser::SecondTry);
    bench.sign_in(&provider, &person).await.unwrap();
    assert_eq!(person.opened(), 2);

    bench.server.next_token(bench.right());
    bench.sign_in(&provider, &bench.person(Browser::Pastes("/?code={code}&state={state}#"))).await.unwrap();

    bench.cancel.cancel();
    let Err(Stopped::Failed(failure)) = bench.sign_in(&provider, &bench.person(Browser::Requests(vec![]))).await else {
        panic!()
    };
    assert_eq!(failure.kind, FailureKind::Cancelled);
}

#[tokio::test]
async fn the_apps_scopes_come_silently_where_consent_is_there() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    bench.server.next_token(bench.right());
    let granted = bench.sign_in(&provider, &bench.person(Browser::returns())).await.unwrap();

    bench.server.next_token(bench.refreshed("https://graph.microsoft.com/Mail.ReadWrite openid", 2));
    let person = bench.person(Browser::Missing);
    let extended = bench.extend(&provider, &person, &granted, &["Mail.ReadWrite", "Mail.Send"]).await.unwrap();
    assert_eq!(person.opened(), 0);
    assert!(!extended.by_browser);
    assert_eq!(extended.missing, ["Mail.Send"]);
    assert_eq!(extended.grant.refresh_token.unwrap().expose(), &format!("{CANARY}-refresh-2"), "the new one is kept");
    let form = bench.server.forms("/token").pop().unwrap();
    assert_eq!(form["grant_type"], "refresh_token");
    assert_eq!(form["scope"], "Mail.ReadWrite Mail.Send openid profile email offline_access");
    let failure = bench.failures("sign-in-app").pop().unwrap();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::ScopesMissing, "Mail.Send"));
}

#[tokio::test]
async fn the_browser_opens_for_consent_and_passes_the_claims_on() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    bench.server.next_token(bench.right());
    let granted = bench.sign_in(&provider, &bench.person(Browser::returns())).await.unwrap();

    let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let refused = json!({"error": "interaction_required", "error_description": "AADSTS50076: x", "suberror": "basic_action", "claims": claims});
    bench.server.next_token(Reply::Json(400, refused));
    bench.server.next_token(bench.right());
    let person = bench.person(Browser::returns());
    let extended = bench.extend(&provider, &person, &granted, &["User.Read"]).await.unwrap();
    assert!(extended.by_browser && extended.missing.is_empty());
    assert_eq!(bench.asked()["claims"], claims);
    let outcomes = bench.observations("sign-in-app");
    assert!(matches!(outcomes.first().unwrap().outcome, Outcome::Failed { .. }));
    assert!(matches!(outcomes.last().unwrap().outcome, Outcome::Passed { .. }));
}

#[tokio::test]
async fn the_browser_stays_closed_where_no_click_can_help() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    bench.server.next_token(bench.right());
    let granted = bench.sign_in(&provider, &bench.person(Browser::returns())).await.unwrap();
    for (error, code) in [("interaction_required", 50_105), ("invalid_grant", 53_003), ("invalid_grant", 90_094)] {
        bench.server.next_token(refusal(error, code, "", "refresh-1"));
        let person = bench.person(Browser::returns());
        let Err(Stopped::Failed(failure)) = bench.extend(&provider, &person, &granted, &["Mail.Send"]).await else {
            panic!()
        };
        assert_eq!(failure.codes.last().unwrap().value, format!("AADSTS{code}"));
        assert_eq!(person.opened(), 0);
        assert_eq!(bench.failures("sign-in-app").last(), Some(&failure));
    }
}

#[tokio::test]
async fn google_is_asked_in_the_browser_and_the_same_person_keeps_the_address() {
    let bench = Bench::new().await;
    let provider = bench.google();
    let answer = |email: Option<&str>, scope: &'static str| {
        let mut claims = bench.claims();
        claims["iss"] = "https://accounts.google.com".into();
        for field in ["tid", "preferred_username", "nbf"] {
            claims.as_object_mut().unwrap().remove(field);
        }
        if let Some(email) = email {
            claims["email"] = email.into();
        }
        Reply::Make(Box::new(move |asked| {
            claims["nonce"] = asked["nonce"].clone().into();
            let mut answer = tokens(scope);
            answer["id_token"] = SHARED_KEY.sign(&claims).into();
            answer
        }))
    };
    bench.server.next_token(answer(Some(ADDRESS), "openid email"));
    let granted = bench.sign_in(&provider, &bench.person(Browser::returns())).await.unwrap();
    // The second answer names nobody: the person is known by the subject.
    bench.server.next_token(answer(None, "openid https://mail.google.com/"));
    let person = bench.person(Browser::returns());
    let extended = bench.extend(&provider, &person, &granted, &["https://mail.google.com/"]).await.unwrap();
    assert_eq!((extended.grant.account.as_str(), &extended.identity), (ADDRESS, &Identity::Same));
    assert_eq!(person.opened(), 1);
    assert!(bench.server.forms("/token").iter().all(|form| form["grant_type"] == "authorization_code"));
    assert!(bench.failures("sign-in-app").is_empty());
    // What is granted already is renewed without a browser, and without naming scopes (RFC 6749 section 6).
    bench.server.next_token(Reply::Json(200, tokens("openid https://mail.google.com/")));
    let person = bench.person(Browser::returns());
    bench.extend(&provider, &person, &extended, &["https://mail.google.com/"]).await.unwrap();
    assert_eq!(person.opened(), 0);
    assert!(!bench.server.forms("/token").pop().unwrap().contains_key("scope"));
}

#[tokio::test]
async fn somebody_else_in_the_second_stage_is_told() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    bench.server.next_token(bench.right());
    let granted = bench.sign_in(&provider, &bench.person(Browser::returns())).await.unwrap();
    let mut claims = bench.claims();
    claims["sub"] = "subject-2".into();
    claims["preferred_username"] = "bob@contoso.example".into();
    bench.server.next_token(refusal("invalid_grant", 65_001, "consent_required", "refresh-1"));
    bench.server.next_token(bench.id_token(claims, |claims| SHARED_KEY.sign(claims)));
    let extended = bench.extend(&provider, &bench.person(Browser::returns()), &granted, &["User.Read"]).await.unwrap();
    assert_eq!(extended.identity, Identity::Other("bob@contoso.example".to_owned()));
    assert_eq!(bench.failures("sign-in-app").last().unwrap().kind, FailureKind::IdentityMismatch);
}

#[tokio::test]
async fn a_kept_sign_in_works_without_a_browser_and_only_where_it_belongs() {
    let bench = Bench::new().await;
    let provider = bench.microsoft("common");
    bench.server.next_token(bench.right());
    let granted = bench.sign_in(&provider, &bench.person(Browser::returns())).await.unwrap();
    let stored = granted.grant.to_stored(&provider).unwrap();
    let person = bench.person(Browser::Missing);
    let scopes = ["User.Read".to_owned()];

    bench.server.next_token(bench.refreshed("User.Read", 3));
    let again = refresh(bench.context(&person), &provider, &stored, &scopes).await;
    bench.assert_no_canary(&again, &person);
    let again = again.unwrap();
    assert_eq!(again.grant.refresh_token.unwrap().expose(), &format!("{CANARY}-refresh-3"));
    assert_eq!((again.grant.account.as_str(), again.identity), ("Ana@contoso.example", Identity::Same));

    // Without an ID token the person is still known by what was kept, and the second stage goes on from there.
    bench.server.next_token(Reply::Json(200, tokens("User.Read")));
    let nameless = refresh(bench.context(&person), &provider, &stored, &scopes).await.unwrap();
    assert_eq!((nameless.grant.account.as_str(), nameless.grant.subject.as_str()), ("Ana@contoso.example", ""));
    assert_eq!(nameless.grant.tenant.as_deref(), Some(TENANT));
    bench.server.next_token(bench.refreshed("Mail.Send", 4));
    let extended = bench.extend(&provider, &person, &nameless, &["Mail.Send"]).await.unwrap();
    assert_eq!((extended.grant.subject.as_str(), extended.missing.len()), ("subject-1", 0));

    bench.server.next_token(refusal("invalid_grant", 700_082, "token_expired", "refresh-1"));
    let Err(Stopped::Failed(failure)) = refresh(bench.context(&person), &provider, &stored, &scopes).await else {
        panic!()
    };
    assert_eq!(codes(&failure), ["invalid_grant", "token_expired", "AADSTS700082"]);
    assert_eq!(bench.failures("sign-in-stored").last(), Some(&failure));

    let asked = bench.server.forms("/token").len();
    let elsewhere = refresh(bench.context(&person), &bench.microsoft("other"), &stored, &scopes).await;
    assert!(matches!(elsewhere, Err(Stopped::Skipped(SkipReason::NotApplicable))));
    assert_eq!(bench.server.forms("/token").len(), asked, "the token went to another address");
    assert_eq!(person.opened(), 0);
}

#[tokio::test]
async fn signing_out_forgets_always_and_revokes_where_that_is_possible() {
    let bench = Bench::new().await;
    let store = Memory::default();
    let keep = async |provider: &inbox_engine::signin::IdentityProvider| {
        let stored = inbox_engine::signin::StoredSignIn {
            binding: provider.binding(),
            address: ADDRESS.to_owned(),
            tenant: None,
            refresh_token: inbox_model::Secret::new(format!("{CANARY}-refresh-1")),
        };
        store.save(&stored).await.unwrap();
    };
    let (google, microsoft) = (bench.google(), bench.microsoft("common"));

    keep(&google).await;
    let out = sign_out(&bench.http, &google, &store, "ANA@contoso.example", &bench.cancel).await.unwrap();
    assert_eq!((out.forgotten, out.revocation), (true, Revocation::Revoked));
    assert_eq!(bench.server.forms("/google/revoke")[0]["token"], format!("{CANARY}-refresh-1"));

    bench.server.set_revoke_status(503);
    keep(&google).await;
    let out = sign_out(&bench.http, &google, &store, ADDRESS, &bench.cancel).await.unwrap();
    assert!(out.forgotten);
    let Revocation::Failed(failure) = out.revocation else { panic!("{:?}", out.revocation) };
    assert_eq!(failure.kind, FailureKind::ProviderUnavailable);

    keep(&microsoft).await;
    let out = sign_out(&bench.http, &microsoft, &store, ADDRESS, &bench.cancel).await.unwrap();
    assert_eq!((out.forgotten, out.revocation), (true, Revocation::NotOffered));

    keep(&microsoft).await;
    let out = sign_out(&bench.http, &bench.microsoft("other"), &store, ADDRESS, &bench.cancel).await.unwrap();
    assert_eq!((out.forgotten, out.revocation), (true, Revocation::NothingKept));
    assert_eq!(store.list().await.unwrap(), []);
}
