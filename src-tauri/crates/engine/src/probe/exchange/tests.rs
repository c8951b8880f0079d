//! Answers of Exchange servers, real ones and others.

use inbox_model::FailureKind;
use proptest::prelude::*;

use super::*;

fn headers(values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap());
    }
    headers
}

#[test]
fn challenges_are_read_from_several_headers_and_from_one() {
    // The form of an Exchange server with hybrid modern authentication (learn.microsoft.com, see `offer`).
    let read = challenges(&headers(&[
        "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", \
         token_types=\"app_asserted_user_v1\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\", error=\"invalid_token\"",
        "Negotiate",
        "NTLM",
    ]));
    assert_eq!(read.schemes, ["Bearer", "Negotiate", "NTLM"]);
    assert_eq!(read.authorization_uri.as_deref(), Some("https://login.windows.net/common/oauth2/authorize"));
    assert_eq!(challenges(&headers(&["negotiate, NTLM, basic realm=\"x\""])).schemes, ["Negotiate", "NTLM", "Basic"]);
    assert_eq!(challenges(&headers(&["", "Hoba result=\"x\""])).schemes, ["other"]);
}

const GOOD: &str = r#"<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><h:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1544" MinorBuildNumber="4" xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"/></s:Header><s:Body><m:GetFolderResponse xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages><m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Folders><t:Folder><t:FolderId Id="A" ChangeKey="B"/><t:DisplayName>Inbox</t:DisplayName><t:TotalCount>33</t:TotalCount></t:Folder></m:Folders></m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>"#;

#[test]
fn folders_and_refusals_are_read() {
    let read = parse(GOOD).unwrap();
    assert_eq!((read.code.as_str(), read.count, read.version.as_deref()), ("NoError", Some(33), Some("15.2.1544")));
    let refused = GOOD.replace("NoError", "ErrorFolderNotFound");
    assert_eq!(parse(&refused).unwrap().code, "ErrorFolderNotFound");
    let fault = "<s:Envelope xmlns:s=\"x\"><s:Body><s:Fault><faultstring>No mailbox.</faultstring><detail>\
         <e:ResponseCode xmlns:e=\"y\">ErrorNonExistentMailbox</e:ResponseCode></detail></s:Fault></s:Body></s:Envelope>";
    let read = parse(fault).unwrap();
    assert_eq!((read.code.as_str(), read.words.as_deref()), ("ErrorNonExistentMailbox", Some("No mailbox.")));
    for other in ["", "<html/>", "<Envelope/>", "<!DOCTYPE e [<!ENTITY a \"b\">]><Envelope>&a;</Envelope>"] {
        assert!(parse(other).is_err(), "{other}");
    }
}

#[test]
fn statuses_have_their_kind() {
    let of = |status, body: &str| {
        read(&Response { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }).map_err(|f| f.kind)
    };
    assert!(of(200, GOOD).is_ok());
    assert_eq!(of(401, ""), Err(FailureKind::ProviderRefused));
    assert_eq!(of(302, ""), Err(FailureKind::RedirectRefused));
    assert_eq!(of(503, ""), Err(FailureKind::ProviderUnavailable));
    assert_eq!(of(200, "<html>"), Err(FailureKind::BodyMalformed));
}

proptest! {
    #[test]
    fn nothing_makes_it_fail(text in "(<[a-zA-Z!?/& ;:\"=]{0,20}>|\\PC{0,10}){0,20}", value in "[ -~]{0,80}") {
        let _ = parse(&text);
        let _ = challenges(&headers(&[&value]));
    }
}

mod served {
    //! Against a server that follows a script.

    use std::time::Duration;

    use inbox_model::Outcome;
    use inbox_net::{Net, NetOptions};
    use tokio::time::Instant;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{
        Recorder,
        servers::autodiscover::tests::{web, whole},
    };

