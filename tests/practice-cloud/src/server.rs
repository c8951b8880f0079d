//! HTTP/1.1 on loopback: reads a request, asks the part, writes the answer.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited, combinators::BoxBody};
use hyper::{body::Incoming as HyperBody, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Part,
    fault::{self, Fault},
    google, microsoft,
    reply::{Incoming, Reply},
    world::World,
};

/// Largest body that is read: more than any right request, little enough to hold in memory.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Pause after a failed accept (no file handles left), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Connections that fill the queue of a listener which wants none: far more than any system adds to it.
const QUEUE: usize = 64;
/// A connection on loopback that stands no sooner than this does not come about.
const FULL_AFTER: Duration = Duration::from_millis(300);

/// The connection is to break off: an error ends it without an answer.
#[derive(Debug)]
struct BrokenOff;

impl std::fmt::Display for BrokenOff {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection is broken off on purpose")
    }
}

impl std::error::Error for BrokenOff {}

pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| anyhow::anyhow!("cannot listen on {address}: {error}"))
}

pub(crate) async fn serve(
    part: Part,
    listener: TcpListener,
    world: Arc<World>,
    cancel: CancellationToken,
    tasks: TaskTracker,
) {
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) if world.host_fault(part) == Some(Fault::TlsFailure) => {
                tasks.spawn(refuse_handshake(stream));
            }
            Ok((stream, _)) => {
                tasks.spawn(connection(part, stream, Arc::clone(&world), cancel.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Answers a handshake with the alert `handshake_failure` (RFC 8446 section 6.2) and closes.
async fn refuse_handshake(mut stream: TcpStream) {
    let mut hello = [0; 1024];
    let _ = stream.read(&mut hello).await;
    let _ = stream.write_all(&[0x15, 3, 3, 0, 2, 2, 40]).await;
    let _ = stream.shutdown().await;
}

async fn connection(part: Part, stream: TcpStream, world: Arc<World>, cancel: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: Request<HyperBody>| {
        let world = Arc::clone(&world);
        async move { exchange(part, request, &world).await }
    });
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        () = cancel.cancelled() => {}
        // A client that went away, and a connection that was broken off on purpose, are both no news.
        _ = connection => {}
    }
}

async fn exchange(
    part: Part,
    request: Request<HyperBody>,
    world: &World,
) -> Result<Response<BoxBody<Bytes, std::io::Error>>, BrokenOff> {
    if !world.options.delay.is_zero() {
        tokio::time::sleep(world.options.delay).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await.map(|body| body.to_bytes()) else {
        return Ok(response(Reply::empty(413)));
    };
    let incoming =
        Incoming::new(head.method.as_str(), head.uri.path(), head.uri.query().unwrap_or_default(), head.headers, body);
    world.record.keep(part, &incoming);
    let reply = answer(part, &incoming, world);
    if reply.dropped {
        return Err(BrokenOff);
    }
    let right = response(reply);
    match world.options.fault.as_ref().filter(|planned| planned.hits(part, &incoming)) {
        Some(planned) => Ok(fault::answer(planned.fault, right).await),
        None => Ok(right),
    }
}

fn answer(part: Part, incoming: &Incoming, world: &World) -> Reply {
    match part {
        Part::MicrosoftLogin => microsoft::login(incoming, world),
        Part::MicrosoftGraph => microsoft::graph(incoming, world),
        Part::MicrosoftAutodiscover => microsoft::autodiscover(incoming),
        Part::GoogleAccounts => google::accounts(incoming, world),
        Part::GoogleOauth2 => google::oauth2(incoming, world),
        Part::GoogleOpenid => google::openid(incoming, world),
        Part::GoogleGmail => google::gmail(incoming, world),
        Part::GoogleApis => google::apis(incoming, world),
    }
}

fn response(reply: Reply) -> Response<BoxBody<Bytes, std::io::Error>> {
    let mut response = Response::new(fault::whole(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    if reply.clock_offset != 0 {
        let time = jiff::Timestamp::from_second(crate::world::now() + reply.clock_offset).unwrap_or_default();
        let date = time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(value) = http::HeaderValue::from_str(&date) {
            response.headers_mut().insert(http::header::DATE, value);
        }
    }
    response
}

/// A port that is taken and answers nobody.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) address: SocketAddr,
    _socket: Option<TcpSocket>,
    _listener: Option<TcpListener>,
    _waiting: Vec<TcpStream>,
}

/// Takes a port so that connections to it are refused, or, with `drop`, so that their packets vanish: the queue of a
/// listener that never accepts is full, and Linux answers no further opening packet then (listen(2), "backlog").
pub(crate) async fn hold(address: SocketAddr, drop: bool) -> anyhow::Result<Held> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(address)?;
    let address = socket.local_addr()?;
    if !drop {
        return Ok(Held { address, _socket: Some(socket), _listener: None, _waiting: Vec::new() });
    }
    let listener = socket.listen(0)?;
    let mut waiting = Vec::new();
    // The queue holds one more than it was asked for; the next that gets no answer shows that it is full.
    while waiting.len() < QUEUE {
        match tokio::time::timeout(FULL_AFTER, TcpStream::connect(address)).await {
            Ok(stream) => waiting.push(stream?),
            Err(_) => break,
        }
    }
    anyhow::ensure!(waiting.len() < QUEUE, "the queue of a listener does not fill: packets cannot be dropped here");
    Ok(Held { address, _socket: None, _listener: Some(listener), _waiting: waiting })
}
