//! Hand-over of results to a collector that the organisation runs: only where its policy names one, and masked.
//!
//! A check only lays its result aside; what is laid aside is handed over afterwards, with a budget, and again by later runs
//! until it has arrived. What can never arrive is counted, and said to the person and to the collector.

mod otlp;
mod spool;
#[cfg(test)]
mod tests;

use std::{path::Path, time::Duration};

use inbox_model::{Examination, RedactionLevel, Secret};
use inbox_net::Request;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{Engine, report};
pub(crate) use spool::Spool;

/// Time for one exchange with the collector: it stands in the organisation's own network.
const EXCHANGE: Duration = Duration::from_secs(5);
/// Time for writing one file into the folder, which may be a share.
const WRITING: Duration = Duration::from_secs(5);
/// Waits before trying again within one run; after that a later run tries.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// The collector's `host:port`: policy may name one inside the private network, and over plain HTTP.
pub(crate) fn host(collector: &str) -> Option<String> {
    let url = Url::parse(collector).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

/// What became of the results that were laid aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HandedOver {
    /// Arrived now.
    pub sent: usize,
    /// Still wait; the next run tries again.
    pub waiting: usize,
    /// Will never arrive: refused by the collector, or dropped because too many waited. Counted until the collector was told.
    pub lost: u64,
}

impl Engine {
    /// Lays a result aside for the collector and the folder that policy names; nothing where it names none.
    pub(crate) fn lay_aside(&self, examination: &Examination) {
        let values = &self.settings.values;
        let targets = [
            (spool::COLLECTOR, values.handover_collector.is_some()),
            (spool::FOLDER, values.handover_folder.is_some()),
        ];
        for (target, _) in targets.into_iter().filter(|(_, wanted)| *wanted) {
            let kept = report::redact(examination, self.handover_redaction())
                .and_then(|copy| serde_json::to_vec(&copy))
                .map_err(std::io::Error::from)
                .and_then(|bytes| match &self.spool {
                    Some(spool) => spool.put(target, &examination.id, &bytes),
                    None => Err(std::io::ErrorKind::NotFound.into()),
                });
            if let Err(error) = kept {
                tracing::warn!(%error, target, "a result could not be laid aside and is not handed over");
                if let Some(spool) = &self.spool {
                    spool.lose(1);
                }
            }
        }
    }