    /// Asks for the offer, then for the folders. What was recorded, and what the server heard.
    async fn ask(
        means: &Means,
        answer: impl Fn(&str, usize) -> String + Send + Sync + 'static,
    ) -> (Vec<inbox_model::Observation>, Vec<String>) {
        let count = std::sync::atomic::AtomicUsize::new(0);
        let (port, heard) =
            web(move |line| answer(line, count.fetch_add(1, std::sync::atomic::Ordering::SeqCst))).await;
        let net =
            Net::new(&NetOptions { local_hosts: vec![format!("127.0.0.1:{port}")], ..NetOptions::default() }).unwrap();
        let (recorder, cancel) = (Recorder::default(), CancellationToken::new());
        let asker =
            Asker { net: &net, recorder: &recorder, until: Instant::now() + Duration::from_secs(5), cancel: &cancel };
        let url = Url::parse(&format!("http://127.0.0.1:{port}/EWS/Exchange.asmx")).unwrap();
        if let Some(offer) = offer(&url, asker).await {
            folders(&offer, "ana@contoso.example", means, asker).await;
        }
        let heard = heard.lock().unwrap().clone();
        (recorder.observations(), heard)
    }

    fn password() -> Means {
        Means::Password(Secret::new("canary-password".to_owned()))
    }

    const BASIC: &str = "WWW-Authenticate: Basic realm=\"contoso\"\r\nWWW-Authenticate: Bearer client_id=\"x\"\r\n";

    #[tokio::test]
    async fn inbox_and_calendar_open_with_the_offered_sign_in() {
        for (means, head) in [(password(), "basic"), (Means::Bearer(Secret::new("canary-token".to_owned())), "bearer")]
        {
            let (seen, heard) = ask(&means, |_, number| match number {
                0 => whole("401 Unauthorized", BASIC, ""),
                _ => whole("200 OK", "Content-Type: text/xml\r\n", GOOD),
            })
            .await;
            let probes: Vec<&str> = seen.iter().map(|one| one.probe.as_str()).collect();
            assert_eq!(probes, ["ews-offer", "ews-inbox", "ews-calendar"]);
            assert!(seen.iter().all(|one| matches!(one.outcome, Outcome::Passed { .. })), "{seen:#?}");
            // The first question carries an empty token, the others what was given.
            assert!(heard[0].to_lowercase().contains("authorization: bearer"), "{}", heard[0]);
            assert!(!heard[0].contains("canary") && !heard[0].contains("Basic"));

            assert!(heard[1].to_lowercase().contains(&format!("authorization: {head} ")), "{}", heard[1]);
            assert!(heard[2].contains("Id=\"calendar\""));
            assert!(!serde_json::to_string(&seen).unwrap().contains("canary"));
        }
    }

    #[tokio::test]
    async fn a_password_goes_only_to_a_server_that_asks_for_one() {
        let windows = "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n";
        let (seen, heard) = ask(&password(), move |_, _| whole("401 Unauthorized", windows, "")).await;
        assert_eq!(heard.len(), 1, "{heard:?}");
        let Outcome::Failed { failure } = &seen[1].outcome else { panic!("{seen:?}") };
        assert_eq!(failure.codes[0].value, "password-not-offered");
        // Nothing is asked where no services answer.
        let (seen, heard) = ask(&password(), |_, _| whole("404 Not Found", "", "")).await;
        assert_eq!((seen.len(), heard.len()), (1, 1));
    }

    #[tokio::test]
    async fn a_refused_password_is_not_shown_twice() {
        let (seen, heard) = ask(&password(), |_, _| whole("401 Unauthorized", BASIC, "")).await;
        assert_eq!((seen.len(), heard.len()), (2, 2), "{seen:#?}");
        let Outcome::Failed { failure } = &seen[1].outcome else { panic!("{seen:?}") };
        assert_eq!((failure.status, failure.codes[0].value.as_str()), (Some(401), "password"));
    }

    #[tokio::test]
    async fn exchange_online_is_never_asked() {
        let net = Net::new(&NetOptions::default()).unwrap();
        let (recorder, cancel) = (Recorder::default(), CancellationToken::new());
        let asker = Asker { net: &net, recorder: &recorder, until: Instant::now(), cancel: &cancel };
        for host in ["outlook.office365.com", "outlook.office.com", "outlook.office365.us", "partner.outlook.cn"] {
            let url = Url::parse(&format!("https://{host}/EWS/Exchange.asmx")).unwrap();
            assert!(offer(&url, asker).await.is_none());
            let offered = ExchangeOffer {
                url: url.to_string(),
                challenges: Challenges { schemes: vec!["Basic".to_owned()], authorization_uri: None },
            };
            folders(&offered, "ana", &password(), asker).await;
        }
        assert!(
            recorder
                .observations()
                .iter()
                .all(|one| { one.outcome == Outcome::Skipped { because: SkipReason::NotApplicable } })
        );
    }
}
