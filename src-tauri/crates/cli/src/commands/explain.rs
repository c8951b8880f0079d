//! `inbox-doctor explain`.

use std::io::{BufRead as _, Read, Write as _};

use inbox_engine::{ExplainedLog, ExplainedText, MAX_TEXT, NoSuchAnswer};
use inbox_model::{AppProfile, Cause, Domain, EmailAddress};
use serde_json::{Value, json};

use super::Session;
use crate::{
    arguments::ExplainArguments,
    output::{self, Exit},
};

/// Up to this size a file may be one message, in bytes; anything larger is a log.
const ONE_MESSAGE: u64 = 512 * 1024;
/// Progress is told each time so many bytes were read.
const PROGRESS: u64 = 50_000_000;

/// Explains a text, a file, standard input, or a batch of them.
pub fn run(session: &Session, arguments: ExplainArguments) -> Exit {
    let json = session.common.json;
    let app = match session.engine.app(arguments.app.as_deref()) {
        Ok(app) => app.clone(),
        Err(error) => return output::error(&error, json),
    };
    let domain = match arguments.domain.as_deref().map(domain_of).transpose() {
        Ok(domain) => domain,
        Err(error) => return output::error(&error.into(), json),
    };
    let reader: Box<dyn Read> = match (&arguments.text, &arguments.file) {
        (Some(text), _) => return one(session, text, &app, domain.as_ref(), &arguments.answer),
        (None, Some(path)) if path.as_os_str() != "-" => match std::fs::File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => {
                output::complain(&format!("inbox-doctor: {}: {error}", path.display()));
                return Exit::Usage;
            }
        },
        _ => Box::new(std::io::stdin().lock()),
    };
    if arguments.batch {
        batch(session, reader, &app, domain.as_ref())
    } else {
        whole(session, reader, &app, domain.as_ref(), &arguments.answer)
    }
}

fn domain_of(text: &str) -> Result<Domain, inbox_model::AddressError> {
    EmailAddress::parse(text).map(|address| address.domain().clone()).or_else(|_| Domain::parse(text))
}

/// A file or standard input: a message is read as a whole, a log or anything large is scanned line by line.
fn whole(
    session: &Session,
    mut reader: Box<dyn Read>,
    app: &AppProfile,
    domain: Option<&Domain>,
    answers: &[String],
) -> Exit {
    let json = session.common.json;
    let mut head = Vec::new();
    if let Err(error) = reader.by_ref().take(ONE_MESSAGE + 1).read_to_end(&mut head) {
        return output::error(&error.into(), json);
    }
    if head.len() as u64 <= ONE_MESSAGE {
        match inbox_catalogue::decode_text(&head) {
            Ok(text) if !inbox_catalogue::looks_like_log(&text) => return one(session, &text, app, domain, answers),
            Ok(_) => {}
            Err(error) => return output::error(&error.into(), json),
        }
    }
    if let Some(answer) = answers.first() {
        output::complain(&format!("inbox-doctor: a log asks no questions, so nothing has the answer `{answer}`"));
        return Exit::Usage;
    }
    session.watch_interrupt();
    let watched = output::is_watched() && !session.common.quiet;
    let mut told = 0;
    let everything = std::io::Cursor::new(head).chain(reader);
    let scanned = session.engine.explain_log(everything, app, domain, session.language, &session.cancel, |bytes| {
        if watched && bytes / PROGRESS > told {
            told = bytes / PROGRESS;
            output::progress(&format!("{} MB", bytes / 1_000_000));
        }
    });
    if told > 0 {
        output::progress("");
    }
    match scanned {
        Ok(log) => {
            if json {
                output::document(&log, true);
            } else {
                counted(session, &log);
            }
            settled(log.findings.iter().map(|row| row.finding.finding.cause))
        }
        Err(error) => output::error(&error, json),
    }
}

