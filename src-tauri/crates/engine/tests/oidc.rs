//! The sign-in against an OpenID provider that this project did not write (`tests/oidc`, needs Node and `npm ci` there).
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::{path::Path, process::Stdio, sync::Mutex, time::Duration};

use async_trait::async_trait;
use inbox_engine::{
    BrowserFailure, Recorder, Watcher,
    signin::{
        Identity, IdentityProvider, Memory, Prompt, Revocation, SignInContext, SignInRequest, Stopped, TokenStore,
        extend, refresh, sign_in, sign_out,
    },
};
use inbox_model::{CheckEvent, EmailAddress, FailureKind, Outcome, Stage};
use inbox_net::{Http, Net, NetOptions};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
};
use tokio_util::sync::CancellationToken;
use url::Url;

struct Bench {
    issuer: Url,
    http: Http,
    provider: IdentityProvider,
    recorder: Recorder,
    cancel: CancellationToken,
    browser: Browser,
    /// Ends the provider when it is dropped: its standard input ends then.
    _provider: Child,
}

impl Bench {
    async fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/oidc");
        assert!(folder.join("node_modules/oidc-provider").exists(), "run `npm ci` in tests/oidc first");
        let mut child = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("`node` cannot run");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
        let first = first.expect("the provider does not start").unwrap().expect("the provider ended");
        let issuer = Url::parse(first.strip_prefix("ready ").unwrap()).unwrap();
        let host = format!("127.0.0.1:{}", issuer.port().unwrap());
        let http = Net::new(&NetOptions { local_hosts: vec![host], ..NetOptions::default() }).unwrap().http;
        let cancel = CancellationToken::new();
        let provider =
            IdentityProvider::discover("independent", &issuer, "inbox-doctor", &http, &cancel).await.unwrap();
        Self {
            issuer,
            http,
            provider,
            recorder: Recorder::default(),
            cancel,
            browser: Browser::default(),
            _provider: child,
        }
    }

    fn context(&self) -> SignInContext<'_> {
        SignInContext { http: &self.http, recorder: &self.recorder, watcher: &self.browser, cancel: &self.cancel }
    }
}

fn request(stage: Stage, address: &str, scopes: &[&str]) -> SignInRequest {
    SignInRequest {
        stage,
        address: EmailAddress::parse(address).unwrap(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        // The provider gives a refresh token only then (OpenID Connect Core 11).
        prompt: Some(Prompt::Consent),
        wait: Duration::from_secs(30),
    }
}

const IDENTITY: &[&str] = &["openid", "profile", "email", "offline_access"];
const ADDRESS: &str = "ana@contoso.example";

#[tokio::test]
async fn both_stages_refresh_and_sign_out_work_with_an_independent_provider() {
    let bench = Bench::new().await;
    let (provider, context) = (&bench.provider, bench.context());
    let granted = sign_in(context, provider, &request(Stage::Identity, ADDRESS, IDENTITY)).await.unwrap();
    assert_eq!((granted.grant.account.as_str(), &granted.identity), (ADDRESS, &Identity::Same));
    assert_eq!(granted.grant.subject, ADDRESS);
    assert!(granted.missing.is_empty() && granted.grant.expires.is_some());
    assert_eq!(granted.grant.granted, IDENTITY);

    // Scopes that are there already need no browser.
    let opened = bench.browser.opened();
    let same = extend(context, provider, &granted.grant, &request(Stage::AppScopes, ADDRESS, IDENTITY)).await.unwrap();
    assert!(!same.by_browser);
    assert_eq!(bench.browser.opened(), opened);
    // The refresh token was exchanged for a new one; the provider takes the old one for stolen.
    let old = granted.grant.to_stored(provider).unwrap();
    assert_ne!(old.refresh_token.expose(), same.grant.refresh_token.as_ref().unwrap().expose());

    let wanted = ["openid", "offline_access", "mail.read", "mail.send"];
    let extended = extend(context, provider, &same.grant, &request(Stage::AppScopes, ADDRESS, &wanted)).await.unwrap();
    assert!(extended.by_browser && extended.missing.is_empty(), "{:?}", extended.missing);
    assert!(extended.grant.granted.iter().any(|scope| scope == "mail.send"));

    let store = Memory::default();
    store.save(&extended.grant.to_stored(provider).unwrap()).await.unwrap();
    let stored = store.load(&provider.binding(), ADDRESS).await.unwrap().unwrap();
    let again = refresh(context, provider, &stored, &["mail.read".to_owned()]).await.unwrap();
    assert_eq!((again.grant.account.as_str(), again.missing.len()), (ADDRESS, 0));
    store.save(&again.grant.to_stored(provider).unwrap()).await.unwrap();

    let out = sign_out(&bench.http, provider, &store, ADDRESS, &bench.cancel).await.unwrap();
    assert_eq!((out.forgotten, out.revocation), (true, Revocation::Revoked));
    let revoked = again.grant.to_stored(provider).unwrap();
    let Err(Stopped::Failed(failure)) = refresh(context, provider, &revoked, &[]).await else { panic!("still good") };
    assert_eq!(failure.kind, FailureKind::ProviderRefused);
    assert_eq!(failure.codes[0].value, "invalid_grant");
    let failed =
        bench.recorder.observations().iter().filter(|one| matches!(one.outcome, Outcome::Failed { .. })).count();
    assert_eq!(failed, 1, "{:#?}", bench.recorder.observations());
}

#[tokio::test]
async fn a_person_who_declines_or_grants_less_is_told() {
    let bench = Bench::new().await;
    let denied = request(Stage::Identity, "denied@contoso.example", IDENTITY);
    let Err(Stopped::Failed(failure)) = sign_in(bench.context(), &bench.provider, &denied).await else { panic!() };
    assert_eq!(failure.kind, FailureKind::ProviderRefused);
    assert_eq!(
        (failure.codes[0].value.as_str(), failure.detail.as_str()),
        ("access_denied", "the person pressed Cancel")
    );

    let partial = request(Stage::Identity, "partial@contoso.example", &["openid", "email", "mail.read", "mail.send"]);
    let granted = sign_in(bench.context(), &bench.provider, &partial).await.unwrap();
    assert_eq!(granted.missing, ["mail.read"]);
    let last = bench.recorder.observations().pop().unwrap();
    let Outcome::Failed { failure } = last.outcome else { panic!("{last:?}") };
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::ScopesMissing, "mail.read"));
}

