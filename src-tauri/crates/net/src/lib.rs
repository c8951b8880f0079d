//! The network: the only part of the program that opens a socket.
//!
//! Every refusal of the world comes back as [`inbox_model::Failure`], already classified; nothing here judges.

mod classify;
mod dns;
mod header_facts;
mod http_client;
pub mod line;
pub mod loopback;
mod public_address;
mod scrub;
#[cfg(test)]
mod testing;

pub use dns::{Dns, DnsAnswer, DnsRecord, RecordKind};
pub use header_facts::{clock_skew, retry_after};
pub use http_client::{Expected, Http, Request, Response, SendError};
pub use line::{Dialogue, Limits, Lines, Place, Transcript};
pub use public_address::{is_local, is_public};

use std::net::SocketAddr;

/// How to reach the network.
#[derive(Debug, Clone, Default)]
pub struct NetOptions {
    /// DNS server in place of the system's.
    pub dns_server: Option<SocketAddr>,
    /// Proxy in place of the system's.
    pub proxy: Option<url::Url>,
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
}

impl Net {
    /// Starts the network part.
    ///
    /// # Errors
    /// When TLS or DNS cannot be set up on this computer.
    pub fn new(options: &NetOptions) -> Result<Self, NetError> {
        let dns = Dns::new(options)?;
        // One for both: it holds what was read from the computer's trust store.
        let tls = http_client::client_config(&[])?;
        let http = Http::with_tls(options, &dns, tls.clone())?;
        let lines = Lines::with_tls(options, &dns, tls);
        Ok(Self { dns, http, lines })
    }
}
