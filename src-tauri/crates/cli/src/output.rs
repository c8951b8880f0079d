//! Standard output, standard error, exit codes.

use std::io::{IsTerminal as _, Write as _};

use inbox_engine::EngineError;
use inbox_model::Verdict;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How the program ends; a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It works; the text was explained.
    Works = 0,
    /// A cause was found; nothing settles a cause in the text.
    Found = 1,
    /// Wrong usage.
    Usage = 2,
    /// Could not examine enough to say.
    NotExamined = 3,
    /// The person stopped it.
    Cancelled = 4,
}

impl Exit {
    /// The code for a verdict.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Works => Self::Works,
            Verdict::Limited | Verdict::Blocked => Self::Found,
            Verdict::Inconclusive => Self::NotExamined,
        }
    }

    /// The code for an error.
    pub fn of_error(error: &EngineError) -> Self {
        match error {
            EngineError::Cancelled => Self::Cancelled,
            EngineError::Address(_) | EngineError::UnknownApp(_) | EngineError::NotText(_) => Self::Usage,
            _ => Self::NotExamined,
        }
    }

    /// Ends the program.
    pub fn leave(self) -> ! {
        let _ = std::io::stdout().flush();
        std::process::exit(self as i32)
    }
}

/// A reader that closes early (`… | head`) ends the program silently, as everywhere on a command line.
pub fn forget_broken_pipes() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.payload().downcast_ref::<String>().map(String::as_str).unwrap_or_default();
        if text.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

/// A line on standard output.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// A line on standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Progress on standard error, in place of what stood there before; empty clears the line.
pub fn progress(text: &str) {
    let mut err = std::io::stderr();
    let _ = write!(err, "\r{text:<20}{}", if text.is_empty() { "\r" } else { "" });
    let _ = err.flush();
}

/// Whether progress may be shown.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// A JSON document on standard output; `"schema": 1` is put in front where the document has none.
pub fn document<T: Serialize>(value: &T, pretty: bool) {
    let mut body = match serde_json::to_value(value) {
        Ok(Value::Object(body)) => body,
        Ok(other) => Map::from_iter([("value".to_owned(), other)]),
        Err(error) => Map::from_iter([("error".to_owned(), json!(error.to_string()))]),
    };
    let mut whole = Map::new();
    whole.insert("schema".to_owned(), json!(inbox_model::SCHEMA));
    body.remove("schema");
    whole.extend(body);
    let text = if pretty { serde_json::to_string_pretty(&whole) } else { serde_json::to_string(&whole) };
    say(&text.unwrap_or_default());
}

/// An error for people, or as a JSON document.
pub fn error(error: &EngineError, json: bool) -> Exit {
    let exit = Exit::of_error(error);
    if json {
        document(&json!({"error": {"code": code(error), "detail": error.to_string()}}), true);
    } else {
        complain(&format!("inbox-doctor: {error}"));
    }
    exit
}

fn code(error: &EngineError) -> &'static str {
    match error {
        EngineError::Settings(_) => "settings",
        EngineError::Network(_) => "network",
        EngineError::Address(_) => "address-invalid",
        EngineError::UnknownApp(_) => "unknown-app",
        EngineError::Policy(_) => "policy",
        EngineError::TooLong(_) => "too-long",
        EngineError::NotText(_) => "not-text",
        EngineError::NotAReport(_) => "not-a-report",
        EngineError::File(_) => "file",
        EngineError::Json(_) => "json",
        EngineError::Cancelled => "cancelled",
        EngineError::Keychain(_) => "keychain",
    }
}
