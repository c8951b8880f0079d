//! Autodiscover against hostile hosts, records and documents, on loopback.

use std::sync::{Arc, Mutex};

use inbox_model::Outcome;
use inbox_net::{Net, NetOptions};
use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{Recorder, servers::tests::dns_server::Zone};

fn domain() -> Domain {
    Domain::parse("contoso.example").unwrap()
}

fn address() -> EmailAddress {
    EmailAddress::parse("ana@contoso.example").unwrap()
}

/// Answers every request as `answer` says by its first line, and keeps what came.
pub(crate) async fn web(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (log, answer) = (heard.clone(), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (log, answer) = (log.clone(), answer.clone());
            tokio::spawn(async move {
                let mut bytes = vec![0_u8; 64 * 1024];
                let mut filled = 0;
                // Head and body; a body may come in a piece of its own.
                loop {
                    let count = stream.read(&mut bytes[filled..]).await.unwrap_or(0);
                    filled += count;
                    let text = String::from_utf8_lossy(&bytes[..filled]).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else {
                        if count == 0 {
                            return;
                        }
                        continue;
                    };
                    let length = head.to_lowercase().lines().find_map(|line| {
                        line.strip_prefix("content-length: ").and_then(|text| text.trim().parse::<usize>().ok())
                    });
                    if count == 0 || body.len() >= length.unwrap_or(0) {
                        log.lock().unwrap().push(text.clone());
                        let _ = stream.write_all(answer(text.lines().next().unwrap_or_default()).as_bytes()).await;
                        return;
                    }
                }
            });
        }
    });
    (port, heard)
}

