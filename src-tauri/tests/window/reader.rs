//! What a screen reader is told by the desktop's own accessibility bus (AT-SPI) on each view: every name and role.

use std::path::PathBuf;

use crate::desktop::own;
use crate::person::{SOON, test_id};
use crate::stage::Stage;

/// A button, as older and newer versions of the library call it.
const BUTTON: &[&str] = &["push button", "button"];
/// What can be operated, and so must have a name.
const OPERATED: &[&str] = &[
    "push button",
    "button",
    "toggle button",
    "link",
    "entry",
    "text",
    "combo box",
    "check box",
    "radio button",
    "progress bar",
];

/// All objects of the window: role and name.
struct Told(Vec<(String, String)>);

impl Told {
    /// Waits until an object has these words in its name, and reads all of them.
    fn read(stage: &Stage, wanted: &str) -> Self {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/window/accessibility.py");
        let told =
            stage.on_desktop("/usr/bin/python3", &[&script.display().to_string(), "inbox-doctor-desktop", wanted]);
        let all = told
            .lines()
            .map(|line| {
                let mut parts = line.split('\t').map(str::to_owned);
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            })
            .collect();
        let told = Self(all);
        for (role, name) in &told.0 {
            let nameless = OPERATED.contains(&role.as_str()) && name.trim().is_empty();
            // The texts inside of a page carry the same role as a field, and have their words as text, not as a name.
            assert!(!nameless || role == "text", "a {role} has no name:\n{:#?}", told.0);
        }
        told
    }

    /// Fails where no object of one of these roles has these words in its name.
    fn has(&self, roles: &[&str], name: &str) {
        assert!(
            self.0.iter().any(|(role, told)| roles.contains(&role.as_str()) && told.contains(name)),
            "no {roles:?} is called {name}:\n{:#?}",
            self.0
        );
    }
}

#[test]
fn a_screen_reader_is_told_names_and_roles() {
    let stage = own("screen-reader");
    stage.window.element(&test_id("address-input"), SOON);
    let start = Told::read(&stage, "Check it");
    start.has(&["heading"], "Which mailbox");
    start.has(&["entry", "text"], "mail");
    start.has(BUTTON, "Check it");
    start.has(&["combo box"], "to connect to");
    start.has(&["menu item"], "HubSpot");
    start.has(&["link"], "Settings");

    stage.window.run("location.hash = '#/settings'");
    stage.window.element(&test_id("theme-dark"), SOON);
    let settings = Told::read(&stage, "Dark");
    settings.has(&["radio button"], "Dark");
    settings.has(&["radio button"], "日本語");

    stage.window.run("location.hash = '#/about'");
    stage.window.element(&test_id("licences"), SOON);
    let about = Told::read(&stage, "About Inbox Doctor");
    about.has(&["heading"], "About Inbox Doctor");
    about.has(&["heading"], "What happens to your data");
}

#[test]
fn a_screen_reader_follows_a_check_to_its_result() {
    let stage = own("screen-reader-check");
    stage.check("consent-admin-required@contoso.example");
    stage.window.element(&test_id("saw-need-admin-approval"), SOON);
    let running = Told::read(&stage, "What do you see in the browser?");
    running.has(&["heading"], "Sign in with Microsoft in your browser");
    running.has(&["heading"], "What do you see in the browser?");
    running.has(&["progress bar"], "3 of 7 steps done");
    running.has(&["list item"], "Mail host fine: Microsoft 365");
    running.has(&["list item"], "Sign-in running");
    running.has(BUTTON, "Stop the check");
    running.has(BUTTON, "Need admin approval");
    running.has(BUTTON, "Open it again");

    stage.sign_in_until_result();
    let result = Told::read(&stage, "Ask your IT admin");
    result.has(&["heading"], "administrator");
    result.has(BUTTON, "Ask your IT admin");
    result.has(BUTTON, "I am the admin");
    result.has(&["link"], "adminconsent");
    result.has(&["check box"], "asked");
    result.has(BUTTON, "Check again");

    stage.window.click(&test_id("open-message"), SOON);
    stage.window.element(&test_id("message-copy"), SOON);
    let message = Told::read(&stage, "Copy");
    message.has(&["dialog"], "");
    message.has(&["radio button"], "日本語");
}

#[test]
fn a_screen_reader_reads_an_explanation_and_the_table() {
    let stage = own("screen-reader-explain");
    stage.window.element(&test_id("address-input"), SOON);
    stage.window.run("location.hash = '#/explain'");
    stage.window.type_into(&test_id("explain-text"), "MailboxNotEnabledForRESTAPI", SOON);
    stage.window.click(&test_id("explain-button"), SOON);
    stage.window.element(&test_id("question"), SOON);
    let explained = Told::read(&stage, "I don’t know");
    explained.has(&["heading"], "What does the error say?");
    explained.has(&["entry", "text"], "Error message");
    explained.has(BUTTON, "Explain it");
    explained.has(BUTTON, "I don’t know");

    stage.window.run("location.hash = '#/desk'");
    stage.window.type_into(&test_id("desk-text"), "contoso.example", SOON);
    stage.window.click(&test_id("desk-run"), SOON);
    stage.window.wait("the answer", SOON, |_| stage.words().contains("Microsoft 365").then_some(()));
    let desk = Told::read(&stage, "Save as CSV");
    desk.has(&["heading"], "Technician’s desk");
    desk.has(&["entry", "text"], "Addresses or domains");
    desk.has(BUTTON, "Look them up");
    desk.has(BUTTON, "Save as CSV");
    desk.has(&["entry", "text"], "Filter the table");
    desk.has(BUTTON, "Mail host");
    desk.has(BUTTON, "contoso.example");
    desk.has(&["progress bar"], "desk");
}
