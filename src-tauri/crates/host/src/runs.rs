//! The checks under way: the person's answers and a stop find their check by its id.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use inbox_model::CheckReply;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::error::{HostError, HostErrorCode};

/// How long a closing window waits for a check to clean up after itself: a deletion at the provider is one request.
const CLEAN_UP: Duration = Duration::from_secs(5);
/// How often that wait looks.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A check under way.
#[derive(Debug)]
struct Run {
    cancel: CancellationToken,
    replies: mpsc::UnboundedSender<CheckReply>,
}

/// The checks under way, by the id that the window gave them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs(Arc<Mutex<BTreeMap<String, Run>>>);

/// The place of one check in [`Runs`]; leaves it when dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Place {
    runs: Runs,
    id: String,
    /// Stops the check.
    pub(crate) cancel: CancellationToken,
}

impl Runs {
    /// Takes a check in.
    ///
    /// # Errors
    /// `Busy` when one is under way: two would fight for the browser and for the person's attention.
    pub(crate) fn begin(&self, id: String) -> Result<(Place, mpsc::UnboundedReceiver<CheckReply>), HostError> {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !runs.is_empty() {
            return Err(HostErrorCode::Busy.with("a check is under way"));
        }
        let (replies, incoming) = mpsc::unbounded_channel();
        let cancel = CancellationToken::new();
        runs.insert(id.clone(), Run { cancel: cancel.clone(), replies });
        Ok((Place { runs: self.clone(), id, cancel }, incoming))
    }

    /// Hands the person's answer to a check.
    ///
    /// # Errors
    /// `UnknownRun` when it is over.
    pub(crate) fn reply(&self, id: &str, reply: CheckReply) -> Result<(), HostError> {
        let runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let run = runs.get(id).ok_or_else(|| HostErrorCode::UnknownRun.with(id))?;
        run.replies.send(reply).map_err(|_| HostErrorCode::UnknownRun.with(id))
    }

    /// Stops a check. One that is over already is fine: the person pressed at the same moment.
    pub(crate) fn cancel(&self, id: &str) {
        if let Some(run) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            run.cancel.cancel();
        }
    }

    /// Whether none is under way.
    pub(crate) fn idle(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Stops all and waits until they have cleaned up, as long as a closing window may.
    pub(crate) async fn stop(&self) {
        for run in self.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            run.cancel.cancel();
        }
        let empty = async {
            while !self.idle() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        // Whatever is not done by then is done at the next start: the engine keeps a list.
        let _ = tokio::time::timeout(CLEAN_UP, empty).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.runs.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_check_at_a_time_and_the_next_after_it() {
        let runs = Runs::default();
        let (first, _incoming) = runs.begin("a".to_owned()).unwrap();
        assert!(runs.begin("b".to_owned()).is_err());
        drop(first);
        assert!(runs.begin("b".to_owned()).is_ok());
    }

    #[test]
    fn an_answer_reaches_its_check_and_no_other() {
        let runs = Runs::default();
        let (_place, mut incoming) = runs.begin("a".to_owned()).unwrap();
        assert!(runs.reply("b", CheckReply::OpenAgain).is_err());
        runs.reply("a", CheckReply::SkipSignIn).unwrap();
        assert_eq!(incoming.try_recv().unwrap(), CheckReply::SkipSignIn);
    }

    #[test]
    fn cancelling_a_check_that_is_over_is_no_error() {
        let runs = Runs::default();
        runs.cancel("gone");
        let (place, _incoming) = runs.begin("a".to_owned()).unwrap();
        runs.cancel("a");
        assert!(place.cancel.is_cancelled());
    }
}
