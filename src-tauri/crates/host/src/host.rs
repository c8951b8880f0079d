//! What all commands share.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use inbox_engine::{Engine, EngineError, SettingsSources};
use tokio::sync::OnceCell;

use crate::browser::Browser;
use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::outside::Outside;
use crate::runs::Runs;
use crate::told::{Ear, ReportFile, Told};

/// An engine that starts with its first use.
type Cell = Arc<OnceCell<Result<Engine, HostError>>>;

/// The program behind one window; cheap to clone.
#[derive(Clone)]
pub struct Host {
    sources: Arc<SettingsSources>,
    engine: Arc<RwLock<Cell>>,
    pub(crate) runs: Runs,
    pub(crate) browser: Browser,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) ear: Ear,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Host").finish_non_exhaustive()
    }
}

impl Host {
    /// With settings from these sources; `browser` is a command that opens addresses, where one was named.
    #[must_use]
    pub fn new(sources: SettingsSources, browser: Option<String>, outside: Arc<dyn Outside>) -> Self {
        Self {
            sources: Arc::new(sources),
            engine: Arc::default(),
            runs: Runs::default(),
            browser: Browser::new(browser, Arc::clone(&outside)),
            outside,
            ear: Ear::default(),
        }
    }

    /// The engine. It starts beside the window, which need not wait for settings and resolver to be drawn.
    ///
    /// # Errors
    /// When the settings that were named cannot be read.
    pub async fn engine(&self) -> Result<Engine, HostError> {
        let cell = Arc::clone(&self.engine.read().unwrap_or_else(PoisonError::into_inner));
        let start = || async {
            let sources = Arc::clone(&self.sources);
            guarded_blocking(move || Ok(Engine::start(&sources)?)).await
        };
        cell.get_or_init(start).await.clone()
    }

    /// The next command starts an engine with the settings as they are then. What runs keeps the one it has.
    pub(crate) fn renew(&self) {
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = Cell::default();
    }

    /// Where settings come from.
    #[must_use]
    pub fn sources(&self) -> &SettingsSources {
        &self.sources
    }

    /// Tells the window, now or as soon as it listens.
    pub fn tell(&self, told: Told) {
        self.ear.tell(told);
    }

    /// Reads a report file that was opened outside, and tells the window what is in it or why it cannot be read.
    pub fn open_outside(&self, path: &Path) {
        self.tell(match ReportFile::read(path) {
            Ok(report) => Told::Report(report),
            Err(error) => Told::Fault { error },
        });
    }

    /// Whether no check is under way.
    #[must_use]
    pub fn idle(&self) -> bool {
        self.runs.idle()
    }

    /// Stops what is under way and waits until it has cleaned up, as long as a closing window may.
    pub async fn stop(&self) {
        self.runs.stop().await;
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
