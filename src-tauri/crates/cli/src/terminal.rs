//! Watches a check from a terminal: progress lines, the browser, the person's answers.

use std::{
    io::{BufRead as _, IsTerminal as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use inbox_catalogue::phrase;
use inbox_engine::{BrowserFailure, Watcher, report};
use inbox_model::{CheckEvent, CheckReply, Language, PageSeen, StepState};
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use url::Url;

use crate::{browser::Browser, output};

/// A browser with a live session comes back sooner than this.
const PATIENCE: Duration = Duration::from_secs(4);

/// The pages in the order in which they are offered.
pub const PAGES: &[(PageSeen, &str)] = &[
    (PageSeen::NeedAdminApproval, "need-admin-approval"),
    (PageSeen::ApprovalRequired, "approval-required"),
    (PageSeen::RequestSent, "request-sent"),
    (PageSeen::PermissionList, "permission-list"),
    (PageSeen::AppNotVerified, "app-not-verified"),
    (PageSeen::BlockedByAdministrator, "blocked-by-administrator"),
    (PageSeen::AdvancedProtection, "advanced-protection"),
    (PageSeen::ErrorCode, "error-code"),
    (PageSeen::WrongAccount, "wrong-account"),
    (PageSeen::NothingOpened, "nothing-opened"),
    (PageSeen::SomethingElse, "something-else"),
];

/// The page with this public name.
pub fn page(name: &str) -> Option<PageSeen> {
    PAGES.iter().find(|(_, id)| *id == name).map(|(page, _)| *page)
}

/// A terminal that watches.
pub struct Terminal {
    language: Language,
    progress: bool,
    browser: Browser,
    /// The address must be shown because nothing opens it.
    show_address: bool,
    replies: AsyncMutex<mpsc::Receiver<CheckReply>>,
    answer: mpsc::Sender<CheckReply>,
    /// Told beforehand with `--saw`: answered as soon as the check waits.
    saw: Option<PageSeen>,
    listening: Arc<Mutex<bool>>,
    /// Counts the browser's returns, so that a question for an earlier wait is not asked any more.
    wait: Arc<AtomicU32>,
}

impl Terminal {
    /// A terminal; `progress` only where somebody reads standard error.
    pub fn new(language: Language, progress: bool, browser: Browser, saw: Option<PageSeen>) -> Self {
        let (answer, replies) = mpsc::channel(8);
        let show_address = matches!(browser, Browser::None);
        Self {
            language,
            progress,
            browser,
            show_address,
            replies: AsyncMutex::new(replies),
            answer,
            saw,
            listening: Arc::default(),
            wait: Arc::default(),
        }
    }

    /// Asks what the browser shows, unless it comes back before a person could have read the question.
    fn ask_later(&self, seconds: u64) {
        let (language, wait) = (self.language, Arc::clone(&self.wait));
        let mine = wait.load(Ordering::Relaxed);
        tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            if wait.load(Ordering::Relaxed) != mine {
                return;
            }
            let minutes = seconds.div_ceil(60).to_string();
            output::complain(&phrase(language, "cli.waiting", &[("minutes", &minutes)]));
            for (number, (_, id)) in PAGES.iter().enumerate() {
                let words = phrase(language, &format!("page.{id}"), &[]);
                output::complain(&format!("  {:>2}  {words}", number + 1));
            }
            output::complain(&phrase(language, "cli.keys", &[]));
        });
    }

    /// Reads the person's answers from the keyboard, once, while the program runs.
    fn listen(&self) {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        if *listening || !std::io::stdin().is_terminal() {
            return;
        }
        *listening = true;
        let answer = self.answer.clone();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                let Some(reply) = reply_of(line.trim()) else { continue };
                if answer.blocking_send(reply).is_err() {
                    break;
                }
            }
        });
    }
}

/// What a typed line means: a number of the list, `o` for "open again", `s` for "skip", an address.
fn reply_of(line: &str) -> Option<CheckReply> {
    if line.contains("://") || line.contains("code=") || line.contains("error=") {
        return Some(CheckReply::PastedAddress { address: line.to_owned() });
    }
    match line {
        "" => None,
        "o" | "O" => Some(CheckReply::OpenAgain),
        "s" | "S" => Some(CheckReply::SkipSignIn),
        other => match other.parse::<usize>() {
            Ok(number) => {
                let (page, _) = PAGES.get(number.checked_sub(1)?)?;
                Some(CheckReply::Saw { page: *page, text: None })
            }
            // Words or a code that the page shows.
            Err(_) => Some(CheckReply::Saw { page: PageSeen::ErrorCode, text: Some(other.to_owned()) }),
        },
    }
}

#[async_trait]
impl Watcher for Terminal {
    fn tell(&self, event: CheckEvent) {
        match event {
            CheckEvent::Step { step, state, note } if self.progress && state != StepState::Waiting => {
                let name = phrase(self.language, &format!("step.{}", name_of(&step)), &[]);
                let standing = report::standing(state, note.as_deref(), self.language);
                output::complain(&format!("{} {name} — {standing}", report::mark(state)));
            }
            CheckEvent::WaitingForBrowser { url, seconds, opened, .. } => {
                if self.show_address || !opened {
                    output::complain(&phrase(self.language, "cli.open-this", &[]));
                    output::complain(&url);
                }
                if let Some(page) = self.saw {
                    let _ = self.answer.try_send(CheckReply::Saw { page, text: None });
                } else if self.progress && std::io::stdin().is_terminal() {
                    self.ask_later(seconds);
                }
                self.listen();
            }
            CheckEvent::BrowserDone { .. } => {
                self.wait.fetch_add(1, Ordering::Relaxed);
            }
            CheckEvent::Slow { target, .. } if self.progress => {
                output::complain(&phrase(self.language, "cli.slow", &[("target", &target)]));
            }
            _ => {}
        }
    }

    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure> {
        self.browser.open(url)
    }

    async fn reply(&self) -> CheckReply {
        match self.replies.lock().await.recv().await {
            Some(reply) => reply,
            None => std::future::pending().await,
        }
    }
}

fn name_of<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
