//! Signing in at the real Dovecot and the real Exim with a typed password.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::{
    Stage,
    programs::{IMAP_OFF, Mailboxes, PASSWORD},
    server, stage, staged,
    support::files,
};

impl Stage {
    /// Runs with this first line on standard input.
    fn typing(&self, line: &str, arguments: &[&str]) -> Output {
        let mut command = self.bench.command(arguments);
        command
            .env("SSL_CERT_FILE", &self.certificates.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
        // The servers answer within seconds, and the program ends its waits by itself.
        child.wait_with_output().unwrap()
    }

    pub(crate) fn sign_in(&self, address: &str, password: &str, more: &[&str]) -> (i32, Value) {
        let arguments = [&["--json", "servers", address, "--password-stdin"], more].concat();
        let output = self.typing(password, &arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        let read = serde_json::from_str(&text);
        (output.status.code().unwrap(), read.unwrap_or_else(|error| panic!("{error}: {text}")))
    }
}

pub(crate) fn observation<'a>(document: &'a Value, probe: &str) -> &'a Value {
    let all = document["observations"].as_array().unwrap();
    all.iter().find(|one| one["probe"] == probe).unwrap_or_else(|| panic!("{probe}: {document:#}"))
}

pub(crate) fn causes(document: &Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().map(|finding| finding["cause"].as_str().unwrap()).collect()
}

