//! The provider: configuration, keys, token and revoke address, each as a test wants it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::{
    bench::{Parameters, parameters},
    key::SHARED_KEY,
};

/// An answer of the token endpoint.
pub enum Reply {
    Json(u16, Value),
    /// Made from what the newest authorize address asked (its nonce).
    Make(Box<dyn FnOnce(&Parameters) -> Value + Send>),
    /// Status line, further header lines (each with its line end), body.
    Raw(&'static str, String, Vec<u8>),
    /// Says that it has this many bytes, sends them.
    Huge(usize),
    /// Takes the request and says nothing.
    Silence,
}

#[derive(Default)]
struct State {
    tokens: VecDeque<Reply>,
    /// Sets of keys, one per fetch; the last stays.
    keys: VecDeque<Value>,
    forms: Vec<(String, Parameters)>,
    key_fetches: usize,
    revoke_status: u16,
}

#[derive(Clone)]
pub struct Server {
    port: u16,
    state: Arc<Mutex<State>>,
    /// The parameters of every authorize address that a browser opened.
    pub asked: Arc<Mutex<Vec<Parameters>>>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State {
            keys: [json!({"keys": [{"kty": "EC", "kid": "key-0"}, SHARED_KEY.jwk()]})].into(),
            revoke_status: 200,
            ..State::default()
        };
        let server = Self { port, state: Arc::new(Mutex::new(state)), asked: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn base(&self, name: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}/{name}/", self.port)).unwrap()
    }

    pub fn next_token(&self, reply: Reply) {
        self.state.lock().unwrap().tokens.push_back(reply);
    }

    pub fn set_keys(&self, sets: Vec<Value>) {
        self.state.lock().unwrap().keys = sets.into();
    }

    pub fn set_revoke_status(&self, status: u16) {
        self.state.lock().unwrap().revoke_status = status;
    }

    /// What was posted to the addresses whose path ends so.
    pub fn forms(&self, ending: &str) -> Vec<Parameters> {
        let state = self.state.lock().unwrap();
        state.forms.iter().filter(|(path, _)| path.ends_with(ending)).map(|(_, form)| form.clone()).collect()
    }

    pub fn key_fetches(&self) -> usize {
        self.state.lock().unwrap().key_fetches
    }

    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        let mut text = Vec::new();
        let mut part = [0_u8; 8192];
        let (head, body) = loop {
            let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
            text.extend_from_slice(&part[..read]);
            let whole = String::from_utf8_lossy(&text).into_owned();
            if let Some((head, body)) = whole.split_once("\r\n\r\n") {
                let length =
                    head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                if body.len() >= length.unwrap_or(0) {
                    break (head.to_owned(), body.to_owned());
                }
            }
        };
        let path = head.split(' ').nth(1)?.to_owned();
        if head.starts_with("POST") {
            self.state.lock().unwrap().forms.push((path.clone(), parameters(&body)));
        }
        let reply = self.answer(&path);
        send(&mut stream, reply).await
    }

    fn answer(&self, path: &str) -> Reply {
        let mut state = self.state.lock().unwrap();
        let service = path.split('/').nth(1).unwrap_or_default();
        let base = self.base(service);
        if path.ends_with("/.well-known/openid-configuration") {
            let issuer = match service {
                "microsoft" => format!("{base}{{tenantid}}/v2.0"),
                "google" => "https://accounts.google.com".to_owned(),
                _ => base.as_str().trim_end_matches('/').to_owned(),
            };
            Reply::Json(
                200,
                json!({
                    "issuer": issuer, "jwks_uri": format!("{base}keys"), "authorization_endpoint": format!("{base}authorize"),
                    "token_endpoint": format!("{base}token"), "revocation_endpoint": format!("{base}revoke"),
                }),
            )
        } else if path.ends_with("/keys") {
            state.key_fetches += 1;
            let set = if state.keys.len() > 1 { state.keys.pop_front() } else { state.keys.front().cloned() };
            Reply::Json(200, set.unwrap())
        } else if path.ends_with("/revoke") {
            Reply::Raw(if state.revoke_status == 200 { "200 OK" } else { "503 Busy" }, String::new(), Vec::new())
        } else if path.ends_with("/token") {
            let reply =
                state.tokens.pop_front().expect("the token endpoint was asked more often than the test expects");
            match reply {
                Reply::Make(make) => Reply::Json(200, make(self.asked.lock().unwrap().last().unwrap())),
                reply => reply,
            }
        } else {
            Reply::Raw("404 Not Found", String::new(), Vec::new())
        }
    }
}

async fn send(stream: &mut TcpStream, reply: Reply) -> Option<()> {
    let (line, more, body) = match reply {
        Reply::Json(status, body) => (
            format!("{status} Whatever"),
            "Content-Type: application/json\r\n".to_owned(),
            body.to_string().into_bytes(),
        ),
        Reply::Raw(line, more, body) => (line.to_owned(), more, body),
        Reply::Huge(length) => {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{\"x\":\""
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            let block = vec![b'y'; 64 * 1024];
            for _ in 0..length / block.len() {
                stream.write_all(&block).await.ok()?;
            }
            return Some(());
        }
        Reply::Silence => return std::future::pending().await,
        Reply::Make(_) => return None,
    };
    let length =
        if more.contains("Content-Length") { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    stream.write_all(format!("HTTP/1.1 {line}\r\n{more}{length}Connection: close\r\n\r\n").as_bytes()).await.ok()?;
    stream.write_all(&body).await.ok()?;
    stream.shutdown().await.ok()
}
