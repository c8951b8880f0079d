//! DNS look-ups with real packets, through hickory-resolver.

mod answer;
mod https;
#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::rr::{Name, RecordType},
};
use inbox_model::{Failure, FailureKind};
use tokio::{sync::Semaphore, time::Instant};
use tokio_util::sync::CancellationToken;

pub use https::{addresses_over_https, read_dns_message};

use crate::{
    NetError, NetOptions,
    classify::{resolver_failure, system_failure},
};

/// One try at one server; a lost packet is repeated after it.
const TRY_LIMIT: Duration = Duration::from_secs(2);
/// Tries beside the first one.
const REPETITIONS: usize = 2;

/// Questions that are open at one time: nobody's server is to feel thousands of domains at once. With answers in 20 ms that is
/// more than 6,000 questions a second.
const OPEN_AT_ONCE: usize = 128;

/// Record types that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum RecordKind {
    Mx,
    Txt,
    Cname,
    Srv,
    A,
    Aaaa,
}

impl RecordKind {
    fn wire(self) -> RecordType {
        match self {
            RecordKind::Mx => RecordType::MX,
            RecordKind::Txt => RecordType::TXT,
            RecordKind::Cname => RecordType::CNAME,
            RecordKind::Srv => RecordType::SRV,
            RecordKind::A => RecordType::A,
            RecordKind::Aaaa => RecordType::AAAA,
        }
    }
}

/// One record of an answer; names in lower case without the trailing dot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DnsRecord {
    /// An empty `exchange` is the null MX of RFC 7505.
    Mx {
        preference: u16,
        exchange: String,
    },
    Txt(String),
    Cname(String),
    Srv {
        priority: u16,
        weight: u16,
        port: u16,
        target: String,
    },
    Address(IpAddr),
}

/// An answer: the CNAME chain that was followed and the records at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DnsAnswer {
    /// Names of the chain, the asked one left out.
    pub chain: Vec<String>,
    /// Records of the asked type (for `Cname`: the first link).
    pub records: Vec<DnsRecord>,
}

impl DnsAnswer {
    /// The addresses among the records.
    #[must_use]
    pub fn addresses(&self) -> Vec<IpAddr> {
        let of = |record: &DnsRecord| match record {
            DnsRecord::Address(address) => Some(*address),
            _ => None,
        };
        self.records.iter().filter_map(of).collect()
    }
}

/// The resolver; cheap to clone.
#[derive(Clone)]
pub struct Dns {
    /// `None` where this computer has no DNS server set up, which is a fact about the world.
    resolver: Option<Arc<TokioResolver>>,
    /// Whose turn it is to ask; shared by all clones.
    turns: Arc<Semaphore>,
}

impl std::fmt::Debug for Dns {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Dns").field("set_up", &self.resolver.is_some()).finish()
    }
}

impl Dns {
    pub(crate) fn new(options: &NetOptions) -> Result<Self, NetError> {
        let turns = Arc::new(Semaphore::new(OPEN_AT_ONCE));
        let builder = match options.dns_server {
            Some(server) => TokioResolver::builder_with_config(only(server), TokioRuntimeProvider::default()),
            None => match TokioResolver::builder_tokio() {
                Ok(builder) => builder,
                Err(error) => {
                    tracing::warn!(%error, "no DNS server is set up on this computer");
                    return Ok(Self { resolver: None, turns });
                }
            },
        };
        let mut builder = builder;
        let settings = builder.options_mut();
        settings.timeout = TRY_LIMIT;
        settings.attempts = REPETITIONS;
        // What the hosts file says is for `system_lookup`; here the network's own answer is wanted.
        settings.use_hosts_file = ResolveHosts::Never;
        // A check that is repeated must see what was mended meanwhile.
        settings.cache_size = 0;
        settings.preserve_intermediates = true;
        let resolver = builder.build().map_err(|error| NetError::Dns(error.to_string()))?;
        Ok(Self { resolver: Some(Arc::new(resolver)), turns })
    }

