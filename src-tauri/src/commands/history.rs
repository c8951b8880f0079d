//! `recent_examination`, `delete_recent`, `restore_recent`, `purge_recent`: the checks kept on this computer.
//!
//! Deleting takes place in two steps, so that it can be undone: set aside, then purge. Were the window closed between
//! the two, the next start purges.

use inbox_engine::History;
use inbox_model::Examination;
use tauri::State;

use crate::commands::Desktop;
use crate::error::{HostError, HostErrorCode, guarded_blocking};

/// A whole examination of the history.
#[tauri::command]
pub(crate) async fn recent_examination(desktop: State<'_, Desktop>, id: String) -> Result<Examination, HostError> {
    let engine = desktop.engine().await?;
    guarded_blocking(move || {
        engine.history().get(&id).ok_or_else(|| HostErrorCode::NotFound.with("no examination has this id"))
    })
    .await
}

/// Takes checks out of the history, all for `None`.
#[tauri::command]
pub(crate) async fn delete_recent(desktop: State<'_, Desktop>, ids: Option<Vec<String>>) -> Result<(), HostError> {
    with_history(desktop, move |history| history.set_aside(ids.as_deref())).await
}

/// Brings back what was taken out and is not purged.
#[tauri::command]
pub(crate) async fn restore_recent(desktop: State<'_, Desktop>) -> Result<(), HostError> {
    with_history(desktop, History::bring_back).await
}

/// Deletes what was taken out.
#[tauri::command]
pub(crate) async fn purge_recent(desktop: State<'_, Desktop>) -> Result<(), HostError> {
    with_history(desktop, History::purge).await
}

async fn with_history(
    desktop: State<'_, Desktop>,
    work: impl FnOnce(&History) -> std::io::Result<()> + Send + 'static,
) -> Result<(), HostError> {
    let engine = desktop.engine().await?;
    guarded_blocking(move || work(engine.history()).map_err(|error| HostErrorCode::NotSaved.with(error))).await
}
