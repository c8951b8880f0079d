//! One value against its line of the table.

use std::{net::SocketAddr, path::Path};

use inbox_model::EmailAddress;
use serde_json::Value;
use url::Url;

use super::table::{Definition, Kind};

/// Most entries of a list; far above any real one.
const MOST_ENTRIES: usize = 500;
/// Most characters where the table names no limit; the longest path or address that common systems take.
const MOST_CHARACTERS: u64 = 4096;

/// What is left of a value, and what was wrong with it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Checked {
    /// The usable value; of a list the usable entries.
    pub value: Option<Value>,
    /// What was ignored, and why.
    pub problems: Vec<String>,
}

/// Checks a value. Of a list the entries that are not allowed are left out: what remains allows less than what was meant.
/// `full_paths`: whether paths must be absolute, as in a policy, whose reader's working folder means nothing.
pub(crate) fn check(definition: &Definition, value: &Value, full_paths: bool) -> Checked {
    if !definition.allowed.is_empty() && !definition.allowed.contains(value) {
        let only = definition.allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return broken(format!("this version takes only {only}"));
    }
    if definition.kind != Kind::List {
        return match one(definition, definition.kind, value, full_paths) {
            Ok(()) => Checked { value: Some(value.clone()), problems: Vec::new() },
            Err(reason) => broken(reason),
        };
    }
    let Value::Array(entries) = value else { return broken("it must be a list".to_owned()) };
    if entries.len() > MOST_ENTRIES {
        return broken(format!("it has {} entries; at most {MOST_ENTRIES} are read", entries.len()));
    }
    let (mut good, mut problems) = (Vec::new(), Vec::new());
    for entry in entries {
        match one(definition, definition.items.unwrap_or(Kind::Text), entry, full_paths) {
            Ok(()) => good.push(entry.clone()),
            Err(reason) => problems.push(format!("an entry is left out: {reason}")),
        }
    }
    Checked { value: Some(Value::Array(good)), problems }
}

fn broken(reason: String) -> Checked {
    Checked { value: None, problems: vec![reason] }
}

fn one(definition: &Definition, kind: Kind, value: &Value, full_paths: bool) -> Result<(), String> {
    match kind {
        Kind::Bool => return if value.is_boolean() { Ok(()) } else { Err("it must be true or false".to_owned()) },
        Kind::Integer => {
            let (least, most) = (definition.min.unwrap_or(0), definition.max.unwrap_or(u64::MAX));
            let fits = value.as_u64().is_some_and(|number| (least..=most).contains(&number));
            return if fits { Ok(()) } else { Err(format!("it must be a whole number from {least} to {most}")) };
        }
        _ => {}
    }
    let Value::String(text) = value else { return Err("it must be text in quotation marks".to_owned()) };
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let most = definition.max.unwrap_or(MOST_CHARACTERS);
    if text.chars().count() as u64 > most {
        return Err(format!("it has more than {most} characters"));
    }
    if text.chars().any(|c| c.is_control() && !(definition.lines && matches!(c, '\n' | '\r' | '\t'))) {
        return Err("it holds control characters".to_owned());
    }
    if definition.plain && !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
        return Err("only letters, digits, dot, hyphen and underscore are allowed".to_owned());
    }
    match kind {
        Kind::Choice if !definition.values.contains(text) => {
            Err(format!("it must be one of {}", definition.values.join(", ")))
        }
        Kind::Email => EmailAddress::parse(text).map(drop).map_err(|error| format!("it is no e-mail address: {error}")),
        Kind::Url => url(definition, text),
        Kind::Socket => text
            .parse::<SocketAddr>()
            .map(drop)
            .map_err(|_| "it must be an address with a port, like 192.0.2.53:53".to_owned()),
        Kind::Path if full_paths && !(Path::new(text).is_absolute() || text.starts_with("~/")) => {
            Err("it must be a full path".to_owned())
        }
        _ => Ok(()),
    }
}

fn url(definition: &Definition, text: &str) -> Result<(), String> {
    let parsed = Url::parse(text).map_err(|_| "it is no full web address".to_owned())?;
    let allowed: Vec<&str> = match definition.schemes.as_slice() {
        [] => vec!["http", "https"],
        schemes => schemes.iter().map(String::as_str).collect(),
    };
    if !allowed.contains(&parsed.scheme()) {
        return Err(format!("it must begin with {}://", allowed.join(":// or ")));
    }
    if parsed.host_str().is_none_or(str::is_empty) {
        return Err("it names no host".to_owned());
    }
    Ok(())
}

/// A value that a place can hold only as text (registry strings, MSI properties): yes and no, numbers, and lists as JSON or
/// with semicolons between. What does not fit is left as text, and [`check`] says what is wrong with it.
#[cfg(any(windows, test))]
pub(crate) fn from_text(definition: &Definition, text: &str) -> Value {
    let trimmed = text.trim();
    match definition.kind {
        Kind::Bool => match trimmed.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Value::Bool(true),
            "false" | "0" | "no" => Value::Bool(false),
            _ => Value::String(text.to_owned()),
        },
        Kind::Integer => trimmed.parse::<u64>().map_or_else(|_| Value::String(text.to_owned()), Value::from),
        Kind::List if trimmed.starts_with('[') => {
            serde_json::from_str(trimmed).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
        Kind::List => list_of(trimmed.split([';', '\n'])),
        _ => Value::String(trimmed.to_owned()),
    }
}

/// The entries that are not empty (editors of policies like to leave an empty line at the end).
#[cfg(any(windows, test))]
pub(crate) fn list_of<'a>(entries: impl Iterator<Item = &'a str>) -> Value {
    Value::Array(
        entries.map(str::trim).filter(|entry| !entry.is_empty()).map(|entry| Value::String(entry.to_owned())).collect(),
    )
}
