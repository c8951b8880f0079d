//! No secret shows up anywhere: the practice cloud's tokens, codes and secrets all carry a mark that is searched for in
//! everything that a full run writes or shows.

#![allow(clippy::unwrap_used, reason = "this is a test")]

mod support;

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use support::{bench, files};

const MARKS: &[&[u8]] = &[b"canary-access-", b"canary-refresh-", b"canary-code-", b"canary-secret-"];

fn has_mark(bytes: &[u8]) -> bool {
    MARKS.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == *mark))
}

#[test]
fn no_secret_reaches_output_files_arguments_or_environment() {
    let bench = bench();
    for (address, more) in [
        ("works@contoso.example", &["--write-test"][..]),
        ("works@fabrikam.example", &["--write-test"]),
        ("token-revoked@contoso.example", &[]),
        ("permission-missing@fabrikam.example", &[]),
        ("mailbox-not-in-cloud@contoso.example", &[]),
    ] {
        let report = bench.home.path().join(format!("{address}.json"));
        let mut command = bench.command(&["--json", "check", address]);
        command
            .args(more)
            .args(["--redact", "secrets", "--save"])
            .arg(&report)
            .env("INBOX_DOCTOR_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let watching = Arc::new(AtomicBool::new(true));
        let watcher = watch_processes(Arc::clone(&watching));
        let output = child.wait_with_output().unwrap();
        watching.store(false, Ordering::Relaxed);
        let seen = watcher.join().unwrap();
        assert!(seen > 0, "the watcher looked at processes");
        assert!(!has_mark(&output.stdout), "{address}: standard output");
        assert!(!has_mark(&output.stderr), "{address}: log on standard error");
        assert!(report.exists());
    }
    for file in files(bench.home.path()) {
        // The settings were written by this test; the client secret in them is its own.
        if file != bench.settings {
            assert!(!has_mark(&std::fs::read(&file).unwrap()), "{}", file.display());
        }
    }
    assert!(bench.cloud.requests().iter().any(|request| request.path.contains("/token")), "tokens were really fetched");
}

/// Reads the arguments of every process of this machine while a run is under way.
fn watch_processes(on: Arc<AtomicBool>) -> std::thread::JoinHandle<usize> {
    std::thread::spawn(move || {
        let mut seen = 0;
        while on.load(Ordering::Relaxed) {
            for entry in std::fs::read_dir("/proc").unwrap().flatten() {
                if let Ok(arguments) = std::fs::read(entry.path().join("cmdline")) {
                    seen += 1;
                    assert!(!has_mark(&arguments), "{}", String::from_utf8_lossy(&arguments));
                }
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        seen
    })
}
