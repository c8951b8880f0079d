//! The outcomes as a page.

use std::collections::BTreeMap;
use std::path::Path;

use practice_cloud::{DnsFault, Fault, Part};

use crate::{
    Question,
    cell::{Cell, Outcome, Trouble},
};

/// A row of the page.
#[derive(Debug)]
pub struct Row {
    title: String,
    outcomes: Vec<(String, String)>,
}

impl Row {
    pub fn of_question(question: &Question, outcomes: &BTreeMap<Cell, Outcome>) -> Self {
        let words = |fault: Fault| outcomes.get(&Cell::of(question, fault)).map(Outcome::words).unwrap_or_default();
        Self {
            title: format!("{} `{} {}`", host(question.part), question.method, question.path),
            outcomes: Fault::ALL.iter().map(|fault| (fault.title().to_owned(), words(*fault))).collect(),
        }
    }

    pub fn of_records(account: &'static str, kind: &str, outcomes: &BTreeMap<Cell, Outcome>) -> Self {
        let words = |fault: DnsFault| {
            let cell = Cell { account, trouble: Trouble::Dns { kind: kind.to_owned(), fault } };
            outcomes.get(&cell).map(Outcome::words).unwrap_or_default()
        };
        Self {
            title: format!("DNS `{kind}` of {}", account.split('@').nth(1).unwrap_or_default()),
            outcomes: DnsFault::ALL.iter().map(|fault| (fault.title().to_owned(), words(*fault))).collect(),
        }
    }
}

fn host(part: Part) -> &'static str {
    match part {
        Part::MicrosoftLogin => "login.microsoftonline.com",
        Part::MicrosoftGraph => "graph.microsoft.com",
        Part::MicrosoftAutodiscover => "outlook.office365.com",
        Part::GoogleAccounts => "accounts.google.com",
        Part::GoogleOauth2 => "oauth2.googleapis.com",
        Part::GoogleOpenid => "openidconnect.googleapis.com",
        Part::GoogleGmail => "gmail.googleapis.com",
        Part::GoogleApis => "www.googleapis.com",
    }
}

/// The whole page.
pub fn page(questions: &[Row], records: &[Row]) -> String {
    let mut page = String::from(
        "# Fault matrix\n\n\
         What a check of a healthy account says when one of its questions is answered in a wrong way. Every cell is a whole\n\
         check against the practice cloud (`cargo test -p inbox-engine --test faults`; `UPDATE_DOCS=1` writes this page).\n\n\
         - `blocked`, `limited`, `works`, `open` (inconclusive): the verdict; then the first cause, with `?` where it is not\n  \
           certain.\n\
         - `works (kept)`: the question is not needed for the verdict; the failure is kept as evidence.\n\
         - `works` alone: it made no difference, because the question was answered the second time or not asked at all.\n\
         - Refused, dropped, TLS failure and no such name happen to the whole host, so they read alike for all questions of\n  \
           one host.\n\n",
    );
    for (title, rows) in [("Questions over HTTP", questions), ("Questions to the DNS", records)] {
        page += &format!("## {title}\n\n");
        let heads: Vec<&str> =
            rows.first().map(|row| row.outcomes.iter().map(|(head, _)| head.as_str()).collect()).unwrap_or_default();
        page += &format!("| question | {} |\n|---|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
        for row in rows {
            let cells: Vec<&str> = row.outcomes.iter().map(|(_, words)| words.as_str()).collect();
            page += &format!("| {} | {} |\n", row.title, cells.join(" | "));
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}

/// Whether the committed page says the same.
pub fn compare(page: &str) -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/fault-matrix.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(file, page).unwrap();
        return None;
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let differs: Vec<String> =
        page.lines().filter(|line| !committed.lines().any(|other| other == *line)).map(str::to_owned).collect();
    let same = committed == page;
    (!same)
        .then(|| format!("docs/fault-matrix.md is not up to date (UPDATE_DOCS=1 writes it):\n{}", differs.join("\n")))
}
