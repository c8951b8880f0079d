//! Microsoft's addresses on loopback, with the answers that a test gives them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

/// What is answered to a request whose target begins with the key; the longest key wins.
#[derive(Debug, Clone, Default)]
pub(super) struct Played {
    answers: BTreeMap<String, String>,
}

/// A running server and what it was asked.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) base: Url,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Played {
    /// A JSON answer.
    pub(super) fn json(self, path: &str, status: &str, body: &serde_json::Value) -> Self {
        self.raw(path, status, "Content-Type: application/json\r\n", &body.to_string())
    }

    /// Any answer.
    pub(super) fn raw(mut self, path: &str, status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        let text = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        self.answers.insert(path.to_owned(), text);
        self
    }

    /// A domain of a tenant: OpenID configuration and realm.
    pub(super) fn tenant(self, domain: &str, id: &str, more: &serde_json::Value, realm: &serde_json::Value) -> Self {
        let mut configuration = serde_json::json!({ "issuer": format!("https://login.microsoftonline.com/{id}/v2.0") });
        for (key, value) in more.as_object().unwrap() {
            configuration[key] = value.clone();
        }
        self.json(&format!("/{domain}/v2.0/"), "200 OK", &configuration).json(
            &format!("/getuserrealm.srf?login=x%40{domain}&"),
            "200 OK",
            realm,
        )
    }

    /// Runs until the test's runtime ends. What nobody gave an answer for is an unknown tenant or realm.
    pub(super) async fn serve(self) -> Running {
        let unknown = serde_json::json!({
            "error": "invalid_tenant",
            "error_description": "AADSTS90002: Tenant 'practice' not found. Trace ID: 1",
        });
        let nobody = serde_json::json!({ "NameSpaceType": "Unknown" });
        let played = self.json("/", "400 Bad Request", &unknown).json("/getuserrealm.srf", "200 OK", &nobody);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answers, log) = (played.answers.clone(), log.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        head.push(byte);
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    log.lock().unwrap().push(head);
                    let answer = answers
                        .iter()
                        .filter(|(path, _)| target.starts_with(path.as_str()))
                        .max_by_key(|(path, _)| path.len())
                        .map(|(_, answer)| answer.clone());
                    let _ = stream.write_all(answer.unwrap_or_default().as_bytes()).await;
                });
            }
        });
        Running { base, asked }
    }
}

impl Running {
    /// The heads of all requests.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}
