//! Settings in force: the program's own values, the organisation's policy and the user's file, merged with their origin.
//!
//! Precedence, later wins: built-in, recommended policy, user (or the file of `--settings`), mandatory policy. A value
//! that cannot be read is reported, ignored, and never widens what is allowed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use inbox_model::{Origin, Settings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Largest settings file that is read, in bytes: far above any real one, far below what hurts.
const MAX_FILE: u64 = 1024 * 1024;

/// Where settings are read from.
#[derive(Debug, Clone, Default)]
pub struct SettingsSources {
    /// The user's file; missing is fine.
    pub user: Option<PathBuf>,
    /// A file that takes the place of the user's (`--settings`); missing is an error.
    pub instead_of_user: Option<PathBuf>,
    /// Folder of policies with `managed/` and `recommended/` below it.
    pub policies: Option<PathBuf>,
    /// Folder of what the program remembers between runs; `None` remembers nothing.
    pub state: Option<PathBuf>,
}

impl SettingsSources {
    /// The places of this operating system, with the user's file replaced where one is given.
    #[must_use]
    pub fn of_this_computer(instead_of_user: Option<PathBuf>) -> Self {
        Self {
            user: crate::places::config_dir().map(|folder| folder.join("settings.json")),
            instead_of_user,
            policies: Some(PathBuf::from("/etc/inbox-doctor/policies")),
            state: crate::places::state_dir(),
        }
    }
}

/// Something in a settings file that was ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsProblem {
    /// The file.
    pub file: String,
    /// The key, where one value is at fault.
    pub key: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

/// Why settings cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file that was named cannot be read.
    #[error("the settings file {path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The user's file cannot be written.
    #[error("the settings file {path} cannot be written: {reason}")]
    Unwritable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// The merged settings.
#[derive(Debug, Clone, Default)]
pub struct SettingsInForce {
    /// The values.
    pub values: Settings,
    /// Where each value that is set came from, by key.
    pub origins: BTreeMap<String, Origin>,
    /// What was ignored.
    pub problems: Vec<SettingsProblem>,
}

impl SettingsInForce {
    /// Reads and merges all sources.
    ///
    /// # Errors
    /// When the file given in place of the user's cannot be read. Everything else is reported in `problems`.
    pub fn read(sources: &SettingsSources) -> Result<Self, SettingsError> {
        let mut merged = Merge::default();
        merged.layer("the build", built_in(), Origin::BuiltIn);
        if let Some(folder) = &sources.policies {
            merged.folder(&folder.join("recommended"), Origin::RecommendedPolicy);
        }
        if let Some(path) = &sources.instead_of_user {
            let map = read_map(path)
                .map_err(|reason| SettingsError::Unreadable { path: path.display().to_string(), reason })?;
            merged.layer(&path.display().to_string(), map, Origin::User);
        } else if let Some(path) = &sources.user {
            merged.optional_file(path, Origin::User);
        }
        if let Some(folder) = &sources.policies {
            merged.folder(&folder.join("managed"), Origin::MandatoryPolicy);
        }
        Ok(merged.finish())
    }

    /// Where the value of a key came from; `None` when it is not set.
    #[must_use]
    pub fn origin(&self, key: &str) -> Option<Origin> {
        self.origins.get(key).copied()
    }

    /// Every key that is set, with its value and origin; secrets are masked.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, Value, Origin)> {
        let Ok(Value::Object(map)) = serde_json::to_value(&self.values) else { return Vec::new() };
        map.into_iter()
            .filter_map(|(key, value)| {
                let origin = self.origin(&key)?;
                let shown = if key == "googleClientSecret" { Value::String("***".to_owned()) } else { value };
                Some((key, shown, origin))
            })
            .collect()
    }
}

