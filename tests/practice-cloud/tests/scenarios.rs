//! Every account of the list is walked through, and must show what its cause says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise, in its own helpers too"
)]

mod support;

use practice_cloud::{ListedScenario, Part, PracticeCloud, Provider};
use serde_json::Value;
use support::*;

/// Where the browser ended, and everything that an app could see on the way.
#[derive(Debug, Default)]
struct Walk {
    page: Option<(String, String)>,
    seen: Vec<String>,
}

impl Walk {
    fn note(&mut self, place: &str, answer: &Answer) {
        self.seen.push(format!("{place} {} {}", answer.status, answer.body));
    }

    /// The code that came back, or why none did.
    fn browser(&mut self, place: &str, answer: &Answer) -> Option<String> {
        if answer.status != 302 {
            self.page = Some((answer.page().to_owned(), answer.body.clone()));
            return None;
        }
        let fields = answer.fields();
        if !fields.contains_key("code") {
            self.seen.push(format!("{place} {fields:?}"));
        }
        fields.get("code").cloned()
    }
}

async fn microsoft(cloud: &PracticeCloud, address: &str) -> Walk {
    let mut walk = Walk::default();
    let first = get(&authorize_address(cloud, "common", address, IDENTITY)).await;
    let Some(code) = walk.browser("authorize", &first) else { return walk };
    let answer = redeem(cloud, &code).await;
    walk.note("redeem", &answer);
    if answer.status != 200 {
        return walk;
    }
    let tokens = answer.json();
    walk.seen.push(format!("date {}", answer.header("date")));
    walk.seen.push(format!("identity {}", payload(&text(&tokens, "id_token"))));
    let wider = refresh(cloud, &text(&tokens, "refresh_token"), APP).await;
    walk.note("refresh", &wider);
    let token = if wider.status == 200 {
        text(&wider.json(), "access_token")
    } else {
        let second = get(&authorize_address(cloud, "common", address, APP)).await;
        let Some(code) = walk.browser("authorize", &second) else { return walk };
        text(&redeem(cloud, &code).await.json(), "access_token")
    };
    for path in [
        "/v1.0/me?$select=id,mail,userPrincipalName,onPremisesSyncEnabled",
        "/v1.0/me/licenseDetails",
        "/v1.0/me/mailFolders/inbox",
        "/v1.0/me/messages?$top=1&$select=id",
        "/v1.0/me/calendar",
        "/v1.0/me/calendarView?startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z",
    ] {
        match graph(cloud, &token, path).await {
            Ok(answer) => walk.note(path, &answer),
            Err(error) => walk.seen.push(format!("{path} broken: {error}")),
        }
    }
    let url = format!("{}/v1.0/me/sendMail", cloud.addresses.base(Part::MicrosoftGraph));
    let mail = format!(r#"{{"message":{{"toRecipients":[{{"emailAddress":{{"address":"{address}"}}}}]}}}}"#);
    match with_token("POST", &url, &token, &mail).await {
        Ok(answer) => walk.note("send", &answer),
        Err(error) => walk.seen.push(format!("send broken: {error}")),
    }
    walk
}

async fn google(cloud: &PracticeCloud, address: &str) -> Walk {
    let mut walk = Walk::default();
    for scope in [GOOGLE_IDENTITY, GOOGLE_APP] {
        let answer = get(&google_address(cloud, address, scope)).await;
        let Some(code) = walk.browser("authorize", &answer) else { return walk };
        let answer = google_redeem(cloud, &code).await;
        walk.note("redeem", &answer);
        if answer.status != 200 {
            return walk;
        }
        walk.seen.push(format!("date {}", answer.header("date")));
        walk.seen.push(format!("identity {}", payload(&text(&answer.json(), "id_token"))));
        if scope == GOOGLE_IDENTITY {
            continue;
        }
        let token = text(&answer.json(), "access_token");
        let (gmail, apis) = (cloud.addresses.base(Part::GoogleGmail), cloud.addresses.base(Part::GoogleApis));
        for (method, url, body) in [
            ("GET", format!("{gmail}/gmail/v1/users/me/labels"), ""),
            ("GET", format!("{gmail}/gmail/v1/users/me/profile"), ""),
            ("GET", format!("{apis}/calendar/v3/users/me/calendarList"), ""),
            ("POST", format!("{gmail}/gmail/v1/users/me/messages/send"), r#"{"raw":"VG86IHgNCg0KeQ"}"#),
        ] {
            match with_token(method, &url, &token, body).await {
                Ok(answer) => walk.note(&url, &answer),
                Err(error) => walk.seen.push(format!("{url} broken: {error}")),
            }
        }
    }
    walk
}

fn payload(token: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let middle = token.split('.').nth(1).unwrap_or_default();
    String::from_utf8(URL_SAFE_NO_PAD.decode(middle).unwrap()).unwrap()
}

/// What must be seen: words that only this cause gives.
fn sign_of(scenario: &ListedScenario) -> &'static str {
    let google = scenario.provider == Provider::Google;
    match (scenario.address.split('@').next().unwrap(), google) {
        ("works", _) => "",
        ("consent-admin-required" | "consent-pending" | "approval-required" | "consent-user-needed", false) => {
            "AADSTS65001"
        }
        ("consent-user-needed", true) => "wants access to your Google Account",
        ("consent-declined", false) => "AADSTS65004",
        ("consent-declined", true) => "access_denied",
        ("user-not-assigned", _) => "AADSTS50105",
        ("interaction-required", false) => "AADSTS16001",
        ("interaction-required", true) => "invalid_rapt",
        ("mfa-required", _) => "AADSTS50076",
        ("mfa-setup-required", _) => "AADSTS50079",
        ("conditional-access-blocked", _) => "AADSTS53003",
        ("device-not-compliant", _) => "AADSTS53000",
        ("app-protection-required", _) => "protection_policy_required",
        ("risk-blocked", _) => "AADSTS53004",
        ("account-locked", _) => "AADSTS50053",
        ("account-disabled", false) => "AADSTS50057",
        ("account-disabled", true) => "Account has been deleted",
        ("account-not-found", _) => "AADSTS500341",
        ("wrong-password", _) => "AADSTS50126",
        ("password-expired", _) => "user_password_expired",
        ("sign-in-cancelled", _) => "data-page=\"sign-in\"",
        ("wrong-account-type", _) => "not enabled for consumers",
        ("wrong-organisation", false) => "#EXT#",
        ("other-account", _) | ("wrong-organisation", true) => "someone.else@",
        ("tenant-restricted", false) => "AADSTS500021",
        ("tenant-restricted", true) => "ORG_RESTRICTION_VIOLATION",
        ("app-not-in-tenant", _) => "AADSTS700016",
        ("app-disabled", false) => "AADSTS7000112",
        ("app-disabled", true) => "Error 401: disabled_client",
        ("app-misconfigured", false) => "AADSTS7000218",
        ("app-misconfigured", true) => "invalid_client",
        ("app-unverified", _) => "Error 403: access_denied",
        ("not-verified", _) => "hasn&#39;t verified this app",
        ("app-blocked-by-admin", _) => "Error 400: admin_policy_enforced",
        ("advanced-protection", _) => "Error 400: policy_enforced",
        ("federation-failed", _) => "AADSTS50008",
        ("token-expired", false) => "AADSTS700082",
        ("token-expired", true) => "ACCESS_TOKEN_EXPIRED",
        ("token-revoked", false) => "AADSTS50173",
        ("token-revoked", true) => "Token has been expired or revoked.",
        ("token-invalid", _) => "CompactToken parsing failed",
        ("licence-missing" | "provider-mismatch", _) => "POWER_BI_STANDARD",
        ("mailbox-missing", false) => "ErrorNonExistentMailbox",
        ("mailbox-missing", true) => "Precondition check failed.",
        ("mailbox-not-in-cloud", _) => "\"onPremisesSyncEnabled\":true",
        ("mailbox-moving", _) => "ErrorMailboxMoveInProgress",
        ("mailbox-full", _) => "507 {\"error\":{\"code\":\"ErrorQuotaExceeded\"",
        ("primary-alias-foreign", _) => "outlook_28CABF904928312D@outlook.com",
        ("permission-missing", false) => "\"scope\":\"Calendars.Read User.Read",
        ("permission-missing", true) => "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        ("access-denied", _) => "Check credentials and try again.",
        ("app-access-policy", _) => "[RAOP]",
        ("calendar-missing", false) => "ErrorNoCalendar",
        ("calendar-missing", true) | ("calendar-off", _) => "notACalendarUser",
        ("item-not-found", _) => "ErrorItemNotFound",
        ("throttled", _) => " 429 ",
        ("provider-outage", _) => " 503 ",
        ("send-refused", _) => "ErrorSendAsDenied",
        ("sending-limit", _) => "ErrorSubmissionQuotaExceeded",
        ("network-captive-portal", _) => "captive-portal",
        ("network-unreachable", _) => "broken:",
        ("service-off", _) => "Mail service not enabled",
        ("api-off", _) => "SERVICE_DISABLED",
        ("clock-wrong", _) => "date ",
        ("tenant-not-found", _) => "AADSTS90002",
        (other, _) => panic!("no sign is written down for {other}"),
    }
}

#[tokio::test]
async fn every_account_shows_what_its_cause_says() {
    let cloud = cloud(true).await;
    let mut walked = 0;
    for scenario in cloud.scenarios() {
        let walk = match scenario.provider {
            Provider::Microsoft => microsoft(&cloud, &scenario.address).await,
            Provider::Google => google(&cloud, &scenario.address).await,
            Provider::Other => continue,
        };
        walked += 1;
        let page = walk.page.clone().unwrap_or_default();
        let all = format!("{}\n{}", walk.seen.join("\n"), page.1);
        assert!(all.contains(sign_of(&scenario)), "{}: {all}", scenario.address);
        assert_eq!(scenario.returns, walk.page.is_none(), "{}: {}", scenario.address, page.0);
        if let Some(expected) = &scenario.page {
            assert_eq!(expected, &page.0, "{}", scenario.address);
        }
        if let Some(words) = &scenario.page_text {
            assert!(page.1.contains(words), "{}: {words} is not in {}", scenario.address, page.1);
        }
        let errors = walk.seen.iter().filter(|line| line.contains("\"error\"") || line.contains("broken")).count();
        match scenario.cause.as_str() {
            "works" => assert_eq!(errors, 0, "{}: {all}", scenario.address),
            "clock-wrong" => assert!(hours_ahead(&walk) > 6, "{}: {all}", scenario.address),
            _ => assert!(hours_ahead(&walk) == 0, "{}: {all}", scenario.address),
        }
        if scenario.write_test {
            assert_eq!(errors, 1, "{}: only sending fails: {all}", scenario.address);
        }
    }
    assert!(walked > 75, "{walked}");
    cloud.shutdown().await;
}

/// How far the provider's clock is ahead in the first token answer, in whole hours.
fn hours_ahead(walk: &Walk) -> i64 {
    let Some(date) = walk.seen.iter().find_map(|line| line.strip_prefix("date ")) else { return 0 };
    let time = jiff::fmt::rfc2822::parse(date).unwrap().timestamp();
    // A run that crosses a full second must not count as an hour.
    (time.as_second() - jiff::Timestamp::now().as_second() + 60) / 3600
}

#[tokio::test]
async fn the_clock_of_the_id_token_is_wrong_too() {
    let cloud = cloud(true).await;
    let tokens = identity(&cloud, "clock-wrong@contoso.example").await.json();
    let claims: Value = serde_json::from_str(&payload(&text(&tokens, "id_token"))).unwrap();
    assert!(claims["nbf"].as_i64().unwrap() > jiff::Timestamp::now().as_second() + 6 * 3600);
}

#[tokio::test]
async fn requests_are_recorded_without_their_secrets() {
    let cloud = cloud(true).await;
    let tokens = identity(&cloud, "works@contoso.example").await.json();
    let access = text(&tokens, "access_token");
    graph(&cloud, &access, "/v1.0/me").await.unwrap();
    let requests = cloud.requests();
    let parts: Vec<Part> = requests.iter().map(|request| request.part).collect();
    assert_eq!(parts, [Part::MicrosoftLogin, Part::MicrosoftLogin, Part::MicrosoftGraph]);
    assert_eq!(requests[2].authorization.as_deref(), Some("Bearer"));
    assert!(requests.iter().all(|request| !request.token_out_of_place));
    let written = serde_json::to_string(&requests).unwrap();
    for secret in [access.as_str(), VERIFIER, "canary-"] {
        assert!(!written.contains(secret), "{secret}");
    }
    // A token in an address shows.
    get(&format!("{}/v1.0/me?access_token={access}", cloud.addresses.base(Part::MicrosoftGraph))).await;
    assert!(cloud.requests()[3].token_out_of_place);
}
