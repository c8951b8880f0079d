//! The fault matrix: every question that a check asks, answered in every wrong way.
//!
//! The questions are those that healthy checks ask of the practice cloud, so that a new one comes in by itself. Each cell is
//! a whole check. `UPDATE_DOCS=1` writes `docs/fault-matrix.md` anew.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that prints its table")]

#[path = "../support/mod.rs"]
mod support;

mod cell;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inbox_model::Verdict;
use practice_cloud::{DnsFault, Fault, Part};
use support::bench;
use tokio::{runtime::Handle, sync::Semaphore, task::JoinSet};

use cell::{Cell, Outcome, Trouble};
use table::Row;

/// The healthy accounts: one at Microsoft, one at Google.
const ACCOUNTS: [&str; 2] = ["works@contoso.example", "works@fabrikam.example"];
/// Checks that compute at one time.
const BUSY: usize = 6;
/// Checks that wait for a time limit at one time.
const WAITING: usize = 60;

/// Stack of the threads that run checks, in bytes.
const STACK: usize = 16 * 1024 * 1024;

/// What a check asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// By which account's check.
    pub account: &'static str,
    /// Whom.
    pub part: Part,
    /// With which method.
    pub method: String,
    /// `*` stands for ids and addresses.
    pub path: String,
}

/// Asks all that a healthy check asks, and the kinds of DNS records.
async fn questions() -> (BTreeSet<Question>, BTreeSet<(&'static str, String)>) {
    let (mut asked, mut records) = (BTreeSet::new(), BTreeSet::new());
    for account in ACCOUNTS {
        let bench = bench(|_| {}).await;
        let (examination, _) = bench.check_with(account, None, |request| request.write_test = true).await;
        assert_eq!(examination.verdict, Verdict::Works, "{account}: {:#?}", examination.findings);
        for request in bench.cloud.requests() {
            let (method, path) = (request.method, general(&request.path));
            asked.insert(Question { account, part: request.part, method, path });
        }
        for observation in &examination.observations {
            if let inbox_model::Outcome::Passed { facts } = &observation.outcome
                && let Some(kind) = facts.get("recordType").and_then(|kind| kind.as_str())
            {
                records.insert((account, kind.to_owned()));
            }
        }
    }
    (asked, records)
}

/// A path with `*` for ids and addresses.
fn general(path: &str) -> String {
    let is_id = |segment: &str| {
        let any = |of: fn(&u8) -> bool| segment.bytes().any(|byte| of(&byte));
        let is_mixed = any(u8::is_ascii_digit) || (any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase));
        let digits = segment.bytes().filter(u8::is_ascii_digit).count();
        segment.contains('@') || (segment.len() >= 20 && is_mixed) || (segment.len() >= 12 && digits >= 3)
    };
    path.split('/').map(|segment| if is_id(segment) { "*" } else { segment }).collect::<Vec<_>>().join("/")
}

#[test]
fn every_fault_of_every_question_ends_in_a_definite_cause() {
    // A check's future is large without optimisation.
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build().unwrap();
    runtime.block_on(runtime.spawn(matrix())).unwrap();
}

async fn matrix() {
    let begun = std::time::Instant::now();
    let here = Handle::current();
    let (questions, records) = tokio::task::spawn_blocking(move || here.block_on(questions())).await.unwrap();
    assert!(
        questions.len() > 20 && records.len() > 3,
        "the healthy checks were not recorded: {questions:?} {records:?}"
    );
    let mut cells = BTreeSet::new();
    for question in &questions {
        for fault in Fault::ALL {
            cells.insert(Cell::of(question, fault));
        }
    }
    for (account, kind) in &records {
        for fault in DnsFault::ALL {
            cells.insert(Cell { account, trouble: Trouble::Dns { kind: kind.clone(), fault } });
        }
    }
    let outcomes = run(cells).await;
    let mut wrong: Vec<String> = outcomes.iter().flat_map(|(cell, outcome)| cell.complaints(outcome)).collect();
    let rows = questions.iter().map(|question| Row::of_question(question, &outcomes));
    let records = records.iter().map(|(account, kind)| Row::of_records(account, kind, &outcomes));
    let page = table::page(&rows.collect::<Vec<_>>(), &records.collect::<Vec<_>>());
    println!("{page}\n{} checks in {} s", outcomes.len(), begun.elapsed().as_secs());
    wrong.extend(table::compare(&page));
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

async fn run(cells: BTreeSet<Cell>) -> BTreeMap<Cell, Outcome> {
    let (busy, waiting) = (Arc::new(Semaphore::new(BUSY)), Arc::new(Semaphore::new(WAITING)));
    let mut tasks = JoinSet::new();
    for cell in cells {
        let turn = if cell.waits() { Arc::clone(&waiting) } else { Arc::clone(&busy) };
        tasks.spawn(async move {
            let _turn = turn.acquire().await.unwrap();
            let here = Handle::current();
            // A check is no `Send` future: it gets a thread.
            let run = move || (here.block_on(cell.run()), cell);
            let (outcome, cell) = tokio::task::spawn_blocking(run).await.unwrap();
            (cell, outcome)
        });
    }
    let mut outcomes = BTreeMap::new();
    while let Some(done) = tasks.join_next().await {
        // A panic of the engine is a panic of the test.
        let (cell, outcome) = done.unwrap();
        outcomes.insert(cell, outcome);
    }
    outcomes
}
