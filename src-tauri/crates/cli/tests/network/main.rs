//! `self-test` and `check` in networks that are broken in one way each: a real name server (unbound), a real proxy (squid), a
//! real inspecting filter (mitmproxy), a real packet filter (nftables), OpenSSL as it was, each inside a network namespace.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod dns;
mod internet;
mod local;
mod proxies;
mod reach;
mod space;
mod tls;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use internet::Internet;
use serde_json::Value;
use space::Space;

/// A test of the network ends within its own budget; starting and stopping come on top.
const LIMIT: Duration = Duration::from_secs(60);

/// A namespace with the internet in it, and the program that lives there.
pub(crate) struct World {
    pub(crate) space: Space,
    pub(crate) roots: PathBuf,
    pub(crate) settings: Value,
    pub(crate) environment: Vec<(&'static str, String)>,
}

/// What the program said.
pub(crate) struct Report {
    pub(crate) exit: i32,
    pub(crate) document: Value,
    pub(crate) took: Duration,
}

impl World {
    /// Everything works; `change` breaks the internet and `zone` the names (lines of unbound's `server:` clause, put before
    /// those that name the hosts).
    pub(crate) fn new(internet: Internet, zone: &str) -> Self {
        Self::in_space(Space::connected(), internet, zone)
    }

    pub(crate) fn in_space(mut space: Space, internet: Internet, zone: &str) -> Self {
        dns::unbound(&mut space, &format!("{zone}{}", Internet::names()), "");
        let roots = internet.start(&space);
        Self::of(space, roots)
    }

    pub(crate) fn of(space: Space, roots: PathBuf) -> Self {
        Self { space, roots, settings: serde_json::json!({"keepSignIn": false}), environment: Vec::new() }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let file = self.space.folder.path().join("settings.json");
        std::fs::write(&file, self.settings.to_string()).unwrap();
        let mut command = self.space.command("env");
        command
            .args(["-i", "LANG=en_GB.UTF-8"])
            .arg(format!("PATH={}", std::env::var("PATH").unwrap_or_default()))
            .arg(format!("HOME={}", self.space.folder.path().display()))
            .arg(format!("SSL_CERT_FILE={}", self.roots.display()));
        for (name, value) in &self.environment {
            command.arg(format!("{name}={value}"));
        }
        command.arg(env!("CARGO_BIN_EXE_inbox-doctor")).arg("--settings").arg(file).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Report {
        let mut all = vec!["--json", "--browser", "true"];
        all.extend(arguments);
        let begun = Instant::now();
        let child = self.command(&all).spawn().unwrap();
        let id = child.id();
        let (done, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || done.send(child.wait_with_output()));
        let Ok(output) = ended.recv_timeout(LIMIT) else {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            panic!("the program hangs: {arguments:?}");
        };
        let output = output.unwrap();
        let took = begun.elapsed();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let document = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
        Report { exit: output.status.code().unwrap(), document, took }
    }

    pub(crate) fn self_test(&self) -> Report {
        self.run(&["self-test"])
    }
}

impl Report {
    /// A row of the test.
    pub(crate) fn row(&self, id: &str) -> &Value {
        let rows = self.document["tests"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no row {id}: {:#}", self.document["tests"]))
    }

    pub(crate) fn state(&self, id: &str) -> &str {
        self.row(id)["state"].as_str().unwrap()
    }

    /// Cause and variant of the findings, the password store's left out: no namespace has one.
    pub(crate) fn causes(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = self.document["findings"].as_array().unwrap();
        let pairs = all.iter().map(|finding| (text(&finding["cause"]), text(&finding["variant"])));
        pairs.filter(|(cause, _)| cause != "keychain-unavailable").collect()
    }

    /// The only finding is this one.
    pub(crate) fn is_only(&self, cause: &str, variant: &str) {
        let wanted = vec![(cause.to_owned(), variant.to_owned())];
        assert_eq!(self.causes(), wanted, "{:#}", self.document);
    }

    pub(crate) fn finding(&self, cause: &str) -> &Value {
        let all = self.document["findings"].as_array().unwrap();
        all.iter().find(|finding| finding["cause"] == cause).unwrap_or_else(|| panic!("{:#}", self.document))
    }
}

/// The installed program; the test fails loudly without it.
pub(crate) fn program(name: &str, package: &str) -> String {
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file());
    let path = found.unwrap_or_else(|| {
        panic!("`{name}` is missing: this test drives the real one (Debian: apt-get install {package})")
    });
    path.display().to_string()
}

#[test]
fn a_healthy_network_reaches_every_host_that_the_providers_list() {
    let world = World::new(Internet::default(), "");
    let report = world.self_test();
    assert_eq!(report.causes(), Vec::new(), "{:#}", report.document);
    for id in ["route", "dns", "portal", "clock", "browser", "loopback"] {
        assert_eq!(report.state(id), "passed", "{:#}", report.row(id));
    }
    let rows = report.document["tests"].as_array().unwrap();
    let places: Vec<&Value> = rows.iter().filter(|row| row["id"].as_str().unwrap().starts_with("reach-")).collect();
    assert_eq!(places.len(), 16);
    assert!(places.iter().all(|row| row["state"] == "passed"), "{places:#?}");
    assert_eq!(report.state("ipv6"), "skipped", "none is set up, and nothing is broken");
    let issuers = |host: &str| {
        let all = report.document["observations"].as_array().unwrap();
        let found = all.iter().find(|o| o["probe"] == "network-certificate" && o["target"] == host).unwrap();
        found["outcome"]["facts"].clone()
    };
    assert_eq!(issuers("graph.microsoft.com:443")["issuerKnown"], true);
    assert_eq!(
        issuers("gmail.googleapis.com:443")["issuer"],
        "Google Trust Services test root (Google Trust Services)"
    );
}

#[test]
fn without_any_network_there_is_one_finding() {
    let space = Space::alone();
    let roots = internet::some_roots(space.folder.path());
    let world = World::of(space, roots);
    let report = world.self_test();
    report.is_only("network-unreachable", "no-network");
    assert_eq!((report.exit, report.state("route")), (1, "failed"));
    assert_eq!(report.finding("network-unreachable")["fixer"], "you");
}
