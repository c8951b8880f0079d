//! Sign-ins through a real gnome-keyring over a real D-Bus: unlocked, locked, waiting for an answer, absent, starting late.
//!
//! Each test runs this program again inside a bus of its own, with a home of its own. Needs `dbus-run-session`,
//! `gnome-keyring-daemon`, `secret-tool` and `xvfb-run`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use inbox_engine::{
    Recorder,
    signin::{Binding, Keychain, StoredSignIn, TokenStore, check_keychain, open_store},
};
use inbox_model::{FailureKind, Outcome, Secret};

const STATE: &str = "INBOX_DOCTOR_KEYCHAIN_STATE";
const CANARY: &str = "canary-refresh-7c41f0";

/// Starts and unlocks the keyring of this home, making it where there is none.
const UNLOCK: &str = "printf 'test\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

/// A bus that starts no services by itself.
const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

/// Runs [`inside`] in the given state. `prepare` are shell commands that come before it, `wrap` a command around all.
fn run(home: &Path, state: &str, wrap: &[&str], prepare: &str, bare_bus: bool) {
    let runtime = home.join("run");
    std::fs::create_dir_all(&runtime).unwrap();
    std::fs::set_permissions(&runtime, std::fs::Permissions::from_mode(0o700)).unwrap();
    let this = std::env::current_exe().unwrap();
    let script = format!("{prepare}\nexec '{}' --exact inside --ignored --nocapture", this.display());
    let mut words: Vec<&str> = vec!["60"];
    words.extend(wrap);
    let config = home.join("bus.conf");
    std::fs::write(&config, BARE_BUS).unwrap();
    let config = format!("--config-file={}", config.display());
    words.push("dbus-run-session");
    if bare_bus {
        words.push(&config);
    }
    words.extend(["--", "bash", "-e", "-c", &script]);
    let mut command = Command::new("timeout");
    command.args(words).env(STATE, state).env("HOME", home).env("XDG_RUNTIME_DIR", &runtime);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME", "GNOME_KEYRING_CONTROL"] {
        command.env_remove(name);
    }
    let output = command.stdin(Stdio::null()).output().expect("`timeout` cannot run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{state}: {} (are dbus, gnome-keyring, libsecret-tools, xvfb installed?)\n{text}",
        output.status
    );
    assert!(text.contains("1 passed"), "{state}: nothing ran\n{text}");
    assert!(!text.contains(CANARY), "a token was printed");
}

#[test]
fn an_unlocked_keyring_keeps_lists_and_forgets() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "unlocked", &[], UNLOCK, false);
}

#[test]
fn what_was_kept_survives_the_session_and_a_locked_keyring_says_so() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "save", &[], UNLOCK, false);
    // A new daemon that nobody unlocked, and no display to ask on.
    run(home.path(), "locked", &[], "", false);
    run(home.path(), "load", &[], UNLOCK, false);
}

#[test]
fn a_prompt_that_nobody_answers_does_not_hold_the_program() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "save", &[], UNLOCK, false);
    let wrap = ["xvfb-run", "-a", "-s", "-screen 0 800x600x24 -nolisten tcp"];
    run(home.path(), "asking", &wrap, "", false);
}

#[test]
fn no_bus_no_store_and_no_keyring_are_all_missing() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "missing", &[], "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere/bus", false);
    run(home.path(), "missing", &[], "", true);
    // The daemon is there, but no keyring was ever made.
    run(home.path(), "no-keyring", &[], "", false);
}

#[test]
fn a_store_that_starts_later_is_found() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "late", &[], "", true);
}

fn binding(client: &str) -> Binding {
    Binding {
        provider: "microsoft".to_owned(),
        client_id: client.to_owned(),
        authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize".to_owned(),
        token: "https://login.microsoftonline.com/common/oauth2/v2.0/token".to_owned(),
    }
}

fn sign_in(address: &str, length: usize) -> StoredSignIn {
    let token = format!("{CANARY}{}é", "x".repeat(length));
    StoredSignIn {
        binding: binding("client-1"),
        address: address.to_owned(),
        tenant: Some("tenant-1".to_owned()),
        refresh_token: Secret::new(token),
    }
}

/// Attributes and labels of everything that is kept; the secrets are left out.
fn kept() -> Vec<String> {
    let output = Command::new("secret-tool").args(["search", "--all", "service", "inbox-doctor"]).output();
    let output = output.expect("`secret-tool` cannot run (libsecret-tools)");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    text.lines().filter(|line| line.starts_with("attribute.username")).map(str::to_owned).collect()
}

