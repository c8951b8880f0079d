//! The program itself: its words, its settings file, its end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise, in its own helpers too"
)]
#![cfg(unix)]

mod support;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_practice-cloud");

#[test]
fn the_list_is_json_with_address_and_cause() {
    let output = Command::new(PROGRAM).arg("--list").output().unwrap();
    assert!(output.status.success());
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() > 75);
    for row in list {
        for field in ["address", "cause", "provider", "title", "returns", "page"] {
            assert!(row.get(field).is_some(), "{field} is missing in {row}");
        }
    }
    assert!(list.iter().any(|row| row["address"] == "works@contoso.example" && row["cause"] == "works"));
}

#[tokio::test]
async fn it_serves_after_ready_and_ends_at_a_signal() {
    let settings = std::env::temp_dir().join(format!("practice-cloud-settings-{}.json", std::process::id()));
    let mut child = Command::new(PROGRAM)
        .args(["--sso", "--delay", "20", "--write-settings"])
        .arg(&settings)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let written: Value = serde_json::from_slice(&std::fs::read(&settings).unwrap()).unwrap();
    std::fs::remove_file(&settings).unwrap();
    assert_eq!(written["signInSeconds"], 20);
    let read: inbox_model::Settings = serde_json::from_value(written.clone()).unwrap();
    assert!(read.microsoft_client_id.is_some() && read.google_client_secret.is_some() && read.dns_server.is_some());
    let endpoints = read.endpoints.unwrap();
    let login = endpoints.microsoft.login.unwrap();
    for base in [endpoints.microsoft.graph, endpoints.microsoft.autodiscover, endpoints.google.accounts] {
        assert!(base.unwrap().starts_with("http://127.0.0.1:"));
    }

    let started = Instant::now();
    let answer = support::get(&format!("{login}/common/v2.0/.well-known/openid-configuration")).await;
    assert_eq!(answer.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(20), "the delay is kept");

    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
    assert!(status.success(), "{status}");
}
