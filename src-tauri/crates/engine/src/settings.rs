//! Settings in force: the program's own values, the organisation's policy and the user's file, merged with their origin.
//!
//! Precedence, later wins: built-in, recommended policy, user (or the file of `--settings`), mandatory policy. A value
//! that cannot be read is reported, ignored, and never widens what is allowed.

mod file;
mod merge;
#[cfg(any(target_os = "macos", test))]
mod preferences;
#[cfg(any(windows, test))]
mod registry;
mod resolved;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod user;
mod value;

use std::{collections::BTreeMap, path::PathBuf};

use inbox_model::{Origin, Settings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use resolved::ResolvedSettings;
pub use table::{Changer, Definition, Kind, Scope, definition, definitions};
pub use user::{ChangedSetting, change_user_setting, set_user_setting};

use merge::{Layer, Merge};

/// Where settings are read from.
#[derive(Debug, Clone, Default)]
pub struct SettingsSources {
    /// The user's file; missing is fine.
    pub user: Option<PathBuf>,
    /// A file that takes the place of the user's (`--settings`); missing is an error.
    pub instead_of_user: Option<PathBuf>,
    /// Folder of policies with `managed/` and `recommended/` below it.
    pub policies: Option<PathBuf>,
    /// Managed preferences of macOS (property lists): of the person, then of the computer. Read on macOS only.
    pub preferences: [Option<PathBuf>; 2],
    /// Whether the policies in the registry count. Read on Windows only.
    pub registry: bool,
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
            policies: cfg!(unix).then(|| PathBuf::from("/etc/inbox-doctor/policies")),
            preferences: managed_preferences(),
            registry: true,
            state: crate::places::state_dir(),
        }
    }
}

/// The property lists of this person and of this computer.
fn managed_preferences() -> [Option<PathBuf>; 2] {
    #[cfg(target_os = "macos")]
    {
        let folder = PathBuf::from("/Library/Managed Preferences");
        let file = format!("{}.plist", preferences::DOMAIN);
        let person =
            directories::UserDirs::new().and_then(|dirs| Some(folder.join(dirs.home_dir().file_name()?).join(&file)));
        [person, Some(folder.join(&file))]
    }
    #[cfg(not(target_os = "macos"))]
    [None, None]
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

/// Why settings cannot be used or changed.
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
    /// The user's file has a form that only a newer version knows; it was left as it is.
    #[error("the settings file {path} was written by a newer version of the program and was left as it is")]
    Newer {
        /// The file.
        path: String,
    },
    /// There is no such setting, or not with this value.
    #[error("{key}: {reason}")]
    NotAllowed {
        /// The setting.
        key: String,
        /// Why.
        reason: String,
    },
    /// The organisation has set it.
    #[error("{key} is set by your organisation")]
    Locked {
        /// The setting.
        key: String,
    },
}

/// The merged settings.
#[derive(Clone, Default)]
pub struct SettingsInForce {
    /// The values.
    pub values: Settings,
    /// Where each value that is set came from, by key.
    pub origins: BTreeMap<String, Origin>,
    /// The file or policy that set it, by key.
    pub places: BTreeMap<String, String>,
    /// What was ignored.
    pub problems: Vec<SettingsProblem>,
    /// The values by key, with dots for nesting.
    flat: BTreeMap<String, Value>,
}

impl std::fmt::Debug for SettingsInForce {
    /// Without the values: there are secrets among them.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SettingsInForce")
            .field("origins", &self.origins)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl SettingsInForce {
    /// Reads and merges all sources.
    ///
    /// # Errors
    /// When the file given in place of the user's cannot be read. Everything else is reported in `problems`.
    pub fn read(sources: &SettingsSources) -> Result<Self, SettingsError> {
        let mut merged = Merge::default();
        merged.built_in(built_in());
        merged.policies(sources, Origin::RecommendedPolicy);
        if let Some(path) = &sources.instead_of_user {
            let map = file::read_map(path)
                .map_err(|reason| SettingsError::Unreadable { path: path.display().to_string(), reason })?;
            let place = path.display().to_string();
            merged.layer(Layer { place, origin: Origin::User, machine: false, values: Ok(map) });
        } else if let Some(path) = sources.user.as_ref().filter(|path| path.exists()) {
            merged.file(path, Origin::User);
        }
        merged.policies(sources, Origin::MandatoryPolicy);
        Ok(merged.finish())
    }

    /// Where the value of a key came from; `None` when it is not set.
    #[must_use]
    pub fn origin(&self, key: &str) -> Option<Origin> {
        self.origins.get(key).copied()
    }

    /// Whether the organisation has set it so that nobody can change it.
    #[must_use]
    pub fn is_locked(&self, key: &str) -> bool {
        self.origin(key) == Some(Origin::MandatoryPolicy)
    }
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
