//! Every setting as a line: for `policy show` and for the window.

use inbox_model::{Language, Origin, SettingRow};
use serde_json::Value;

use super::{
    SettingsInForce,
    table::{Changer, Definition, definitions},
};

impl SettingsInForce {
    /// Every setting of the table in its order, with what counts now. Secrets are masked.
    #[must_use]
    pub fn rows(&self, language: Language) -> Vec<SettingRow> {
        definitions().iter().map(|definition| self.row(definition, language)).collect()
    }

    fn row(&self, definition: &Definition, language: Language) -> SettingRow {
        let (title, text) = definition.words(language);
        let origin = self.origin(&definition.key).unwrap_or(Origin::BuiltIn);
        let locked = origin == Origin::MandatoryPolicy;
        let value = self.flat.get(&definition.key).or(definition.default.as_ref()).cloned().unwrap_or(Value::Null);
        SettingRow {
            key: definition.key.clone(),
            group: definition.group.clone(),
            title: title.to_owned(),
            text: text.to_owned(),
            kind: definition.kind.name().to_owned(),
            choices: definition.values.clone(),
            value: definition.shown(value),
            origin,
            place: self.places.get(&definition.key).cloned(),
            locked,
            changeable: definition.user == Changer::Window && !locked,
            problems: self
                .problems
                .iter()
                .filter(|problem| problem.key.as_deref() == Some(&definition.key))
                .map(|problem| format!("{}: {}", problem.file, problem.reason))
                .collect(),
        }
    }
}
