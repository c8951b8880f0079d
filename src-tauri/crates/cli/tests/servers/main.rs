//! `servers` against the real Dovecot and the real Exim, which this test starts on loopback.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

// One DNS server for the tests of all crates: real packets are easy to get subtly wrong twice.
mod calendar;
#[path = "../../../net/src/testing/dns_server.rs"]
mod dns_server;
mod oauth;
mod programs;
mod sign_in;
#[path = "../support/mod.rs"]
mod support;

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use dns_server::Zone;
use programs::{Certificates, DovecotPorts, EximPorts, Mailboxes, PLACE, Server};
use serde_json::Value;
use support::{Bench, bench_with, finish};

const HOST: &str = "mail.lucerne.example";

/// Servers, names, and the program that is pointed at them.
struct Stage {
    bench: Bench,
    dovecot: (Server, DovecotPorts),
    exim: (Server, EximPorts),
    certificates: Certificates,
    _folder: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

/// The program with this zone in place of the practice cloud's; `local` may lie on this computer.
fn pointed_at(zone: Zone, local: &[String]) -> (Bench, tokio::runtime::Runtime) {
    pointed_at_with(zone, local, |_| {})
}

fn pointed_at_with(zone: Zone, local: &[String], change: impl FnOnce(&mut Value)) -> (Bench, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dns = runtime.block_on(zone.serve());
    let bench = bench_with(|settings| {
        settings["keepSignIn"] = false.into();
        settings["dnsServer"] = dns.address.to_string().into();
        settings["endpoints"]["mailServers"] = local.into();
        change(settings);
    });
    (bench, runtime)
}

fn stage(plain: bool) -> Stage {
    staged(&Mailboxes { plain, ..Mailboxes::default() }, true)
}

/// `takes_sign_ins`: whether the server for sending does.
fn staged(mailboxes: &Mailboxes, takes_sign_ins: bool) -> Stage {
    staged_with(mailboxes, takes_sign_ins, |_, _, zone, _| zone)
}

/// The same with more servers: `more` starts them, names them in the zone, and allows them to be local.
fn staged_with(
    mailboxes: &Mailboxes,
    takes_sign_ins: bool,
    more: impl FnOnce(&std::path::Path, &Certificates, Zone, &mut Vec<String>) -> Zone,
) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    // The servers' own accounts must get through.
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let certificates = Certificates::write(folder.path(), HOST);
    let dovecot = programs::dovecot(folder.path(), &certificates, mailboxes);
    let exim = programs::exim(folder.path(), &certificates, takes_sign_ins);
    let (ports, submission) = (&dovecot.1, &exim.1);
    let zone = Zone::default()
        .mx("lucerne.example", 10, "mx.lucerne.example")
        .a("mx.lucerne.example", "198.51.100.7")
        .a(HOST, PLACE)
        .srv("_imaps._tcp.lucerne.example", ports.imaps, HOST)
        .srv("_imap._tcp.lucerne.example", ports.imap, HOST)
        .srv("_pop3s._tcp.lucerne.example", ports.pop3s, HOST)
        .srv("_pop3._tcp.lucerne.example", ports.pop3, HOST)
        .srv("_submissions._tcp.lucerne.example", submission.submissions, HOST)
        .srv("_submission._tcp.lucerne.example", submission.submission, HOST);
    let all = [ports.imaps, ports.imap, ports.pop3, ports.pop3s, submission.submission, submission.submissions];
    let mut local: Vec<String> = all.iter().map(|port| format!("{HOST}:{port}")).collect();
    let zone = more(folder.path(), &certificates, zone, &mut local);
    let (bench, runtime) = pointed_at(zone, &local);
    Stage { bench, dovecot, exim, certificates, _folder: folder, _runtime: runtime }
}

