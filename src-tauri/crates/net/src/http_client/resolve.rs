//! Looks the names of HTTP hosts up, and looks at the answer before anything is contacted.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use inbox_model::{Failure, FailureKind};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio_util::sync::CancellationToken;

use super::stage::{Stage, StageReached};
use crate::{
    Dns, RecordKind,
    dns::DnsRecord,
    public_address::{is_public, is_this_computer},
};

/// The longest look-up. Longer than a lost packet and its repetition take, shorter than a connection may take.
const LOOKUP_LIMIT: Duration = Duration::from_secs(8);

/// A name failure inside the HTTP library's error.
#[derive(Debug, thiserror::Error)]
#[error("the host's name could not be used")]
pub(crate) struct ResolveFailure(pub(crate) Failure);

/// Hosts that were asked for as targets. Other names that come along are proxies: their addresses may be anything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Targets(Arc<Mutex<BTreeSet<String>>>);

impl Targets {
    pub(crate) fn add(&self, host: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned());
    }

    fn contains(&self, host: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(host)
    }
}

/// The resolver that is given to the HTTP library.
#[derive(Debug, Clone)]
pub(crate) struct HostResolver {
    pub(crate) dns: Dns,
    /// Ask `dns` and not the operating system: another DNS server is set.
    pub(crate) own_server: bool,
    /// Hosts that the settings allow to be local.
    pub(crate) local: Arc<BTreeSet<String>>,
    pub(crate) targets: Targets,
    /// Every address of a target must be public.
    pub(crate) public_only: bool,
}

impl Resolve for HostResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        let stage = Stage::current();
        Box::pin(async move {
            if let Some(stage) = &stage {
                stage.set(StageReached::Resolving);
            }
            let found = resolver.addresses(&name.as_str().to_ascii_lowercase()).await;
            if let Some(stage) = &stage {
                stage.set(StageReached::Connecting);
            }
            match found {
                // Port 0: the library puts the port of the request in.
                Ok(all) => Ok(Box::new(all.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs),
                Err(failure) => Err(Box::new(ResolveFailure(failure)) as Box<dyn std::error::Error + Send + Sync>),
            }
        })
    }
}

impl HostResolver {
    /// The addresses of a host, checked.
    pub(crate) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Failure> {
        let cancel = CancellationToken::new();
        if host == "localhost" || self.local.contains(host) {
            // A host of the private network is known to the DNS server of the settings, if to any.
            if self.own_server && host != "localhost" {
                let found = self.ask_own_server(host, &cancel).await;
                if found.is_ok() {
                    return found;
                }
            }
            return self.dns.system_lookup(host, LOOKUP_LIMIT, &cancel).await;
        }
        let found = if self.own_server {
            self.ask_own_server(host, &cancel).await?
        } else {
            self.dns.system_lookup(host, LOOKUP_LIMIT, &cancel).await?
        };
        if self.targets.contains(host) {
            check(&found, self.public_only)?;
        }
        Ok(found)
    }

    async fn ask_own_server(&self, host: &str, cancel: &CancellationToken) -> Result<Vec<IpAddr>, Failure> {
        let (v6, v4) = tokio::join!(
            self.dns.lookup(host, RecordKind::Aaaa, LOOKUP_LIMIT, cancel),
            self.dns.lookup(host, RecordKind::A, LOOKUP_LIMIT, cancel),
        );
        let failure = match (&v6, &v4) {
            (_, Err(failure)) => Some(failure.clone()),
            (Err(failure), _) => Some(failure.clone()),
            _ => None,
        };
        let all: Vec<IpAddr> = [v6, v4]
            .into_iter()
            .flatten()
            .flat_map(|answer| answer.records)
            .filter_map(|record| match record {
                DnsRecord::Address(address) => Some(address),
                _ => None,
            })
            .collect();
        match failure {
            Some(failure) if all.is_empty() => Err(failure),
            _ => Ok(all),
        }
    }
}

/// Looks at the addresses of a target before it is contacted. One bad address spoils all: which of them the connection would
/// take is not ours to choose.
pub(crate) fn check(found: &[IpAddr], public_only: bool) -> Result<(), Failure> {
    if found.is_empty() {
        return Err(Failure::of(FailureKind::DnsNotFound).with_detail("no-data"));
    }
    if public_only && let Some(address) = found.iter().find(|address| !is_public(**address)) {
        return Err(Failure::of(FailureKind::PrivateAddressRefused).with_detail(address.to_string()));
    }
    // A public host that shall be this very computer: a DNS filter or a hosts file stands in the way.
    if let Some(address) = found.iter().find(|address| is_this_computer(**address)) {
        return Err(Failure::of(FailureKind::DnsUnusable).with_detail(address.to_string()));
    }
    Ok(())
}
