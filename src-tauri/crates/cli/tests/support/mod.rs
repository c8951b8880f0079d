//! The real command against the practice cloud.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a part of tests")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use practice_cloud::PracticeCloud;
use serde_json::Value;

/// Follows redirects and shows nothing: what the practice cloud's live sessions are made for.
pub const BROWSER: &str = "curl --silent --location --max-time 20 --output /dev/null";
/// A command that has not ended by then hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// A practice cloud and a home folder of the test's own.
pub struct Bench {
    pub cloud: PracticeCloud,
    pub home: tempfile::TempDir,
    pub settings: PathBuf,
    _runtime: tokio::runtime::Runtime,
}

pub fn bench() -> Bench {
    // No password store: this test has no bus, and a note about it would stand in every answer.
    bench_with(|settings| settings["keepSignIn"] = false.into())
}

pub fn bench_with(change: impl FnOnce(&mut Value)) -> Bench {
    slow_bench(Duration::ZERO, change)
}

/// The same with a delay before each answer.
pub fn slow_bench(delay: Duration, change: impl FnOnce(&mut Value)) -> Bench {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = practice_cloud::Options { sso: true, sign_in_seconds: Some(30), delay, ..Default::default() };
    let cloud = runtime.block_on(PracticeCloud::start(options)).unwrap();
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join("settings.json");
    let mut values = cloud.settings_json();
    change(&mut values);
    std::fs::write(&settings, values.to_string()).unwrap();
    Bench { cloud, home, settings, _runtime: runtime }
}

impl Bench {
    /// The command with a home of its own, no password store and this practice cloud.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inbox-doctor"));
        command
            .args(["--browser", BROWSER, "--settings"])
            .arg(&self.settings)
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("LANG", "en_GB.UTF-8")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(self.command(arguments))
    }

    /// Runs with `--json` and reads the document.
    pub fn document(&self, arguments: &[&str]) -> (i32, Value) {
        let mut all = vec!["--json"];
        all.extend(arguments);
        let output = self.run(&all);
        let text = String::from_utf8(output.stdout).unwrap();
        let value = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("{arguments:?}: {error}\n{text}\n{}", String::from_utf8_lossy(&output.stderr))
        });
        (output.status.code().unwrap(), value)
    }
}

/// Runs a command to its end, or fails when it hangs.
pub fn finish(mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let (done, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    match ended.recv_timeout(LIMIT) {
        Ok(output) => output.unwrap(),
        Err(_) => {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            panic!("the command hangs: {command:?}");
        }
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
