//! The command line from the place where it was installed.

use std::path::Path;
use std::process::Command;

use practice_cloud::{Options, PracticeCloud};
use serde_json::Value;

use crate::ADMINISTRATORS;
use crate::wine::{Ran, Wine, artefact, host_path, version};

/// A practice cloud that serves on this computer, with the settings that point at it.
struct Practice {
    _cloud: PracticeCloud,
    _runtime: tokio::runtime::Runtime,
    settings: String,
    browser: String,
}

impl Practice {
    fn start(wine: &Wine) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let options = Options { sso: true, sign_in_seconds: Some(60), ..Options::default() };
        let cloud = runtime.block_on(PracticeCloud::start(options)).unwrap();
        let file = wine.outside().join("settings.json");
        std::fs::write(&file, cloud.settings_json().to_string()).unwrap();
        let settings = host_path(&file);
        Self { _cloud: cloud, _runtime: runtime, settings, browser: browser(&wine.outside()) }
    }
}

/// A browser with a live session: follows redirects and shows nothing.
fn browser(folder: &Path) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let script = folder.join("browser.sh");
    std::fs::write(&script, "#!/bin/sh\nexec curl --silent --location --max-time 30 --output /dev/null \"$1\"\n")
        .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    host_path(&script)
}

fn installed(name: &str) -> Wine {
    let wine = Wine::new(name);
    assert_eq!(wine.msiexec("/i", &artefact("-x64.msi"), &[]), 0);
    wine.restart();
    wine
}

fn doctor(wine: &Wine, words: &[&str]) -> Ran {
    let program = format!(r"{ADMINISTRATORS}\inbox-doctor.exe");
    wine.run(&[&[program.as_str()][..], words].concat())
}

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn it_says_its_version_and_explains_an_error() {
    let wine = installed("explain");
    let ran = doctor(&wine, &["--version"]);
    assert!(ran.code == 0 && ran.out.contains(&version()), "{ran:?}");
    let text = "AADSTS50105: The signed in user is not assigned to a role for the application.";
    let ran = doctor(&wine, &["explain", "--json", "--text", text]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(document(&ran)["findings"][0]["cause"], "user-not-assigned", "{ran:?}");
    let ran = doctor(&wine, &["explain", "--lang", "ja", "--text", text]);
    assert!(ran.out.contains("割り当て"), "{ran:?}");
    let ran = doctor(&wine, &["no-such-command"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn alone_it_runs_from_where_it_was_unpacked() {
    let wine = Wine::new("alone");
    let folder = wine.outside().join("alone");
    let unpacked = Command::new("python3")
        .args(["-m", "zipfile", "-e"])
        .arg(artefact("-x64-windows.zip"))
        .arg(&folder)
        .status()
        .unwrap();
    assert!(unpacked.success());
    let ran = wine.run(&[host_path(&folder.join("inbox-doctor.exe")), "--version".to_owned()]);
    assert!(ran.code == 0 && ran.out.contains(&version()), "{ran:?}");
}

#[test]
fn it_checks_an_address_and_keeps_the_sign_in_in_the_password_store() {
    let wine = installed("check");
    let practice = Practice::start(&wine);
    let with = |words: &[&str]| {
        let shared = ["--settings", &practice.settings, "--browser", &practice.browser];
        doctor(&wine, &[words, &shared[..]].concat())
    };
    let ran = with(&["check", "works@contoso.example", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(document(&ran)["verdict"], "works", "{ran:?}");
    // Kept for the next start, in Windows' own store: no file of the product holds it.
    let ran = with(&["accounts", "list", "--json"]);
    assert!(ran.code == 0 && ran.out.contains("works@contoso.example"), "{ran:?}");
    let ran = with(&["accounts", "forget", "works@contoso.example"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = with(&["accounts", "list", "--json"]);
    assert!(ran.code == 0 && !ran.out.contains("works@contoso.example"), "{ran:?}");
    // A cause that blocks.
    let ran = with(&["check", "user-not-assigned@contoso.example", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("user-not-assigned"), "{ran:?}");
}
