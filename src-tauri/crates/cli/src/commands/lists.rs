//! `apps`, `causes`, `policy`: what the program knows and what is set.

use inbox_model::{Cause, Confidence, Finding};
use serde_json::{Value, json};

use super::Session;
use crate::{
    arguments::{Common, ListOrShow},
    output::{self, Exit},
};

/// All causes with who mends them.
pub fn causes(common: &Common) -> Exit {
    if common.json {
        let causes: Vec<Value> = Cause::ALL
            .iter()
            .map(|cause| json!({"cause": cause, "fixer": cause.fixer(), "meaning": cause.meaning()}))
            .collect();
        output::document(&json!({ "causes": causes }), true);
    } else {
        for cause in Cause::ALL {
            let fixer = serde_json::to_value(cause.fixer()).ok();
            let fixer = fixer.as_ref().and_then(Value::as_str).unwrap_or_default();
            output::say(&format!("{:<26} {fixer:<8} {}", cause.id(), cause.meaning()));
        }
    }
    Exit::Works
}

/// The literal strings that recognition looks for.
pub fn patterns(common: &Common) -> Exit {
    let patterns = inbox_catalogue::patterns();
    if common.json {
        output::document(&json!({ "patterns": patterns }), true);
    } else {
        for pattern in patterns {
            output::say(&pattern);
        }
    }
    Exit::Works
}

/// One cause in words.
pub fn cause(session: &Session, id: &str, app: Option<&str>) -> Exit {
    let Some(cause) = Cause::from_id(id) else {
        output::complain(&format!("inbox-doctor: there is no cause called `{id}`; see `inbox-doctor causes list`"));
        return Exit::Usage;
    };
    let app = match session.engine.app(app) {
        Ok(app) => app,
        Err(error) => return output::error(&error, session.common.json),
    };
    let finding = Finding::of(cause, Confidence::Certain);
    let explained = session.engine.in_words(finding, app, None, session.language);
    if session.common.json {
        output::document(&explained, true);
    } else {
        let mut text = String::new();
        inbox_engine::report::finding(&mut text, &explained, session.language);
        output::say(text.trim_end());
    }
    Exit::Works
}

/// Target apps.
pub fn apps(session: &Session, command: ListOrShow) -> Exit {
    match command {
        ListOrShow::List => {
            let apps = session.engine.apps();
            if session.common.json {
                output::document(&json!({ "apps": apps }), true);
            } else {
                for app in apps {
                    output::say(&format!("{:<16} {} ({})", app.id, app.name, app.publisher));
                }
            }
            Exit::Works
        }
        ListOrShow::Show { id } => match session.engine.app(Some(&id)) {
            Ok(app) => {
                output::document(app, true);
                Exit::Works
            }
            Err(error) => output::error(&error, session.common.json),
        },
    }
}
