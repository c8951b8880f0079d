//! Layers of settings, laid one upon the other.
//!
//! A value that cannot be read is reported and ignored, and never widens what is allowed: where the table names a value for
//! this case, that one counts; and a mandatory value that cannot be read still keeps everybody else's from counting.

use std::{collections::BTreeMap, path::Path};

use inbox_model::Origin;
use serde_json::{Map, Value};

use super::{
    SettingsInForce, SettingsProblem, SettingsSources,
    file::{flatten, json_files, nest, read_map},
    table::{Changer, Definition, Scope, definition, definitions},
    value,
};

/// Values from one place.
pub(crate) struct Layer {
    /// File, registry key or other place, as an administrator would name it.
    pub place: String,
    /// Whose values they are.
    pub origin: Origin,
    /// Whether the place speaks for the whole computer, and not for one person.
    pub machine: bool,
    /// The values, or why there are none.
    pub values: Result<Map<String, Value>, String>,
}

#[derive(Debug, Clone)]
struct Held {
    value: Value,
    origin: Origin,
    place: String,
}

#[derive(Default)]
pub(crate) struct Merge {
    held: BTreeMap<String, Held>,
    problems: Vec<SettingsProblem>,
}

impl Merge {
    /// Values of the program itself; right by construction.
    pub(crate) fn built_in(&mut self, map: Map<String, Value>) {
        for (key, value) in map {
            self.held.insert(key, Held { value, origin: Origin::BuiltIn, place: String::new() });
        }
    }

    /// All policies of one rank, wherever this operating system keeps them; those for the computer last.
    pub(crate) fn policies(&mut self, sources: &SettingsSources, origin: Origin) {
        #[cfg(any(target_os = "macos", test))]
        for (path, machine) in sources.preferences.iter().zip([false, true]) {
            if let Some(layer) = path.as_ref().and_then(|path| super::preferences::layer(path, origin, machine)) {
                self.layer(layer);
            }
        }
        #[cfg(windows)]
        if sources.registry {
            super::registry::layers(origin).into_iter().for_each(|layer| self.layer(layer));
        }
        if let Some(folder) = &sources.policies {
            let name = if origin == Origin::MandatoryPolicy { "managed" } else { "recommended" };
            self.folder(&folder.join(name), origin);
        }
    }

    /// All JSON files of a folder by name, as policies for the computer.
    fn folder(&mut self, folder: &Path, origin: Origin) {
        match json_files(folder) {
            Ok(files) => {
                for file in files {
                    self.file(&file, origin);
                }
            }
            Err(reason) => {
                let place = folder.display().to_string();
                self.layer(Layer { place, origin, machine: true, values: Err(reason) });
            }
        }
    }

    /// One file.
    pub(crate) fn file(&mut self, path: &Path, origin: Origin) {
        let values = read_map(path);
        self.layer(Layer { place: path.display().to_string(), origin, machine: true, values });
    }

    /// One layer upon those before.
    pub(crate) fn layer(&mut self, layer: Layer) {
        let Layer { place, origin, machine, values } = layer;
        let values = match values {
            Ok(values) => values,
            Err(reason) => {
                self.problems.push(SettingsProblem { file: place.clone(), key: None, reason });
                self.close(&place, origin);
                return;
            }
        };
        for (key, raw) in flatten(values) {
            let Some(definition) = definition(&key) else {
                self.problem(&place, &key, "there is no such setting".to_owned());
                continue;
            };
            if let Some(reason) = refused(definition, origin, machine) {
                self.problem(&place, &key, reason.to_owned());
                continue;
            }
            let checked = value::check(definition, &raw, origin != Origin::User);
            for reason in checked.problems {
                self.problem(&place, &key, reason);
            }
            match checked.value {
                Some(value) => drop(self.held.insert(key, Held { value, origin, place: place.clone() })),
                None => self.broken(definition, &place, origin),
            }
        }
    }

    fn problem(&mut self, place: &str, key: &str, reason: String) {
        self.problems.push(SettingsProblem { file: place.to_owned(), key: Some(key.to_owned()), reason });
    }

    /// A value that cannot be read. One that stands in an earlier file of the same rank stays.
    fn broken(&mut self, definition: &Definition, place: &str, origin: Origin) {
        if self.held.get(&definition.key).is_some_and(|held| held.origin >= origin) {
            return;
        }
        let value = match (&definition.broken, origin) {
            (Some(value), _) => value.clone(),
            (None, Origin::MandatoryPolicy) => Value::Null,
            (None, _) => return,
        };
        self.held.insert(definition.key.clone(), Held { value, origin, place: place.to_owned() });
    }

    /// A place of policies that cannot be read may have forbidden anything: what can be closed is closed. The user's own file
    /// forbids only the user.
    fn close(&mut self, place: &str, origin: Origin) {
        if !matches!(origin, Origin::MandatoryPolicy | Origin::RecommendedPolicy) {
            return;
        }
        for definition in definitions().iter().filter(|definition| definition.broken.is_some()) {
            self.broken(definition, place, origin);
        }
    }

    pub(crate) fn finish(self) -> SettingsInForce {
        let mut settings = SettingsInForce { problems: self.problems, ..SettingsInForce::default() };
        let mut flat = Vec::new();
        for (key, held) in self.held {
            settings.origins.insert(key.clone(), held.origin);
            if !held.place.is_empty() {
                settings.places.insert(key.clone(), held.place);
            }
            if !held.value.is_null() {
                settings.flat.insert(key.clone(), held.value.clone());
                flat.push((key, held.value));
            }
        }
        // Every value was checked by the table, and a test reads each kind back: this never fails, and must not hide it.
        match serde_json::from_value(Value::Object(nest(flat))) {
            Ok(values) => settings.values = values,
            Err(error) => settings.problems.push(SettingsProblem {
                file: "the settings".to_owned(),
                key: None,
                reason: error.to_string(),
            }),
        }
        settings
    }
}

/// Why this place may not set it.
fn refused(definition: &Definition, origin: Origin, machine: bool) -> Option<&'static str> {
    match origin {
        Origin::User if definition.user == Changer::No => Some("only a policy of the organisation can set it"),
        Origin::MandatoryPolicy | Origin::RecommendedPolicy => match definition.scope {
            Scope::Preference => Some("it is each person's own; no policy can set it"),
            Scope::Machine if !machine => Some("only a policy for the whole computer can set it"),
            _ => None,
        },
        _ => None,
    }
}
