//! A look at the network between this computer and the hosts that are needed: every place side by side, each step with its
//! own limit, everything within one deadline. It only collects; what the steps mean together is judged by the catalogue.

mod browser;
mod place;
mod surroundings;
mod targets;

use std::{net::IpAddr, time::Duration};

use futures_util::future::join_all;
use inbox_net::Net;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::Recorder;

pub(crate) use browser::look_for_browser;
pub(crate) use surroundings::PORTAL_PROBE;
pub(crate) use targets::{of_check, of_groups, of_provider};

/// The longest look-up of a name. A lost packet and its repetition fit in.
const NAME: Duration = Duration::from_secs(4);
/// The longest connection. A healthy one takes a fraction of a second, one to the other side of the world a second.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest TLS handshake: two round trips and a few kilobytes.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// The longest answer to the old greeting, which is asked only after a handshake has failed.
const GREETING: Duration = Duration::from_secs(3);
/// The longest answer over HTTP.
const ANSWER: Duration = Duration::from_secs(5);
/// Everything about one place. Longer than any two of its steps that wait in vain, shorter than a person waits.
const PLACE: Duration = Duration::from_secs(12);
/// All places together in a test of the network.
pub const TEST_BUDGET: Duration = Duration::from_secs(20);
/// All places together inside a check that already failed: the person waits for its end.
pub(crate) const CHECK_BUDGET: Duration = Duration::from_secs(6);

/// What answers at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP over TLS.
    Https,
    /// TLS with something else inside (IMAP, submission).
    Tls,
    /// A protocol that begins in clear text; only the connection is looked at.
    Plain,
    /// HTTP without TLS: only what the settings name.
    Http,
}

/// A place to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPlace {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What answers there.
    pub protocol: Protocol,
    /// Group and role as in the table of hosts (`microsoft`, `login`).
    pub group: String,
    /// See `group`.
    pub role: String,
}

impl NetworkPlace {
    /// `host:port`, as observations name it.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// What the look needs to know beside the places.
#[derive(Debug, Clone, Default)]
pub(crate) struct LookOptions {
    /// A server for a second opinion about names.
    pub dns_over_https: Option<Url>,
    /// The probe for sign-in pages; `None` leaves it out.
    pub portal: Option<Url>,
}

/// What all places share.
struct Bench<'a> {
    net: &'a Net,
    recorder: &'a Recorder,
    options: &'a LookOptions,
    /// Whether this computer has a way out over IPv6.
    v6: bool,
    until: Instant,
    cancel: &'a CancellationToken,
}

impl Bench<'_> {
    /// The time that a step may take now.
    fn step(&self, limit: Duration, until: Instant) -> Duration {
        limit.min(until.min(self.until).saturating_duration_since(Instant::now()))
    }

    fn is_over(&self) -> bool {
        self.cancel.is_cancelled() || Instant::now() >= self.until
    }
}

/// What a host told of the time.
#[derive(Debug, Clone)]
struct ToldTime {
    host: String,
    /// How far this computer is ahead, in seconds.
    skew: i64,
}

/// Looks at all places and at what surrounds them. A dead host takes its own limit and nobody else's.
pub(crate) async fn look(
    places: &[NetworkPlace],
    net: &Net,
    options: &LookOptions,
    recorder: &Recorder,
    budget: Duration,
    cancel: &CancellationToken,
) {
    let until = Instant::now() + budget;
    let v6 = surroundings::routes(net, recorder).await;
    let bench = Bench { net, recorder, options, v6, until, cancel };
    let (mut told, portal, ()) = tokio::join!(
        join_all(places.iter().map(|place| place::look_at(place, &bench))),
        surroundings::portal(&bench),
        surroundings::desktop_proxy(&bench),
    );
    told.push(portal);
    surroundings::clock(told.into_iter().flatten().collect(), recorder);
}

/// Addresses as facts.
fn list(addresses: &[IpAddr]) -> serde_json::Value {
    addresses.iter().take(16).map(|address| serde_json::Value::String(address.to_string())).collect()
}