    /// Asks. `DnsNotFound` for NXDOMAIN and for a name without such a record (`Failure::detail` is `nxdomain` or `no-data`).
    /// Other details are `servfail`, `refused`, `timeout`, `malformed`, `truncated`, `no-server`, `invalid-name`, `cname-loop`.
    ///
    /// # Errors
    /// The classified failure, `Cancelled` among them.
    pub async fn lookup(
        &self,
        name: &str,
        kind: RecordKind,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<DnsAnswer, Failure> {
        let name = wire_name(name)?;
        let Some(resolver) = &self.resolver else {
            return Err(Failure::of(FailureKind::DnsServerFailed).with_detail("no-server"));
        };
        // The wait for a turn is not the server's time.
        let _turn = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Failure::of(FailureKind::Cancelled)),
            turn = self.turns.acquire() => turn,
        };
        let until = Instant::now() + limit;
        let asking = resolver.lookup(name.clone(), kind.wire());
        let found = bounded(limit, cancel, asking).await?.map_err(|error| resolver_failure(&error));
        let answer = found.and_then(|found| answer::read(&name, kind, found.answers()));
        match answer {
            // The resolver gives up on a ring of aliases in silence; that is a broken zone, not a domain without the record.
            Err(failure)
                if failure.detail == "no-data" && matches!(kind, RecordKind::Mx | RecordKind::A | RecordKind::Aaaa) =>
            {
                let left = until.saturating_duration_since(Instant::now()).min(TRY_LIMIT);
                match bounded(left, cancel, is_ring(resolver, name)).await {
                    Ok(true) => Err(Failure::of(FailureKind::DnsUnusable).with_detail("cname-loop")),
                    Err(stopped) if stopped.kind == FailureKind::Cancelled => Err(stopped),
                    // No ring, or nobody tells in time: the answer that there is stands.
                    Ok(false) | Err(_) => Err(failure),
                }
            }
            other => other,
        }
    }

    /// Asks the operating system (hosts file, its own cache and servers), as browsers do.
    ///
    /// # Errors
    /// The classified failure, `Cancelled` among them.
    pub async fn system_lookup(
        &self,
        host: &str,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Vec<IpAddr>, Failure> {
        wire_name(host)?;
        let found = bounded(limit, cancel, tokio::net::lookup_host((host, 0)))
            .await?
            .map_err(|error| system_failure(&error))?;
        let mut all: Vec<IpAddr> = Vec::new();
        for address in found.map(|address| address.ip()) {
            if !all.contains(&address) {
                all.push(address);
            }
        }
        if all.is_empty() {
            return Err(Failure::of(FailureKind::DnsNotFound).with_detail("no-data"));
        }
        Ok(all)
    }
}

/// A result, unless the limit or the person ends the wait before.
async fn bounded<T>(limit: Duration, cancel: &CancellationToken, work: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Failure::of(FailureKind::Cancelled)),
        result = tokio::time::timeout(limit, work) => {
            result.map_err(|_| Failure::of(FailureKind::DnsTimeout).with_detail("timeout"))
        }
    }
}

/// Whether the aliases of a name lead back to one of them, or on for longer than any resolver follows.
async fn is_ring(resolver: &TokioResolver, name: Name) -> bool {
    let mut seen = vec![name];
    while let Some(last) = seen.last()
        && let Ok(found) = resolver.lookup(last.clone(), RecordType::CNAME).await
        && let Some(next) = answer::alias(last, found.answers())
    {
        if seen.len() >= answer::MAX_CHAIN || seen.contains(&next) {
            return true;
        }
        seen.push(next);
    }
    false
}

/// Only this server, over UDP, and over TCP where an answer does not fit.
fn only(server: SocketAddr) -> ResolverConfig {
    let mut udp = ConnectionConfig::udp();
    udp.port = server.port();
    let mut tcp = ConnectionConfig::tcp();
    tcp.port = server.port();
    ResolverConfig::from_parts(None, Vec::new(), vec![NameServerConfig::new(server.ip(), true, vec![udp, tcp])])
}

/// A name as it goes over the wire: letters, digits, hyphens and underscores, labels of 1 to 63, 253 in all (RFC 1035 section
/// 2.3.4). Always absolute, so that no search list of this computer is tried.
fn wire_name(name: &str) -> Result<Name, Failure> {
    let refused = || Failure::of(FailureKind::DnsUnusable).with_detail("invalid-name");
    let bare = name.strip_suffix('.').unwrap_or(name);
    let labels_fit = bare.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    if !labels_fit || bare.len() > 253 || bare.parse::<IpAddr>().is_ok() {
        return Err(refused());
    }
    Name::from_ascii(format!("{bare}.")).map_err(|_| refused())
}
