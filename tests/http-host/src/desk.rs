//! Stands in for the desktop: what leaves the program is written down for the test to read, and dialogs are answered by
//! what the test has laid ready.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use inbox_host::{Outside, ZoomStep};
use serde_json::{Value, json};
use url::Url;

/// What the next calls are answered with.
#[derive(Debug, Default)]
struct Ready {
    /// Where the next report is opened from.
    report: Option<PathBuf>,
    /// Whether the next save dialog is closed without an answer.
    close: bool,
    /// Whether the next mail falls over, as a fault in the program would.
    fault: bool,
}

/// The stand-in.
#[derive(Debug)]
pub(crate) struct Desk {
    saved: PathBuf,
    happened: Mutex<Vec<Value>>,
    ready: Mutex<Ready>,
}

impl Desk {
    pub(crate) fn in_folder(folder: &Path) -> std::io::Result<Self> {
        let saved = folder.join("saved");
        std::fs::create_dir_all(&saved)?;
        Ok(Self { saved, happened: Mutex::default(), ready: Mutex::default() })
    }

    fn note(&self, kind: &str, what: impl Into<Value>) {
        self.happened.lock().unwrap_or_else(PoisonError::into_inner).push(json!({"kind": kind, "what": what.into()}));
    }

    /// What happened since the last question.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.happened.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lays ready what the test says.
    pub(crate) fn prepare(&self, order: &Value) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = order.get("report").and_then(Value::as_str) {
            ready.report = Some(PathBuf::from(path));
        }
        ready.close |= order.get("close") == Some(&Value::Bool(true));
        ready.fault |= order.get("fault") == Some(&Value::Bool(true));
    }

    fn ready<T>(&self, take: impl FnOnce(&mut Ready) -> T) -> T {
        take(&mut self.ready.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Outside for Desk {
    fn open(&self, url: &Url) -> Result<(), String> {
        self.note("open", url.as_str());
        Ok(())
    }

    #[allow(clippy::panic, reason = "the fault that a test asked for")]
    fn open_mail(&self, address: &str) -> Result<(), String> {
        if self.ready(|ready| std::mem::take(&mut ready.fault)) {
            panic!("a fault that a test asked for");
        }
        self.note("mail", address);
        Ok(())
    }

    async fn copy(&self, text: String) -> Result<(), String> {
        self.note("copy", text);
        Ok(())
    }

    fn ask_where_to_save(&self, folder: Option<&Path>, name: &str) -> Result<Option<PathBuf>, String> {
        if self.ready(|ready| std::mem::take(&mut ready.close)) {
            self.note("save", Value::Null);
            return Ok(None);
        }
        let path = folder.unwrap_or(&self.saved).join(name);
        self.note("save", path.display().to_string());
        Ok(Some(path))
    }

    fn ask_for_report(&self) -> Result<Option<PathBuf>, String> {
        Ok(self.ready(|ready| ready.report.take()))
    }

    fn zoom(&self, step: ZoomStep) -> Result<(), String> {
        self.note("zoom", format!("{step:?}"));
        Ok(())
    }

    fn quit(&self) {
        self.note("quit", Value::Null);
    }

    fn setting_changed(&self, key: &str) {
        self.note("setting", key);
    }
}
