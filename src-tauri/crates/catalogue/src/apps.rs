//! The target apps that are built in, and those that an organisation adds as files.

use std::sync::OnceLock;

use inbox_model::{AppProfile, Language};
use url::Url;

use crate::consent::is_guid;

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
    let app = toml::from_str(text).map_err(|error| AppFileError::Malformed(error.to_string()))?;
    check(&app)?;
    Ok(app)
}

/// The built-in target apps; HubSpot first, then the one that stands for any other app.
#[must_use]
pub fn builtin_apps() -> &'static [AppProfile] {
    static APPS: OnceLock<Vec<AppProfile>> = OnceLock::new();
    APPS.get_or_init(|| BUILT_IN.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

/// The files as the build script made them JSON; a test reads the files themselves.
const BUILT_IN: &[&str] =
    &[include_str!(concat!(env!("OUT_DIR"), "/hubspot.json")), include_str!(concat!(env!("OUT_DIR"), "/other.json"))];

/// The built-in target app with this short name.
#[must_use]
pub fn builtin_app(id: &str) -> Option<&'static AppProfile> {
    builtin_apps().iter().find(|app| app.id == id)
}

fn check(app: &AppProfile) -> Result<(), AppFileError> {
    let short_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    require(
        !app.id.is_empty() && app.id.len() <= 40 && app.id.chars().all(short_name),
        "id",
        "use 1 to 40 small letters, digits and hyphens",
    )?;
    require(one_line(&app.name), "name", "must not be empty and fits on one line")?;
    require(one_line(&app.publisher), "publisher", "must not be empty and fits on one line")?;
    require(app.checked_on.parse::<jiff::civil::Date>().is_ok(), "checkedOn", "write the day as YYYY-MM-DD")?;
    require(app.sources.iter().all(|url| is_https(url)), "sources", "only https addresses")?;
    for link in &app.links {
        let known = ["troubleshoot", "connect", "connect-other", "support"].contains(&link.key.as_str());
        require(known, "links.key", "use troubleshoot, connect, connect-other or support")?;
        require(link.url.contains_key(Language::En.tag()), "links.url", "the English address `en` is missing")?;
        require(link.url.keys().all(|tag| is_language(tag)), "links.url", "languages are `en` and `ja`")?;
        require(link.url.values().all(|url| is_https(url)), "links.url", "only https addresses")?;
    }
    let tags = app.wording.keys().all(|tag| is_language(tag));
    require(tags, "wording", "languages are `en` and `ja`")?;
    let whole = app.wording.is_empty() || Language::ALL.iter().all(|language| app.wording.contains_key(language.tag()));
    require(whole, "wording", "give both languages or none")?;
    require(app.wording.values().all(|words| one_line(words)), "wording", "must not be empty and fits on one line")?;
    require(
        app.error_strings.iter().all(|row| row.text.trim().chars().count() >= 8),
        "errorStrings.text",
        "at least 8 letters: a shorter text would be found everywhere",
    )?;
    check_microsoft(app)?;
    check_google(app)
}

fn check_microsoft(app: &AppProfile) -> Result<(), AppFileError> {
    let Some(microsoft) = &app.microsoft else {
        return Ok(());
    };
    require(
        is_guid(&microsoft.client_id),
        "microsoft.clientId",
        "write the application (client) id as a GUID, 8-4-4-4-12",
    )?;
    require(one_line(&microsoft.display_name), "microsoft.displayName", "must not be empty and fits on one line")?;
    require(!microsoft.scopes.is_empty(), "microsoft.scopes", "name at least one permission")?;
    require(
        microsoft.scopes.iter().all(|scope| is_scope(scope)),
        "microsoft.scopes",
        "a permission holds no blank and is not empty",
    )?;
    let Some(consent) = &microsoft.consent else {
        return Ok(());
    };
    require(is_https(&consent.redirect_uri), "microsoft.consent.redirectUri", "only an https address")?;
    require(!consent.scopes.is_empty(), "microsoft.consent.scopes", "name at least one permission")?;
    require(
        consent.scopes.iter().all(|scope| is_scope(scope)),
        "microsoft.consent.scopes",
        "a permission holds no blank and is not empty",
    )
}

fn check_google(app: &AppProfile) -> Result<(), AppFileError> {
    let Some(google) = &app.google else {
        return Ok(());
    };
    let form = google.client_id.as_deref().is_none_or(|id| id.ends_with(".apps.googleusercontent.com") && is_scope(id));
    require(form, "google.clientId", "Google's client ids end with .apps.googleusercontent.com")?;
    require(
        google.scopes.iter().all(|scope| is_scope(scope)),
        "google.scopes",
        "a permission holds no blank and is not empty",
    )
}

fn require(holds: bool, field: &'static str, reason: &'static str) -> Result<(), AppFileError> {
    if holds { Ok(()) } else { Err(AppFileError::NotAllowed { field, reason }) }
}

fn one_line(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 200 && !text.chars().any(char::is_control)
}

fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.len() <= 300 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn is_language(tag: &str) -> bool {
    Language::ALL.iter().any(|language| language.tag() == tag)
}

fn is_https(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none())
}

#[cfg(test)]
mod tests;
