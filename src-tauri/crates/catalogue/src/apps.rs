//! The target apps that are built in, and those that an organisation adds as files.

use std::sync::OnceLock;

use inbox_model::AppProfile;

/// Why a target-app file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AppFileError {
    /// It is no TOML, a field is missing, unknown or of the wrong type; the message names line and field.
    #[error("{0}")]
    Malformed(String),
    /// A value is not allowed (an address that is not https, an empty id).
    #[error("field `{field}`: {reason}")]
    NotAllowed {
        /// The field.
        field: &'static str,
        /// Why.
        reason: &'static str,
    },
}

/// Reads a target-app file.
///
/// # Errors
/// When the file is malformed or holds a value that is not allowed.
pub fn app_from_toml(text: &str) -> Result<AppProfile, AppFileError> {
    toml::from_str(text).map_err(|error| AppFileError::Malformed(error.to_string()))
}

/// The built-in target apps; HubSpot first.
#[must_use]
pub fn builtin_apps() -> &'static [AppProfile] {
    static APPS: OnceLock<Vec<AppProfile>> = OnceLock::new();
    APPS.get_or_init(|| {
        [include_str!("../data/apps/hubspot.toml")].iter().filter_map(|text| app_from_toml(text).ok()).collect()
    })
}

/// The built-in target app with this short name.
#[must_use]
pub fn builtin_app(id: &str) -> Option<&'static AppProfile> {
    builtin_apps().iter().find(|app| app.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hubspot_is_built_in() {
        assert_eq!(builtin_app("hubspot").map(|app| app.name.as_str()), Some("HubSpot"));
    }
}
