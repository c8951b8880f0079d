//! The command line's contract: documents, exit codes, languages.

mod support;

use std::process::Command;

use serde_json::Value;
use support::{bench, bench_with, finish};

#[test]
fn a_healthy_account_works_and_exits_with_zero() {
    let bench = bench();
    for address in ["works@contoso.example", "works@fabrikam.example"] {
        let (code, document) = bench.document(&["check", address]);
        assert_eq!(code, 0, "{document:#}");
        assert_eq!(document["schema"], 1);
        assert_eq!(document["verdict"], "works");
        assert_eq!(document["findings"], Value::Array(vec![]));
    }
}

#[test]
fn a_blocking_cause_exits_with_one_and_carries_words_links_and_message() {
    let bench = bench();
    let arguments = ["check", "consent-admin-required@contoso.example", "--saw", "need-admin-approval"];
    let (code, document) = bench.document(&arguments);
    assert_eq!(code, 1, "{document:#}");
    let finding = &document["findings"][0];
    assert_eq!(finding["cause"], "consent-admin-required");
    assert_eq!(finding["fixer"], "admin");
    assert!(["certain", "likely", "possible"].contains(&finding["confidence"].as_str().unwrap()));
    assert!(finding["codes"].is_array());
    assert!(!finding["title"].as_str().unwrap().is_empty());
    let tenant = document["discovery"]["tenant"]["id"].as_str().unwrap();
    let links = finding["links"].as_array().unwrap();
    assert!(links.iter().any(|link| {
        let url = link["url"].as_str().unwrap();
        url.contains(tenant) && url.contains("adminconsent") && url.contains("450987b3-a09a-4f14-9b2c-4f301d1e15f5")
    }));
    let body = finding["message"]["body"].as_str().unwrap();
    for part in ["HubSpot", "450987b3-a09a-4f14-9b2c-4f301d1e15f5", "Mail.ReadWrite", "adminconsent", "Administrator"] {
        assert!(body.contains(part), "the message to IT names {part}:\n{body}");
    }
}

#[test]
fn both_languages_say_the_same_finding_in_their_own_words() {
    let bench = bench();
    let arguments = ["check", "user-not-assigned@contoso.example"];
    let (_, english) = bench.document(&[&arguments[..], &["--lang", "en"]].concat());
    let (_, japanese) = bench.document(&[&arguments[..], &["--lang", "ja"]].concat());
    assert_eq!(english["findings"][0]["cause"], "user-not-assigned");
    assert_eq!(japanese["findings"][0]["cause"], "user-not-assigned");
    let title = japanese["findings"][0]["title"].as_str().unwrap();
    assert!(title.chars().any(|c| ('\u{3040}'..='\u{30ff}').contains(&c)), "{title}");
    assert_ne!(english["findings"][0]["title"], japanese["findings"][0]["title"]);
}

#[test]
fn wrong_usage_exits_with_two() {
    let bench = bench();
    for arguments in [
        &["check", "not an address"][..],
        &["check", "ana@contoso.example", "--app", "no-such-app"],
        &["check", "ana@contoso.example", "--saw", "no-such-page"],
        &["no-such-command"],
        &["consent-link", "--tenant", "common"],
        &["causes", "show", "no-such-cause"],
    ] {
        let output = bench.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty(), "{arguments:?} says why");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_inbox-doctor"));
    command.args(["--settings", "/nonexistent/settings.json", "check", "ana@contoso.example"]);
    assert_eq!(finish(command).status.code(), Some(2));
}

#[test]
fn a_check_that_cannot_say_exits_with_three() {
    let bench = bench();
    let (code, document) = bench.document(&["check", "works@contoso.example", "--no-sign-in"]);
    assert_eq!((code, document["verdict"].as_str().unwrap()), (3, "inconclusive"));
}

#[test]
fn an_interrupt_stops_a_waiting_check_at_once_with_four() {
    let bench = bench();
    let mut child = bench
        .command(&["check", "consent-admin-required@contoso.example"])
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .spawn()
        .unwrap();
    // The check is surely under way once the practice cloud has seen the authorize request.
    let began = std::time::Instant::now();
    while !bench.cloud.requests().iter().any(|request| request.path.contains("authorize")) {
        assert!(began.elapsed().as_secs() < 20, "the sign-in never began");
        std::thread::park_timeout(std::time::Duration::from_millis(10));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let stopped = std::time::Instant::now();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(4));
    assert!(stopped.elapsed().as_secs() < 5, "a person who presses Ctrl-C does not wait");
}

