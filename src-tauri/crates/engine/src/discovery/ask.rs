//! Asks one thing of the network within the run's time, and records what came of it.

use std::time::Duration;

use inbox_model::{Facts, Failure, FailureKind, Operation, Outcome, SkipReason};
use inbox_net::{DnsAnswer, DnsRecord, Net, RecordKind, Request, Response};
use serde_json::json;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Recorder, observe::Pending};

/// One look-up, repetitions of a lost packet included.
const DNS_LIMIT: Duration = Duration::from_secs(6);
/// One request to Microsoft. A healthy answer takes under a second.
const HTTP_LIMIT: Duration = Duration::from_secs(8);

/// What all questions of one discovery share.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) net: &'a Net,
    pub(crate) recorder: &'a Recorder,
    pub(crate) until: Instant,
    pub(crate) cancel: &'a CancellationToken,
}

impl Asker<'_> {
    /// Looks a name up. A name without such a record is a plain answer: recorded as passed with no records, unless `wanted`.
    pub(crate) async fn dns(
        &self,
        probe: &'static str,
        name: &str,
        kind: RecordKind,
        wanted: bool,
    ) -> Result<DnsAnswer, Failure> {
        let pending = self.recorder.begin(probe, Operation::ResolveName, name);
        let Some(limit) = self.time_left(DNS_LIMIT) else {
            return Err(out_of_time(pending));
        };
        match self.net.dns.lookup(name, kind, limit, self.cancel).await {
            Ok(answer) => {
                pending.passed(dns_facts(kind, &answer));
                Ok(answer)
            }
            Err(failure) if failure.kind == FailureKind::DnsNotFound && !wanted => {
                let mut facts = dns_facts(kind, &DnsAnswer::default());
                facts.insert("answer".to_owned(), json!(failure.detail));
                pending.passed(facts);
                Err(failure)
            }
            Err(mut failure) => {
                failure.ids.insert("recordType".to_owned(), word(kind).to_owned());
                Err(fail(pending, failure))
            }
        }
    }

    /// Sends a request; the caller finishes the observation by what the answer says.
    pub(crate) async fn http(&self, probe: &'static str, mut request: Request) -> Result<(Pending, Response), Failure> {
        let pending = self.recorder.begin(probe, Operation::Http, request.url.host_str().unwrap_or_default());
        let Some(limit) = self.time_left(HTTP_LIMIT) else {
            return Err(out_of_time(pending));
        };
        request.limit = limit;
        match self.net.http.send(request, self.cancel).await {
            Ok(response) => Ok((pending, response)),
            Err(failure) => Err(fail(pending, failure)),
        }
    }

    fn time_left(&self, limit: Duration) -> Option<Duration> {
        let left = self.until.saturating_duration_since(Instant::now()).min(limit);
        (!left.is_zero() && !self.cancel.is_cancelled()).then_some(left)
    }
}

/// A failure of the world is recorded as such; a stop by the person is no failure.
pub(crate) fn fail(pending: Pending, failure: Failure) -> Failure {
    if failure.kind == FailureKind::Cancelled {
        pending.finish(Outcome::Skipped { because: SkipReason::Cancelled });
        failure
    } else {
        pending.failed(failure)
    }
}

fn out_of_time(pending: Pending) -> Failure {
    pending.finish(Outcome::Skipped { because: SkipReason::OutOfTime });
    Failure::of(FailureKind::TooSlow).with_detail("out-of-time")
}

fn dns_facts(kind: RecordKind, answer: &DnsAnswer) -> Facts {
    let records: Vec<String> = answer.records.iter().map(record_text).collect();
    let mut facts = Facts::new();
    facts.insert("recordType".to_owned(), json!(word(kind)));
    facts.insert("records".to_owned(), json!(records));
    if !answer.chain.is_empty() {
        facts.insert("chain".to_owned(), json!(answer.chain));
    }
    facts
}

fn word(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Mx => "MX",
        RecordKind::Txt => "TXT",
        RecordKind::Cname => "CNAME",
        RecordKind::Srv => "SRV",
        RecordKind::A => "A",
        RecordKind::Aaaa => "AAAA",
    }
}

/// A record as DNS tools show it, shortened.
pub(crate) fn record_text(record: &DnsRecord) -> String {
    match record {
        DnsRecord::Mx { preference, exchange } if exchange.is_empty() => format!("{preference} ."),
        DnsRecord::Mx { preference, exchange } => format!("{preference} {exchange}"),
        DnsRecord::Txt(text) => shorten(text, 200),
        DnsRecord::Cname(target) => target.clone(),
        DnsRecord::Srv { priority, weight, port, target } => format!("{priority} {weight} {port} {target}"),
        DnsRecord::Address(address) => address.to_string(),
    }
}

/// At most this many characters.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
