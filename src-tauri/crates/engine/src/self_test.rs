//! Tests this computer before any sign-in: way back from the browser, password store, DNS, clock, reachability.

use std::time::{Duration, Instant};

use inbox_model::{Cloud, Outcome};
use inbox_net::{Expected, RecordKind, Request, clock_skew};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{Engine, GoogleAddresses, Recorder, signin};

/// Time for one test. A healthy network answers in under a second; a dead one must not keep a person waiting.
const LIMIT: Duration = Duration::from_secs(10);
/// A clock further off than this breaks sign-ins: tokens are not valid yet, or not any more.
const CLOCK_TOLERANCE: i64 = 300;

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestState {
    /// It worked.
    Passed,
    /// It did not.
    Failed,
    /// It could not be tried.
    Skipped,
}

/// One test of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SelfTest {
    /// `loopback`, `keychain`, `dns`, `clock`, `reach-microsoft`, `reach-graph`, `reach-google`.
    pub id: String,
    /// How it ended.
    pub state: TestState,
    /// What was seen, for technicians.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl Engine {
    /// Runs all tests side by side.
    pub async fn self_test(&self, cancel: &CancellationToken) -> Vec<SelfTest> {
        let endpoints = self.settings.values.endpoints.as_ref();
        let microsoft = self.microsoft(Cloud::Worldwide);
        let google = GoogleAddresses::resolve(endpoints).ok().map(|addresses| addresses.accounts);
        let (loopback, keychain, dns, login, graph, google) = tokio::join!(
            self.recorded("loopback", cancel),
            self.recorded("keychain", cancel),
            self.dns(&microsoft.login, cancel),
            self.reach("reach-microsoft", Some(microsoft.login.clone()), cancel),
            self.reach("reach-graph", Some(microsoft.graph.clone()), cancel),
            self.reach("reach-google", google, cancel),
        );
        let clock = clock(&[&login, &graph, &google]);
        vec![loopback, keychain, dns, clock, login.0, graph.0, google.0]
    }

    async fn recorded(&self, id: &'static str, cancel: &CancellationToken) -> SelfTest {
        let began = Instant::now();
        let recorder = Recorder::default();
        let passed = match id {
            "loopback" => signin::check_loopback(&recorder, cancel).await,
            _ => signin::check_keychain(&recorder).await,
        };
        let detail = recorder
            .observations()
            .iter()
            .rev()
            .find_map(|observation| match &observation.outcome {
                Outcome::Failed { failure } => {
                    Some(format!("{} {}", crate::report::name_of(&failure.kind), failure.detail))
                }
                _ => None,
            })
            .unwrap_or_else(|| "ok".to_owned());
        finish(id, passed, detail, began)
    }

    async fn dns(&self, login: &Url, cancel: &CancellationToken) -> SelfTest {
        let began = Instant::now();
        let Some(host) = login.domain().filter(|host| host.contains('.')) else {
            return SelfTest {
                id: "dns".to_owned(),
                state: TestState::Skipped,
                detail: "the settings name an address, not a host".to_owned(),
                took_ms: 0,
            };
        };
        let net = match self.net() {
            Ok(net) => net,
            Err(error) => return finish("dns", false, error.to_string(), began),
        };
        match net.dns.lookup(host, RecordKind::A, LIMIT, cancel).await {
            Ok(answer) => finish("dns", true, format!("{host}: {} records", answer.records.len()), began),
            Err(failure) => finish("dns", false, format!("{host}: {}", crate::report::name_of(&failure.kind)), began),
        }
    }

    async fn reach(&self, id: &str, base: Option<Url>, cancel: &CancellationToken) -> (SelfTest, Option<i64>) {
        let began = Instant::now();
        let Some(url) = base else { return (finish(id, false, "no address".to_owned(), began), None) };
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut request = Request::get(url);
        request.expected = Expected::Anything;
        request.limit = LIMIT;
        // Any HTTP status shows that the host is reached; only the way there is tested.
        let net = match self.net() {
            Ok(net) => net,
            Err(error) => return (finish(id, false, error.to_string(), began), None),
        };
        match net.http.send(request, cancel).await {
            Ok(response) => {
                let skew = clock_skew(&response.headers, jiff::Timestamp::now()).map(|skew| skew.as_secs());
                (finish(id, true, format!("{host}: HTTP {}", response.status), began), skew)
            }
            Err(failure) => {
                let kind = crate::report::name_of(&failure.kind);
                (finish(id, false, format!("{host}: {kind} {}", failure.detail), began), None)
            }
        }
    }
}

/// The clock against the hosts' own: the middle value, so that one odd host decides nothing.
fn clock(answers: &[&(SelfTest, Option<i64>)]) -> SelfTest {
    let mut skews: Vec<i64> = answers.iter().filter_map(|(_, skew)| *skew).collect();
    skews.sort_unstable();
    let Some(middle) = skews.get(skews.len() / 2) else {
        return SelfTest {
            id: "clock".to_owned(),
            state: TestState::Skipped,
            detail: "no host told its time".to_owned(),
            took_ms: 0,
        };
    };
    let state = if middle.abs() <= CLOCK_TOLERANCE { TestState::Passed } else { TestState::Failed };
    SelfTest { id: "clock".to_owned(), state, detail: format!("{middle} s"), took_ms: 0 }
}

fn finish(id: &str, passed: bool, detail: String, began: Instant) -> SelfTest {
    SelfTest {
        id: id.to_owned(),
        state: if passed { TestState::Passed } else { TestState::Failed },
        detail: detail.trim_end().to_owned(),
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}
