//! `inbox-doctor replay FILE`.

use std::path::Path;

use inbox_engine::EngineError;

use super::{Session, check};
use crate::output::{self, Exit};

/// Largest report that is read, in bytes; real ones have a few hundred kilobytes.
const MAX_REPORT: u64 = 16 * 1024 * 1024;

/// Judges a saved report again.
pub fn run(session: &Session, file: &Path, save: Option<&Path>, details: bool) -> Exit {
    let examination = read(file).and_then(|text| session.engine.replay(&text, session.language));
    let examination = match examination {
        Ok(examination) => examination,
        Err(error) => return output::error(&error, session.common.json),
    };
    check::print(session, &examination, details);
    if let Some(Err(reason)) = save.map(|path| check::save(session, &examination, path, None)) {
        output::complain(&format!("inbox-doctor: the report could not be saved: {reason}"));
        return Exit::NotExamined;
    }
    Exit::of(examination.verdict)
}

fn read(file: &Path) -> Result<String, EngineError> {
    let size = std::fs::metadata(file)?.len();
    if size > MAX_REPORT {
        return Err(EngineError::NotAReport(format!("{} has {size} bytes", file.display())));
    }
    Ok(std::fs::read_to_string(file)?)
}
