//! `inbox-doctor check ADDRESS`.

use std::time::Duration;

use inbox_catalogue::phrase;
use inbox_engine::{CheckRequest, report};
use inbox_model::{Examination, RedactionLevel};

use super::{Session, mail_password};
use crate::{
    arguments::{CheckArguments, Redact},
    browser::Browser,
    output::{self, Exit},
    terminal::{PAGES, Terminal, page},
};

/// How long the end of a check may take for handing results over: people see theirs before, scripts wait for it.
const HAND_OVER: Duration = Duration::from_secs(10);

/// Runs a check and prints what it found.
pub async fn run(session: &Session, arguments: CheckArguments) -> Exit {
    let common = &session.common;
    let saw = match arguments.saw.as_deref().map(|name| (name, page(name))) {
        Some((name, None)) => {
            let known: Vec<&str> = PAGES.iter().map(|(_, id)| *id).collect();
            output::complain(&format!("inbox-doctor: no page is called `{name}`; known: {}", known.join(", ")));
            return Exit::Usage;
        }
        Some((_, page)) => page,
        None => None,
    };
    let browser = Browser::of(common.browser.as_deref(), arguments.no_browser);
    let terminal = Terminal::new(session.language, !common.quiet && output::is_watched(), browser, saw);
    let mail = match mail_password::read(session, &arguments.mail, &arguments.address) {
        Ok(mail) => mail,
        Err(exit) => return exit,
    };
    let request = CheckRequest {
        address: arguments.address,
        app: arguments.app,
        language: session.language,
        sign_in: !arguments.no_sign_in,
        write_test: arguments.write_test,
    };
    let examination = match session.engine.check_with(&request, mail.as_ref(), &terminal, &session.cancel).await {
        Ok(examination) => examination,
        Err(error) => return output::error(&error, common.json),
    };
    let saved = match &arguments.save {
        Some(path) => save(session, &examination, path, arguments.redact),
        None => Ok(()),
    };
    print(session, &examination, arguments.details);
    hand_over(session).await;
    match saved {
        Ok(()) => Exit::of(examination.verdict),
        Err(reason) => {
            output::complain(&format!("inbox-doctor: the report could not be saved: {reason}"));
            Exit::NotExamined
        }
    }
}

/// Hands the result over where policy says so, after the person has theirs.
async fn hand_over(session: &Session) {
    let state = session.engine.hand_over(HAND_OVER, &session.cancel).await;
    if session.common.quiet {
        return;
    }
    for (key, number) in [("cli.handover-waits", state.waiting as u64), ("cli.handover-lost", state.lost)] {
        if number > 0 {
            output::complain(&phrase(session.language, key, &[("n", &number.to_string())]));
        }
    }
}

/// Prints an examination: as a document, or in words.
pub fn print(session: &Session, examination: &Examination, details: bool) {
    if session.common.json {
        output::document(examination, true);
    } else if details {
        output::say(report::to_text(examination).trim_end());
    } else {
        output::say(report::answer(examination).trim_end());
    }
}

/// Saves a report.
pub fn save(
    session: &Session,
    examination: &Examination,
    path: &std::path::Path,
    level: Option<Redact>,
) -> Result<(), String> {
    let wanted = level.map(|level| match level {
        Redact::Secrets => RedactionLevel::Secrets,
        Redact::Names => RedactionLevel::Names,
        Redact::Everything => RedactionLevel::Everything,
    });
    let path = session.engine.report_path(path);
    let text = session
        .engine
        .report(examination, report::ReportFormat::of_path(&path), wanted)
        .map_err(|error| error.to_string())?;
    inbox_engine::replace_file(&path, text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
}
