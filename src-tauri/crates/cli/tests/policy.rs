//! The program under real policies: `/etc` is a folder of the test's own, in a mount namespace.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

/// Runs the program where these are the policies of the computer. `home` holds the person's settings.
fn under(home: &Path, managed: &str, recommended: &str, arguments: &[&str]) -> Output {
    let policies = home.join("policies");
    for (folder, text) in [("managed", managed), ("recommended", recommended)] {
        std::fs::create_dir_all(policies.join(folder)).unwrap();
        std::fs::write(policies.join(folder).join("1.json"), text).unwrap();
    }
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs none /etc && mkdir /etc/inbox-doctor && cp -r \"$0\" /etc/inbox-doctor/policies && exec \"$@\"")
        .arg(&policies)
        .arg(env!("CARGO_BIN_EXE_inbox-doctor"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home);
    command.output().unwrap()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    })
}

fn row<'a>(document: &'a Value, key: &str) -> &'a Value {
    document["settings"].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap()
}

#[test]
fn policies_of_the_computer_count_and_broken_ones_narrow() {
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join("mine.json");
    std::fs::write(&settings, r#"{"allowWriteTest":true,"helpdeskName":"Mine","language":"en","theme":"dark"}"#)
        .unwrap();
    let settings = settings.to_str().unwrap();
    let managed = r#"{"allowWriteTest":"flase","helpdeskName":"Contoso Desk","allowAdminCheck":false}"#;
    let recommended = r#"{"language":"ja","app":"hubspot"}"#;
    let shown =
        document(&under(home.path(), managed, recommended, &["policy", "show", "--json", "--settings", settings]));
    let values = |key: &str| (row(&shown, key)["value"].clone(), row(&shown, key)["origin"].clone());
    assert_eq!(values("allowWriteTest"), (json!(false), json!("mandatory-policy")));
    assert_eq!(values("helpdeskName"), (json!("Contoso Desk"), json!("mandatory-policy")));
    assert_eq!(values("language"), (json!("en"), json!("user")));
    assert_eq!(values("app"), (json!("hubspot"), json!("recommended-policy")));
    assert_eq!(values("theme"), (json!("dark"), json!("user")));
    assert_eq!(values("keepHistory"), (json!(true), json!("built-in")));
    assert_eq!(row(&shown, "helpdeskName")["place"], "/etc/inbox-doctor/policies/managed/1.json");
    assert_eq!(shown["problems"].as_array().unwrap().len(), 1);

    let refused = under(
        home.path(),
        managed,
        recommended,
        &["check", "ana@contoso.example", "--write-test", "--no-sign-in", "--json", "--settings", settings],
    );
    assert_eq!(refused.status.code(), Some(3));
    assert_eq!(document(&refused)["error"]["code"], "policy");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("allowWriteTest"), "said at every start");
    let refused = under(home.path(), managed, "{}", &["admin-check", "--admin", "ana@contoso.example", "--json"]);
    assert_eq!(document(&refused)["error"]["code"], "policy");
}

#[test]
fn the_recommended_language_and_the_helpdesk_reach_the_words() {
    let home = tempfile::tempdir().unwrap();
    let managed = r#"{"helpdeskAddress":"it@contoso.example","messageAdditionJa":"部署名を記載してください。"}"#;
    let explain = ["explain", "--json", "--text", "AADSTS90094: The grant requires admin permission."];
    let found = document(&under(home.path(), managed, r#"{"language":"ja"}"#, &explain));
    let explanation = &found["findings"][0];
    let message = explanation.get("message").or(explanation["explanation"].get("message")).unwrap();
    assert_eq!(message["to"], "it@contoso.example");
    assert!(message["body"].as_str().unwrap().ends_with("部署名を記載してください。\n"), "{message}");
}

#[test]
fn a_torn_policy_file_is_said_and_closes() {
    let home = tempfile::tempdir().unwrap();
    let shown = under(home.path(), r#"{"allowWriteTest":false,"#, "{}", &["policy", "show"]);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(
        text.contains("allowWriteTest = false   (set by your organisation, /etc/inbox-doctor/policies/managed/1.json)")
    );
    assert!(text.contains("ignored: /etc/inbox-doctor/policies/managed/1.json: it is no JSON"), "{text}");
}
