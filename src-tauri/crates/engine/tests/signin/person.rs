//! A person with a browser: opens the sign-in page and does what a test wants.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use inbox_engine::{BrowserFailure, Watcher};
use inbox_model::{CheckEvent, CheckReply};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Mutex as AsyncMutex, mpsc},
};
use url::Url;

use crate::bench::{CANARY, Parameters, parameters_of};

/// What happens once the page is open. In the texts, `{state}` and `{code}` stand for the right ones.
#[derive(Clone)]
pub enum Browser {
    /// Requests these targets at the redirect address, one after the other.
    Requests(Vec<&'static str>),
    /// Does not start.
    Missing,
    /// Stays open; the person says this.
    Says(Vec<CheckReply>),
    /// Stays open; the person pastes what would have been requested.
    Pastes(&'static str),
    /// Does not open the first time; the person asks for it again.
    SecondTry,
}

impl Browser {
    /// The ordinary way.
    pub fn returns() -> Self {
        Self::Requests(vec!["/?code={code}&state={state}&session_state=x"])
    }
}

pub struct Person {
    browser: Browser,
    asked: Arc<Mutex<Vec<Parameters>>>,
    events: Mutex<Vec<CheckEvent>>,
    opened: Mutex<usize>,
    says: mpsc::UnboundedSender<CheckReply>,
    said: AsyncMutex<mpsc::UnboundedReceiver<CheckReply>>,
}

impl Person {
    pub fn new(browser: Browser, asked: Arc<Mutex<Vec<Parameters>>>) -> Self {
        let (says, said) = mpsc::unbounded_channel();
        Self { browser, asked, events: Mutex::default(), opened: Mutex::default(), says, said: AsyncMutex::new(said) }
    }

    pub fn events(&self) -> Vec<CheckEvent> {
        self.events.lock().unwrap().clone()
    }

    /// How often a browser was opened.
    pub fn opened(&self) -> usize {
        *self.opened.lock().unwrap()
    }
}

#[async_trait]
impl Watcher for Person {
    fn tell(&self, event: CheckEvent) {
        self.events.lock().unwrap().push(event);
    }

    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure> {
        let asked = parameters_of(url);
        let fill = |text: &str| text.replace("{state}", &asked["state"]).replace("{code}", &format!("{CANARY}-code"));
        let redirect = asked["redirect_uri"].clone();
        let times = {
            let mut opened = self.opened.lock().unwrap();
            *opened += 1;
            *opened
        };
        self.asked.lock().unwrap().push(asked.clone());
        match &self.browser {
            Browser::Missing => return Err(BrowserFailure("no such program".to_owned())),
            Browser::SecondTry if times == 1 => {
                self.says.send(CheckReply::OpenAgain).unwrap();
            }
            Browser::SecondTry => visit(&redirect, vec![fill("/?code={code}&state={state}")]),
            Browser::Requests(targets) => visit(&redirect, targets.iter().map(|target| fill(target)).collect()),
            Browser::Says(replies) => {
                for reply in replies {
                    self.says.send(reply.clone()).unwrap();
                }
            }
            Browser::Pastes(text) => {
                let address = format!("{redirect}{}", fill(text));
                self.says.send(CheckReply::PastedAddress { address }).unwrap();
            }
        }
        Ok(())
    }

    async fn reply(&self) -> CheckReply {
        match self.said.lock().await.recv().await {
            Some(reply) => reply,
            None => std::future::pending().await,
        }
    }
}

/// Requests the targets in the background, as a browser does.
fn visit(redirect: &str, targets: Vec<String>) {
    let port = Url::parse(redirect).unwrap().port().unwrap();
    tokio::spawn(async move {
        for target in targets {
            let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return };
            let _ = stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
}
