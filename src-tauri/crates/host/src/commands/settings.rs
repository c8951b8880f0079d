//! `settings`, `set_setting`: every setting with where it comes from, and the user's own ones to change.

use inbox_engine::{SettingsError, SettingsInForce, SettingsProblem, SettingsSources, change_user_setting};
use inbox_model::{Language, Origin, SettingRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::host::Host;

/// What is shown in place of a secret.
const MASK: &str = "***";
/// Keys that concern the window alone: nothing that runs depends on them.
const OF_THE_WINDOW: &[&str] = &["language", "theme"];

/// One setting as it stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WindowRow {
    #[serde(flatten)]
    row: SettingRow,
    /// What the user's own file says, also where a policy wins.
    user_value: Value,
}

/// All settings as they stand.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingsState {
    rows: Vec<WindowRow>,
    problems: Vec<SettingsProblem>,
    file: Option<String>,
    replaced: bool,
    kept_aside: Option<String>,
}

/// In which language the words are wanted.
#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    language: Option<Language>,
}

/// A setting that is to be changed; `null` takes it out of the user's file.
#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    key: String,
    value: Value,
    language: Option<Language>,
}

/// All settings, read anew: a policy may have come since the start.
pub(crate) async fn settings(host: &Host, order: Words) -> Result<SettingsState, HostError> {
    let sources = host.sources().clone();
    guarded_blocking(move || state(&sources, order.language.unwrap_or_default())).await
}

/// Changes one of the user's settings and gives all back as they then stand. What runs keeps the settings it began with.
pub(crate) async fn set_setting(host: &Host, order: Change) -> Result<SettingsState, HostError> {
    let sources = host.sources().clone();
    let key = order.key.clone();
    let state = guarded_blocking(move || {
        let kept_aside = change(&sources, &order.key, order.value)?;
        Ok(SettingsState { kept_aside, ..state(&sources, order.language.unwrap_or_default())? })
    })
    .await?;
    if !OF_THE_WINDOW.contains(&key.as_str()) {
        host.renew();
    }
    host.outside.setting_changed(&key);
    Ok(state)
}

/// Writes one value of the user's, unless it cannot be changed here. Gives the place where a file went that could not be
/// read.
pub(crate) fn change(sources: &SettingsSources, key: &str, value: Value) -> Result<Option<String>, HostError> {
    if sources.instead_of_user.is_some() {
        return Err(HostErrorCode::Policy.with(key));
    }
    if value == MASK {
        // The window shows a secret as a mask; the mask is no secret.
        return Err(HostErrorCode::Settings.with(format!("{key}: this is the mask of a value, not a value")));
    }
    let changed = change_user_setting(sources, key, Some(value)).map_err(|error| match error {
        SettingsError::Locked { key } => HostErrorCode::Policy.with(key),
        SettingsError::NotAllowed { key, reason } => HostErrorCode::Settings.with(format!("{key}: {reason}")),
        other => HostErrorCode::Settings.with(other),
    })?;
    Ok(changed.kept_aside.map(|path| path.display().to_string()))
}

fn state(sources: &SettingsSources, language: Language) -> Result<SettingsState, HostError> {
    let failed = |error: SettingsError| HostErrorCode::Settings.with(error);
    let in_force = SettingsInForce::read(sources).map_err(failed)?;
    let alone = SettingsSources { policies: None, state: None, ..sources.clone() };
    let own = SettingsInForce::read(&alone).map_err(failed)?.rows(language);
    let replaced = sources.instead_of_user.is_some();
    let rows = in_force
        .rows(language)
        .into_iter()
        .map(|mut row| {
            row.locked |= replaced;
            row.changeable &= !replaced;
            let users = own.iter().find(|own| own.key == row.key && own.origin == Origin::User);
            WindowRow { user_value: users.map(|own| own.value.clone()).unwrap_or_default(), row }
        })
        .collect();
    let file = sources.user.as_ref().map(|path| path.display().to_string());
    Ok(SettingsState { rows, problems: in_force.problems, file, replaced, kept_aside: None })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn sources(folder: &Path) -> SettingsSources {
        SettingsSources {
            user: Some(folder.join("settings.json")),
            policies: Some(folder.join("policies")),
            ..SettingsSources::default()
        }
    }

    fn row(state: &SettingsState, key: &str) -> Value {
        serde_json::to_value(state.rows.iter().find(|row| row.row.key == key).unwrap()).unwrap()
    }

    #[test]
    fn a_row_tells_value_origin_lock_and_the_users_own_value() {
        let folder = tempfile::tempdir().unwrap();
        let managed = folder.path().join("policies/managed");
        std::fs::create_dir_all(&managed).unwrap();
        std::fs::write(managed.join("1.json"), r#"{"microsoftTenant":"contoso.example"}"#).unwrap();
        std::fs::write(
            folder.path().join("settings.json"),
            r#"{"microsoftTenant":"own.example","googleClientSecret":"canary-secret","keepHistory":false}"#,
        )
        .unwrap();
        let state = state(&sources(folder.path()), Language::En).unwrap();
        let tenant = row(&state, "microsoftTenant");
        assert_eq!(tenant["value"], "contoso.example");
        assert_eq!(tenant["userValue"], "own.example");
        assert_eq!(tenant["origin"], "mandatory-policy");
        assert_eq!((&tenant["locked"], &tenant["changeable"]), (&Value::Bool(true), &Value::Bool(false)));
        assert_eq!(row(&state, "keepHistory")["locked"], false);
        assert_eq!(row(&state, "keepHistory")["userValue"], false);
        assert_eq!(row(&state, "proxy")["value"], Value::Null);
        assert!(!serde_json::to_string(&state).unwrap().contains("canary-secret"), "secrets are masked");
    }

    #[test]
    fn a_locked_setting_and_a_mask_are_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let managed = folder.path().join("policies/managed");
        std::fs::create_dir_all(&managed).unwrap();
        std::fs::write(managed.join("1.json"), r#"{"app":"hubspot"}"#).unwrap();
        let sources = sources(folder.path());
        assert_eq!(change(&sources, "app", "other".into()).unwrap_err().code, HostErrorCode::Policy);
        assert_eq!(change(&sources, "googleClientSecret", MASK.into()).unwrap_err().code, HostErrorCode::Settings);
        assert_eq!(change(&sources, "signInSeconds", 1.into()).unwrap_err().code, HostErrorCode::Settings);
        assert!(!folder.path().join("settings.json").exists());
        change(&sources, "keepHistory", false.into()).unwrap();
        assert_eq!(row(&state(&sources, Language::En).unwrap(), "keepHistory")["value"], false);
        change(&sources, "keepHistory", Value::Null).unwrap();
        assert_eq!(row(&state(&sources, Language::En).unwrap(), "keepHistory")["origin"], "built-in");
    }

    #[test]
    fn a_damaged_file_is_told_and_kept_beside_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let sources = sources(folder.path());
        std::fs::write(folder.path().join("settings.json"), r#"{"app":"hub"#).unwrap();
        let before = state(&sources, Language::En).unwrap();
        assert_eq!(before.problems.len(), 1);
        assert_eq!(before.problems[0].key, None);
        let kept = change(&sources, "keepHistory", false.into()).unwrap().expect("a place");
        let after = state(&sources, Language::En).unwrap();
        assert!(after.problems.is_empty(), "{:?}", after.problems);
        assert_eq!(row(&after, "keepHistory")["value"], false);
        assert_eq!(std::fs::read_to_string(kept).unwrap(), r#"{"app":"hub"#, "what the person had written is there");
    }
}