pub(crate) fn whole(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// Asks one host that answers like this; gives what was told, what was recorded, and what the host heard.
async fn ask_one(
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
) -> (Told, Vec<inbox_model::Observation>, Vec<String>) {
    let (port, heard) = web(answer).await;
    let net =
        Net::new(&NetOptions { local_hosts: vec![format!("127.0.0.1:{port}")], ..NetOptions::default() }).unwrap();
    let (recorder, cancel) = (Recorder::default(), CancellationToken::new());
    let asker =
        Asker { net: &net, recorder: &recorder, until: Instant::now() + Duration::from_secs(5), cancel: &cancel };
    let base = Url::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    let told = at(&base, Some(&address()), &domain(), asker).await;
    let heard = heard.lock().unwrap().clone();
    (told, recorder.observations(), heard)
}

fn kinds(observations: &[inbox_model::Observation]) -> Vec<FailureKind> {
    let failed = observations.iter().filter_map(|observation| match &observation.outcome {
        Outcome::Failed { failure } => Some(failure.kind),
        _ => None,
    });
    failed.collect()
}

const POX: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <User><DisplayName>Ana</DisplayName></User>
    <Account><AccountType>email</AccountType><Action>settings</Action>
      <Protocol><Type>EXCH</Type><Server>x</Server><EwsUrl>https://mail.contoso.example/EWS/Exchange.asmx</EwsUrl></Protocol>
      <Protocol><Type>EXPR</Type><EwsUrl>https://evil.example/EWS/Exchange.asmx</EwsUrl></Protocol>
      <Protocol><Type>IMAP</Type><Server>imap.contoso.example</Server><Port>993</Port><SSL>on</SSL><LoginName>ana@contoso.example</LoginName></Protocol>
      <Protocol><Type>SMTP</Type><Server>smtp.contoso.example</Server><Port>587</Port><Encryption>TLS</Encryption></Protocol>
      <Protocol><Type>POP3</Type><Server>192.0.2.1</Server><Port>995</Port></Protocol>
      <Protocol><Type>IMAP</Type><Server>imap.contoso.example</Server><Port>0</Port></Protocol>
    </Account>
  </Response>
</Autodiscover>"#;

#[test]
fn settings_are_read_and_odd_ones_left_out() {
    let read = pox::parse(POX, "file").unwrap();
    let seen: Vec<_> =
        read.servers.iter().map(|server| format!("{}:{} {:?}", server.host, server.port, server.security)).collect();
    assert_eq!(seen, ["imap.contoso.example:993 Tls", "smtp.contoso.example:587 StartTls"]);
    assert_eq!(read.ews.len(), 2);
    let redirect = "<Autodiscover><Response><Account><Action>redirectAddr</Action><RedirectAddr>ana@evil.example\
         </RedirectAddr></Account></Response></Autodiscover>";
    assert_eq!(pox::parse(redirect, "").unwrap().redirect.as_deref(), Some("ana@evil.example"));
    let error = "<Autodiscover><Response><Error Time=\"1\" Id=\"2\"><ErrorCode>600</ErrorCode><Message>Invalid Request\
         </Message></Error></Response></Autodiscover>";
    assert_eq!(pox::parse(error, "").unwrap().error.as_deref(), Some("600 Invalid Request"));
    let soap = "<s:Envelope xmlns:s=\"x\"><s:Body><GetUserSettingsResponseMessage><Response><ErrorCode>NoError</ErrorCode>\
         <UserResponses><UserResponse><ErrorCode>NoError</ErrorCode><UserSettings>\
         <UserSetting><Name>InternalEwsUrl</Name><Value>https://in.contoso.example/EWS/Exchange.asmx</Value></UserSetting>\
         <UserSetting><Name>ExternalEwsUrl</Name><Value>https://out.contoso.example/EWS/Exchange.asmx</Value></UserSetting>\
         </UserSettings></UserResponse></UserResponses></Response></GetUserSettingsResponseMessage></s:Body></s:Envelope>";
    let read = soap::parse(soap).unwrap();
    assert!(read.ews[0].starts_with("https://out.") && read.error.is_none(), "{read:?}");
    let moved = soap.replacen(
        "<ErrorCode>NoError</ErrorCode><UserSettings>",
        "<ErrorCode>RedirectUrl</ErrorCode><RedirectTarget>https://evil.example/</RedirectTarget><UserSettings>",
        1,
    );
    let read = soap::parse(&moved).unwrap();
    assert_eq!((read.error.as_deref(), read.redirect.as_deref()), (Some("RedirectUrl"), Some("https://evil.example/")));
}

#[test]
fn bombs_and_other_documents_are_refused() {
    let bomb = r#"<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Autodiscover>&b;</Autodiscover>"#;
    let outside = r#"<!DOCTYPE c SYSTEM "file:///etc/passwd"><Autodiscover/>"#;
    let wide = format!("<Autodiscover>{}</Autodiscover>", "<a/>".repeat(20_000));
    let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
    for text in [bomb, outside, &wide, &deep, "", "no XML", "<html></html>"] {
        assert!(pox::parse(text, "").is_err(), "{:?}", text.get(..60));
        assert!(soap::parse(&text.replace("Autodiscover", "Envelope")).is_err(), "{:?}", text.get(..60));
    }
}

#[tokio::test]
async fn an_answer_gives_only_what_lies_inside_the_domain_and_nothing_secret_is_sent() {
    let (told, seen, heard) = ask_one(|line| {
        if line.contains("autodiscover.json") {
            whole("200 OK", "", r#"{"Protocol":"EWS","Url":"https://contoso.example.evil.example/EWS/Exchange.asmx"}"#)
        } else if line.contains(".svc") {
            whole("401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm=\"x\"\r\n", "")
        } else {
            whole("200 OK", "Content-Type: text/xml\r\n", POX)
        }
    })
    .await;
    let urls: Vec<&str> = told.ews.iter().map(Url::as_str).collect();
    assert_eq!(urls, ["https://mail.contoso.example/EWS/Exchange.asmx"]);
    assert_eq!((told.servers.len(), told.guarded.len()), (2, 1));
    assert!(kinds(&seen).is_empty(), "{seen:#?}");
    assert_eq!(heard.len(), 3);
    for request in &heard {
        let head = request.to_lowercase();
        assert!(!head.contains("authorization:") && !head.contains("cookie:"), "{request}");
    }
    // The strange place is kept as evidence.
    let written = serde_json::to_string(&seen).unwrap();
    assert!(written.contains("contoso.example.evil.example") && written.contains("\"ewsOutside\":true"), "{written}");
}

#[tokio::test]
async fn redirects_are_shown_and_never_followed() {
    // To elsewhere, and round in a circle at the same place.
    for location in ["https://evil.example/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.xml"] {
        let head = format!("Location: {location}\r\n");
        let (told, seen, heard) = ask_one(move |_| whole("302 Found", &head, "")).await;
        assert_eq!(told, Told::default());
        assert_eq!(kinds(&seen), [FailureKind::RedirectRefused; 3], "{seen:#?}");
        assert_eq!(heard.len(), 3, "each question once: {heard:?}");
    }
}

#[tokio::test]
async fn large_slow_and_broken_answers_are_bounded() {
    let (told, seen, _) = ask_one(|line| {
        let body = if line.starts_with("POST") { "x".repeat(MAX_ANSWER + 1) } else { "<html>".to_owned() };
        whole("200 OK", "", &body)
    })
    .await;
    assert_eq!(told, Told::default());
    assert_eq!(kinds(&seen), [FailureKind::BodyTooLarge; 2], "{seen:#?}");
}

#[tokio::test]
async fn the_plain_redirect_is_shown_and_tells_nobody_who_asks() {
    let (port, heard) =
        web(|_| whole("302 Found", "Location: https://autodiscover-s.outlook.com/autodiscover/\r\n", "")).await;
    let net =
        Net::new(&NetOptions { local_hosts: vec![format!("localhost:{port}")], ..NetOptions::default() }).unwrap();
    let (recorder, cancel) = (Recorder::default(), CancellationToken::new());
    let asker =
        Asker { net: &net, recorder: &recorder, until: Instant::now() + Duration::from_secs(5), cancel: &cancel };
    plain_redirect("localhost", port, &domain(), asker).await;
    let seen = recorder.observations();
    let Outcome::Passed { facts } = &seen[0].outcome else { panic!("{seen:?}") };
    assert_eq!((&facts["redirectHost"], &facts["inside"]), (&json!("autodiscover-s.outlook.com"), &json!(false)));
    let heard = heard.lock().unwrap().join("");
    assert!(!heard.contains("ana") && !heard.to_lowercase().contains("authorization"), "{heard}");
}

/// In 2021 programs went from `autodiscover.contoso.co.jp` to `autodiscover.co.jp` and gave passwords to whoever had bought it.
#[tokio::test]
async fn nothing_above_the_domain_is_asked_and_no_private_address_contacted() {
    let trap = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let port = trap.local_addr().unwrap().port();
    let zone = Zone::default()
        // One good and one private address: what rebinding comes down to at the moment of connecting.
        .a("autodiscover.contoso.co.jp", "198.51.100.7")
        .a("autodiscover.contoso.co.jp", "127.0.0.1")
        .a("contoso.co.jp", "192.168.1.1")
        .srv("_autodiscover._tcp.contoso.co.jp", 443, "autodiscover.co.jp")
        .srv("_autodiscover._tcp.contoso.co.jp", port, "autodiscover.contoso.co.jp");
    let dns = zone.serve().await;
    let net = Net::new(&NetOptions { dns_server: Some(dns.address), ..NetOptions::default() }).unwrap();
    let (recorder, cancel) = (Recorder::default(), CancellationToken::new());
    let asker =
        Asker { net: &net, recorder: &recorder, until: Instant::now() + Duration::from_secs(5), cancel: &cancel };
    let address = EmailAddress::parse("ana@contoso.co.jp").unwrap();
    let told = ask(address.domain(), Some(&address), asker).await;
    assert_eq!(told, Told::default());
    let names = dns.asked();
    let name = |asked: &String| asked.split(' ').next().unwrap().to_owned();
    assert!(names.iter().map(name).all(|name| name.ends_with("contoso.co.jp")), "{names:?}");
    let seen = recorder.observations();
    let failed = kinds(&seen);
    assert!(failed.len() >= 7 && failed.iter().all(|kind| *kind == FailureKind::PrivateAddressRefused), "{seen:#?}");
    assert!(trap.accept().is_err(), "nobody was contacted");
    // The record is shown.
    assert!(serde_json::to_string(&seen).unwrap().contains("0 0 443 autodiscover.co.jp"));
}

proptest! {
    #[test]
    fn nothing_makes_it_fail(text in "(<[a-zA-Z!?/& ;:\"=]{0,20}>|\\PC{0,10}){0,20}", cut in 0..1500_usize) {
        let _ = (pox::parse(&text, ""), soap::parse(&text), pox::parse(POX.get(..cut).unwrap_or(POX), ""));
    }
}
