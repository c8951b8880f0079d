//! The calendar at the real Radicale, and the central database of mail servers.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::Value;

use crate::{
    HOST, Stage,
    dns_server::Zone,
    pointed_at_with,
    programs::{self, Mailboxes, PASSWORD},
    sign_in::{causes, observation},
    staged_with,
};

fn with_calendar() -> (Stage, programs::Server, u16) {
    let mut kept = None;
    let stage = staged_with(&Mailboxes::default(), true, |folder, certificates, zone, local| {
        let (server, port) = programs::radicale(folder, certificates);
        local.push(format!("{HOST}:{port}"));
        kept = Some((server, port));
        zone.srv("_caldavs._tcp.lucerne.example", port, HOST)
    });
    let (server, port) = kept.unwrap();
    (stage, server, port)
}

#[test]
fn the_calendar_is_found_by_its_record_and_opened_with_the_password() {
    let (stage, server, port) = with_calendar();
    let (_, document) = stage.document(&["servers", "ana@lucerne.example"], true);
    let calendar = &document["calendar"];
    let url = calendar["url"].as_str().unwrap_or_else(|| panic!("{document:#}"));
    assert!(url.starts_with(&format!("https://{HOST}:{port}/")), "{url}");
    assert_eq!(calendar["schemes"], serde_json::json!(["Basic"]));
    let (code, document) = stage.sign_in("ana@lucerne.example", PASSWORD, &[]);
    assert_eq!((code, causes(&document)), (0, Vec::new()), "{document:#}");
    assert_eq!(observation(&document, "caldav-calendars")["outcome"]["facts"]["calendars"], 1, "{document:#}");
    assert!(!document.to_string().contains("canary") && !server.log().contains("canary-p"));
    // A wrong password is told, once, and nothing more is asked.
    let (_, document) = stage.sign_in("ana@lucerne.example", "canary-wrong-password", &[]);
    assert_eq!(observation(&document, "caldav-principal")["outcome"]["failure"]["status"], 401, "{document:#}");
    assert!(!document.to_string().contains("caldav-home"), "{document:#}");
}

/// Answers every request with a configuration file and counts them.
fn database(hits: Arc<AtomicUsize>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut head = [0_u8; 2048];
            let count = stream.read(&mut head).unwrap_or(0);
            let asked = String::from_utf8_lossy(&head[..count]).into_owned();
            hits.fetch_add(1, Ordering::SeqCst);
            assert!(!asked.contains("ana"), "only the domain is told: {asked}");
            let body = if asked.starts_with("GET /v1.1/lucerne.example ") {
                "<clientConfig version=\"1.1\"><emailProvider id=\"x\"><incomingServer type=\"imap\">\
                 <hostname>imap.hoster.example</hostname><port>993</port><socketType>SSL</socketType>\
                 <username>%EMAILADDRESS%</username></incomingServer></emailProvider></clientConfig>"
            } else {
                ""
            };
            let status = if body.is_empty() { "404 Not Found" } else { "200 OK" };
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn the_central_database_is_asked_only_where_the_settings_allow_it() {
    for allowed in [None, Some(false), Some(true)] {
        let hits = Arc::new(AtomicUsize::new(0));
        let port = database(hits.clone());
        let zone = Zone::default()
            .mx("lucerne.example", 10, "mx.lucerne.example")
            .a("mx.lucerne.example", "198.51.100.7")
            .a("imap.hoster.example", "198.51.100.8");
        let (bench, _runtime) = pointed_at_with(zone, &[], |settings| {
            settings["endpoints"]["mailDatabase"] = format!("http://127.0.0.1:{port}/v1.1").into();
            if let Some(allowed) = allowed {
                settings["mailDatabase"] = allowed.into();
            }
        });
        let (_, document) = bench.document(&["servers", "ana@lucerne.example"]);
        let named: Vec<&Value> = document["servers"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|server| server["host"] == "imap.hoster.example")
            .collect();
        if allowed == Some(true) {
            assert_eq!((hits.load(Ordering::SeqCst), named.len()), (1, 1), "{document:#}");
            assert_eq!(named[0]["source"], "database");
            // Curated and fetched over HTTPS in earnest: the server that it names is asked (nobody answers here).
            assert_eq!(named[0]["answer"]["result"], "failed", "{document:#}");
        } else {
            assert_eq!((hits.load(Ordering::SeqCst), named.len()), (0, 0), "{allowed:?} {document:#}");
        }
    }
}
