//! The window as the watcher of a check: news goes out, the person's answers come in as commands.

use async_trait::async_trait;
use inbox_engine::{BrowserFailure, Watcher};
use inbox_model::{CheckEvent, CheckReply};
use tokio::sync::mpsc;
use url::Url;

use crate::browser::Browser;
use crate::call::News;

/// Watches a check for the window.
pub(crate) struct WindowWatcher {
    news: News,
    browser: Browser,
    replies: tokio::sync::Mutex<mpsc::UnboundedReceiver<CheckReply>>,
}

impl WindowWatcher {
    /// For a check whose news goes there.
    pub(crate) fn new(news: News, browser: Browser, replies: mpsc::UnboundedReceiver<CheckReply>) -> Self {
        Self { news, browser, replies: tokio::sync::Mutex::new(replies) }
    }
}

#[async_trait]
impl Watcher for WindowWatcher {
    fn tell(&self, event: CheckEvent) {
        // A window that is gone hears nothing; the check ends by its own cancellation.
        if let Ok(value) = serde_json::to_value(event) {
            (self.news)(value);
        }
    }

    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure> {
        let (browser, url) = (self.browser.clone(), url.clone());
        // Starting a program can take long on a busy computer.
        tokio::task::spawn_blocking(move || browser.open(&url))
            .await
            .unwrap_or_else(|error| Err(BrowserFailure(error.to_string())))
    }

    async fn reply(&self) -> CheckReply {
        match self.replies.lock().await.recv().await {
            Some(reply) => reply,
            // The run was taken out: no answer will come.
            None => std::future::pending().await,
        }
    }
}
