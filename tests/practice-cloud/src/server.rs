//! HTTP/1.1 on loopback: reads a request, asks the part, writes the answer.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming as HyperBody, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Part, google, microsoft,
    reply::{Incoming, Reply},
    world::World,
};

/// Largest body that is read: more than any right request, little enough to hold in memory.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Pause after a failed accept (no file handles left), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

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
            Ok((stream, _)) => {
                tasks.spawn(connection(part, stream, Arc::clone(&world), cancel.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
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

async fn exchange(part: Part, request: Request<HyperBody>, world: &World) -> Result<Response<Full<Bytes>>, BrokenOff> {
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
    Ok(response(reply))
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

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(reply.body));
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
