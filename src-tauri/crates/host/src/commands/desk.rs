//! `discover_many`, `self_test`: what a technician asks for, without any sign-in.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use inbox_engine::EngineError;
use inbox_engine::self_test::{SelfTest, SelfTestRequest};
use inbox_model::{Discovery, ExplainedFinding, Language};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::call::News;
use crate::error::{HostError, HostErrorCode, guarded_on_one_thread};
use crate::host::Host;

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

/// A list of domains, with the id that the window gives the run.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeskOrder {
    targets: Vec<String>,
    run_id: String,
}

/// Looks many domains up; each answer is told as it comes.
pub(crate) async fn discover_many(host: &Host, order: DeskOrder, news: News) -> Result<(), HostError> {
    let DeskOrder { targets, run_id } = order;
    if targets.len() > MOST {
        return Err(HostErrorCode::TooLong.with(targets.len()));
    }
    let (place, _replies) = host.runs.begin(run_id)?;
    let engine = host.engine().await?;
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
            if let Ok(answer) = serde_json::to_value(DeskAnswer { target, discovery, error }) {
                news(answer);
            }
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
    /// What was seen, in words, where words say it.
    note: Option<BTreeMap<&'static str, String>>,
    /// What it means and who can mend it.
    explained: Option<BTreeMap<&'static str, ExplainedFinding>>,
}

/// Tests the way to the providers and what a sign-in needs of this computer.
pub(crate) async fn self_test(host: &Host) -> Result<Vec<NamedTest>, HostError> {
    let engine = host.engine().await?;
    guarded_on_one_thread(move || async move {
        // The whole has a limit of its own; nothing needs to be stopped.
        let report = engine.self_test(&SelfTestRequest::default(), &CancellationToken::new()).await?;
        let app = engine.app(None)?;
        let in_both = |words: &dyn Fn(Language) -> Option<String>| {
            Language::ALL.iter().filter_map(|language| Some((language.tag(), words(*language)?))).collect()
        };
        let named = |test: SelfTest| {
            let found = test.finding.and_then(|place| report.findings.get(place));
            let explained = found.map(|finding| {
                let words = |language| engine.in_words(finding.clone(), app, None, language);
                Language::ALL.iter().map(|language| (language.tag(), words(*language))).collect()
            });
            let note: BTreeMap<_, _> = in_both(&|language| test.note(language));
            NamedTest {
                name: in_both(&|language| Some(test.name(language))),
                note: (!note.is_empty()).then_some(note),
                explained,
                test,
            }
        };
        Ok(report.tests.iter().cloned().map(named).collect())
    })
    .await
}