    /// Hands over what was laid aside, within a budget. Never fails: what does not arrive waits for the next run.
    pub async fn hand_over(&self, budget: Duration, cancel: &CancellationToken) -> HandedOver {
        let Some(spool) = self.spool.clone() else { return HandedOver::default() };
        let values = &self.settings.values;
        let collector = values.handover_collector.as_deref().and_then(|text| otlp::address(text).ok());
        let folder = values.handover_folder.as_deref().map(crate::places::full_path);
        // A policy that was taken back takes back what it had gathered.
        for (target, wanted) in [(spool::COLLECTOR, collector.is_some()), (spool::FOLDER, folder.is_some())] {
            if !wanted {
                spool.clear(target);
            }
        }
        if spool.waiting() == 0 {
            return HandedOver { lost: spool.lost(), ..HandedOver::default() };
        }
        // Two runs at once would hand over everything twice: the other one does it.
        let Some(_alone) = spool.lock() else {
            return HandedOver { sent: 0, waiting: spool.waiting(), lost: spool.lost() };
        };
        let mut sent = 0;
        let work = async {
            if let Some(folder) = &folder {
                sent += into_folder(&spool, folder, collector.is_none()).await;
            }
            if let Some(collector) = &collector {
                sent += self.to_collector(&spool, collector, cancel).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = tokio::time::sleep(budget) => {}
            () = cancel.cancelled() => {}
        }
        HandedOver { sent, waiting: spool.waiting(), lost: spool.lost() }
    }

    /// What is masked: as the policy says, and never less than a mandatory masking of reports.
    fn handover_redaction(&self) -> RedactionLevel {
        let wanted = self.settings.values.handover_redaction.unwrap_or(RedactionLevel::Everything);
        if self.settings.is_locked("redaction") { self.redaction(Some(wanted)) } else { wanted }
    }

    /// To the collector, the oldest first; ends with the first that does not arrive.
    async fn to_collector(&self, spool: &Spool, collector: &Url, cancel: &CancellationToken) -> usize {
        let mut sent = 0;
        for file in spool.files(spool::COLLECTOR) {
            let Some(examination) = spool::read(&file) else {
                tracing::warn!(file = %file.display(), "a result that was laid aside cannot be read any more");
                spool.lose(1);
                spool.done(&file);
                continue;
            };
            let lost = spool.lost();
            let body = otlp::body(&examination, lost);
            match self.deliver(collector, body, cancel).await {
                Delivery::Arrived => {
                    spool.done(&file);
                    spool.found(lost);
                    sent += 1;
                }
                Delivery::Refused(reason) => {
                    tracing::warn!(%reason, "the collector refused a result for good");
                    spool.done(&file);
                    spool.lose(1);
                }
                Delivery::Later(reason) => {
                    tracing::info!(%reason, "the collector does not answer; the next run tries again");
                    return sent;
                }
            }
        }
        sent
    }

    async fn deliver(&self, collector: &Url, body: Vec<u8>, cancel: &CancellationToken) -> Delivery {
        let mut pauses = PAUSES.iter();
        loop {
            let outcome = self.try_once(collector, body.clone(), cancel).await;
            let Delivery::Later(_) = &outcome else { return outcome };
            let Some(pause) = pauses.next() else { return outcome };
            tokio::select! {
                () = tokio::time::sleep(*pause) => {}
                () = cancel.cancelled() => return outcome,
            }
        }
    }

    async fn try_once(&self, collector: &Url, body: Vec<u8>, cancel: &CancellationToken) -> Delivery {
        let Ok(net) = self.net() else { return Delivery::Later("the network part does not start".to_owned()) };
        let mut request = Request {
            method: http::Method::POST,
            body: Some(body),
            bearer: self.settings.values.handover_token.clone().map(Secret::new),
            expected: inbox_net::Expected::Anything,
            limit: EXCHANGE,
            ..Request::get(collector.clone())
        };
        request.headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        match net.http.send(request, cancel).await {
            Ok(answer) => otlp::judge(answer.status, answer.json().as_ref()),
            Err(failure) => Delivery::Later(report::name_of(&failure.kind)),
        }
    }
}

/// Into the folder; ends with the first that cannot be written. `tell`: whether the folder is to learn how many were lost.
async fn into_folder(spool: &Spool, folder: &Path, tell: bool) -> usize {
    let mut sent = 0;
    for file in spool.files(spool::FOLDER) {
        let from = file.clone();
        if !written(folder, move |into| spool::copy(&from, into)).await {
            return sent;
        }
        spool.done(&file);
        sent += 1;
    }
    let lost = spool.lost();
    if tell && lost > 0 && written(folder, move |into| spool::note_lost(into, lost)).await {
        spool.found(lost);
    }
    sent
}

/// Whether something was written into the folder in time. A share that hangs holds up one thread only, and no end of the program
/// waits for it.
async fn written(folder: &Path, write: impl FnOnce(&Path) -> std::io::Result<()> + Send + 'static) -> bool {
    let (tell, told) = tokio::sync::oneshot::channel();
    let folder = folder.to_owned();
    std::thread::spawn(move || tell.send(write(&folder)));
    match tokio::time::timeout(WRITING, told).await {
        Ok(Ok(Ok(()))) => true,
        Ok(Ok(Err(error))) => {
            tracing::info!(%error, "the folder for results cannot be written; the next run tries again");
            false
        }
        _ => false,
    }
}

/// What became of one result.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Delivery {
    /// It is there.
    Arrived,
    /// It will never be taken.
    Refused(String),
    /// It may be taken later.
    Later(String),
}