impl Stage {
    fn run(&self, arguments: &[&str], trusted: bool) -> (i32, String) {
        let mut command = self.bench.command(arguments);
        if trusted {
            // What a company's own root in the computer's trust store is.
            command.env("SSL_CERT_FILE", &self.certificates.root);
        }
        let output = finish(command);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    fn document(&self, arguments: &[&str], trusted: bool) -> (i32, Value) {
        let (code, text) = self.run(&[&["--json"], arguments].concat(), trusted);
        (code, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
    }
}

/// The server of a protocol with this security.
fn server<'a>(document: &'a Value, protocol: &str, security: &str) -> &'a Value {
    let all = document["servers"].as_array().unwrap();
    all.iter()
        .find(|server| server["protocol"] == protocol && server["security"] == security)
        .unwrap_or_else(|| panic!("{protocol} {security}: {document:#}"))
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}")).iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn real_servers_are_found_by_their_records_and_tell_what_they_offer() {
    let stage = stage(false);
    let (code, document) = stage.document(&["servers", "ana@lucerne.example"], true);
    assert_eq!(code, 0, "{document:#}");
    for (protocol, security, port) in [
        ("imap", "tls", stage.dovecot.1.imaps),
        ("imap", "start-tls", stage.dovecot.1.imap),
        ("pop", "tls", stage.dovecot.1.pop3s),
        ("pop", "start-tls", stage.dovecot.1.pop3),
        ("smtp", "tls", stage.exim.1.submissions),
        ("smtp", "start-tls", stage.exim.1.submission),
    ] {
        let found = server(&document, protocol, security);
        assert_eq!(found["answer"]["result"], "answers", "{found:#}");
        assert_eq!((found["host"].as_str(), found["port"].as_u64()), (Some(HOST), Some(port.into())));
        assert_eq!((found["source"].as_str(), found["userName"].as_str()), (Some("srv"), Some("ana@lucerne.example")));
        let mechanisms = texts(&found["answer"]["mechanisms"]);
        assert!(mechanisms.contains(&"PLAIN") && mechanisms.contains(&"LOGIN"), "{protocol} {mechanisms:?}");
    }
    // Before TLS nobody may sign in; afterwards everybody may.
    let imap = &server(&document, "imap", "start-tls")["answer"];
    assert!(texts(&imap["capabilitiesBeforeTls"]).contains(&"STARTTLS"));
    assert_eq!((&imap["loginDisabledBeforeTls"], &imap["loginDisabled"]), (&true.into(), &false.into()));
    assert!(texts(&imap["mechanisms"]).contains(&"XOAUTH2"));
    let smtp = &server(&document, "smtp", "start-tls")["answer"];
    let (before, after) = (texts(&smtp["capabilitiesBeforeTls"]), texts(&smtp["capabilities"]));
    assert!(
        before.contains(&"STARTTLS") && !before.contains(&"AUTH") && after.contains(&"AUTH"),
        "{before:?} {after:?}"
    );
    // The first of each protocol is the one with TLS from the start.
    let first = document["servers"].as_array().unwrap().iter().find(|server| server["protocol"] == "imap").unwrap();
    assert_eq!(first["security"], "tls");
    // Nobody was signed in, nothing was sent.
    let log = stage.dovecot.0.log();
    assert!(log.contains("no auth attempts") && !log.contains("auth failed") && !log.contains("Login:"), "{log}");
    let log = stage.exim.0.log();
    assert!(!log.contains("<=") && !log.contains("authenticator failed"), "{log}");
}

#[test]
fn a_server_that_takes_passwords_in_clear_text_is_told_apart() {
    let stage = stage(true);
    let (_, document) = stage.document(&["servers", "lucerne.example"], true);
    let imap = &server(&document, "imap", "start-tls")["answer"];
    assert_eq!((&imap["loginDisabledBeforeTls"], &imap["loginDisabled"]), (&false.into(), &false.into()));
    assert!(server(&document, "imap", "tls").get("userName").is_none(), "no address was given");
}

#[test]
fn an_untrusted_certificate_is_no_answer() {
    let stage = stage(false);
    let (code, document) = stage.document(&["servers", "lucerne.example"], false);
    assert_eq!(code, 1);
    for found in document["servers"].as_array().unwrap() {
        assert_eq!(found["answer"]["failure"]["kind"], "tls-untrusted", "{found:#}");
    }
}