/// Changes one of the user's settings and leaves the rest of the file as it is; `null` removes it. With a settings file in
/// place of the user's nothing is written: that file belongs to whoever named it.
///
/// # Errors
/// When the value is not allowed or the file cannot be written.
pub fn set_user_setting(sources: &SettingsSources, key: &str, value: Value) -> Result<(), SettingsError> {
    let unwritable =
        |path: &Path, reason: String| SettingsError::Unwritable { path: path.display().to_string(), reason };
    if sources.instead_of_user.is_some() {
        return Ok(());
    }
    let Some(path) = &sources.user else {
        return Err(unwritable(Path::new("settings.json"), "there is no folder for settings".to_owned()));
    };
    if !value.is_null() {
        check(key, &value).map_err(|reason| unwritable(path, format!("{key}: {reason}")))?;
    }
    let mut map = if path.exists() { read_map(path).map_err(|reason| unwritable(path, reason))? } else { Map::new() };
    if value.is_null() {
        map.remove(key);
    } else {
        map.insert(key.to_owned(), value);
    }
    let text = serde_json::to_vec_pretty(&map).map_err(|error| unwritable(path, error.to_string()))?;
    crate::files::replace(path, &text).map_err(|error| unwritable(path, error.to_string()))
}

/// Values that the publisher baked into this build.
fn built_in() -> Map<String, Value> {
    let baked = [
        ("microsoftClientId", option_env!("INBOX_DOCTOR_MICROSOFT_CLIENT_ID")),
        ("googleClientId", option_env!("INBOX_DOCTOR_GOOGLE_CLIENT_ID")),
        ("googleClientSecret", option_env!("INBOX_DOCTOR_GOOGLE_CLIENT_SECRET")),
    ];
    baked
        .into_iter()
        .filter_map(|(key, value)| {
            value.filter(|v| !v.is_empty()).map(|v| (key.to_owned(), Value::String(v.to_owned())))
        })
        .collect()
}

fn read_map(path: &Path) -> Result<Map<String, Value>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE {
        return Err(format!("it has {size} bytes; a settings file has at most {MAX_FILE}"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err("it holds no JSON object".to_owned()),
        Err(error) => Err(format!("it is no JSON: {error}")),
    }
}

#[derive(Default)]
struct Merge {
    values: Map<String, Value>,
    origins: BTreeMap<String, Origin>,
    problems: Vec<SettingsProblem>,
}

impl Merge {
    fn optional_file(&mut self, path: &Path, origin: Origin) {
        if !path.exists() {
            return;
        }
        match read_map(path) {
            Ok(map) => self.layer(&path.display().to_string(), map, origin),
            Err(reason) => {
                self.problems.push(SettingsProblem { file: path.display().to_string(), key: None, reason });
            }
        }
    }

    fn folder(&mut self, folder: &Path, origin: Origin) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        for file in files {
            self.optional_file(&file, origin);
        }
    }

    fn layer(&mut self, file: &str, map: Map<String, Value>, origin: Origin) {
        for (key, value) in map {
            if value.is_null() || key.starts_with('$') {
                continue;
            }
            if let Err(reason) = check(&key, &value) {
                self.problems.push(SettingsProblem { file: file.to_owned(), key: Some(key), reason });
                continue;
            }
            self.values.insert(key.clone(), value);
            self.origins.insert(key, origin);
        }
    }

    fn finish(self) -> SettingsInForce {
        let values = serde_json::from_value(Value::Object(self.values)).unwrap_or_default();
        SettingsInForce { values, origins: self.origins, problems: self.problems }
    }
}

