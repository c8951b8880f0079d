//! Whether a browser on this computer could come back: a round trip of the listener to itself.

use std::{net::SocketAddr, time::Duration};

use inbox_model::{Failure, FailureKind, Secret};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_util::sync::CancellationToken;

use super::{Loopback, LoopbackHost};

/// Time for one round trip inside the computer.
const LIMIT: Duration = Duration::from_secs(5);

/// What the round trip showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTest {
    /// Addresses over which the answer arrived.
    pub reached: Vec<SocketAddr>,
    /// Whether ::1 is among them; where it is not, `localhost` means 127.0.0.1 alone on this computer.
    pub ipv6: bool,
}

/// Opens the listener as for a sign-in, connects to every address of it and waits for the answer to arrive.
///
/// # Errors
/// `LoopbackUnavailable` where no port opens or an answer does not arrive, `Cancelled`.
pub async fn self_test(cancel: &CancellationToken) -> Result<SelfTest, Failure> {
    let mut reached = Vec::new();
    let count = Loopback::bind(LoopbackHost::Localhost, "").await?.addresses().len();
    for index in 0..count {
        let loopback = Loopback::bind(LoopbackHost::Localhost, "").await?;
        let Some(address) = loopback.addresses().get(index).copied() else { break };
        let state = Secret::new(format!("self-test-{}", address.port()));
        let request = knock(address, state.expose());
        let (arrived, answered) = tokio::join!(loopback.wait(&state, LIMIT, cancel), request);
        match (arrived, answered) {
            (Ok(_), true) => reached.push(address),
            (Err(failure), _) if failure.kind == FailureKind::Cancelled => return Err(failure),
            _ => return Err(Failure::of(FailureKind::LoopbackUnavailable).with_detail(address.ip().to_string())),
        }
    }
    Ok(SelfTest { ipv6: reached.iter().any(SocketAddr::is_ipv6), reached })
}

/// Asks as a browser would; whether the page came.
async fn knock(address: SocketAddr, state: &str) -> bool {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /?code=none&state={state} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", address.port());
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(16 * 1024).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with(b"HTTP/1.1 200 "))
    };
    matches!(tokio::time::timeout(LIMIT, exchange).await, Ok(Ok(true)))
}
