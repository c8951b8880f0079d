//! Policies in the registry of Windows: `SOFTWARE\Policies\InboxDoctor` for the computer and for the person, mandatory
//! values in the key itself, recommended ones in its subkey `Recommended`.
//!
//! Group policy writes numbers, strings and numbered values in a subkey for a list; installers can write only strings. Each
//! is taken for every setting. `SOFTWARE\Policies` can be written by administrators only, in both hives
//! (<https://learn.microsoft.com/previous-versions/windows/desktop/policy/implementing-registry-based-policy>).

use serde_json::{Map, Value};

use super::{
    table::{Definition, Kind, definitions},
    value::{from_text, list_of},
};

/// Where policies are, under either hive.
#[cfg(windows)]
const POLICIES: &str = r"SOFTWARE\Policies\InboxDoctor";
/// Subkey of the recommended ones; no name of a setting.
const RECOMMENDED: &str = "Recommended";

/// What stands in the registry under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// `REG_DWORD`, `REG_QWORD`.
    Number(u64),
    /// `REG_SZ`, `REG_EXPAND_SZ` with its variables replaced.
    Text(String),
    /// `REG_MULTI_SZ`, or the numbered values of a subkey in their order.
    List(Vec<String>),
    /// A type that no setting has.
    Foreign,
}

/// Names and values of a key as a layer of settings. Names count without regard to case, as everywhere in the registry; the
/// nameless default value is left out.
pub(crate) fn to_map(entries: Vec<(String, Entry)>) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, entry) in entries {
        if name.is_empty() || name.eq_ignore_ascii_case(RECOMMENDED) {
            continue;
        }
        match definitions().iter().find(|definition| definition.key.eq_ignore_ascii_case(&name)) {
            Some(definition) => drop(map.insert(definition.key.clone(), value(definition, entry))),
            // Kept so that it is reported.
            None => drop(map.insert(name, Value::Bool(true))),
        }
    }
    map
}

fn value(definition: &Definition, entry: Entry) -> Value {
    match entry {
        Entry::Number(number @ (0 | 1)) if definition.kind == Kind::Bool => Value::Bool(number == 1),
        Entry::Number(number) => Value::from(number),
        Entry::Text(text) => from_text(definition, &text),
        // A text of several lines, as its editor writes it.
        Entry::List(lines) if definition.kind == Kind::Text => Value::String(lines.join("\n").trim_end().to_owned()),
        Entry::List(entries) => list_of(entries.iter().map(String::as_str)),
        // Of no kind that a setting has: reported as broken.
        Entry::Foreign => Value::Object(Map::new()),
    }
}

/// All layers of both hives. A key that is not there is none; one that cannot be read is a layer that says so.
#[cfg(windows)]
pub(crate) fn layers(origin: inbox_model::Origin) -> Vec<super::merge::Layer> {
    use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

    let path = match origin {
        inbox_model::Origin::RecommendedPolicy => format!(r"{POLICIES}\{RECOMMENDED}"),
        _ => POLICIES.to_owned(),
    };
    // The computer's policy is stronger than the person's, as with every policy of Windows.
    [("HKEY_CURRENT_USER", CURRENT_USER, false), ("HKEY_LOCAL_MACHINE", LOCAL_MACHINE, true)]
        .into_iter()
        .filter_map(|(name, hive, machine)| {
            let values = match windows::read(hive, &path) {
                Ok(entries) => Ok(to_map(entries?)),
                Err(reason) => Err(reason),
            };
            Some(super::merge::Layer { place: format!(r"{name}\{path}"), origin, machine, values })
        })
        .collect()
}

#[cfg(windows)]
mod windows {
    use windows_registry::{Key, Type, Value};

    use super::{Entry, RECOMMENDED};

    /// `KEY_WOW64_64KEY`: the 64-bit view, whatever the program is.
    const VIEW_64: u32 = 0x0100;
    /// `ERROR_FILE_NOT_FOUND` as an HRESULT.
    const NOT_FOUND: i32 = 0x8007_0002_u32.cast_signed();