#[tokio::test]
#[ignore = "run by the other tests of this file, inside a bus of its own"]
async fn inside() {
    let state = std::env::var(STATE).expect("only the other tests of this file run this one");
    let keychain = Keychain::default();
    match state.as_str() {
        "unlocked" => unlocked(&keychain).await,
        "save" => keychain.save(&sign_in("ana@contoso.example", 3000)).await.unwrap(),
        "load" => {
            let found = keychain.load(&binding("client-1"), "ana@contoso.example").await.unwrap().unwrap();
            assert_eq!(found.refresh_token.expose(), sign_in("", 3000).refresh_token.expose());
        }
        "locked" => {
            all_fail_with(&keychain, FailureKind::KeychainLocked).await;
        }
        "asking" => {
            let impatient = Keychain::new("inbox-doctor", Duration::from_secs(2));
            let began = Instant::now();
            let failure = impatient.load(&binding("client-1"), "ana@contoso.example").await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::KeychainLocked, "{failure:?}");
            assert_eq!(failure.detail, "no answer in 2 s", "it did not wait for a prompt");
            assert!(began.elapsed() < Duration::from_secs(6));
        }
        "missing" => all_fail_with(&keychain, FailureKind::KeychainMissing).await,
        "no-keyring" => {
            assert_eq!(keychain.list().await.unwrap(), []);
            let failure = keychain.save(&sign_in("ana@contoso.example", 10)).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::KeychainMissing, "{failure:?}");
            falls_back_to_memory(FailureKind::KeychainMissing).await;
        }
        "late" => {
            all_fail_with(&keychain, FailureKind::KeychainMissing).await;
            assert!(Command::new("bash").args(["-c", UNLOCK]).status().unwrap().success());
            keychain.self_test().await.unwrap();
        }
        other => panic!("no such state: {other}"),
    }
}

async fn unlocked(keychain: &Keychain) {
    let recorder = Recorder::default();
    assert!(check_keychain(&recorder).await);
    assert!(open_store(&recorder, true).await.lasts());
    assert!(recorder.observations().iter().all(|one| matches!(one.outcome, Outcome::Passed { .. })));
    assert_eq!(kept(), [] as [String; 0], "the tests clean up");

    for length in [1, 1800, 9000, 20] {
        let sign_in = sign_in("Ana@contoso.example", length);
        keychain.save(&sign_in).await.unwrap();
        let found = keychain.load(&sign_in.binding, "ana@CONTOSO.example").await.unwrap().unwrap();
        assert_eq!(found.refresh_token.expose(), sign_in.refresh_token.expose());
        assert_eq!((found.address.as_str(), found.tenant.as_deref()), ("Ana@contoso.example", Some("tenant-1")));
    }
    assert_eq!(kept().len(), 4, "one piece and one header each for list and record: {:?}", kept());
    assert!(kept().iter().all(|line| !line.contains("ana")), "names show in the store: {:?}", kept());

    keychain.save(&sign_in("bob@contoso.example", 10)).await.unwrap();
    let listed: Vec<_> = keychain.list().await.unwrap().into_iter().map(|account| account.address).collect();
    assert_eq!(listed, ["Ana@contoso.example", "bob@contoso.example"]);

    assert!(keychain.load(&binding("client-2"), "ana@contoso.example").await.unwrap().is_none(), "another client");
    let elsewhere = Binding { token: "http://127.0.0.1:1/token".to_owned(), ..binding("client-1") };
    assert!(keychain.load(&elsewhere, "ana@contoso.example").await.unwrap().is_none(), "another address");

    assert!(keychain.forget("microsoft", "ana@contoso.example").await.unwrap());
    assert!(!keychain.forget("microsoft", "ana@contoso.example").await.unwrap());
    assert!(!keychain.forget("google", "bob@contoso.example").await.unwrap());
    assert!(keychain.load(&binding("client-1"), "ana@contoso.example").await.unwrap().is_none());
    assert!(keychain.forget("microsoft", "bob@contoso.example").await.unwrap());
    assert_eq!(keychain.list().await.unwrap(), []);
    assert_eq!(kept(), [] as [String; 0], "nothing is left behind");
}

async fn all_fail_with(keychain: &Keychain, kind: FailureKind) {
    let began = Instant::now();
    let sign_in = sign_in("ana@contoso.example", 10);
    assert_eq!(keychain.save(&sign_in).await.unwrap_err().kind, kind);
    assert_eq!(keychain.load(&sign_in.binding, &sign_in.address).await.unwrap_err().kind, kind);
    assert_eq!(keychain.self_test().await.unwrap_err().kind, kind);
    falls_back_to_memory(kind).await;
    assert!(began.elapsed() < Duration::from_secs(10), "it waited");
}

async fn falls_back_to_memory(kind: FailureKind) {
    let recorder = Recorder::default();
    let store = open_store(&recorder, true).await;
    assert!(!store.lasts());
    store.save(&sign_in("ana@contoso.example", 10)).await.unwrap();
    assert_eq!(store.list().await.unwrap().len(), 1);
    let observations = recorder.observations();
    assert_eq!(observations.len(), 1);
    let Outcome::Failed { failure } = &observations.first().unwrap().outcome else { panic!("{observations:?}") };
    assert_eq!(failure.kind, kind, "{failure:?}");
    assert!(!format!("{observations:?}").contains(CANARY));
}
