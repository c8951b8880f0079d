//! The way to a host, looked at step by step: route, connection, proxy, TLS, a question over HTTP. Each step is bounded and
//! says how it ended, so that what fails is told apart from what lies behind it. Nothing secret is ever sent over these ways.

mod ask;
mod certificate;
mod greeting;
mod handshake;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use inbox_model::{CodeFamily, Failure, FailureKind};
use rustls::client::danger::ServerCertVerifier;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Dns, NetOptions, ProxyInUse,
    classify::dialogue_failure,
    pipe::Pipe,
    proxy::{Proxies, tunnel},
};

pub use ask::Reply;
pub use certificate::{Certificate, read_certificate};
pub use greeting::{Greeting, old_hello, read_greeting};
pub use handshake::Handshake;

/// An address of documentation (RFC 5737, RFC 3849): asking the system for a route to it sends nothing.
const ROUTE_V4: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 443);
const ROUTE_V6: SocketAddr = SocketAddr::new(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)), 443);

/// Ways to hosts; cheap to clone.
#[derive(Clone)]
pub struct Ways(Arc<Inner>);

struct Inner {
    dns: Dns,
    verifier: Arc<dyn ServerCertVerifier>,
    proxies: Arc<Proxies>,
    local_hosts: BTreeSet<String>,
    own_server: bool,
}

/// A connection to a host.
pub struct Way {
    pipe: Pipe,
}

impl fmt::Debug for Ways {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ways").finish_non_exhaustive()
    }
}

impl fmt::Debug for Way {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Way").finish_non_exhaustive()
    }
}

impl Ways {
    pub(crate) fn new(
        options: &NetOptions,
        dns: &Dns,
        verifier: Arc<dyn ServerCertVerifier>,
        proxies: Arc<Proxies>,
    ) -> Self {
        Self(Arc::new(Inner {
            dns: dns.clone(),
            verifier,
            proxies,
            local_hosts: options.local_hosts.iter().map(|pair| pair.to_ascii_lowercase()).collect(),
            own_server: options.dns_server.is_some(),
        }))
    }

    /// The proxy that a host is reached through, if any.
    #[must_use]
    pub fn proxy_for(&self, host: &str, port: u16) -> Option<ProxyInUse> {
        self.0.proxies.for_url(&format!("https://{host}:{port}/"))
    }

    /// Whether names are asked at a server of the settings, and not at the operating system.
    #[must_use]
    pub fn own_dns_server(&self) -> bool {
        self.0.own_server
    }

    /// Whether the settings name this place, so that it may lie in the private network.
    #[must_use]
    pub fn may_be_local(&self, host: &str, port: u16) -> bool {
        self.0.local_hosts.contains(&format!("{}:{port}", host.to_ascii_lowercase()))
    }

    /// Whether this computer knows a way out at all for this kind of address, and the address that it would come from.
    /// Nothing is sent.
    ///
    /// # Errors
    /// `ConnectUnreachable` without a route.
    pub async fn route(&self, v6: bool) -> Result<IpAddr, Failure> {
        let (from, to) = if v6 {
            (SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0), ROUTE_V6)
        } else {
            (SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0), ROUTE_V4)
        };
        let look = async {
            let socket = tokio::net::UdpSocket::bind(from).await?;
            socket.connect(to).await?;
            socket.local_addr()
        };
        look.await.map(|address| address.ip()).map_err(|error| refused(&error))
    }

    /// Connects to one address.
    ///
    /// # Errors
    /// The connection's failure; the code `blocked-on-this-computer` where this computer itself forbids it. `Cancelled`.
    pub async fn connect(
        &self,
        address: SocketAddr,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Way, Failure> {
        let stream = bounded(limit, cancel, FailureKind::ConnectTimeout, TcpStream::connect(address)).await?;
        let stream = stream.map_err(|error| refused(&error))?;
        let _ = stream.set_nodelay(true);
        Ok(Way { pipe: Box::new(stream) })
    }

    /// Connects to a proxy, and with TLS where it wants that.
    ///
    /// # Errors
    /// The failure of the proxy's name, of the connection to it, or of TLS with it; `Cancelled`.
    pub async fn connect_proxy(
        &self,
        proxy: &ProxyInUse,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Way, Failure> {
        let work = async {
            let addresses = match proxy.host.trim_matches(['[', ']']).parse::<IpAddr>() {
                Ok(address) => vec![address],
                Err(_) => self.0.dns.system_lookup(&proxy.host, limit, cancel).await?,
            };
            let mut last = Failure::of(FailureKind::DnsNotFound);
            for address in addresses.into_iter().take(4) {
                match self.connect(SocketAddr::new(address, proxy.port), limit, cancel).await {
                    Ok(way) => return Ok(way),
                    Err(failure) => last = failure,
                }
            }
            Err(last)
        };
        let way = bounded(limit, cancel, FailureKind::ConnectTimeout, work).await??;
        if !proxy.tls {
            return Ok(way);
        }
        self.handshake(way, &proxy.host, limit, cancel).await.outcome
    }

    /// Asks a proxy for the way to a host.
    ///
    /// # Errors
    /// `ProxyAuthentication` (the detail names what it offers; the code `proxy-sign-in-refused` where a sign-in was sent),
    /// `ProxyRefused`, the connection's failure, `Cancelled`.
    pub async fn through(
        &self,
        way: Way,
        proxy: &ProxyInUse,
        host: &str,
        port: u16,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Way, Failure> {
        let asked = tunnel(way.pipe, proxy, host, port);
        let pipe = bounded(limit, cancel, FailureKind::TooSlow, asked).await??;
        Ok(Way { pipe })
    }

    /// Sends the old greeting and reads the first bytes of the answer.
    ///
    /// # Errors
    /// The connection's failure, `TooSlow` where no answer comes, `Cancelled`.
    pub async fn greet(
        &self,
        mut way: Way,
        host: &str,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Greeting, Failure> {
        let exchange = async {
            way.pipe.write_all(&old_hello(host)).await?;
            way.pipe.flush().await?;
            let mut seen = Vec::new();
            loop {
                match way.pipe.read_u8().await {
                    Ok(byte) => seen.push(byte),
                    // Many close without an alert: that refuses too, once something was said. Nothing at all is a reset.
                    Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                        return Err(std::io::ErrorKind::ConnectionReset.into());
                    }
                    Err(error) => return Err(error),
                }
                if let Some(greeting) = read_greeting(&seen) {
                    return Ok(greeting);
                }
            }
        };
        let result: std::io::Result<Greeting> = bounded(limit, cancel, FailureKind::TooSlow, exchange).await?;
        result.map_err(|error| dialogue_failure(&error))
    }
}

fn refused(error: &std::io::Error) -> Failure {
    let failure = dialogue_failure(error);
    // EACCES and EPERM (WSAEACCES on Windows) come from this computer, never from the network.
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        return failure.with_code(CodeFamily::Network, "blocked-on-this-computer");
    }
    failure
}

/// A result, unless the limit or the person ends the wait before.
pub(crate) async fn bounded<T>(
    limit: Duration,
    cancel: &CancellationToken,
    kind: FailureKind,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Failure::of(FailureKind::Cancelled)),
        result = tokio::time::timeout(limit, work) => {
            result.map_err(|_| Failure::of(kind).with_detail(format!("limit {} ms", limit.as_millis())))
        }
    }
}
