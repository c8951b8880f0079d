//! `inbox-doctor check ADDRESS`.

use inbox_engine::{CheckRequest, report};
use inbox_model::{Examination, RedactionLevel};

use super::Session;
use crate::{
    arguments::{CheckArguments, Redact},
    browser::Browser,
    output::{self, Exit},
    terminal::{PAGES, Terminal, page},
};

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
    let request = CheckRequest {
        address: arguments.address,
        app: arguments.app,
        language: session.language,
        sign_in: !arguments.no_sign_in,
        write_test: arguments.write_test,
    };
    let examination = match session.engine.check(&request, &terminal, &session.cancel).await {
        Ok(examination) => examination,
        Err(error) => return output::error(&error, common.json),
    };
    let saved = match &arguments.save {
        Some(path) => save(session, &examination, path, arguments.redact),
        None => Ok(()),
    };
    print(session, &examination, arguments.details);
    match saved {
        Ok(()) => Exit::of(examination.verdict),
        Err(reason) => {
            output::complain(&format!("inbox-doctor: the report could not be saved: {reason}"));
            Exit::NotExamined
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