#[test]
fn the_values_to_copy_are_printed_in_both_languages() {
    let stage = stage(false);
    let address = "ana@lucerne.example";
    let (_, english) = stage.run(&["--lang", "en", "servers", address], true);
    let (_, japanese) = stage.run(&["--lang", "ja", "servers", address], true);
    for text in [&english, &japanese] {
        for part in [HOST, &stage.dovecot.1.imaps.to_string(), &stage.exim.1.submissions.to_string(), address, "PLAIN"]
        {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(!text.contains("road."), "a phrase is missing:\n{text}");
    }
    assert!(english.contains("TLS from the start") && english.contains("User name: ana@lucerne.example"), "{english}");
    assert!(japanese.contains("サーバー名: mail.lucerne.example"), "{japanese}");
}

#[test]
fn a_check_of_a_domain_with_another_host_carries_the_values() {
    let stage = stage(false);
    let (_, document) = stage.document(&["check", "ana@lucerne.example", "--no-sign-in"], true);
    let of = |probe: &str| -> Vec<Value> {
        let all = document["observations"].as_array().unwrap();
        all.iter().filter(|observation| observation["probe"] == probe).cloned().collect()
    };
    for (probe, operation) in
        [("imap-server", "imap-command"), ("smtp-server", "smtp-command"), ("pop-server", "pop-command")]
    {
        let seen = of(probe);
        assert_eq!(seen.len(), 2, "{probe}: {seen:#?}");
        for observation in seen {
            assert_eq!(observation["operation"], operation);
            let facts = &observation["outcome"]["facts"];
            assert_eq!(
                (facts["host"].as_str(), facts["source"].as_str()),
                (Some(HOST), Some("srv")),
                "{observation:#}"
            );
            assert!(facts["port"].is_u64() && facts["mechanisms"].is_array() && facts["security"].is_string());
        }
    }
    // A report to send carries them too, and masks the domain where that is asked for.
    for (name, level, shown) in [
        ("a.txt", "names", true),
        ("b.html", "names", true),
        ("c.json", "everything", false),
        ("d.txt", "everything", false),
    ] {
        let file = stage.bench.home.path().join(name);
        let path = file.to_str().unwrap();
        stage.run(&["check", "ana@lucerne.example", "--no-sign-in", "--redact", level, "--save", path], true);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("ana@"), "{name}");
        let place = format!("{HOST}:{}", stage.dovecot.1.imaps);
        assert_eq!(text.contains(&place), shown, "{name}:\n{text}");
        if name.ends_with("txt") || name.ends_with("html") {
            assert!(text.contains("(tls; srv; PLAIN LOGIN"), "{name}:\n{text}");
        }
        if !shown {
            assert!(!text.contains("lucerne"), "{name}:\n{text}");
        }
    }
    // The advice names the values, and where no server answers it does not.
    let (ports, submission) = (&stage.dovecot.1, &stage.exim.1);
    let values = format!("IMAP {HOST}:{} (SSL/TLS), SMTP {HOST}:{} (SSL/TLS)", ports.imaps, submission.submissions);
    let advice = |document: &Value| document["findings"][0]["youCanDo"].to_string();
    assert_eq!(document["findings"][0]["cause"], "provider-mismatch", "{document:#}");
    assert!(advice(&document).contains(&values) && !advice(&document).contains("help pages"), "{}", advice(&document));
    // The same check without trust has the same verdict: these servers are shown, not judged.
    let (_, untrusted) = stage.document(&["check", "ana@lucerne.example", "--no-sign-in"], false);
    assert!(!advice(&untrusted).contains(HOST) && advice(&untrusted).contains("help pages"), "{}", advice(&untrusted));
    assert_eq!(document["verdict"], untrusted["verdict"]);
    let causes = |document: &Value| -> Vec<Value> {
        document["findings"].as_array().unwrap().iter().map(|finding| finding["cause"].clone()).collect()
    };
    assert_eq!(causes(&document), causes(&untrusted));
}

