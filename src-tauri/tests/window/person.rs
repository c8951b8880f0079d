//! The person in front of both: types an address into the window, signs in where the browser opens, reads what comes.

use std::time::{Duration, Instant};

use crate::driver::Driver;
use crate::stage::Stage;

/// For what the window shows by itself.
pub const SOON: Duration = Duration::from_secs(20);
/// For a whole check with both sign-ins, by a debug build on a busy computer.
const CHECK: Duration = Duration::from_secs(120);
/// More pages than any sign-in has.
const MOST_PAGES: usize = 12;

/// An element by its test id.
pub fn test_id(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

impl Stage {
    /// Starts a check.
    pub fn check(&self, address: &str) {
        self.window.type_into(&test_id("address-input"), address, SOON);
        self.window.click(&test_id("check-button"), SOON);
    }

    /// Signs in wherever the browser opens until the window shows a result. A page that does not come back is told to
    /// the window.
    pub fn sign_in_until_result(&self) {
        let begun = Instant::now();
        while self.window.find(&test_id("result-title")).is_none() {
            assert!(begun.elapsed() < CHECK, "no result; the window says:\n{}", self.words());
            if let Some(address) = self.asked("opened") {
                self.browser.go(&address);
                if let Some(page) = click_through(&self.browser) {
                    self.picture(&format!("browser-shows-{page}"));
                    self.window.click(&test_id(&format!("saw-{page}")), SOON);
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// All words of the window.
    pub fn words(&self) -> String {
        self.window.run("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// The cause of the first answer, who mends it, its title.
    pub fn answer(&self) -> (String, String, String) {
        let script = "const a = document.querySelector('article.answer'); return a === null ? '' : a.dataset.cause";
        let cause = self.window.run(script).as_str().unwrap_or_default().to_owned();
        (cause, self.window.text(&test_id("result-who"), SOON), self.window.text(&test_id("result-title"), SOON))
    }

    /// How a step stands.
    pub fn step(&self, name: &str) -> String {
        let script = format!("return document.querySelector('[data-testid=\"step-{name}\"]').dataset.state");
        self.window.run(&script).as_str().unwrap_or_default().to_owned()
    }

    /// Chooses the language of the window.
    pub fn choose_language(&self, tag: &str) {
        self.window.click(&format!("{} option[value=\"{tag}\"]", test_id("language-select")), SOON);
        let root = format!("html[lang=\"{tag}\"]");
        self.window.element(&root, SOON);
    }
}

/// Clicks through the pages of a sign-in. `None` when the browser came back to the program; else the page that it
/// stopped at.
fn click_through(browser: &Driver) -> Option<String> {
    for _ in 0..MOST_PAGES {
        let page = browser.wait("a page", SOON, |browser| {
            // A page that was answered already stays for a moment; it is marked.
            let script = "if (document.readyState !== 'complete' || window.answered) return null;
                window.answered = true;
                return document.body.dataset.page ?? ''";
            browser
                .ask("POST", "/execute/sync", Some(&serde_json::json!({"script": script, "args": []})))
                .ok()?
                .as_str()
                .map(str::to_owned)
        });
        match page.as_str() {
            // The program's own page, which says that it can be closed.
            "" => return None,
            "pick-account" => browser.click("#account-hint", SOON),
            "sign-in" => browser.click("#next", SOON),
            "password" | "federated-sign-in" => {
                browser.type_into("#password", "any password is right here", SOON);
                browser.click("#submit", SOON);
            }
            "permission-list" => browser.click("#accept", SOON),
            _ => return Some(page),
        }
    }
    panic!("the sign-in goes round in circles at {}", browser.run("return location.href"));
}
