//! Dialogues in lines over TCP and TLS (IMAP, SMTP, POP3): bounded in length, in bytes and in time, ended by the person at
//! any moment, every failure classified. The parsers beside it read lines and know no socket.
//!
//! Where a proxy is set for this computer, the way leads through it (CONNECT), as it does for every other connection here.

pub mod imap;
pub mod pop;
pub mod sasl;
pub mod smtp;
#[cfg(test)]
mod tests;
mod transcript;

use std::{
    collections::BTreeSet,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use futures_util::future::select_ok;
use inbox_model::{Failure, FailureKind, Secret};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::sync::CancellationToken;

pub use transcript::Transcript;

use crate::{
    Dns, NetOptions, ProxyInUse,
    classify::dialogue_failure,
    http_client::{HostResolver, check_addresses},
    pipe::Pipe,
    proxy::{Proxies, tunnel},
    scrub::scrub,
};

/// The longest line, in bytes, its end included. RFC 2683 section 3.2.1.5 advises 8,000 for IMAP; SMTP and POP3 stay far below.
pub const MAX_LINE: usize = 8 * 1024;
/// The most bytes of one dialogue. A greeting and two lists of capabilities are some hundred bytes.
pub const MAX_DIALOGUE: usize = 64 * 1024;
/// The most addresses of a host that are tried.
const MAX_ADDRESSES: usize = 4;
/// The next address is tried after this (RFC 8305 section 5 recommends 250 ms).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// Where to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Host name; the certificate must be for it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// TLS from the first byte on.
    pub implicit_tls: bool,
    /// Refuse private, loopback and link-local addresses (for hosts learnt from DNS or from a document).
    pub public_only: bool,
}

/// How long a dialogue may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One command with its answer; connecting and the TLS handshake count as one each.
    pub command: Duration,
    /// Everything together.
    pub whole: Duration,
}

/// Opens dialogues; cheap to clone.
#[derive(Debug, Clone)]
pub struct Lines(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    resolver: HostResolver,
    tls: Arc<rustls::ClientConfig>,
    proxies: Arc<Proxies>,
    /// `host:port` that may be local.
    local_hosts: BTreeSet<String>,
}

/// A dialogue under way.
#[derive(Debug)]
pub struct Dialogue {
    stream: Stream,
    /// Read, but not yet given out.
    ahead: Vec<u8>,
    received: usize,
    host: String,
    tls: Arc<rustls::ClientConfig>,
    limits: Limits,
    until: Instant,
    cancel: CancellationToken,
    transcript: Transcript,
}

enum Stream {
    Plain(Pipe),
    Tls(Box<TlsStream<Pipe>>),
    /// The TLS handshake failed: there is nothing to talk over any more.
    Broken,
}

impl fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Tls(_) => "Tls",
            Self::Broken => "Broken",
        })
    }
}

impl Lines {
    pub(crate) fn with_tls(
        options: &NetOptions,
        dns: &Dns,
        mut tls: rustls::ClientConfig,
        proxies: Arc<Proxies>,
    ) -> Self {
        // Those are names of HTTP; a mail server that knows none of them would end the handshake.
        tls.alpn_protocols.clear();
        Self(Arc::new(Inner {
            // Looks names up and nothing else: addresses are looked at here, by host and port.
            resolver: HostResolver {
                dns: dns.clone(),
                own_server: options.dns_server.is_some(),
                local: Arc::default(),
                targets: crate::http_client::Targets::default(),
                public_only: false,
            },
            tls: Arc::new(tls),
            proxies,
            local_hosts: options.local_hosts.iter().map(|pair| pair.to_ascii_lowercase()).collect(),
        }))
    }

    /// Connects, with TLS from the start where the place says so.
    ///
    /// # Errors
    /// The classified failure of name, connection, TLS or time; `PrivateAddressRefused`; `Cancelled`.
    pub async fn open(&self, place: &Place, limits: Limits, cancel: &CancellationToken) -> Result<Dialogue, Failure> {
        let until = Instant::now() + limits.whole;
        let step = |kind| Step { limit: limits.command, until, cancel, kind };
        let stream = match self.0.proxies.for_url(&format!("https://{}:{}/", place.host, place.port)) {
            Some(proxy) => self.through(&proxy, place, step).await?,
            None => {
                let addresses = step(FailureKind::DnsTimeout).run(self.addresses(place)).await??;
                reach(&addresses, place.port, step(FailureKind::ConnectTimeout)).await?
            }
        };
        let mut dialogue = Dialogue {
            stream: Stream::Plain(stream),
            ahead: Vec::new(),
            received: 0,
            host: place.host.clone(),
            tls: self.0.tls.clone(),
            limits,
            until,
            cancel: cancel.clone(),
            transcript: Transcript::default(),
        };
        if place.implicit_tls {
            dialogue.start_tls().await?;
        }
        Ok(dialogue)
    }

