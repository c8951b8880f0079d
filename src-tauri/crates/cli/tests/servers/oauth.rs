//! A token of the practice cloud at the real Dovecot, which asks the practice cloud whose it is.

use serde_json::Value;

use crate::{
    HOST,
    dns_server::Zone,
    programs::{self, Certificates, Mailboxes},
    sign_in::{causes, observation},
    support::{bench, finish},
};

/// Signs in by browser and shows the token to a Dovecot with these mechanisms that wants this permission. The exit code, the
/// document, and what Dovecot wrote down.
fn ask(mechanisms: &'static str, scope: Option<&'static str>) -> (i32, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let certificates = Certificates::write(folder.path(), HOST);
    let bench = bench();
    let mut settings: Value = serde_json::from_slice(&std::fs::read(&bench.settings).unwrap()).unwrap();
    let tokens = settings["endpoints"]["google"]["oauth2"].as_str().unwrap();
    let mailboxes = Mailboxes {
        token_info: Some(format!("{tokens}/tokeninfo?access_token=")),
        scope,
        mechanisms: Some(mechanisms),
        ..Mailboxes::default()
    };
    let (dovecot, ports) = programs::dovecot(folder.path(), &certificates, &mailboxes);
    let (_exim, submission) = programs::exim(folder.path(), &certificates, true);
    let zone = Zone::default().mx("fabrikam.example", 1, "aspmx.l.google.com").a(HOST, programs::PLACE);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dns = runtime.block_on(zone.serve());
    settings["dnsServer"] = dns.address.to_string().into();
    settings["endpoints"]["google"]["imap"] = format!("{HOST}:{}", ports.imaps).into();
    settings["endpoints"]["google"]["smtp"] = format!("{HOST}:{}", submission.submissions).into();
    std::fs::write(&bench.settings, settings.to_string()).unwrap();
    let mut command = bench.command(&["--json", "servers", "works@fabrikam.example", "--oauth"]);
    command.env("SSL_CERT_FILE", &certificates.root);
    let output = finish(command);
    let text = String::from_utf8(output.stdout).unwrap();
    let everything = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!everything.contains(practice_cloud::ACCESS_CANARY), "{everything}");
    let document = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {everything}"));
    (output.status.code().unwrap(), document, dovecot.log())
}

#[test]
fn a_token_opens_the_inbox_by_both_mechanisms() {
    for (offered, name) in [("xoauth2 oauthbearer", "XOAUTH2"), ("oauthbearer", "OAUTHBEARER")] {
        let (code, document, log) = ask(offered, None);
        let signed_in = observation(&document, "imap-sign-in");
        assert_eq!(signed_in["outcome"]["facts"]["mechanism"], name, "{document:#}\n{log}");
        assert_eq!(signed_in["outcome"]["facts"]["means"], "oauth");
        assert_eq!(observation(&document, "imap-inbox")["outcome"]["facts"]["messages"], 0);
        assert!(log.contains("Login: user=<works@fabrikam.example>"), "{log}");
        // The server for sending takes no tokens, which is told and no fault of the mailbox.
        assert_eq!(observation(&document, "smtp-sign-in")["outcome"]["result"], "skipped");
        assert_eq!((code, causes(&document)), (0, Vec::new()), "{document:#}");
    }
}

#[test]
fn a_token_without_the_permission_is_refused_and_the_challenge_kept() {
    let (code, document, log) = ask("xoauth2", Some("https://mail.example/other"));
    let failure = &observation(&document, "imap-sign-in")["outcome"]["failure"];
    assert_eq!(failure["kind"], "provider-refused", "{document:#}\n{log}");
    let detail = failure["detail"].as_str().unwrap();
    assert!(detail.contains("[status "), "{detail}");
    let said = observation(&document, "imap-sign-in")["said"].to_string();
    assert!(said.contains("-- status "), "{said}");
    assert_eq!((code, causes(&document)[0]), (1, "login-rejected"), "{document:#}");
}
