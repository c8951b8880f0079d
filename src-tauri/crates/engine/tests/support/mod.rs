//! A whole check against the practice cloud, without a screen.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a part of tests")]

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use inbox_engine::{BrowserFailure, CheckRequest, Engine, SettingsSources, Watcher};
use inbox_model::{CheckEvent, CheckReply, Examination, Language, PageSeen};
use practice_cloud::PracticeCloud;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Mutex as AsyncMutex, mpsc},
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// A browser that follows redirects and shows nothing: what `--sso` is made for.
pub struct Headless {
    pub events: Mutex<Vec<CheckEvent>>,
    page: Option<(PageSeen, Option<String>)>,
    replies: AsyncMutex<mpsc::UnboundedReceiver<CheckReply>>,
    answer: mpsc::UnboundedSender<CheckReply>,
}

impl Headless {
    /// `page`: what the person says when the browser does not come back.
    pub fn new(page: Option<(PageSeen, Option<String>)>) -> Self {
        let (answer, replies) = mpsc::unbounded_channel();
        Self { events: Mutex::default(), page, replies: AsyncMutex::new(replies), answer }
    }

    pub fn events(&self) -> Vec<CheckEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Watcher for Headless {
    fn tell(&self, event: CheckEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure> {
        let (url, page, answer) = (url.clone(), self.page.clone(), self.answer.clone());
        tokio::spawn(async move {
            let came_back = follow(url).await;
            if let (false, Some((page, text))) = (came_back, page) {
                let _ = answer.send(CheckReply::Saw { page, text });
            }
        });
        Ok(())
    }

    async fn reply(&self) -> CheckReply {
        match self.replies.lock().await.recv().await {
            Some(reply) => reply,
            None => std::future::pending().await,
        }
    }
}

/// Follows redirects until a page stands still. Whether it ended at the program's own listener.
async fn follow(mut url: Url) -> bool {
    for _ in 0..10 {
        let Some((location, redirect_to_us)) = get(&url).await else { return false };
        let Some(location) = location else { return redirect_to_us };
        let Ok(next) = url.join(&location) else { return false };
        url = next;
    }
    false
}

async fn get(url: &Url) -> Option<(Option<String>, bool)> {
    let host = url.host_str()?;
    // Nothing but the practice cloud is asked, not even for a name.
    let is_here = match url.host()? {
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
        url::Host::Domain(name) => name == "localhost",
    };
    if !is_here {
        return None;
    }
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), url.port()?)).await.ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let head =
        format!("GET {}{query} HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n\r\n", url.path(), url.port()?);
    stream.write_all(head.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.take(1 << 20).read_to_end(&mut answer).await.ok()?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let head = text.split("\r\n\r\n").next()?;
    let location = head.lines().find_map(|line| {
        line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("location")).map(|(_, v)| v.trim().to_owned())
    });
    // The practice cloud titles every page of its own so.
    Some((location, !text.contains("Practice")))
}

/// Settings and state in a folder of the test's own.
pub struct Bench {
    pub cloud: PracticeCloud,
    pub folder: tempfile::TempDir,
    pub engine: Engine,
}

/// A practice cloud with live sessions and an engine that is pointed at it.
pub async fn bench(change: impl FnOnce(&mut serde_json::Value)) -> Bench {
    let options = practice_cloud::Options { sso: true, sign_in_seconds: Some(10), ..Default::default() };
    bench_with(options, change).await
}

pub async fn bench_with(options: practice_cloud::Options, change: impl FnOnce(&mut serde_json::Value)) -> Bench {
    let cloud = PracticeCloud::start(options).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut settings = cloud.settings_json();
    settings["keepSignIn"] = serde_json::json!(false);
    change(&mut settings);
    let file = folder.path().join("settings.json");
    std::fs::write(&file, settings.to_string()).unwrap();
    let engine = Engine::start(&SettingsSources {
        instead_of_user: Some(file),
        state: Some(folder.path().join("state")),
        ..SettingsSources::default()
    })
    .unwrap();
    assert_eq!(engine.problems(), [], "the practice cloud's settings are read without complaint");
    Bench { cloud, folder, engine }
}

impl Bench {
    pub async fn check(&self, address: &str, page: Option<(PageSeen, Option<String>)>) -> (Examination, Headless) {
        self.check_with(address, page, |_| {}).await
    }

    pub async fn check_with(
        &self,
        address: &str,
        page: Option<(PageSeen, Option<String>)>,
        change: impl FnOnce(&mut CheckRequest),
    ) -> (Examination, Headless) {
        let watcher = Headless::new(page);
        let mut request = CheckRequest {
            address: address.to_owned(),
            app: None,
            language: Language::En,
            sign_in: true,
            write_test: false,
        };
        change(&mut request);
        // On the heap: without optimisation the state of a whole check is large for the stack of a test.
        let check = Box::pin(self.engine.check(&request, &watcher, &CancellationToken::new())).await;
        let examination = check.unwrap();
        (examination, watcher)
    }
}