    /// The way through a proxy. Its own name and port failing is the proxy's fault, not the server's.
    async fn through<'a>(
        &self,
        proxy: &ProxyInUse,
        place: &Place,
        step: impl Fn(FailureKind) -> Step<'a>,
    ) -> Result<Pipe, Failure> {
        let refused = |failure: Failure| match failure.kind {
            FailureKind::Cancelled => failure,
            _ => Failure { kind: FailureKind::ProxyRefused, ..failure },
        };
        if place.public_only {
            // Behind a proxy the name is looked up there; look here first, as far as this network lets us.
            match step(FailureKind::DnsTimeout).run(self.addresses(place)).await? {
                Err(failure) if failure.kind == FailureKind::PrivateAddressRefused => return Err(failure),
                _ => {}
            }
        }
        let host = proxy.host.trim_matches(['[', ']']);
        let addresses = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => {
                let found = self.0.resolver.addresses(host);
                step(FailureKind::DnsTimeout).run(found).await?.map_err(refused)?
            }
        };
        let mut pipe = reach(&addresses, proxy.port, step(FailureKind::ConnectTimeout)).await.map_err(refused)?;
        if proxy.tls {
            let name = ServerName::try_from(host.to_owned())
                .map_err(|_| Failure::of(FailureKind::ProxyRefused).with_detail("invalid-name"))?;
            let handshake = TlsConnector::from(self.0.tls.clone()).connect(name, pipe);
            let stream = step(FailureKind::ConnectTimeout).run(handshake).await?;
            pipe = Box::new(stream.map_err(|error| refused(dialogue_failure(&error)))?);
        }
        step(FailureKind::TooSlow).run(tunnel(pipe, proxy, &place.host, place.port)).await?
    }

    async fn addresses(&self, place: &Place) -> Result<Vec<IpAddr>, Failure> {
        let host = place.host.to_ascii_lowercase();
        let found = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.0.resolver.addresses(&host).await?,
        };
        if !self.0.local_hosts.contains(&format!("{host}:{}", place.port)) {
            check_addresses(&found, place.public_only)?;
        }
        Ok(found)
    }
}

/// A connection to the first address that answers.
async fn reach(addresses: &[IpAddr], port: u16, step: Step<'_>) -> Result<Pipe, Failure> {
    let stream = step.run(connect(addresses, port)).await?.map_err(|error| dialogue_failure(&error))?;
    // Lines are short and wait for each other; gathering them only delays.
    let _ = stream.set_nodelay(true);
    Ok(Box::new(stream))
}

/// The first address that answers; each begins a moment after the one before it.
async fn connect(addresses: &[IpAddr], port: u16) -> std::io::Result<TcpStream> {
    let tries = addresses.iter().take(MAX_ADDRESSES).zip(0_u32..).map(|(address, number)| {
        let address = SocketAddr::new(*address, port);
        Box::pin(async move {
            tokio::time::sleep(NEXT_ADDRESS * number).await;
            TcpStream::connect(address).await
        })
    });
    let tries: Vec<_> = tries.collect();
    if tries.is_empty() {
        return Err(std::io::ErrorKind::AddrNotAvailable.into());
    }
    select_ok(tries).await.map(|(stream, _)| stream)
}

/// One wait: bounded, and ended by the person.
struct Step<'a> {
    limit: Duration,
    until: Instant,
    cancel: &'a CancellationToken,
    kind: FailureKind,
}

impl Step<'_> {
    async fn run<T>(self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let limit = self.until.saturating_duration_since(Instant::now()).min(self.limit);
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::of(FailureKind::Cancelled)),
            result = tokio::time::timeout(limit, work) => {
                result.map_err(|_| Failure::of(self.kind).with_detail(format!("limit {} ms", limit.as_millis())))
            }
        }
    }
}

impl Dialogue {
    /// Whether what is said now is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// What is said, also after the dialogue has ended.
    #[must_use]
    pub fn transcript(&self) -> Transcript {
        self.transcript.clone()
    }

