//! The network: the only part of the program that opens a socket.
//!
//! Every refusal of the world comes back as [`inbox_model::Failure`], already classified; nothing here judges.

mod classify;
mod dns;
mod header_facts;
mod http_client;
mod http_head;
pub mod line;
pub mod loopback;
mod pipe;
mod proxy;
mod public_address;
mod scrub;
#[cfg(test)]
mod testing;
mod way;

pub use dns::{Dns, DnsAnswer, DnsRecord, RecordKind, addresses_over_https, read_dns_message};
pub use header_facts::{clock_skew, retry_after};
pub use http_client::{Expected, Http, Request, Response, SendError, read_pem_certificates};
pub use http_head::{Head, read_head};
pub use line::{Dialogue, Limits, Lines, Place, Transcript};
pub use proxy::{DesktopProxy, ProxyInUse, ProxyOrigin, ProxySetting, proxy_schemes, read_desktop, read_gsettings};
pub use public_address::{is_local, is_public};
pub use way::{Certificate, Greeting, Handshake, Reply, Way, Ways, old_hello, read_certificate, read_greeting};

use std::{net::SocketAddr, sync::Arc};

/// How to reach the network.
#[derive(Debug, Clone, Default)]
pub struct NetOptions {
    /// DNS server in place of the system's.
    pub dns_server: Option<SocketAddr>,
    /// Proxy in place of the system's.
    pub proxy: Option<ProxySetting>,
    /// Certificates (DER) that are trusted beside those of the operating system.
    pub extra_roots: Vec<Vec<u8>>,
    /// Hosts (`host:port`, from the endpoint settings) that may be local and plain HTTP: another cloud, the practice cloud.
    pub local_hosts: Vec<String>,
}

/// Why the network part cannot start; our own fault, not the world's.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The TLS part cannot start.
    #[error("the TLS library cannot start: {0}")]
    Tls(String),
    /// The DNS part cannot start.
    #[error("the DNS resolver cannot start: {0}")]
    Dns(String),
}

/// DNS, HTTP and line dialogues together; cheap to clone.
#[derive(Debug, Clone)]
pub struct Net {
    /// DNS.
    pub dns: Dns,
    /// HTTP.
    pub http: Http,
    /// Dialogues with mail servers.
    pub lines: Lines,
    /// The way to a host, step by step.
    pub ways: Ways,
}

impl Net {
    /// Starts the network part.
    ///
    /// # Errors
    /// When TLS or DNS cannot be set up on this computer.
    pub fn new(options: &NetOptions) -> Result<Self, NetError> {
        let dns = Dns::new(options)?;
        let roots: Vec<_> =
            options.extra_roots.iter().map(|der| rustls::pki_types::CertificateDer::from(der.clone())).collect();
        // One for all: it holds what was read from the computer's trust store.
        let verifier = http_client::trust(&roots)?;
        let tls = http_client::client_config(verifier.clone())?;
        let proxies = Arc::new(proxy::Proxies::of(options.proxy.as_ref()));
        let http = Http::with_tls(options, &dns, tls.clone(), proxies.clone())?;
        let lines = Lines::with_tls(options, &dns, tls, proxies.clone());
        let ways = Ways::new(options, &dns, verifier, proxies);
        Ok(Self { dns, http, lines, ways })
    }
}
