//! `check`, `reply`, `cancel`: one examination, its news, the person's answers.

use inbox_engine::CheckRequest;
use inbox_model::{CheckEvent, CheckReply, Examination, Language};
use serde::Deserialize;
use tauri::State;
use tauri::ipc::Channel;

use crate::commands::Desktop;
use crate::error::{HostError, guarded_on_one_thread};
use crate::host::WindowWatcher;

/// What the window asks to be checked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckOrder {
    address: String,
    app: String,
    language: Language,
    sign_in: bool,
    write_test: bool,
}

/// Examines an address; news goes to the channel while it runs.
#[tauri::command]
pub(crate) async fn check(
    desktop: State<'_, Desktop>,
    request: CheckOrder,
    run_id: String,
    on_event: Channel<CheckEvent>,
) -> Result<Examination, HostError> {
    let (place, replies) = desktop.runs.begin(run_id)?;
    let engine = desktop.engine().await?;
    let watcher = WindowWatcher::new(on_event, desktop.browser.clone(), replies);
    guarded_on_one_thread(move || async move {
        let request = CheckRequest {
            address: request.address,
            app: Some(request.app),
            language: request.language,
            sign_in: request.sign_in,
            write_test: request.write_test,
        };
        Ok(engine.check(&request, &watcher, &place.cancel).await?)
    })
    .await
}

/// The person's answer to a check that waits for the browser.
#[tauri::command]
pub(crate) async fn reply(desktop: State<'_, Desktop>, run_id: String, reply: CheckReply) -> Result<(), HostError> {
    desktop.runs.reply(&run_id, reply)
}

/// Stops a check.
#[tauri::command]
pub(crate) async fn cancel(desktop: State<'_, Desktop>, run_id: String) -> Result<(), HostError> {
    desktop.runs.cancel(&run_id);
    Ok(())
}
