//! Settings as JSON files: read with a limit, and as one flat list of keys.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// Largest settings file that is read, in bytes: far above any real one, far below what hurts.
const MAX_FILE: u64 = 1024 * 1024;
/// Key of the version of the file's form.
pub(crate) const SCHEMA_KEY: &str = "schema";
/// The form that this program writes.
pub(crate) const SCHEMA: u64 = 1;

/// Reads a JSON object.
pub(crate) fn read_map(path: &Path) -> Result<Map<String, Value>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE {
        return Err(format!("it has {size} bytes; a settings file has at most {MAX_FILE}"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    parse(&text)
}

/// Reads the text of a JSON object.
pub(crate) fn parse(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err("it holds no JSON object".to_owned()),
        Err(error) => Err(format!("it is no JSON: {error}")),
    }
}

/// The JSON files of a folder by name; none when there is no folder.
pub(crate) fn json_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Keys with a dot for each level of nesting. Comments (keys that begin with `$` or `//`), the file's version and `null` are
/// left out.
pub(crate) fn flatten(map: Map<String, Value>) -> Vec<(String, Value)> {
    let mut flat = Vec::new();
    for (key, value) in map {
        if key == SCHEMA_KEY {
            continue;
        }
        walk(key, value, &mut flat);
    }
    flat
}

fn walk(key: String, value: Value, flat: &mut Vec<(String, Value)>) {
    if value.is_null() || key.starts_with('$') || key.starts_with("//") {
        return;
    }
    match value {
        // An object in place of a value is a broken value, not further keys.
        Value::Object(map) if super::table::definition(&key).is_none() => {
            for (inner, value) in map {
                if !inner.starts_with('$') && !inner.starts_with("//") {
                    walk(format!("{key}.{inner}"), value, flat);
                }
            }
        }
        value => flat.push((key, value)),
    }
}

/// The object that flat keys stand for.
pub(crate) fn nest(flat: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut root = Map::new();
    for (key, value) in flat {
        insert(&mut root, &key, value);
    }
    root
}

fn insert(map: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(map.insert(key.to_owned(), value)),
        Some((head, rest)) => {
            let inner = map.entry(head.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