#[test]
fn several_domains_give_a_line_each_in_order() {
    let bench = bench();
    let output = bench.run(&["--json", "discover", "contoso.example", "fabrikam.example"]);
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["provider"]["id"], "microsoft-365");
    assert_eq!(lines[1]["provider"]["id"], "google-workspace");
    assert!(lines.iter().all(|line| line["schema"] == 1));
}

#[test]
fn the_consent_link_finds_the_tenant_of_a_domain() {
    let bench = bench();
    let (code, by_domain) = bench.document(&["consent-link", "--domain", "contoso.example"]);
    assert_eq!(code, 0);
    let tenant = by_domain["tenant"].as_str().unwrap();
    assert_eq!(tenant.len(), 36);
    let (_, by_tenant) = bench.document(&["consent-link", "--tenant", tenant]);
    assert_eq!(by_domain["url"], by_tenant["url"]);
    assert!(by_domain["url"].as_str().unwrap().contains(tenant));
    assert!(by_domain["urlFull"].as_str().unwrap().contains("redirect_uri="));
}

#[test]
fn a_saved_report_is_masked_and_can_be_replayed() {
    let bench = bench();
    for name in ["report.json", "report.html", "report.txt"] {
        let file = bench.home.path().join(name);
        let file = file.to_str().unwrap();
        let (code, _) = bench.document(&["check", "mailbox-missing@contoso.example", "--save", file]);
        assert_eq!(code, 1);
        let text = std::fs::read_to_string(file).unwrap();
        assert!(!text.contains("mailbox-missing@"), "{name} masks the person");
        assert!(text.contains("contoso.example"), "{name} keeps the domain");
    }
    let file = bench.home.path().join("report.json");
    let (code, replayed) = bench.document(&["replay", file.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert_eq!(replayed["findings"][0]["cause"], "mailbox-missing");
    std::fs::write(&file, "{\"schema\":").unwrap();
    assert_eq!(bench.run(&["replay", file.to_str().unwrap()]).status.code(), Some(3));
}

#[test]
fn explain_reads_text_file_and_batch() {
    let bench = bench();
    let (code, document) = bench.document(&["explain", "--text", "AADSTS50105: user is not assigned to a role"]);
    assert_eq!(code, 0);
    assert_eq!(document["findings"][0]["cause"], "user-not-assigned");
    assert_eq!(document["findings"][0]["codes"][0], "AADSTS50105");
    let (code, document) = bench.document(&["explain", "--text", "the printer is out of paper"]);
    assert_eq!(code, 1);
    assert_eq!(document["findings"][0]["cause"], "unknown");
    let file = bench.home.path().join("batch.jsonl");
    std::fs::write(&file, "{\"id\":1,\"text\":\"AADSTS65001\"}\nnot json\n{\"id\":\"b\",\"text\":\"hello\"}\n")
        .unwrap();
    let output = bench.run(&["explain", "--batch", file.to_str().unwrap()]);
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "a broken line is answered too, so that the order stays");
    assert_eq!(lines[0]["id"], 1);
    assert!(lines[1]["error"].is_string());
    assert_eq!(lines[2]["findings"][0]["cause"], "unknown");
}

#[test]
fn an_answer_to_the_question_narrows_the_result() {
    let bench = bench();
    let text = "MailboxNotEnabledForRESTAPI: REST API is not yet supported for this mailbox.";
    let (_, document) = bench.document(&["explain", "--text", text]);
    assert_eq!(document["findings"][0]["cause"], "mailbox-not-in-cloud");
    let question = &document["questions"][0];
    assert_eq!(question["id"], "where-is-the-mailbox");
    for answer in question["answers"].as_array().unwrap() {
        let id = answer["id"].as_str().unwrap();
        let (code, narrowed) =
            bench.document(&["explain", "--text", text, "--answer", &format!("where-is-the-mailbox={id}")]);
        assert_eq!(code, 0);
        assert_eq!(narrowed["findings"][0]["cause"], answer["finding"]["cause"], "{id}");
        assert_eq!(narrowed["findings"][0]["codes"][0], "MailboxNotEnabledForRESTAPI", "{id}");
        assert!(narrowed["questions"].as_array().unwrap().is_empty(), "{id} is not asked again");
    }
    let asked = String::from_utf8(bench.run(&["explain", "--text", text]).stdout).unwrap();
    assert!(asked.contains("--answer where-is-the-mailbox=no-licence"), "{asked}");
    let wrong = bench.run(&["explain", "--text", text, "--answer", "where-is-the-mailbox=moon"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("where-is-the-mailbox=own-server"));
    let row = serde_json::json!({"id": 7, "text": text, "answers": ["where-is-the-mailbox=guest-account"]});
    let file = bench.home.path().join("answered.jsonl");
    std::fs::write(&file, format!("{row}\n")).unwrap();
    let output = bench.run(&["explain", "--batch", file.to_str().unwrap()]);
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["findings"][0]["cause"], "wrong-organisation");
}

#[test]
fn a_pasted_address_is_read_for_more_than_its_error() {
    let bench = bench();
    let address = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=450987b3-a09a-4f14-9b2c-4f301d1e15f5\
        &prompt=consent&scope=Mail.ReadWrite%20Files.ReadWrite.All&error=access_denied&error_subcode=cancel";
    let (_, document) = bench.document(&["explain", "--text", address]);
    let notes: Vec<&str> = document["notes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    assert_eq!(notes, ["prompt-consent", "extra-scopes"], "{document:#}");
}

#[test]
fn a_log_gives_each_finding_once_with_count_and_lines_and_a_picture_is_refused() {
    let bench = bench();
    let log = bench.home.path().join("sync.log");
    let mut text = String::new();
    for number in 0..20_000 {
        text += &format!("2026-11-24T08:00:00Z INFO worker {number} synchronised 12 messages in 31 ms\n");
    }
    text += "2026-11-24T08:00:01Z ERROR refresh failed: AADSTS50173: The provided grant has expired\n";
    text += "2026-11-24T08:00:02Z ERROR refresh failed: AADSTS50173: The provided grant has expired\n";
    std::fs::write(&log, text).unwrap();
    let (code, document) = bench.document(&["explain", log.to_str().unwrap()]);
    assert_eq!(code, 0, "{document:#}");
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings[0]["cause"], "token-revoked");
    assert_eq!((findings[0]["count"].as_u64(), findings[0]["firstLine"].as_u64()), (Some(2), Some(20_001)));
    assert_eq!(findings[0]["lastLine"], 20_002);
    assert!(!findings[0]["title"].as_str().unwrap().is_empty());
    let picture = bench.home.path().join("screen.png");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01").unwrap();
    assert_eq!(bench.run(&["explain", picture.to_str().unwrap()]).status.code(), Some(2));
    // A mail program's file in the encoding of Japanese mail.
    let mail = bench.home.path().join("mail.txt");
    let mut bytes = b"Subject: HubSpot\r\n\r\n".to_vec();
    bytes.extend_from_slice(&[0x1b, b'$', b'B', 0x34, 0x49, 0x4d, 0x7d, 0x3c, 0x54, 0x1b, b'(', b'B']);
    bytes.extend_from_slice(b" AADSTS90094\r\n");
    std::fs::write(&mail, bytes).unwrap();
    let (_, document) = bench.document(&["explain", mail.to_str().unwrap()]);
    assert_eq!(document["findings"][0]["cause"], "consent-admin-required");
}

#[test]
fn policy_shows_values_with_their_origin_and_never_a_secret() {
    let bench = bench_with(|settings| settings["helpdeskAddress"] = "it@contoso.example".into());
    let (_, document) = bench.document(&["policy", "show"]);
    let rows = document["settings"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"] == "helpdeskAddress").unwrap();
    assert_eq!((row["value"].as_str(), row["origin"].as_str()), (Some("it@contoso.example"), Some("user")));
    assert!(!document.to_string().contains("GOCSPX"));
}

#[test]
fn lists_come_without_network_or_settings() {
    for arguments in [&["causes", "list"][..], &["causes", "patterns"], &["policy", "list"], &["apps", "list"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inbox-doctor"));
        command.args(arguments);
        let output = finish(command);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_self_test_names_every_part_of_this_computer() {
    let bench = bench();
    let (_, document) = bench.document(&["self-test"]);
    let tests = document["tests"].as_array().unwrap();
    let state = |id: &str| tests.iter().find(|test| test["id"] == id).map(|test| test["state"].clone()).unwrap();
    assert_eq!(state("loopback"), "passed");
    assert_eq!(state("reach-microsoft"), "passed");
    assert_eq!(state("clock"), "passed");
    // No bus in this test's environment: said, not hidden.
    assert_eq!(state("keychain"), "failed");
}
