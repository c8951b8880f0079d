//! Configuration files.

use std::{io::Write as _, net::TcpListener, time::Duration};

use inbox_model::{Domain, FailureKind, MailProtocol, MailSecurity, MailUser, Outcome};
use inbox_net::{Net, NetOptions};
use proptest::prelude::*;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::{
    autoconfig::{fetch, parse},
    xml::XmlError,
};
use crate::{Recorder, discovery::ask::Asker};

const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="contoso.example">
    <domain>contoso.example</domain>
    <incomingServer type="pop3">
      <hostname>pop.contoso.example</hostname><port>995</port><socketType>SSL</socketType>
      <username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication>
    </incomingServer>
    <incomingServer type="imap">
      <hostname> IMAP.%EMAILDOMAIN% </hostname><port>143</port><socketType>STARTTLS</socketType>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <incomingServer type="exchange"><hostname>x.contoso.example</hostname><port>443</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>192.0.2.1</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>localhost</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>imap.contoso.example</hostname><port>99999</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>imap.contoso.example</hostname><port>0</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>imap.contoso.example</hostname><port>993</port><socketType>new</socketType></incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.contoso.example</hostname><port>25</port><socketType>plain</socketType><username>DOMAIN\user</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>"#;

fn domain() -> Domain {
    Domain::parse("contoso.example").unwrap()
}

#[test]
fn servers_are_read_with_their_placeholders_and_odd_ones_left_out() {
    let servers = parse(FILE, &domain(), "file").unwrap();
    let seen: Vec<_> = servers
        .iter()
        .map(|server| (server.protocol, server.host.as_str(), server.port, server.security, server.user))
        .collect();
    assert_eq!(
        seen,
        [
            (MailProtocol::Pop, "pop.contoso.example", 995, MailSecurity::Tls, MailUser::LocalPart),
            (MailProtocol::Imap, "imap.contoso.example", 143, MailSecurity::StartTls, MailUser::Address),
            (MailProtocol::Smtp, "smtp.contoso.example", 25, MailSecurity::None, MailUser::Other),
        ]
    );
    assert!(parse(&format!("\u{feff}\n{FILE}"), &domain(), "file").is_ok(), "byte order mark and blank line");
}

#[test]
fn entities_dtds_and_other_documents_are_refused() {
    let bomb = r#"<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><clientConfig>&b;</clientConfig>"#;
    let outside = r#"<!DOCTYPE c SYSTEM "file:///etc/passwd"><clientConfig/>"#;
    let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
    let wide = format!("<clientConfig>{}</clientConfig>", "<a/>".repeat(20_000));
    for text in [bomb, outside, &deep, &wide, "", "no XML", "<clientConfig>", "<html><br></html>"] {
        let read = parse(text, &domain(), "file");
        assert!(matches!(read, Err(XmlError::Xml(_))), "{:?} {read:?}", text.get(..60));
    }
    assert_eq!(parse("<html/>", &domain(), "file"), Err(XmlError::OtherKind));
    let many = FILE.replace("<domain>contoso.example</domain>", &"<incomingServer type=\"imap\"><hostname>m.contoso.example</hostname><port>993</port><socketType>SSL</socketType></incomingServer>".repeat(50));
    assert_eq!(parse(&many, &domain(), "file").unwrap().len(), 12);
}

proptest! {
    #[test]
    fn nothing_makes_it_fail(text in "(<[a-zA-Z!?/& ;\"=]{0,20}>|\\PC{0,10}){0,20}", inside in "\\PC{0,60}", cut in 0..1500_usize) {
        let _ = parse(&text, &domain(), "file");
        let _ = parse(&format!("<clientConfig><emailProvider><incomingServer type=\"imap\"><hostname>{inside}</hostname></incomingServer></emailProvider></clientConfig>"), &domain(), "file");
        let _ = parse(FILE.get(..cut).unwrap_or(FILE), &domain(), "file");
    }
}

/// Answers one request with these bytes.
fn serving(answer: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else { return };
        let mut head = [0_u8; 2048];
        let _ = std::io::Read::read(&mut stream, &mut head);
        let _ = stream.write_all(answer.as_bytes());
    });
    port
}

#[tokio::test]
async fn only_a_file_at_the_place_itself_counts() {
    let whole = |status: &str, headers: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    };
    let rows = [
        (whole("200 OK", "", FILE), 3, None),
        (whole("404 Not Found", "", FILE), 0, None),
        (
            whole("302 Found", "Location: https://evil.example/config.xml\r\n", FILE),
            0,
            Some(FailureKind::RedirectRefused),
        ),
        (
            whole("200 OK", "Content-Type: text/html\r\n", "<!DOCTYPE html><p>Hello"),
            0,
            Some(FailureKind::BodyMalformed),
        ),
        (whole("200 OK", "", &"x".repeat(100_000)), 0, Some(FailureKind::BodyTooLarge)),
    ];
    for (answer, count, kind) in rows {
        let port = serving(answer);
        let net =
            Net::new(&NetOptions { local_hosts: vec![format!("127.0.0.1:{port}")], ..NetOptions::default() }).unwrap();
        let recorder = Recorder::default();
        let cancel = CancellationToken::new();
        let asker =
            Asker { net: &net, recorder: &recorder, until: Instant::now() + Duration::from_secs(5), cancel: &cancel };
        let found = fetch(&format!("http://127.0.0.1:{port}/mail/config-v1.1.xml"), &domain(), asker).await;
        assert_eq!(found.len(), count, "{kind:?}");
        let seen = recorder.observations().into_iter().find_map(|observation| match observation.outcome {
            Outcome::Failed { failure } => Some(failure.kind),
            _ => None,
        });
        assert_eq!(seen, kind);
    }
}
