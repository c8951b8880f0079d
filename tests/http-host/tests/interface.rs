//! Runs `ui/tests/e2e-http`: the user interface in a browser, with the real engine behind it. Needs `npm ci` and
//! `npm run build` in `ui/`, as the window does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::Path;
use std::process::Command;

/// Far above what all of it takes on two busy cores, in seconds.
const LIMIT: &str = "1200";

#[test]
fn every_view_and_journey_works_on_the_real_engine() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("ui");
    let mut tests: Vec<_> = std::fs::read_dir(ui.join("tests/e2e-http"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    assert!(!tests.is_empty(), "there are no tests");
    assert!(ui.join("dist/index.html").is_file(), "run `npm run build` in ui/ first");
    let output = Command::new("timeout")
        .args(["--kill-after=10", LIMIT, "node", "--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(&tests)
        .current_dir(&ui)
        .env("HTTP_HOST", env!("CARGO_BIN_EXE_http-host"))
        .output()
        .expect("node");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("pass ") && !told.contains("pass 0"), "something ran:\n{told}");
}