fn said(observation: &Value) -> Vec<&str> {
    observation["said"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
}

#[test]
fn the_right_password_opens_the_inbox_and_sends_nothing() {
    let stage = stage(false);
    let (code, document) = stage.sign_in("ana@lucerne.example", PASSWORD, &[]);
    assert_eq!((code, causes(&document)), (0, Vec::new()), "{document:#}");
    let signed_in = |protocol| &server(&document, protocol, "tls")["signIn"];
    assert_eq!(signed_in("imap")["result"], "accepted", "{document:#}");
    assert_eq!((&signed_in("imap")["mechanism"], &signed_in("smtp")["mechanism"]), (&"PLAIN".into(), &"PLAIN".into()));
    assert_eq!(observation(&document, "imap-inbox")["outcome"]["facts"]["messages"], 0);
    // Word for word, in order, without the password in any form.
    let lines = said(observation(&document, "imap-sign-in"));
    let place =
        |part: &str| lines.iter().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}: {lines:#?}"));
    let order =
        ["-- TLS", "S: * OK", "C: a3 CAPABILITY", "C: a4 ID NIL", "AUTHENTICATE PLAIN ***", "EXAMINE INBOX", "LOGOUT"]
            .map(place);
    assert!(order.is_sorted(), "{lines:#?}");
    assert!(said(observation(&document, "smtp-sign-in")).iter().any(|line| line.starts_with("S: 235")));
    assert!(stage.dovecot.0.log().contains("Login: user=<ana@lucerne.example>"), "{}", stage.dovecot.0.log());
    let log = stage.exim.0.log();
    assert!(!log.contains("<="), "no mail was handed in: {log}");
}

#[test]
fn a_wrong_password_is_named_and_locks_nobody_out() {
    let stage = stage(false);
    let (code, document) = stage.sign_in("ana@lucerne.example", "canary-wrong-password", &[]);
    assert_eq!(code, 1, "{document:#}");
    assert!(causes(&document).contains(&"wrong-password"), "{document:#}");
    let failure = &observation(&document, "imap-sign-in")["outcome"]["failure"];
    assert_eq!(failure["codes"][0]["value"], "AUTHENTICATIONFAILED", "{failure:#}");
    let failure = &observation(&document, "smtp-sign-in")["outcome"]["failure"];
    assert_eq!(failure["codes"][0]["value"], "535", "{failure:#}");
    // One try at each: the others of the same protocol are left alone.
    let tries = document["observations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["probe"] == "imap-sign-in" || one["probe"] == "smtp-sign-in");
    assert_eq!(tries.count(), 2);
    let (_, japanese) = stage.run(&["--lang", "ja", "servers", "ana@lucerne.example"], true);
    assert!(!japanese.contains("road."), "{japanese}");
}

#[test]
fn a_mailbox_without_imap_is_told_apart_from_a_wrong_password() {
    let stage = stage(false);
    let (code, document) = stage.sign_in(IMAP_OFF, PASSWORD, &[]);
    assert_eq!(code, 1);
    assert_eq!(causes(&document)[0], "imap-off", "{document:#}");
    assert!(!causes(&document).contains(&"wrong-password"), "{document:#}");
}

#[test]
fn a_server_that_takes_no_sign_in_for_sending_is_named() {
    let stage = staged(&Mailboxes::default(), false);
    let (code, document) = stage.sign_in("ana@lucerne.example", PASSWORD, &[]);
    assert_eq!((code, causes(&document)), (1, vec!["smtp-auth-off"]), "{document:#}");
    assert_eq!(server(&document, "imap", "tls")["signIn"]["result"], "accepted");
    let failure = &observation(&document, "smtp-sign-in")["outcome"]["failure"];
    assert_eq!(failure["codes"][0]["value"], "auth-not-offered");
    let lines = said(observation(&document, "smtp-sign-in"));
    assert!(!lines.iter().any(|line| line.starts_with("C: AUTH")), "nothing was shown: {lines:#?}");
}

#[test]
fn a_server_that_knows_only_the_older_way_is_signed_in_to_by_that() {
    let stage = staged(&Mailboxes { mechanisms: Some("login"), ..Mailboxes::default() }, true);
    let (code, document) = stage.sign_in("ana@lucerne.example", PASSWORD, &[]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(server(&document, "imap", "tls")["signIn"]["mechanism"], "LOGIN");
    let lines = said(observation(&document, "imap-sign-in"));
    assert!(lines.contains(&"C: a5 AUTHENTICATE LOGIN"), "{lines:#?}");
}

#[test]
fn a_server_that_takes_only_tokens_gets_no_password() {
    let stage = staged(&Mailboxes { mechanisms: Some("xoauth2"), ..Mailboxes::default() }, true);
    let (_, document) = stage.sign_in("ana@lucerne.example", PASSWORD, &[]);
    assert!(causes(&document).contains(&"basic-auth-off"), "{document:#}");
    assert!(!stage.dovecot.0.log().contains("auth failed"), "{}", stage.dovecot.0.log());
}

#[test]
fn the_password_is_nowhere() {
    let stage = stage(false);
    for (password, more) in [(PASSWORD, &[][..]), ("canary-wrong-password", &["--user", "nobody"][..])] {
        for format in [&["--json"][..], &["--lang", "ja"][..]] {
            let arguments = [format, &["servers", "ana@lucerne.example", "--password-stdin"], more].concat();
            let output = stage.typing(password, &arguments);
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8(text).unwrap();
            assert!(!text.contains("canary"), "{text}");
            // Nor in base64, as PLAIN sends it.
            assert!(!text.contains("Y2FuYXJ5") && !text.contains("NhbmFye"), "{text}");
            assert!(text.contains("***") || format[0] != "--json", "{text}");
        }
    }
    for file in files(stage.bench.home.path()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("canary-p"), "{}", file.display());
    }
    // Without an address or a name nobody can sign in.
    let output = stage.typing(PASSWORD, &["servers", "lucerne.example", "--password-stdin"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stage.typing("", &["servers", "ana@lucerne.example", "--password-stdin"]).status.code(), Some(2));
}

#[test]
fn an_untrusted_server_gets_no_password() {
    let stage = stage(false);
    let mut command = stage.bench.command(&["--json", "servers", "ana@lucerne.example", "--password-stdin"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["servers"].as_array().unwrap().iter().all(|server| server.get("signIn").is_none()));
    let log = stage.dovecot.0.log();
    assert!(!log.contains("auth failed") && !log.contains("Login:"), "{log}");
}

#[test]
fn a_check_says_which_road_to_take_with_values_to_copy() {
    let stage = stage(false);
    for (password, wrong) in [(PASSWORD, false), ("canary-wrong-password", true)] {
        let report = stage.bench.home.path().join("report.json");
        let page = stage.bench.home.path().join("report.html");
        for file in [&report, &page] {
            let path = file.to_str().unwrap();
            let arguments = ["check", "ana@lucerne.example", "--no-sign-in", "--password-stdin", "--save", path];
            stage.typing(password, &arguments);
        }
        let document: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
        let road = &document["roads"][0];
        assert_eq!((&road["kind"], &road["standing"]), (&"imap".into(), &"take".into()), "{document:#}");
        let value = |name: &str| {
            let all = road["values"].as_array().unwrap();
            let found = all.iter().find(|value| value["name"] == name).map(|value| value["value"].as_str().unwrap());
            found.unwrap_or_default().to_owned()
        };
        assert_eq!(value("imap-host"), crate::HOST);
        assert_eq!(value("imap-port"), stage.dovecot.1.imaps.to_string());
        assert_eq!(value("smtp-port"), stage.exim.1.submissions.to_string());
        // Names are masked in a saved report, the rest of the address is not.
        assert_eq!(value("user-name"), "<user-1>@lucerne.example");
        assert_eq!(causes(&document).contains(&"wrong-password"), wrong, "{document:#}");
        let html = std::fs::read_to_string(&page).unwrap();
        assert!(
            html.contains(&format!("<td>{}</td>", crate::HOST)) && html.contains("EXAMINE INBOX") != wrong,
            "{html}"
        );
        assert!(!html.contains("canary") && !document.to_string().contains("canary"));
        // The same advice when the report is read again elsewhere.
        let (_, replayed) = stage.document(&["replay", report.to_str().unwrap()], true);
        assert_eq!(replayed["roads"][0]["kind"], "imap", "{replayed:#}");
        assert_eq!(replayed["roads"][0]["values"][0]["value"], crate::HOST);
        assert_eq!(causes(&replayed), causes(&document));
    }
}