/// Checks one value by itself: known key, right type, within its limits.
fn check(key: &str, value: &Value) -> Result<(), String> {
    let known = serde_json::to_value(Settings::default()).unwrap_or_default();
    if known.get(key).is_none() {
        return Err("there is no such setting".to_owned());
    }
    let single = Value::Object(Map::from_iter([(key.to_owned(), value.clone())]));
    let settings: Settings = serde_json::from_value(single).map_err(|error| error.to_string())?;
    if settings.sign_in_seconds.is_some_and(|seconds| !(10..=3600).contains(&seconds)) {
        return Err("it must be from 10 to 3600".to_owned());
    }
    if settings.dns_server.is_some_and(|text| text.parse::<std::net::SocketAddr>().is_err()) {
        return Err("it must be an address with a port, like 192.0.2.53:53".to_owned());
    }
    if settings.proxy.is_some_and(|text| url::Url::parse(&text).is_err()) {
        return Err("it must be an address like http://proxy.example:8080".to_owned());
    }
    if let Some(endpoints) = &settings.endpoints {
        crate::MicrosoftAddresses::resolve(inbox_model::Cloud::Worldwide, Some(endpoints))
            .map_err(|_| "a Microsoft address in it is no http(s) address".to_owned())?;
        crate::GoogleAddresses::resolve(Some(endpoints))
            .map_err(|_| "a Google address in it is no http(s) address".to_owned())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn read(folder: &tempfile::TempDir) -> SettingsInForce {
        SettingsInForce::read(&SettingsSources {
            user: Some(folder.path().join("user.json")),
            instead_of_user: None,
            policies: Some(folder.path().join("policies")),
            state: None,
        })
        .unwrap()
    }

    #[test]
    fn mandatory_policy_wins_over_the_user_and_the_user_over_a_recommendation() {
        let folder = folder_with(&[
            ("user.json", r#"{"app":"mine","language":"ja","microsoftTenant":"user.example"}"#),
            ("policies/recommended/10.json", r#"{"app":"recommended","helpdeskAddress":"it@contoso.example"}"#),
            ("policies/managed/10.json", r#"{"microsoftTenant":"first.example"}"#),
            ("policies/managed/20.json", r#"{"microsoftTenant":"contoso.example"}"#),
        ]);
        let settings = read(&folder);
        assert_eq!(settings.values.app.as_deref(), Some("mine"));
        assert_eq!(settings.origin("app"), Some(Origin::User));
        assert_eq!(settings.origin("helpdeskAddress"), Some(Origin::RecommendedPolicy));
        assert_eq!(settings.values.microsoft_tenant.as_deref(), Some("contoso.example"));
        assert_eq!(settings.origin("microsoftTenant"), Some(Origin::MandatoryPolicy));
        assert!(settings.problems.is_empty(), "{:?}", settings.problems);
    }

    #[test]
    fn a_broken_value_is_reported_and_ignored_and_the_rest_stays() {
        let folder = folder_with(&[(
            "user.json",
            r#"{"keepSignIn":"maybe","nonsense":1,"dnsServer":"dns","signInSeconds":1,"app":"hubspot"}"#,
        )]);
        let settings = read(&folder);
        assert_eq!(settings.values.app.as_deref(), Some("hubspot"));
        assert_eq!(settings.values.keep_sign_in, None);
        let keys: Vec<_> = settings.problems.iter().filter_map(|problem| problem.key.as_deref()).collect();
        assert_eq!(keys, ["keepSignIn", "nonsense", "dnsServer", "signInSeconds"]);
    }

    #[test]
    fn a_torn_file_loses_nothing_else() {
        let folder =
            folder_with(&[("user.json", r#"{"app":"hub"#), ("policies/managed/1.json", r#"{"language":"ja"}"#)]);
        let settings = read(&folder);
        assert_eq!(settings.problems.len(), 1);
        assert_eq!(settings.values.language, Some(inbox_model::Language::Ja));
    }

    #[test]
    fn setting_one_value_keeps_the_others_and_null_removes_it() {
        let folder = folder_with(&[("user.json", r#"{"app":"hubspot"}"#)]);
        let sources = SettingsSources { user: Some(folder.path().join("user.json")), ..SettingsSources::default() };
        set_user_setting(&sources, "language", "ja".into()).unwrap();
        let settings = SettingsInForce::read(&sources).unwrap();
        assert_eq!(settings.values.language, Some(inbox_model::Language::Ja));
        assert_eq!(settings.values.app.as_deref(), Some("hubspot"));
        assert!(set_user_setting(&sources, "language", "xx".into()).is_err());
        set_user_setting(&sources, "language", Value::Null).unwrap();
        assert_eq!(SettingsInForce::read(&sources).unwrap().values.language, None);
    }

    #[test]
    fn the_client_secret_is_masked_in_the_list() {
        let folder = folder_with(&[("user.json", r#"{"googleClientSecret":"canary-secret"}"#)]);
        assert!(!format!("{:?}", read(&folder).rows()).contains("canary-secret"));
    }
}
