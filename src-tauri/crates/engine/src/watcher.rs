//! The seam between a running check and whoever watches it: a terminal, the window, a test.

use async_trait::async_trait;
use inbox_model::{CheckEvent, CheckReply};
use url::Url;

/// Why the browser could not be opened.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no browser could be opened: {0}")]
pub struct BrowserFailure(pub String);

/// Whoever watches a check.
#[async_trait]
pub trait Watcher: Send + Sync {
    /// Takes news. Must not block.
    fn tell(&self, event: CheckEvent);

    /// Opens the system's browser at a sign-in address.
    ///
    /// # Errors
    /// When no browser could be started.
    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure>;

    /// Waits for the person's next answer; never ready when nobody can answer.
    async fn reply(&self) -> CheckReply {
        std::future::pending().await
    }
}