    /// Goes over to TLS, after the server has agreed to it.
    ///
    /// # Errors
    /// `TlsProtocol` with the detail `data-before-tls` when the server already sent more than its agreement: such lines would
    /// count as encrypted although anybody on the way could have written them (CVE-2011-0411). Else the failure of the
    /// handshake, of time, or `Cancelled`.
    pub async fn start_tls(&mut self) -> Result<(), Failure> {
        if !self.ahead.is_empty() {
            return Err(Failure::of(FailureKind::TlsProtocol).with_detail("data-before-tls"));
        }
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| Failure::of(FailureKind::DnsUnusable).with_detail("invalid-name"))?;
        let stream = match std::mem::replace(&mut self.stream, Stream::Broken) {
            Stream::Plain(stream) => stream,
            other => {
                self.stream = other;
                return Err(Failure::of(FailureKind::TlsProtocol).with_detail("already-encrypted"));
            }
        };
        let handshake = TlsConnector::from(self.tls.clone()).connect(name, stream);
        let step = Step {
            limit: self.limits.command,
            until: self.until,
            cancel: &self.cancel,
            kind: FailureKind::ConnectTimeout,
        };
        let stream = step.run(handshake).await?.map_err(|error| dialogue_failure(&error))?;
        self.stream = Stream::Tls(Box::new(stream));
        self.transcript.note("TLS");
        Ok(())
    }

    /// Sends a line and reads nothing.
    ///
    /// # Errors
    /// The classified failure of the connection or of time; `Cancelled`. A line with a line break inside is refused
    /// (`BodyMalformed`): it would be two commands.
    pub async fn send(&mut self, line: &str) -> Result<(), Failure> {
        if line.contains(['\r', '\n', '\0']) {
            return Err(Failure::of(FailureKind::BodyMalformed).with_detail("line-break"));
        }
        self.transcript.client(line);
        self.write(&format!("{line}\r\n")).await
    }

    /// Sends a line with a secret in it: `shown` stands for it in the transcript, and its words are masked from now on.
    ///
    /// # Errors
    /// As [`Dialogue::send`]; `TlsProtocol` with the detail `not-encrypted` where the connection is not encrypted: a secret
    /// never goes over such a one.
    pub async fn send_secret(&mut self, line: &Secret<String>, shown: &str) -> Result<(), Failure> {
        if !self.is_encrypted() {
            return Err(Failure::of(FailureKind::TlsProtocol).with_detail("not-encrypted"));
        }
        if line.expose().contains(['\r', '\n', '\0']) {
            return Err(Failure::of(FailureKind::BodyMalformed).with_detail("line-break"));
        }
        self.transcript.client(shown);
        let bytes = Secret::new(format!("{}\r\n", line.expose()));
        self.write(bytes.expose()).await
    }

    async fn write(&mut self, bytes: &str) -> Result<(), Failure> {
        let step =
            Step { limit: self.limits.command, until: self.until, cancel: &self.cancel, kind: FailureKind::TooSlow };
        let stream = &mut self.stream;
        let work = async move {
            match stream {
                Stream::Plain(stream) => stream.write_all(bytes.as_bytes()).await,
                Stream::Tls(stream) => {
                    stream.write_all(bytes.as_bytes()).await?;
                    stream.flush().await
                }
                Stream::Broken => Err(std::io::ErrorKind::NotConnected.into()),
            }
        };
        step.run(work).await?.map_err(|error| dialogue_failure(&error))
    }

    /// The next line without its end. Bytes that are no UTF-8 are replaced.
    ///
    /// # Errors
    /// `BodyTooLarge` for a line or a dialogue that is too long, `ConnectionReset` at the end of the connection,
    /// `BodyIncomplete` when it ends inside a line, `TooSlow`, `Cancelled`.
    pub async fn line(&mut self) -> Result<String, Failure> {
        let begun = Instant::now();
        loop {
            if let Some(end) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.ahead.drain(..=end).collect();
                if line.len() > MAX_LINE {
                    return Err(Failure::of(FailureKind::BodyTooLarge).with_detail("line"));
                }
                line.truncate(end);
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                let line = String::from_utf8_lossy(&line).into_owned();
                self.transcript.server(&line);
                return Ok(line);
            }
            if self.ahead.len() >= MAX_LINE {
                return Err(Failure::of(FailureKind::BodyTooLarge).with_detail("line"));
            }
            let limit = self.limits.command.saturating_sub(begun.elapsed());
            let step = Step { limit, until: self.until, cancel: &self.cancel, kind: FailureKind::TooSlow };
            let stream = &mut self.stream;
            let mut piece = [0_u8; 2048];
            let read = async {
                match stream {
                    Stream::Plain(stream) => stream.read(&mut piece).await,
                    Stream::Tls(stream) => stream.read(&mut piece).await,
                    Stream::Broken => Err(std::io::ErrorKind::NotConnected.into()),
                }
            };
            let count = step.run(read).await?.map_err(|error| dialogue_failure(&error))?;
            if count == 0 {
                let kind =
                    if self.ahead.is_empty() { FailureKind::ConnectionReset } else { FailureKind::BodyIncomplete };
                return Err(Failure::of(kind).with_detail("closed"));
            }
            self.received += count;
            if self.received > MAX_DIALOGUE {
                return Err(Failure::of(FailureKind::BodyTooLarge).with_detail("dialogue"));
            }
            self.ahead.extend(piece.iter().take(count));
        }
    }

    /// Says good-bye where the other side still listens. What comes of it changes nothing.
    pub async fn part(mut self, line: &str) {
        self.limits.command = self.limits.command.min(Duration::from_secs(1));
        if self.send(line).await.is_ok() {
            let _ = self.line().await;
        }
    }
}

/// A name as a server lists it: in upper case, without control characters, cut to a length that no real name reaches.
fn token(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect::<String>().to_ascii_uppercase()
}

/// What a server said, safe to show: shortened, without secrets and control characters.
#[must_use]
pub fn shown(text: &str) -> String {
    scrub(text)
}