    /// The values of a key; `None` when it is not there.
    pub(super) fn read(hive: &Key, path: &str) -> Result<Option<Vec<(String, Entry)>>, String> {
        let key = match hive.options().read().access(VIEW_64).open(path) {
            Ok(key) => key,
            Err(error) if error.code().0 == NOT_FOUND => return Ok(None),
            Err(error) => return Err(error.message()),
        };
        let mut entries: Vec<(String, Entry)> =
            key.values().map_err(|error| error.message())?.map(|(name, value)| (name, entry(&value))).collect();
        for name in key.keys().map_err(|error| error.message())? {
            if name.eq_ignore_ascii_case(RECOMMENDED) {
                continue;
            }
            let list = key.options().read().access(VIEW_64).open(&name).map_err(|error| error.message())?;
            let mut numbered: Vec<(u64, String)> = list
                .values()
                .map_err(|error| error.message())?
                .filter_map(|(number, value)| match entry(&value) {
                    Entry::Text(text) => Some((number.parse().unwrap_or(u64::MAX), text)),
                    _ => None,
                })
                .collect();
            numbered.sort();
            entries.push((name, Entry::List(numbered.into_iter().map(|(_, text)| text).collect())));
        }
        Ok(Some(entries))
    }

    fn entry(value: &Value) -> Entry {
        let text = || String::from_utf16_lossy(value.as_wide());
        match value.ty() {
            Type::U32 => u32::try_from(value.clone()).map_or(Entry::Foreign, |number| Entry::Number(number.into())),
            Type::U64 => u64::try_from(value.clone()).map_or(Entry::Foreign, Entry::Number),
            Type::String => Entry::Text(text().trim_end_matches('\0').to_owned()),
            Type::ExpandString => Entry::Text(expand(text().trim_end_matches('\0'))),
            Type::MultiString => Entry::List(text().split('\0').map(ToOwned::to_owned).collect()),
            _ => Entry::Foreign,
        }
    }

    /// Replaces `%NAME%` by the environment's value; an unknown name stays as it is.
    fn expand(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            out.push_str(before);
            match after.split_once('%').and_then(|(name, tail)| Some((std::env::var(name).ok()?, tail))) {
                Some((value, tail)) => {
                    out.push_str(&value);
                    rest = tail;
                }
                None => {
                    out.push('%');
                    rest = after;
                }
            }
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strings_numbers_and_lists_are_taken_for_every_setting() {
        let text = |text: &str| Entry::Text(text.to_owned());
        let map = to_map(vec![
            ("ALLOWWRITETEST".to_owned(), text("FALSE")),
            ("allowAdminCheck".to_owned(), Entry::Number(0)),
            ("keepHistory".to_owned(), Entry::Number(7)),
            ("signInSeconds".to_owned(), text(" 60 ")),
            ("allowedApps".to_owned(), text("hubspot; other ;")),
            ("allowedProviders".to_owned(), text(r#"["google"]"#)),
            ("appFiles".to_owned(), Entry::List(vec![r"C:\a.toml".to_owned(), String::new()])),
            ("endpoints.microsoft.login".to_owned(), text("https://login.example")),
            ("helpdeskName".to_owned(), Entry::Foreign),
            ("messageAddition".to_owned(), Entry::List(vec!["one".to_owned(), "two".to_owned(), String::new()])),
            (String::new(), text("the nameless value")),
            ("Recommended".to_owned(), text("x")),
            ("nonsense".to_owned(), text("x")),
        ]);
        assert_eq!(
            Value::Object(map),
            json!({
                "allowWriteTest": false, "allowAdminCheck": false, "keepHistory": 7, "signInSeconds": 60,
                "allowedApps": ["hubspot", "other"], "allowedProviders": ["google"], "appFiles": [r"C:\a.toml"],
                "endpoints.microsoft.login": "https://login.example", "helpdeskName": {}, "messageAddition": "one\ntwo",
                "nonsense": true
            })
        );
    }

    #[test]
    fn a_torn_list_is_left_for_the_check_to_refuse() {
        let map = to_map(vec![("allowedApps".to_owned(), Entry::Text("[\"hubspot\"".to_owned()))]);
        assert!(map["allowedApps"].is_string());
    }
}