#[test]
fn a_record_that_leads_out_of_the_domain_is_shown_and_not_followed() {
    let trap = TcpListener::bind((PLACE, 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    let port = trap.local_addr().unwrap().port();
    let zone = Zone::default()
        .mx("lucerne.example", 10, "mx.lucerne.example")
        .a("mx.lucerne.example", "198.51.100.7")
        .srv("_imaps._tcp.lucerne.example", port, "imap.elsewhere.example")
        .srv("_submissions._tcp.lucerne.example", port, "smtp.lucerne.example.evil.example")
        .a("imap.elsewhere.example", PLACE)
        .a("smtp.lucerne.example.evil.example", PLACE);
    let local = [format!("imap.elsewhere.example:{port}"), format!("smtp.lucerne.example.evil.example:{port}")];
    let (bench, _runtime) = pointed_at(zone, &local);
    let (code, document) = bench.document(&["servers", "lucerne.example"]);
    assert_eq!(code, 1);
    for protocol in ["imap", "smtp"] {
        assert_eq!(server(&document, protocol, "tls")["answer"]["result"], "outside", "{document:#}");
    }
    assert!(trap.accept().is_err(), "nobody was contacted");
}

#[test]
fn a_private_address_is_refused_unless_the_settings_allow_it() {
    let trap = TcpListener::bind((PLACE, 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    let port = trap.local_addr().unwrap().port();
    let zone = || {
        Zone::default()
            .mx("lucerne.example", 10, "mx.lucerne.example")
            .a("mx.lucerne.example", "198.51.100.7")
            .a(HOST, PLACE)
            .srv("_imaps._tcp.lucerne.example", port, HOST)
    };
    let (bench, _runtime) = pointed_at(zone(), &[]);
    let (_, document) = bench.document(&["servers", "lucerne.example"]);
    assert_eq!(server(&document, "imap", "tls")["answer"]["failure"]["kind"], "private-address-refused");
    assert!(trap.accept().is_err(), "nobody was contacted");
}

#[test]
fn dead_servers_cost_no_more_than_the_budget() {
    // Accepts and never says a word.
    let silent = TcpListener::bind((PLACE, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut zone = Zone::default()
        .mx("lucerne.example", 10, "mx.lucerne.example")
        .a("mx.lucerne.example", "198.51.100.7")
        .a(HOST, PLACE)
        .fault("autoconfig.lucerne.example", dns_server::Fault::Silence)
        .fault("_pop3._tcp.lucerne.example", dns_server::Fault::Silence);
    for name in ["_imaps", "_imap", "_submissions", "_submission"] {
        zone = zone.srv(&format!("{name}._tcp.lucerne.example"), port, HOST);
    }
    let (bench, _runtime) = pointed_at(zone, &[format!("{HOST}:{port}")]);
    let begun = Instant::now();
    let (_, document) = bench.document(&["check", "ana@lucerne.example", "--no-sign-in"]);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(8 + 4), "8 s for the servers, the rest for everything else: {took:?}");
    let failed = document["observations"].as_array().unwrap().iter().filter(|observation| {
        observation["probe"] == "imap-server" && observation["outcome"]["failure"]["kind"].is_string()
    });
    assert!(failed.count() >= 1, "{document:#}");
}

#[test]
fn a_domain_without_servers_is_told_so() {
    let zone = Zone::default()
        .mx("lucerne.example", 10, "mx.elsewhere.example")
        .mx("guess.example", 10, "mx.guess.example")
        .a("mx.guess.example", "198.51.100.7")
        .a("mail.guess.example", "198.51.100.8")
        .mx("nullmx.example", 0, ".");
    let (bench, _runtime) = pointed_at(zone, &[]);
    let begun = Instant::now();
    let (code, document) = bench.document(&["servers", "lucerne.example"]);
    // Not found is not the same as not there: a server may have any name.
    assert_eq!((code, document["servers"].as_array().unwrap().len()), (3, 0), "{document:#}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    let (_, document) = bench.document(&["servers", "nullmx.example"]);
    assert_eq!(document["receives"], false);
    // Usual names that exist are tried, and called what they are.
    let (code, document) = bench.document(&["servers", "guess.example"]);
    let guesses = document["servers"].as_array().unwrap();
    assert_eq!((code, guesses.len()), (1, 8), "{document:#}");
    assert!(guesses.iter().all(|server| server["source"] == "guess" && server["answer"]["result"] == "failed"));
    assert_eq!(bench.run(&["servers", "not a domain"]).status.code(), Some(2));
}
