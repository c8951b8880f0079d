//! HTTP/1.1: `POST /api/COMMAND` as `ui/src/api/http.ts` has it, `POST /test/…` for the test, everything else a file.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use inbox_host::{Host, News};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::desk::Desk;
use crate::page;

/// Largest body, in bytes: a report at its limit, in JSON.
const MOST: usize = 16 * 1024 * 1024;
/// Commands that tell news while they run.
const STREAMS: &[&str] = &["check", "discover_many", "listen"];

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What a request needs.
pub(crate) struct Server {
    pub(crate) host: Host,
    pub(crate) desk: Arc<Desk>,
    pub(crate) pages: PathBuf,
    pub(crate) word: String,
    pub(crate) origin: String,
}

/// Serves until it is dropped.
pub(crate) async fn run(listener: TcpListener, server: Arc<Server>) {
    while let Ok((stream, _)) = listener.accept().await {
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let server = Arc::clone(&server);
                async move { Ok::<_, Infallible>(server.answer(request).await) }
            });
            // A browser that went away is no news.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Server {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        if request.method() == Method::GET {
            return match page::read(&self.pages, &path) {
                Some((bytes, kind)) => whole(StatusCode::OK, kind, bytes),
                None => whole(StatusCode::NOT_FOUND, "text/plain", "not found".into()),
            };
        }
        if request.method() != Method::POST || !self.is_ours(request.headers()) {
            return whole(StatusCode::FORBIDDEN, "text/plain", "refused".into());
        }
        let Ok(bytes) = Limited::new(request.into_body(), MOST).collect().await.map(|body| body.to_bytes()) else {
            return whole(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "too large".into());
        };
        let Ok(arguments) = serde_json::from_slice::<Value>(&bytes) else {
            return whole(StatusCode::BAD_REQUEST, "text/plain", "no JSON".into());
        };
        if let Some(name) = path.strip_prefix("/api/") {
            return self.command(name.to_owned(), arguments).await;
        }
        match path.as_str() {
            "/test/happened" => json(StatusCode::OK, &json!(self.desk.take())),
            "/test/prepare" => {
                self.desk.prepare(&arguments);
                json(StatusCode::OK, &Value::Null)
            }
            "/test/open-outside" => {
                let path = arguments.get("path").and_then(Value::as_str).unwrap_or_default();
                self.host.open_outside(path.as_ref());
                json(StatusCode::OK, &Value::Null)
            }
            _ => whole(StatusCode::NOT_FOUND, "text/plain", "not found".into()),
        }
    }

    /// The word of this start, and no other page behind it (<https://fetch.spec.whatwg.org/#origin-header>).
    fn is_ours(&self, headers: &HeaderMap) -> bool {
        let word = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let origin = headers.get(ORIGIN).map(|value| value.to_str().unwrap_or_default());
        word == Some(&format!("Bearer {}", self.word)) && origin.is_none_or(|origin| origin == self.origin)
    }

    async fn command(&self, name: String, arguments: Value) -> Response<Body> {
        if !STREAMS.contains(&name.as_str()) {
            return match self.host.call(&name, arguments, Arc::new(|_| {})).await {
                Ok(value) => json(StatusCode::OK, &value),
                Err(error) => json(StatusCode::BAD_REQUEST, &json!(error)),
            };
        }
        let (lines, told) = mpsc::unbounded_channel::<Bytes>();
        let news: News = {
            let lines = lines.clone();
            Arc::new(move |event| drop(lines.send(line(&json!({"event": event})))))
        };
        let host = self.host.clone();
        tokio::spawn(async move {
            let last = match host.call(&name, arguments, news).await {
                // Its answer stays open: what is told later comes through the news that the host keeps.
                Ok(_) if name == "listen" => return,
                Ok(value) => json!({"done": value}),
                Err(error) => json!({"error": error}),
            };
            let _ = lines.send(line(&last));
        });
        let frames = futures(told);
        let body = StreamBody::new(frames).boxed_unsync();
        response(StatusCode::OK, "application/x-ndjson", body)
    }
}

fn futures(
    told: mpsc::UnboundedReceiver<Bytes>,
) -> impl futures_util::Stream<Item = Result<Frame<Bytes>, Infallible>> + Send {
    futures_util::stream::unfold(told, |mut told| async move {
        let bytes = told.recv().await?;
        Some((Ok(Frame::data(bytes)), told))
    })
}

fn line(value: &Value) -> Bytes {
    Bytes::from(format!("{value}\n"))
}

fn json(status: StatusCode, value: &Value) -> Response<Body> {
    whole(status, "application/json", value.to_string().into_bytes())
}

fn whole(status: StatusCode, kind: &str, bytes: Vec<u8>) -> Response<Body> {
    response(status, kind, Full::new(Bytes::from(bytes)).boxed_unsync())
}

fn response(status: StatusCode, kind: &str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(kind) = kind.parse() {
        headers.insert(CONTENT_TYPE, kind);
    }
    for (name, value) in [("content-security-policy", page::POLICY), ("cache-control", "no-store")] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    response
}
