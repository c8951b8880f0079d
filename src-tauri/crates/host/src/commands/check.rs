//! `check`, `reply`, `cancel`: one examination, its news, the person's answers.

use std::time::Duration;

use inbox_engine::CheckRequest;
use inbox_model::{CheckReply, Examination, Language};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::call::News;
use crate::error::{HostError, guarded_on_one_thread};
use crate::host::Host;
use crate::watcher::WindowWatcher;

/// How long handing results over may take behind the window's back.
const HAND_OVER: Duration = Duration::from_secs(60);

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

/// A check with the id that the window gives it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check {
    request: CheckOrder,
    run_id: String,
}

/// The person's answer, and to which check.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reply {
    run_id: String,
    reply: CheckReply,
}

/// Which check is to stop.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cancel {
    run_id: String,
}

/// Examines an address; news is told while it runs.
pub(crate) async fn check(host: &Host, order: Check, news: News) -> Result<Examination, HostError> {
    let Check { request, run_id } = order;
    let (place, replies) = host.runs.begin(run_id)?;
    let engine = host.engine().await?;
    let watcher = WindowWatcher::new(news, host.browser.clone(), replies);
    guarded_on_one_thread(move || async move {
        let request = CheckRequest {
            address: request.address,
            app: Some(request.app),
            language: request.language,
            sign_in: request.sign_in,
            write_test: request.write_test,
        };
        let examination = engine.check(&request, &watcher, &place.cancel).await?;
        hand_over(engine);
        Ok(examination)
    })
    .await
}

/// Hands the result over where policy says so. The window does not wait for it: what has not arrived when the program ends waits
/// on disk for the next check.
fn hand_over(engine: inbox_engine::Engine) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(async { engine.hand_over(HAND_OVER, &CancellationToken::new()).await });
        }
    });
}

/// The person's answer to a check that waits for the browser.
pub(crate) fn reply(host: &Host, order: Reply) -> Result<(), HostError> {
    host.runs.reply(&order.run_id, order.reply)
}

/// Stops a check.
pub(crate) fn cancel(host: &Host, order: Cancel) -> Result<(), HostError> {
    host.runs.cancel(&order.run_id);
    Ok(())
}
