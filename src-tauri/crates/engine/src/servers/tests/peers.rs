//! Peers that follow a script: what no healthy server says.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use inbox_model::{FailureKind, MailProtocol, MailSecurity, MailServer, MailUser, ServerSource};
use inbox_net::{Net, NetOptions};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{Recorder, probe::mail_server, servers::ServerAnswer};

/// Sends the first part at once and one more after each line that comes. Gives what was asked.
async fn play(
    protocol: MailProtocol,
    security: MailSecurity,
    parts: &[&'static str],
) -> (ServerAnswer, Vec<String>, Recorder) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (log, parts) = (heard.clone(), parts.to_vec());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        for part in parts {
            let _ = write.write_all(part.as_bytes()).await;
            match lines.next_line().await {
                Ok(Some(line)) => log.lock().unwrap().push(line),
                _ => break,
            }
        }
    });
    let net =
        Net::new(&NetOptions { local_hosts: vec![format!("localhost:{port}")], ..NetOptions::default() }).unwrap();
    let server = MailServer {
        protocol,
        source: ServerSource::Srv,
        security,
        host: "localhost".to_owned(),
        port,
        user: MailUser::Address,
        evidence: String::new(),
    };
    let recorder = Recorder::default();
    let until = Instant::now() + Duration::from_secs(3);
    let answer = mail_server::ask(&server, &net, &recorder, until, &CancellationToken::new()).await;
    let heard = heard.lock().unwrap().clone();
    (answer, heard, recorder)
}

#[tokio::test]
async fn refusals_and_strangers_have_their_kind_and_code() {
    use FailureKind::{BodyMalformed, ConnectionReset, ProviderRefused, TlsProtocol};
    use MailProtocol::{Imap, Pop, Smtp};
    use MailSecurity::{None as Plain, StartTls};
    let rows: [(MailProtocol, MailSecurity, &[&str], FailureKind, &str); 17] = [
        (Imap, Plain, &["* BYE too many connections\r\n"], ProviderRefused, ""),
        (Imap, Plain, &["* BYE [UNAVAILABLE] later\r\n"], ProviderRefused, "UNAVAILABLE"),
        (Imap, Plain, &["220 mail ESMTP\r\n"], BodyMalformed, ""),
        (Imap, Plain, &["* OK hi\r\n", "a3 BAD what\r\n"], ProviderRefused, ""),
        (Imap, Plain, &["* OK hi\r\n", "a3 OK done without telling\r\n"], BodyMalformed, ""),
        (Imap, Plain, &["* OK hi\r\n", "gibberish\r\n"], BodyMalformed, ""),
        (Imap, Plain, &["* OK hi\r\n", "* BYE\r\n"], ProviderRefused, ""),
        (Imap, StartTls, &["* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"], TlsProtocol, ""),
        (
            Imap,
            StartTls,
            &["* OK hi\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n", "a2 NO [ALERT] broken\r\n"],
            ProviderRefused,
            "ALERT",
        ),
        // Lines that come along with the agreement to TLS would count as encrypted ones.
        (
            Imap,
            StartTls,
            &[
                "* OK hi\r\n",
                "* CAPABILITY STARTTLS\r\na1 OK done\r\n",
                "a2 OK go\r\n* CAPABILITY AUTH=PLAIN\r\na3 OK\r\n",
            ],
            TlsProtocol,
            "",
        ),
        (Smtp, Plain, &["554 5.7.1 no service for you\r\n"], ProviderRefused, "554 5.7.1"),
        (Smtp, Plain, &["421 later\r\n"], ProviderRefused, "421"),
        (Smtp, Plain, &["HTTP/1.1 400 Bad Request\r\n\r\n"], BodyMalformed, ""),
        (Smtp, StartTls, &["220 hi\r\n", "250-mail\r\n250 AUTH PLAIN\r\n"], TlsProtocol, ""),
        (
            Smtp,
            StartTls,
            &["220 hi\r\n", "250-mail\r\n250 STARTTLS\r\n", "454 4.7.0 not now\r\n"],
            ProviderRefused,
            "454 4.7.0",
        ),
        (Pop, Plain, &["-ERR [SYS/PERM] no\r\n"], ProviderRefused, "SYS/PERM"),
        (Pop, Plain, &[""], ConnectionReset, ""),
    ];
    for (protocol, security, parts, kind, code) in rows {
        let parts = if parts == [""] { &[][..] } else { parts };
        let (answer, heard, recorder) = play(protocol, security, parts).await;
        let ServerAnswer::Failed { failure } = answer else { panic!("{parts:?}: {answer:?}") };
        assert_eq!(failure.kind, kind, "{parts:?} {failure:?}");
        assert_eq!(failure.codes.first().map_or("", |code| code.value.as_str()), code, "{parts:?}");
        let words: Vec<String> = heard.iter().flat_map(|line| line.split(' ').map(str::to_owned)).collect();
        for word in ["LOGIN", "AUTHENTICATE", "AUTH", "MAIL", "USER", "PASS", "ID"] {
            assert!(!words.iter().any(|said| said == word), "{heard:?}");
        }
        assert_eq!(recorder.observations().len(), 1, "one observation for one attempt");
    }
}

#[tokio::test]
async fn what_a_server_does_not_tell_is_left_out() {
    let (answer, _, recorder) =
        play(MailProtocol::Pop, MailSecurity::None, &["+OK hi\r\n", "-ERR unknown\r\n", "+OK\r\n"]).await;
    let ServerAnswer::Answers(offer) = answer else { panic!("{answer:?}") };
    assert_eq!((offer.takes_sign_ins(), offer.capabilities), (None, None));
    let written = serde_json::to_value(recorder.observations()).unwrap();
    let facts = &written[0]["outcome"]["facts"];
    assert_eq!((facts["security"].as_str(), facts["source"].as_str()), (Some("none"), Some("srv")));
    assert!(facts.get("mechanisms").is_none() && facts.get("loginDisabled").is_none(), "{facts}");
    // A list that was told and is empty is another thing: nobody can sign in.
    let parts = ["* OK hi\r\n", "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na3 OK\r\n", "* BYE\r\n"];
    let (answer, _, _) = play(MailProtocol::Imap, MailSecurity::None, &parts).await;
    let ServerAnswer::Answers(offer) = answer else { panic!("{answer:?}") };
    assert_eq!(offer.takes_sign_ins(), Some(false));
}

#[tokio::test]
async fn a_server_that_drips_ends_in_time() {
    let begun = Instant::now();
    let parts = ["* OK hi\r\n", "* CAPABILITY"];
    let (answer, _, _) = play(MailProtocol::Imap, MailSecurity::None, &parts).await;
    let ServerAnswer::Failed { failure } = answer else { panic!("{answer:?}") };
    assert_eq!(failure.kind, FailureKind::TooSlow);
    assert!(begun.elapsed() < Duration::from_secs(4));
}
