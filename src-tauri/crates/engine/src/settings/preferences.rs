//! Managed preferences of macOS: what a configuration profile sets arrives as a property list under
//! `/Library/Managed Preferences`, which only the system writes. Its dictionary `Recommended` holds recommended values, all
//! else is mandatory (<https://developer.apple.com/documentation/devicemanagement/custom-settings>; the place of the files is
//! long-standing practice and documented by no page of Apple's).

use std::path::Path;

use inbox_model::Origin;
use serde_json::{Map, Value};

use super::merge::Layer;

/// Domain of the preferences: the bundle's identifier.
#[cfg(target_os = "macos")]
pub(crate) const DOMAIN: &str = "app.inboxdoctor.desktop";
/// Dictionary of the recommended values.
const RECOMMENDED: &str = "Recommended";
/// Largest property list that is read, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// The layer of one file; `None` when it is not there.
pub(crate) fn layer(path: &Path, origin: Origin, machine: bool) -> Option<Layer> {
    if !path.exists() {
        return None;
    }
    let values = read(path).map(|mut all| match origin {
        Origin::RecommendedPolicy => match all.remove(RECOMMENDED) {
            Some(Value::Object(recommended)) => recommended,
            _ => Map::new(),
        },
        _ => {
            all.remove(RECOMMENDED);
            all
        }
    });
    Some(Layer { place: path.display().to_string(), origin, machine, values })
}

fn read(path: &Path) -> Result<Map<String, Value>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE {
        return Err(format!("it has {size} bytes; at most {MAX_FILE} are read"));
    }
    match plist::Value::from_file(path).map_err(|error| error.to_string())? {
        plist::Value::Dictionary(entries) => {
            Ok(entries.into_iter().filter(|(key, _)| !is_apples(key)).map(|(key, value)| (key, json(value))).collect())
        }
        _ => Err("it holds no dictionary".to_owned()),
    }
}

/// Keys that the system adds to a payload.
fn is_apples(key: &str) -> bool {
    key.starts_with("Payload") || key.starts_with("com.apple.") || key.starts_with("NS")
}

fn json(value: plist::Value) -> Value {
    match value {
        plist::Value::Boolean(flag) => Value::Bool(flag),
        plist::Value::String(text) => Value::String(text),
        plist::Value::Integer(number) => {
            number.as_unsigned().map(Value::from).or_else(|| number.as_signed().map(Value::from)).unwrap_or(Value::Null)
        }
        plist::Value::Array(entries) => Value::Array(entries.into_iter().map(json).collect()),
        plist::Value::Dictionary(entries) => {
            Value::Object(entries.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
        // Dates, data and fractions are of no kind that a setting has: reported as broken.
        _ => Value::Object(Map::new()),
    }
}
