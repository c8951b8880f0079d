//! One cell of the matrix: a whole check with one fault.

use std::time::{Duration, Instant};

use inbox_engine::report::{self, ReportFormat};
use inbox_model::{Cause, Confidence, Outcome as Observed, RedactionLevel, Verdict};
use practice_cloud::{
    ACCESS_CANARY, CODE_CANARY, DnsFault, Fault, GOOGLE_CLIENT_SECRET, Options, Part, Planned, REFRESH_CANARY,
};

use crate::{Question, support::bench_with};

/// The longest that a check may take: 15 s of discovery, 6 s for a look at the network, and up to 20 s for each of the calls
/// that follow each other (sign-in, its keys, `/me`, mailbox), with the pace of a busy computer.
const LIMIT: Duration = Duration::from_secs(100);
/// How long a sign-in waits for the browser here, in seconds: the least that settings may say.
const SIGN_IN_SECONDS: u64 = 10;

/// What goes wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A whole host.
    Host { part: Part, fault: Fault },
    /// One question.
    Question { part: Part, method: String, path: String, fault: Fault },
    /// Records of a kind.
    Dns { kind: String, fault: DnsFault },
}

/// A check with one trouble.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub account: &'static str,
    pub trouble: Trouble,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    /// The first finding.
    pub cause: Option<(Cause, Confidence)>,
    /// Something failed and is kept as evidence.
    pub has_evidence: bool,
    pub took: Duration,
    pub leaks: Vec<&'static str>,
}

impl Cell {
    /// What happens to a whole host is one cell for all of its questions.
    pub fn of(question: &Question, fault: Fault) -> Self {
        let Question { account, part, method, path } = question.clone();
        let trouble = if fault.is_of_host() {
            Trouble::Host { part, fault }
        } else {
            Trouble::Question { part, method, path, fault }
        };
        Self { account, trouble }
    }

    /// Whether it mostly waits for a time limit.
    pub fn waits(&self) -> bool {
        match &self.trouble {
            Trouble::Host { fault, .. } | Trouble::Question { fault, .. } => {
                matches!(fault, Fault::Dropped | Fault::Silent | Fault::SlowBody)
            }
            Trouble::Dns { fault, .. } => matches!(fault, DnsFault::Silent | DnsFault::Slow),
        }
    }

    pub async fn run(&self) -> Outcome {
        let mut options = Options { sso: true, sign_in_seconds: Some(SIGN_IN_SECONDS), ..Options::default() };
        match &self.trouble {
            Trouble::Host { part, fault } => {
                let (method, path) = (String::new(), String::new());
                options.fault = Some(Planned { part: *part, method, path, fault: *fault });
            }
            Trouble::Question { part, method, path, fault } => {
                let (method, path) = (method.clone(), path.clone());
                options.fault = Some(Planned { part: *part, method, path, fault: *fault });
            }
            Trouble::Dns { kind, fault } => options.dns_fault = Some((kind.clone(), *fault)),
        }
        let bench = bench_with(options, |_| {}).await;
        let begun = Instant::now();
        let check = bench.check_with(self.account, None, |request| request.write_test = true);
        let Ok((examination, watcher)) = tokio::time::timeout(LIMIT, check).await else {
            return Outcome {
                verdict: Verdict::Inconclusive,
                cause: None,
                has_evidence: false,
                took: LIMIT,
                leaks: Vec::new(),
            };
        };
        let took = begun.elapsed();
        let mut shown = serde_json::to_string(&examination).unwrap() + &format!("{:?}", watcher.events());
        for format in [ReportFormat::Json, ReportFormat::Html, ReportFormat::Text] {
            shown += &report::render(&examination, format, RedactionLevel::Secrets).unwrap();
        }
        let secrets = [ACCESS_CANARY, REFRESH_CANARY, CODE_CANARY, GOOGLE_CLIENT_SECRET];
        Outcome {
            verdict: examination.verdict,
            cause: examination.findings.first().map(|row| (row.finding.cause, row.finding.confidence)),
            has_evidence: examination.observations.iter().any(|row| matches!(row.outcome, Observed::Failed { .. })),
            took,
            leaks: secrets.into_iter().filter(|secret| shown.contains(secret)).collect(),
        }
    }

    /// What is not as it must be.
    pub fn complaints(&self, outcome: &Outcome) -> Vec<String> {
        let mut all = Vec::new();
        let mut complain =
            |what: &str| all.push(format!("{} {:?}: {what}: {}", self.account, self.trouble, outcome.words()));
        if outcome.took >= LIMIT {
            complain("it did not end in time");
        }
        if !outcome.leaks.is_empty() {
            complain(&format!("a secret was shown: {:?}", outcome.leaks));
        }
        match (&outcome.cause, outcome.verdict) {
            (Some((Cause::Unknown, _)), _) => complain("no definite cause"),
            (None, Verdict::Works) => {}
            (None, _) => complain("no cause"),
            _ => {}
        }
        all
    }
}

impl Outcome {
    /// As the table shows it.
    pub fn words(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Works => "works",
            Verdict::Limited => "limited",
            Verdict::Blocked => "blocked",
            Verdict::Inconclusive => "open",
        };
        match &self.cause {
            Some((cause, Confidence::Certain)) => format!("{verdict}: {cause}"),
            Some((cause, _)) => format!("{verdict}: {cause} ?"),
            None if self.has_evidence => format!("{verdict} (kept)"),
            None => verdict.to_owned(),
        }
    }
}
