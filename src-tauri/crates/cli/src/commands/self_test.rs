//! `inbox-doctor self-test`.

use inbox_catalogue::host_groups;
use inbox_engine::{
    EngineError,
    self_test::{SelfTest, SelfTestRequest, TestState},
};
use inbox_model::ExplainedFinding;
use serde_json::json;

use super::Session;
use crate::{
    arguments::SelfTestArguments,
    output::{self, Exit},
};

/// Tests this computer and its network.
pub async fn run(session: &Session, arguments: SelfTestArguments) -> Exit {
    let request = SelfTestRequest { groups: groups(arguments.hosts), browser: session.common.browser.clone() };
    let report = match session.engine.self_test(&request, &session.cancel).await {
        Ok(report) => report,
        Err(EngineError::UnknownApp(name)) => {
            output::complain(&format!(
                "inbox-doctor: no hosts are known for `{name}`; known: all, {}",
                host_groups().join(", ")
            ));
            return Exit::Usage;
        }
        Err(error) => return output::error(&error, session.common.json),
    };
    let app = match session.engine.app(None) {
        Ok(app) => app,
        Err(error) => return output::error(&error, session.common.json),
    };
    let findings: Vec<ExplainedFinding> = report
        .findings
        .iter()
        .map(|finding| session.engine.in_words(finding.clone(), app, None, session.language))
        .collect();
    if session.common.json {
        let document = json!({
            "tests": report.tests, "findings": findings, "observations": report.observations,
        });
        output::document(&document, true);
    } else {
        report.tests.iter().for_each(|test| line(session, test));
        for finding in &findings {
            let mut text = String::from("\n");
            inbox_engine::report::finding(&mut text, finding, session.language);
            output::say(text.trim_end());
        }
    }
    if session.cancel.is_cancelled() {
        Exit::Cancelled
    } else if report.has_failed() {
        Exit::Found
    } else {
        Exit::Works
    }
}

/// `all` stands for every group.
fn groups(asked: Vec<String>) -> Vec<String> {
    if asked.iter().any(|name| name == "all") {
        return host_groups().into_iter().map(str::to_owned).collect();
    }
    asked
}

fn line(session: &Session, test: &SelfTest) {
    let mark = match test.state {
        TestState::Passed => "✓",
        TestState::Failed => "✗",
        TestState::Skipped => "–",
    };
    let what = match (test.note(session.language), test.state) {
        // What is wrong also as technicians name it.
        (Some(note), TestState::Failed) => format!("{note} [{}]", test.detail),
        (Some(note), _) => note,
        (None, _) => test.detail.clone(),
    };
    output::say(&format!("{mark} {} — {what} ({} ms)", test.name(session.language), test.took_ms));
}
