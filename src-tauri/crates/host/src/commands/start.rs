//! `start_state`, `set_language`: what the first screen needs, and the one setting that it changes.

use inbox_engine::{Engine, RecentCheck, SettingsInForce, SettingsProblem};
use inbox_model::{AppReference, Language, RedactionLevel, Setting, Theme};
use serde::{Deserialize, Serialize};

use crate::commands::settings::change;
use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::host::Host;

/// All that the first screen needs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartState {
    version: &'static str,
    catalogue_date: &'static str,
    system_language: String,
    apps: Vec<AppReference>,
    settings: SettingsOfWindow,
    /// What was ignored in the files of settings.
    problems: Vec<SettingsProblem>,
    /// Files of the history that cannot be read.
    damaged_history: Vec<String>,
    recent: Vec<RecentCheck>,
}

/// The settings in force, each with its origin.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SettingsOfWindow {
    language: Setting<Option<Language>>,
    theme: Setting<Theme>,
    app: Setting<String>,
    microsoft_client_id: Setting<Option<String>>,
    microsoft_tenant: Setting<Option<String>>,
    google_client_id: Setting<Option<String>>,
    keep_sign_in: Setting<bool>,
    keep_history: Setting<bool>,
    redaction: Setting<RedactionLevel>,
    allow_write_test: Setting<bool>,
    helpdesk_address: Setting<Option<String>>,
    dns_server: Setting<Option<String>>,
    proxy: Setting<Option<String>>,
    sign_in_seconds: Setting<u64>,
}

/// All that the first screen needs, in one answer.
pub(crate) async fn start_state(host: &Host) -> Result<StartState, HostError> {
    let engine = host.engine().await?;
    let sources = host.sources().clone();
    guarded_blocking(move || {
        // Read anew: language and theme change without a new engine.
        let in_force = SettingsInForce::read(&sources).map_err(|error| HostErrorCode::Settings.with(error))?;
        Ok(StartState {
            version: inbox_model::version_line(),
            catalogue_date: inbox_catalogue::CATALOGUE_DATE,
            system_language: sys_locale::get_locale().unwrap_or_else(|| "en".to_owned()),
            apps: engine.apps().iter().map(|app| AppReference { id: app.id.clone(), name: app.name.clone() }).collect(),
            settings: settings(&engine, &in_force),
            problems: in_force.problems,
            damaged_history: engine.history().damaged(),
            recent: engine.history().recent(),
        })
    })
    .await
}

/// The language that is to be kept.
#[derive(Debug, Deserialize)]
pub(crate) struct LanguageChoice {
    language: Option<Language>,
}

/// Keeps the language; `None` follows the system. With a settings file of its own the window leaves the user's alone.
pub(crate) async fn set_language(host: &Host, order: LanguageChoice) -> Result<(), HostError> {
    if host.sources().instead_of_user.is_none() {
        let sources = host.sources().clone();
        guarded_blocking(move || {
            let value = serde_json::to_value(order.language).map_err(|error| HostErrorCode::Engine.with(error))?;
            change(&sources, "language", value)
        })
        .await?;
    }
    host.outside.setting_changed("language");
    Ok(())
}

fn settings(engine: &Engine, in_force: &SettingsInForce) -> SettingsOfWindow {
    let resolved = in_force.resolved();
    SettingsOfWindow {
        language: resolved.language,
        theme: resolved.theme,
        app: Setting {
            value: engine.apps().first().map(|app| app.id.clone()).unwrap_or_default(),
            origin: resolved.app.origin,
        },
        microsoft_client_id: resolved.microsoft_client_id,
        microsoft_tenant: resolved.microsoft_tenant,
        google_client_id: resolved.google_client_id,
        keep_sign_in: resolved.keep_sign_in,
        keep_history: resolved.keep_history,
        redaction: resolved.redaction,
        allow_write_test: resolved.allow_write_test,
        helpdesk_address: resolved.helpdesk_address,
        dns_server: resolved.dns_server,
        proxy: resolved.proxy,
        sign_in_seconds: resolved.sign_in_seconds,
    }
}
