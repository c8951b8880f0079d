//! The way back from the browser: a listener on this computer that takes one answer (RFC 8252 section 7.3).
//!
//! Anything else on the computer may connect too: browsers open idle connections ahead of need, ask for icons, repeat
//! requests; scanners probe ports. None of that ends or delays the wait. Only an answer with the right `state` does.

mod answer;
mod callback;
mod page;
mod self_test;
#[cfg(test)]
mod tests;

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use inbox_model::{Failure, FailureKind, Secret};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

pub use answer::read_request_line;
use answer::{Arrival, serve};
pub use callback::{Callback, PastedAddress};
pub use self_test::{SelfTest, self_test};

/// How often another port is tried when the same port of the other address family is taken.
const PORT_TRIES: usize = 10;
/// Connections that are read at the same time; the kernel's queue holds the others.
const CONNECTIONS: usize = 128;
/// After the answer came: time to finish writing the page that the person sees.
const GOODBYE: Duration = Duration::from_secs(1);
/// Pause after the system refused to accept (no free descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How the redirect address names this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopbackHost {
    /// `localhost`, which may resolve to either family: bound on 127.0.0.1 and, where there is IPv6, on ::1.
    Localhost,
    /// `127.0.0.1`.
    Ipv4,
}

/// The open listener.
#[derive(Debug)]
pub struct Loopback {
    host: LoopbackHost,
    path: String,
    port: u16,
    ipv4: TcpListener,
    ipv6: Option<TcpListener>,
}

impl Loopback {
    /// Opens a free port. `path` is the path of the redirect address: empty, or beginning with `/`.
    ///
    /// # Errors
    /// `LoopbackUnavailable` where no port can be opened.
    pub async fn bind(host: LoopbackHost, path: &str) -> Result<Self, Failure> {
        let mut last = None;
        for _ in 0..PORT_TRIES {
            match Self::bind_port(host, path, 0).await {
                Ok(loopback) => return Ok(loopback),
                Err(error) => last = Some(error),
            }
        }
        let detail = last.map_or_else(String::new, |error| error.kind().to_string());
        Err(Failure::of(FailureKind::LoopbackUnavailable).with_detail(detail))
    }

    /// Opens this port (0: any free one) on every address that `host` may mean. With IPv6 turned off, IPv4 alone will do;
    /// with the port taken by somebody else on ::1 it will not, because the browser might go there.
    async fn bind_port(host: LoopbackHost, path: &str, port: u16) -> io::Result<Self> {
        let ipv4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = ipv4.local_addr()?.port();
        let ipv6 = match host {
            LoopbackHost::Ipv4 => None,
            LoopbackHost::Localhost => match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(listener) => Some(listener),
                Err(error) if matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied) => {
                    return Err(error);
                }
                Err(_) => None,
            },
        };
        Ok(Self { host, path: path.to_owned(), port, ipv4, ipv6 })
    }

    /// The redirect address exactly as it goes to the provider. With an empty path there is no trailing slash.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        let host = match self.host {
            LoopbackHost::Localhost => "localhost",
            LoopbackHost::Ipv4 => "127.0.0.1",
        };
        format!("http://{host}:{}{}", self.port, self.path)
    }

    /// The addresses that are listened on.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let ipv6 = self.ipv6.is_some().then_some(IpAddr::V6(Ipv6Addr::LOCALHOST));
        std::iter::once(IpAddr::V4(Ipv4Addr::LOCALHOST)).chain(ipv6).map(|ip| SocketAddr::new(ip, self.port)).collect()
    }

    /// Waits for the first answer that carries this `state`. Requests for other paths get 404, answers with another `state`
    /// a page that says so; neither ends the wait.
    ///
    /// # Errors
    /// `StateMismatch` where time is up and only answers with another `state` came, `BrowserDidNotReturn` where none came,
    /// `Cancelled`.
    pub async fn wait(
        self,
        state: &Secret<String>,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Callback, Failure> {
        let deadline = Instant::now() + limit;
        let path: Arc<str> = if self.path.is_empty() { "/".into() } else { self.path.as_str().into() };
        let (arrived, mut arrivals) = mpsc::channel(CONNECTIONS);
        let mut connections = JoinSet::new();
        let mut strangers = false;
        let mut thanked = false;
        loop {
            let room = connections.len() < CONNECTIONS;
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(Failure::of(FailureKind::Cancelled)),
                Some(arrival) = arrivals.recv() => match arrival {
                    Arrival::Answer(callback) => {
                        // The port is free from here on; the page is still written. Idle connections are not waited for.
                        drop(self);
                        let goodbye = async {
                            while !thanked && let Some(ended) = connections.join_next().await {
                                thanked = matches!(ended, Ok(true));
                            }
                        };
                        let _ = tokio::time::timeout(GOODBYE, goodbye).await;
                        return Ok(callback);
                    }
                    Arrival::OtherState => strangers = true,
                },
                () = tokio::time::sleep_until(deadline) => {
                    let kind = if strangers { FailureKind::StateMismatch } else { FailureKind::BrowserDidNotReturn };
                    return Err(Failure::of(kind));
                }
                Some(ended) = connections.join_next(), if !connections.is_empty() => thanked |= matches!(ended, Ok(true)),
                stream = accept(&self.ipv4, self.ipv6.as_ref()), if room => {
                    connections.spawn(serve(stream, path.clone(), state.clone(), arrived.clone()));
                }
            }
        }
    }
}

async fn accept(ipv4: &TcpListener, ipv6: Option<&TcpListener>) -> TcpStream {
    loop {
        let accepted = match ipv6 {
            Some(ipv6) => tokio::select! {
                accepted = ipv4.accept() => accepted,
                accepted = ipv6.accept() => accepted,
            },
            None => ipv4.accept().await,
        };
        match accepted {
            Ok((stream, _)) => return stream,
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}