/// The table of a log, then the first finding in words.
fn counted(session: &Session, log: &ExplainedLog) {
    for row in &log.findings {
        let codes = row.finding.finding.codes.join(", ");
        let title = &row.finding.explanation.title;
        let cause = row.finding.finding.cause;
        output::say(&format!("{:>8} ×  {title}  [{cause}] {codes}  ({}–{})", row.count, row.first_line, row.last_line));
    }
    if let Some(row) = log.findings.first() {
        let mut text = String::from("\n");
        inbox_engine::report::finding(&mut text, &row.finding, session.language);
        output::say(text.trim_end());
    }
}

/// Explained, or nothing settles a cause.
fn settled(mut causes: impl Iterator<Item = Cause>) -> Exit {
    if causes.any(|cause| cause != Cause::Unknown) { Exit::Works } else { Exit::Found }
}

fn one(session: &Session, text: &str, app: &AppProfile, domain: Option<&Domain>, answers: &[String]) -> Exit {
    match session.engine.explain_text(text, app, domain, session.language) {
        Ok(mut explained) => {
            for answer in answers {
                if let Err(error) = explained.answer(answer) {
                    output::complain(&format!("inbox-doctor: {error}"));
                    return Exit::Usage;
                }
            }
            if session.common.json {
                output::document(&explained, true);
            } else {
                words(session, &explained);
            }
            settled(explained.findings.iter().map(|finding| finding.finding.cause))
        }
        Err(error) => output::error(&error, session.common.json),
    }
}

fn words(session: &Session, explained: &ExplainedText) {
    let mut text = String::new();
    for finding in &explained.findings {
        inbox_engine::report::finding(&mut text, finding, session.language);
        text.push('\n');
    }
    for note in &explained.notes {
        text += &format!("! {}\n", note.text);
    }
    for question in &explained.questions {
        text += &format!("? {}\n", question.text);
        for answer in &question.answers {
            text += &format!("  – {} → {}\n", answer.text, answer.finding.explanation.title);
            text += &format!("    --answer {}={}\n", question.id, answer.id);
        }
    }
    for id in &explained.ids {
        text += &format!("{}: {}\n", id.kind, id.value);
    }
    output::say(text.trim_end());
}

/// JSON Lines in, JSON Lines out, in order, each line as soon as it is read.
fn batch(session: &Session, reader: Box<dyn Read>, app: &AppProfile, domain: Option<&Domain>) -> Exit {
    let mut reader = std::io::BufReader::new(reader);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut exit = Exit::Works;
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.by_ref().take(MAX_TEXT as u64 * 2).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                output::complain(&format!("inbox-doctor: {error}"));
                return Exit::NotExamined;
            }
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = match serde_json::from_slice::<Value>(&line) {
            Ok(Value::Object(row)) => {
                let text = row.get("text").and_then(Value::as_str).unwrap_or_default();
                let id = row.get("id").cloned().unwrap_or(Value::Null);
                match session.engine.explain_text(text, app, domain, session.language) {
                    Ok(mut explained) => match answered(&mut explained, row.get("answers")) {
                        Err(error) => problem(&id, &error.to_string()),
                        Ok(()) => json!({
                        "schema": inbox_model::SCHEMA, "id": id, "findings": explained.findings,
                        "questions": explained.questions, "ids": explained.ids, "notes": explained.notes,
                        }),
                    },
                    Err(error) => problem(&id, &error.to_string()),
                }
            }
            Ok(_) => problem(&Value::Null, "the line is no JSON object"),
            Err(error) => problem(&Value::Null, &error.to_string()),
        };
        if answer.get("error").is_some() {
            exit = Exit::Usage;
        }
        let written = serde_json::to_writer(&mut out, &answer).map_err(std::io::Error::from);
        if written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    exit
}

/// Takes the answers of a row of a batch: `["question=answer"]`.
fn answered(explained: &mut ExplainedText, answers: Option<&Value>) -> Result<(), NoSuchAnswer> {
    let given = answers.and_then(Value::as_array).into_iter().flatten();
    given.filter_map(Value::as_str).try_for_each(|answer| explained.answer(answer))
}

fn problem(id: &Value, detail: &str) -> Value {
    json!({"schema": inbox_model::SCHEMA, "id": id, "findings": [], "error": detail})
}
