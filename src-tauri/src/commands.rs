//! What the window may ask for. Thin: decode, engine, encode; every name is listed in `build.rs` and in
//! `capabilities/main.json`, and typed in `ui/src/api/host.ts`.

pub(crate) mod accounts;
pub(crate) mod check;
pub(crate) mod desk;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod outside;
pub(crate) mod report;
pub(crate) mod start;

use std::sync::Arc;

use inbox_engine::{Engine, EngineError, SettingsSources};
use tokio::sync::OnceCell;

use crate::browser::Browser;
use crate::error::{HostError, HostErrorCode};
use crate::host::Runs;

/// What all commands share.
#[derive(Debug, Clone)]
pub(crate) struct Desktop {
    sources: Arc<SettingsSources>,
    engine: Arc<OnceCell<Result<Engine, HostError>>>,
    pub(crate) runs: Runs,
    pub(crate) browser: Browser,
}

impl Desktop {
    pub(crate) fn new(sources: SettingsSources, browser: Browser) -> Self {
        Self { sources: Arc::new(sources), engine: Arc::new(OnceCell::new()), runs: Runs::default(), browser }
    }

    /// The engine. It starts beside the window, which need not wait for password store and resolver to be drawn.
    pub(crate) async fn engine(&self) -> Result<Engine, HostError> {
        let start = || async {
            let sources = Arc::clone(&self.sources);
            crate::error::guarded_blocking(move || Ok(Engine::start(&sources)?)).await
        };
        self.engine.get_or_init(start).await.clone()
    }

    /// Where settings come from.
    pub(crate) fn sources(&self) -> &SettingsSources {
        &self.sources
    }
}

impl From<EngineError> for HostError {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Settings(_) => HostErrorCode::Settings,
            EngineError::Address(_) => HostErrorCode::AddressInvalid,
            EngineError::UnknownApp(_) => HostErrorCode::UnknownApp,
            EngineError::Policy(_) => HostErrorCode::Policy,
            EngineError::TooLong(_) => HostErrorCode::TooLong,
            EngineError::Cancelled => HostErrorCode::Cancelled,
            EngineError::Keychain(_) => HostErrorCode::Keychain,
            EngineError::NotAReport(_) => HostErrorCode::NotAReport,
            EngineError::Network(_) | EngineError::NotText(_) | EngineError::File(_) | EngineError::Json(_) => {
                HostErrorCode::Engine
            }
        };
        match &error {
            // The window has words for each reason.
            EngineError::Address(reason) => {
                let reason = serde_json::to_value(reason).ok();
                code.with(reason.as_ref().and_then(|value| value.as_str()).unwrap_or("bad-character"))
            }
            _ => code.with(&error),
        }
    }
}
