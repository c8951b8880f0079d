//! `inbox-doctor self-test`.

use inbox_catalogue::phrase;
use inbox_engine::self_test::TestState;
use serde_json::json;

use super::Session;
use crate::output::{self, Exit};

/// Tests this computer.
pub async fn run(session: &Session) -> Exit {
    let tests = session.engine.self_test(&session.cancel).await;
    if session.common.json {
        output::document(&json!({ "tests": tests }), true);
    } else {
        for test in &tests {
            let mark = match test.state {
                TestState::Passed => "✓",
                TestState::Failed => "✗",
                TestState::Skipped => "–",
            };
            let name = phrase(session.language, &format!("test.{}", test.id), &[]);
            output::say(&format!("{mark} {name} — {} ({} ms)", test.detail, test.took_ms));
        }
    }
    if session.cancel.is_cancelled() {
        Exit::Cancelled
    } else if tests.iter().any(|test| test.state == TestState::Failed) {
        Exit::Found
    } else {
        Exit::Works
    }
}