#[tokio::test]
async fn another_client_and_another_issuer_are_refused() {
    let bench = Bench::new().await;
    // A name that the configuration does not carry itself.
    let alias = Url::parse(&bench.issuer.as_str().replace("127.0.0.1", "localhost")).unwrap();
    let host = format!("localhost:{}", alias.port().unwrap());
    let http = Net::new(&NetOptions { local_hosts: vec![host], ..NetOptions::default() }).unwrap().http;
    let failure = IdentityProvider::discover("x", &alias, "inbox-doctor", &http, &bench.cancel).await.unwrap_err();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::BodyMalformed, "issuer"));

    let other = IdentityProvider::discover("x", &bench.issuer, "nobody", &bench.http, &bench.cancel).await.unwrap();
    let mut request = request(Stage::Identity, ADDRESS, IDENTITY);
    request.wait = Duration::from_millis(1500);
    // The provider shows its own error page and does not come back: it does not trust the redirect address.
    let Err(Stopped::Failed(failure)) = sign_in(bench.context(), &other, &request).await else { panic!() };
    assert_eq!(failure.kind, FailureKind::BrowserDidNotReturn);
}

/// Follows redirects and keeps cookies; each opening is a new private window.
#[derive(Default)]
struct Browser {
    opened: Mutex<usize>,
}

impl Browser {
    fn opened(&self) -> usize {
        *self.opened.lock().unwrap()
    }
}

#[async_trait]
impl Watcher for Browser {
    fn tell(&self, _event: CheckEvent) {}

    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure> {
        *self.opened.lock().unwrap() += 1;
        tokio::spawn(browse(url.clone()));
        Ok(())
    }
}

struct Cookie {
    name: String,
    path: String,
    value: String,
}

async fn browse(mut url: Url) -> Option<()> {
    let mut jar: Vec<Cookie> = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(("127.0.0.1", url.port()?)).await.ok()?;
        let fitting = jar.iter().filter(|cookie| url.path().starts_with(&cookie.path));
        let cookies: Vec<_> = fitting.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let head = format!(
            "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            url.port()?,
            cookies.join("; ")
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let mut location = None;
        for line in answer.split("\r\n\r\n").next()?.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            match name.to_lowercase().as_str() {
                "location" => location = Some(value.to_owned()),
                "set-cookie" => keep(&mut jar, value),
                _ => {}
            }
        }
        url = url.join(&location?).ok()?;
    }
    None
}

fn keep(jar: &mut Vec<Cookie>, text: &str) {
    let mut parts = text.split("; ");
    let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
    let path = parts.find_map(|part| part.strip_prefix("path=").map(str::to_owned));
    let path = path.unwrap_or_else(|| "/".to_owned());
    jar.retain(|cookie| cookie.name != name || cookie.path != path);
    if !value.is_empty() {
        jar.push(Cookie { name: name.to_owned(), path, value: value.to_owned() });
    }
}
