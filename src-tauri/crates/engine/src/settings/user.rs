//! Changes to the user's own settings file: one value at a time, the rest of the file as it was.
//!
//! The file may belong to a newer version of the program, be edited by hand, be a link, or be torn: nothing of that is lost.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
};

use inbox_model::Origin;
use serde_json::{Map, Value};

use super::{
    SettingsError, SettingsInForce, SettingsSources,
    file::{self, SCHEMA, SCHEMA_KEY},
    table::{Changer, definition},
    value,
};

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangedSetting {
    /// Whether a file was written. With a settings file in place of the user's nothing is: that file belongs to whoever named it.
    pub written: bool,
    /// Where a settings file went that could not be read; its values no longer count.
    pub kept_aside: Option<PathBuf>,
}

/// Changes one of the user's settings; `None` takes it back to what counts without it.
///
/// # Errors
/// When there is no such setting, the value is not allowed, the organisation has set it, or the file cannot be written or
/// belongs to a newer version of the program. The file is then as it was.
pub fn change_user_setting(
    sources: &SettingsSources,
    key: &str,
    value: Option<Value>,
) -> Result<ChangedSetting, SettingsError> {
    let not_allowed = |reason: String| SettingsError::NotAllowed { key: key.to_owned(), reason };
    let Some(definition) = definition(key) else { return Err(not_allowed("there is no such setting".to_owned())) };
    if definition.user == Changer::No {
        return Err(not_allowed("only a policy of the organisation can set it".to_owned()));
    }
    let value = value.filter(|value| !value.is_null());
    if let Some(value) = &value
        && let Some(reason) = value::check(definition, value, false).problems.into_iter().next()
    {
        return Err(not_allowed(reason));
    }
    if SettingsInForce::read(sources)?.origin(key) == Some(Origin::MandatoryPolicy) {
        return Err(SettingsError::Locked { key: key.to_owned() });
    }
    if sources.instead_of_user.is_some() {
        return Ok(ChangedSetting::default());
    }
    let Some(path) = &sources.user else {
        return Err(unwritable(Path::new("settings.json"), "there is no folder for settings"));
    };
    // A link stays a link: what it points at is replaced.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let _alone = lock(&path)?;
    let mut changed = ChangedSetting { written: true, kept_aside: None };
    let mut map = match read(&path)? {
        Ok(map) => map,
        Err(()) => {
            changed.kept_aside = Some(keep_aside(&path)?);
            Map::new()
        }
    };
    if map.get(SCHEMA_KEY).is_some_and(|schema| schema.as_u64().is_none_or(|schema| schema > SCHEMA)) {
        return Err(SettingsError::Newer { path: path.display().to_string() });
    }
    take_out(&mut map, key);
    if let Some(value) = value {
        put_in(&mut map, key, value);
    }
    let text = serde_json::to_vec_pretty(&map).map_err(|error| unwritable(&path, error))?;
    crate::files::replace(&path, &text).map_err(|error| unwritable(&path, error))?;
    Ok(changed)
}

/// Changes one of the user's settings; `null` removes it.
///
/// # Errors
/// As [`change_user_setting`].
pub fn set_user_setting(sources: &SettingsSources, key: &str, value: Value) -> Result<(), SettingsError> {
    change_user_setting(sources, key, Some(value)).map(drop)
}

fn unwritable(path: &Path, reason: impl ToString) -> SettingsError {
    SettingsError::Unwritable { path: path.display().to_string(), reason: reason.to_string() }
}

/// Keeps a second program from changing the file between our reading and our writing.
fn lock(path: &Path) -> Result<File, SettingsError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unwritable(path, error))?;
    }
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.with_extension("lock"))
        .map_err(|error| unwritable(path, error))?;
    file.lock().map_err(|error| unwritable(path, error))?;
    Ok(file)
}

/// The file's object, empty for no file; `Err(())` inside for bytes that are none of ours.
fn read(path: &Path) -> Result<Result<Map<String, Value>, ()>, SettingsError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(std::str::from_utf8(&bytes).ok().and_then(|text| file::parse(text).ok()).ok_or(())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Ok(Map::new())),
        Err(error) => Err(unwritable(path, error)),
    }
}

/// Moves a file out of the way under a name that is free.
fn keep_aside(path: &Path) -> Result<PathBuf, SettingsError> {
    let free = (1..1000)
        .map(|number| path.with_extension(format!("unreadable-{number}.json")))
        .find(|candidate| !candidate.exists())
        .ok_or_else(|| unwritable(path, "too many unreadable files lie beside it"))?;
    std::fs::rename(path, &free).map_err(|error| unwritable(path, error))?;
    Ok(free)
}

/// Removes a key, written with dots or nested.
fn take_out(map: &mut Map<String, Value>, key: &str) {
    map.shift_remove(key);
    if let Some((head, rest)) = key.split_once('.')
        && let Some(Value::Object(inner)) = map.get_mut(head)
    {
        take_out(inner, rest);
    }
}

fn put_in(map: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        Some((head, rest)) if map.get(head).is_none_or(Value::is_object) => {
            let inner = map.entry(head.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put_in(inner, rest, value);
            }
        }
        _ => drop(map.insert(key.to_owned(), value)),
    }
}
