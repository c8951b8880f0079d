//! `start_state`, `set_language`: what the first screen needs, and the one setting that it changes.

use inbox_engine::{Engine, RecentCheck, set_user_setting};
use inbox_model::{AppReference, Language, Origin, RedactionLevel, Setting};
use serde::Serialize;
use tauri::State;

use crate::commands::Desktop;
use crate::error::{HostError, HostErrorCode, guarded_blocking};

/// All that the first screen needs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartState {
    version: &'static str,
    catalogue_date: &'static str,
    system_language: String,
    apps: Vec<AppReference>,
    settings: SettingsOfWindow,
    recent: Vec<RecentCheck>,
}

/// The settings in force, each with its origin.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SettingsOfWindow {
    language: Setting<Option<Language>>,
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
#[tauri::command]
pub(crate) async fn start_state(desktop: State<'_, Desktop>) -> Result<StartState, HostError> {
    let engine = desktop.engine().await?;
    guarded_blocking(move || {
        Ok(StartState {
            version: env!("CARGO_PKG_VERSION"),
            catalogue_date: inbox_catalogue::CATALOGUE_DATE,
            system_language: sys_locale::get_locale().unwrap_or_else(|| "en".to_owned()),
            apps: engine.apps().iter().map(|app| AppReference { id: app.id.clone(), name: app.name.clone() }).collect(),
            settings: settings(&engine),
            recent: engine.history().recent(),
        })
    })
    .await
}

/// Keeps the language; `None` follows the system. With a settings file of its own the window leaves the user's alone.
#[tauri::command]
pub(crate) async fn set_language(desktop: State<'_, Desktop>, language: Option<Language>) -> Result<(), HostError> {
    let engine = desktop.engine().await?;
    if engine.settings().origin("language") == Some(Origin::MandatoryPolicy) {
        return Err(HostErrorCode::Policy.with("language"));
    }
    let sources = desktop.sources().clone();
    guarded_blocking(move || {
        let value = serde_json::to_value(language).map_err(|error| HostErrorCode::Engine.with(error))?;
        set_user_setting(&sources, "language", value).map_err(|error| HostErrorCode::Settings.with(error))
    })
    .await
}

fn settings(engine: &Engine) -> SettingsOfWindow {
    let (values, force) = (&engine.settings().values, engine.settings());
    let origin = |key: &str| force.origin(key).unwrap_or(Origin::BuiltIn);
    let text = |key: &str, value: &Option<String>| Setting { value: value.clone(), origin: origin(key) };
    SettingsOfWindow {
        language: Setting { value: values.language, origin: origin("language") },
        app: Setting {
            value: engine.apps().first().map(|app| app.id.clone()).unwrap_or_default(),
            origin: origin("app"),
        },
        microsoft_client_id: text("microsoftClientId", &values.microsoft_client_id),
        microsoft_tenant: text("microsoftTenant", &values.microsoft_tenant),
        google_client_id: text("googleClientId", &values.google_client_id),
        keep_sign_in: Setting { value: values.keep_sign_in.unwrap_or(true), origin: origin("keepSignIn") },
        keep_history: Setting { value: values.keep_history.unwrap_or(true), origin: origin("keepHistory") },
        redaction: Setting { value: values.redaction.unwrap_or_default(), origin: origin("redaction") },
        allow_write_test: Setting { value: values.allow_write_test.unwrap_or(true), origin: origin("allowWriteTest") },
        helpdesk_address: text("helpdeskAddress", &values.helpdesk_address),
        dns_server: text("dnsServer", &values.dns_server),
        proxy: text("proxy", &values.proxy),
        sign_in_seconds: Setting {
            value: values.sign_in_seconds.unwrap_or(inbox_engine::SIGN_IN_SECONDS),
            origin: origin("signInSeconds"),
        },
    }
}
