//! How a command fails: a code that the window has words for, and a detail for technicians.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

/// Stack of a command's own thread, in bytes: what a program's first thread has on Linux.
const STACK: usize = 8 * 1024 * 1024;

/// Why a command could not do its work. A sick world is no error: it is a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code:?}: {detail}")]
pub struct HostError {
    /// What the window has words for.
    pub code: HostErrorCode,
    /// For technicians, scrubbed.
    pub detail: String,
}

/// The closed list of codes, as in `ui/src/api/host.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostErrorCode {
    /// The address is none; the detail is the reason's code.
    AddressInvalid,
    /// The person stopped it.
    Cancelled,
    /// A check is already running.
    Busy,
    /// No run has this id (any more).
    UnknownRun,
    /// No target app has this short name.
    UnknownApp,
    /// The asked thing is not there.
    NotFound,
    /// The link is not https or its host is not on the list.
    LinkRefused,
    /// No browser could be started.
    BrowserNotOpened,
    /// No mail program could be started.
    MailNotOpened,
    /// The file could not be written.
    NotSaved,
    /// The clipboard refused.
    Clipboard,
    /// The computer's password store refused, is locked or missing.
    Keychain,
    /// The settings could not be read or written.
    Settings,
    /// The organisation's policy forbids it.
    Policy,
    /// The text is too long to be examined.
    TooLong,
    /// The file is no report of this program.
    NotAReport,
    /// A fault of the program itself.
    Engine,
}

impl HostErrorCode {
    /// An error of this code.
    pub fn with(self, detail: impl std::fmt::Display) -> HostError {
        HostError { code: self, detail: detail.to_string() }
    }
}

/// Runs a command's work where it may block.
pub(crate) async fn guarded_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostError> + Send + 'static,
) -> Result<T, HostError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(HostErrorCode::Engine.with(error)),
    }
}

/// The same for work that awaits and stays on one thread the whole time: a check, whose parts share what they borrow. The
/// thread is its own, with room: the parts of a check nest deep, and a stack that overflows takes the program with it.
pub(crate) async fn guarded_on_one_thread<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Result<T, HostError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, HostError>>,
{
    let runtime = tokio::runtime::Handle::current();
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("command".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(work())));
            // Nobody waits any more when the window is gone.
            let _ = tell.send(outcome.unwrap_or_else(|fault| Err(HostErrorCode::Engine.with(words_of(&*fault)))));
        })
        .map_err(|error| HostErrorCode::Engine.with(error))?;
    told.await.unwrap_or_else(|error| Err(HostErrorCode::Engine.with(error)))
}

/// What a panic said.
fn words_of(fault: &(dyn Any + Send)) -> String {
    let words = fault.downcast_ref::<&str>().map(|words| (*words).to_owned());
    words.or_else(|| fault.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a fault without words".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_check_is_an_error_of_that_check() {
        let outcome = guarded_on_one_thread(|| async {
            let nothing: Vec<u8> = Vec::new();
            Ok(nothing[0])
        })
        .await;
        assert!(matches!(&outcome, Err(HostError { code: HostErrorCode::Engine, .. })), "{outcome:?}");
        assert!(outcome.unwrap_err().detail.contains("index out of bounds"));
    }

    #[test]
    fn codes_travel_in_kebab_case() {
        let json = serde_json::to_string(&HostErrorCode::AddressInvalid.with("no-at")).unwrap();
        assert_eq!(json, r#"{"code":"address-invalid","detail":"no-at"}"#);
    }
}
