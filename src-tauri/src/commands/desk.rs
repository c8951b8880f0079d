//! `discover_many`, `self_test`: what a technician asks for, without any sign-in.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use inbox_catalogue::phrase;
use inbox_engine::EngineError;
use inbox_engine::self_test::SelfTest;
use inbox_model::{Discovery, Language};
use serde::Serialize;
use tauri::State;
use tauri::ipc::Channel;
use tokio_util::sync::CancellationToken;

use crate::commands::Desktop;
use crate::error::{HostError, HostErrorCode, guarded_on_one_thread};

/// Domains that are looked up at the same time.
const AT_ONCE: usize = 16;
/// Most domains of one order.
const MOST: usize = 5_000;

/// What was found about one domain of the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DeskAnswer {
    /// As ordered.
    target: String,
    discovery: Option<Discovery>,
    /// Why there is no discovery.
    error: Option<HostError>,
}

/// Looks many domains up; each answer goes to the channel as it comes.
#[tauri::command]
pub(crate) async fn discover_many(
    desktop: State<'_, Desktop>,
    targets: Vec<String>,
    run_id: String,
    on_answer: Channel<DeskAnswer>,
) -> Result<(), HostError> {
    if targets.len() > MOST {
        return Err(HostErrorCode::TooLong.with(targets.len()));
    }
    let (place, _replies) = desktop.runs.begin(run_id)?;
    let engine = desktop.engine().await?;
    guarded_on_one_thread(move || async move {
        let (engine, cancel) = (&engine, &place.cancel);
        let lookups = targets.into_iter().map(|target| async move {
            let found = engine.discover(&target, cancel).await;
            (target, found)
        });
        let mut lookups = std::pin::pin!(futures_util::stream::iter(lookups).buffer_unordered(AT_ONCE));
        while let Some((target, found)) = lookups.next().await {
            let (discovery, error) = match found {
                Ok(discovery) => (Some(discovery), None),
                Err(EngineError::Cancelled) => return Err(HostErrorCode::Cancelled.with("")),
                Err(error) => (None, Some(HostError::from(error))),
            };
            // A window that is gone hears nothing; closing it cancels the run.
            let _ = on_answer.send(DeskAnswer { target, discovery, error });
        }
        Ok(())
    })
    .await
}

/// A test of this computer with its name in each language.
#[derive(Debug, Serialize)]
pub(crate) struct NamedTest {
    #[serde(flatten)]
    test: SelfTest,
    name: BTreeMap<&'static str, String>,
}

/// Tests the way to the providers and what a sign-in needs of this computer.
#[tauri::command]
pub(crate) async fn self_test(desktop: State<'_, Desktop>) -> Result<Vec<NamedTest>, HostError> {
    let engine = desktop.engine().await?;
    guarded_on_one_thread(move || async move {
        // Each test has its own limit of some seconds; nothing needs to be stopped.
        let tests = engine.self_test(&CancellationToken::new()).await;
        let name = |test: &SelfTest| {
            let key = format!("test.{}", test.id);
            [Language::En, Language::Ja].into_iter().map(|l| (l.tag(), phrase(l, &key, &[]))).collect()
        };
        Ok(tests.into_iter().map(|test| NamedTest { name: name(&test), test }).collect())
    })
    .await
}
