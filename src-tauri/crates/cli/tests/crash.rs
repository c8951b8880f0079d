//! A write test that is killed leaves nothing behind for good.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod support;

use std::time::{Duration, Instant};

use support::{files, slow_bench};

#[test]
fn what_a_killed_write_test_left_behind_is_removed_by_the_next_check() {
    // The delay leaves time to kill the program between a request and its answer: it then never learns the new item's id.
    for (address, path) in [("works@contoso.example", "/me/messages"), ("works@contoso.example", "/me/events")] {
        let bench = slow_bench(Duration::from_millis(150), |settings| settings["keepSignIn"] = false.into());
        let mut child = bench.command(&["--json", "check", address, "--write-test"]).spawn().unwrap();
        let began = Instant::now();
        let made = |request: &practice_cloud::RecordedRequest| request.method == "POST" && request.path.ends_with(path);
        while !bench.cloud.requests().iter().any(made) {
            assert!(began.elapsed().as_secs() < 30, "the write test never began");
            std::thread::park_timeout(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let began = Instant::now();
        while bench.cloud.leftovers().is_empty() {
            assert!(began.elapsed().as_secs() < 10, "the killed program made nothing: this test tests nothing");
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let (code, document) = bench.document(&["check", address]);
        assert_eq!(code, 0, "{document:#}");
        assert_eq!(bench.cloud.leftovers(), Vec::<String>::new(), "{path}");
        let journal = files(bench.home.path()).into_iter().find(|file| file.ends_with("write-test.json")).unwrap();
        assert_eq!(std::fs::read_to_string(journal).unwrap().trim(), "[]");
    }
}
