//! `recent_examination`, `delete_recent`, `restore_recent`, `purge_recent`: the checks kept on this computer.
//!
//! Deleting takes place in two steps, so that it can be undone: set aside, then purge. Were the window closed between
//! the two, the next start purges.

use inbox_engine::History;
use inbox_model::Examination;
use serde::Deserialize;

use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::host::Host;

/// An examination by its id.
#[derive(Debug, Deserialize)]
pub(crate) struct One {
    id: String,
}

/// Examinations by their ids; all for `None`.
#[derive(Debug, Deserialize)]
pub(crate) struct Several {
    ids: Option<Vec<String>>,
}

/// A whole examination of the history.
pub(crate) async fn recent_examination(host: &Host, order: One) -> Result<Examination, HostError> {
    let engine = host.engine().await?;
    guarded_blocking(move || {
        engine.history().get(&order.id).ok_or_else(|| HostErrorCode::NotFound.with("no examination has this id"))
    })
    .await
}

/// Takes checks out of the history, all for `None`.
pub(crate) async fn delete_recent(host: &Host, order: Several) -> Result<(), HostError> {
    with_history(host, move |history| history.set_aside(order.ids.as_deref())).await
}

/// Brings back what was taken out and is not purged.
pub(crate) async fn restore_recent(host: &Host) -> Result<(), HostError> {
    with_history(host, History::bring_back).await
}

/// Deletes what was taken out.
pub(crate) async fn purge_recent(host: &Host) -> Result<(), HostError> {
    with_history(host, History::purge).await
}

async fn with_history(
    host: &Host,
    work: impl FnOnce(&History) -> std::io::Result<()> + Send + 'static,
) -> Result<(), HostError> {
    let engine = host.engine().await?;
    guarded_blocking(move || work(engine.history()).map_err(|error| HostErrorCode::NotSaved.with(error))).await
}
