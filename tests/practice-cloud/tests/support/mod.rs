//! A small client: one connection per request, nothing followed, so that a test sees what was really sent.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test ends at the first surprise"
)]

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use practice_cloud::{GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, MICROSOFT_CLIENT_ID, Options, Part, PracticeCloud};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::{Url, form_urlencoded};

pub const VERIFIER: &str = "practice-verifier-practice-verifier-practice-verifier";
pub const MICROSOFT_REDIRECT: &str = "http://localhost:49152/";
pub const GOOGLE_REDIRECT: &str = "http://127.0.0.1:49152";
pub const IDENTITY: &str = "openid profile email offline_access User.Read";
pub const APP: &str =
    "openid profile email offline_access User.Read Mail.ReadWrite Mail.Send Calendars.Read Calendars.ReadWrite";
pub const GOOGLE_IDENTITY: &str = "openid email";
pub const GOOGLE_APP: &str = "openid email https://www.googleapis.com/auth/gmail.modify \
     https://www.googleapis.com/auth/gmail.send https://www.googleapis.com/auth/calendar";

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
    /// Fields of the address that a redirect leads to.
    pub fn fields(&self) -> BTreeMap<String, String> {
        let url = Url::parse(self.header("location")).unwrap_or_else(|_| panic!("no redirect: {}", self.body));
        url.query_pairs().into_owned().collect()
    }
    /// The page id.
    pub fn page(&self) -> &str {
        self.body.split("data-page=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }
    pub fn code(&self) -> String {
        let fields = self.fields();
        fields.get("code").unwrap_or_else(|| panic!("no code: {fields:?}")).clone()
    }
}

pub async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> std::io::Result<Answer> {
    let url = Url::parse(url).unwrap();
    let address = format!("{}:{}", url.host_str().unwrap(), url.port_or_known_default().unwrap());
    let mut stream = TcpStream::connect(&address).await?;
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut text = format!("{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).await?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).await?;
    let raw = String::from_utf8(raw).unwrap();
    let Some((head, body)) = raw.split_once("\r\n\r\n") else {
        return Err(std::io::Error::other("the connection broke off"));
    };
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Ok(Answer { status, headers, body: body.to_owned() })
}

pub async fn get(url: &str) -> Answer {
    send("GET", url, &[], "").await.unwrap()
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub async fn post(url: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    send("POST", url, &headers, &form(fields)).await.unwrap()
}

pub async fn with_token(method: &str, url: &str, token: &str, body: &str) -> std::io::Result<Answer> {
    let bearer = format!("Bearer {token}");
    send(method, url, &[("authorization", &bearer), ("content-type", "application/json")], body).await
}

pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER.as_bytes()))
}

pub async fn cloud(sso: bool) -> PracticeCloud {
    PracticeCloud::start(Options { sso, ..Options::default() }).await.unwrap()
}

pub fn authorize_address(cloud: &PracticeCloud, tenant: &str, address: &str, scope: &str) -> String {
    let fields = form(&[
        ("client_id", MICROSOFT_CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", MICROSOFT_REDIRECT),
        ("scope", scope),
        ("state", "the state"),
        ("nonce", "the-nonce"),
        ("code_challenge", &challenge()),
        ("code_challenge_method", "S256"),
        ("login_hint", address),
    ]);
    format!("{}/{tenant}/oauth2/v2.0/authorize?{fields}", cloud.addresses.base(Part::MicrosoftLogin))
}

pub async fn redeem(cloud: &PracticeCloud, code: &str) -> Answer {
    let url = format!("{}/organizations/oauth2/v2.0/token", cloud.addresses.base(Part::MicrosoftLogin));
    post(
        &url,
        &[
            ("client_id", MICROSOFT_CLIENT_ID),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", MICROSOFT_REDIRECT),
            ("code_verifier", VERIFIER),
        ],
    )
    .await
}

pub async fn refresh(cloud: &PracticeCloud, token: &str, scope: &str) -> Answer {
    let url = format!("{}/organizations/oauth2/v2.0/token", cloud.addresses.base(Part::MicrosoftLogin));
    post(
        &url,
        &[
            ("client_id", MICROSOFT_CLIENT_ID),
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("scope", scope),
        ],
    )
    .await
}

/// Stage 1 of an account under a live session: the token answer.
pub async fn identity(cloud: &PracticeCloud, address: &str) -> Answer {
    let answer = get(&authorize_address(cloud, "common", address, IDENTITY)).await;
    redeem(cloud, &answer.code()).await
}

pub fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub async fn graph(cloud: &PracticeCloud, token: &str, path: &str) -> std::io::Result<Answer> {
    with_token("GET", &format!("{}{path}", cloud.addresses.base(Part::MicrosoftGraph)), token, "").await
}

/// Claims of an ID token after its signature was checked against the published keys.
pub async fn claims(keys: &str, token: &str, audience: &str) -> Value {
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_value(get(keys).await.json()).unwrap();
    let id = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&id).unwrap()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&[audience]);
    jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims
}

pub fn google_address(cloud: &PracticeCloud, address: &str, scope: &str) -> String {
    let fields = form(&[
        ("client_id", GOOGLE_CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", GOOGLE_REDIRECT),
        ("scope", scope),
        ("state", "the state"),
        ("nonce", "the-nonce"),
        ("code_challenge", &challenge()),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("login_hint", address),
    ]);
    format!("{}/o/oauth2/v2/auth?{fields}", cloud.addresses.base(Part::GoogleAccounts))
}

pub async fn google_redeem(cloud: &PracticeCloud, code: &str) -> Answer {
    post(
        &format!("{}/token", cloud.addresses.base(Part::GoogleOauth2)),
        &[
            ("client_id", GOOGLE_CLIENT_ID),
            ("client_secret", GOOGLE_CLIENT_SECRET),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", GOOGLE_REDIRECT),
            ("code_verifier", VERIFIER),
        ],
    )
    .await
}

pub async fn google_refresh(cloud: &PracticeCloud, token: &str) -> Answer {
    post(
        &format!("{}/token", cloud.addresses.base(Part::GoogleOauth2)),
        &[
            ("client_id", GOOGLE_CLIENT_ID),
            ("client_secret", GOOGLE_CLIENT_SECRET),
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
        ],
    )
    .await
}
