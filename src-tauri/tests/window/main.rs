//! The real window, from the typed address to the answer: WebKitGTK under its driver, a real browser that signs in at the
//! practice cloud, a real session bus with a password store. Pictures are left in `target/screenshots`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(missing_docs, reason = "tests")]

mod desktop;
mod driver;
mod harm;
mod kept;
mod person;
mod reader;
mod stage;

use person::{SOON, test_id};
use stage::Stage;

#[test]
fn a_healthy_account_works_in_both_languages() {
    let stage = Stage::open("works", "en");
    stage.window.element(&test_id("address-input"), SOON);
    stage.picture("1-start");
    stage.check("works@contoso.example");
    stage.sign_in_until_result();
    stage.picture("2-result");
    let title = stage.window.text(&test_id("result-title"), SOON);
    assert!(title.contains("ready to connect"), "{title}\n{}", stage.words());
    for step in ["address", "mail-host", "organisation", "sign-in", "mailbox", "calendar", "permissions"] {
        assert_eq!(stage.step(step), "fine", "{step}\n{}", stage.words());
    }
    no_secret_came_to_the_window(&stage);
    stage.choose_language("ja");
    let japanese = stage.window.text(&test_id("result-title"), SOON);
    assert!(japanese.contains("接続できる"), "{japanese}");
    stage.picture("3-result-ja");
    assert_eq!(stage.cloud.leftovers(), Vec::<String>::new());
}

/// The practice cloud's tokens, codes and secrets all carry a mark. Everything that came over the channel is in the page, in
/// the technicians' raw document at the latest; what the web view and the program keep is on the disk.
fn no_secret_came_to_the_window(stage: &Stage) {
    const MARKS: &[&str] = &["canary-access-", "canary-refresh-", "canary-code-", "canary-secret-"];
    let page = stage.window.run(
        "document.querySelectorAll('details').forEach((part) => { part.open = true; });\
         return document.documentElement.outerHTML + JSON.stringify(localStorage) + JSON.stringify(sessionStorage);",
    );
    let page = page.as_str().expect("a page").to_owned();
    assert!(page.contains("graph-inbox"), "the technicians' part is open");
    let mut looked_at = 0;
    let mut folders = vec![stage.folder().to_owned()];
    let mut kept = vec![("the page".to_owned(), page.into_bytes())];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.to_string_lossy().to_lowercase();
            // The browser is the person's, its history knows where it was; the settings are the test's own.
            if name.contains("chrom") || name.ends_with("settings.json") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                looked_at += 1;
                kept.push((path.display().to_string(), bytes));
            }
        }
    }
    assert!(looked_at > 0, "the program kept something to look at");
    for (place, bytes) in kept {
        for mark in MARKS {
            let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            assert!(!found, "{mark} in {place}");
        }
    }
}

#[test]
fn need_admin_approval_gives_the_link_and_the_message_for_the_administrator() {
    let stage = Stage::open("consent-admin-required", "en");
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    stage.picture("1-result");
    let (cause, who, title) = stage.answer();
    assert_eq!(cause, "consent-admin-required", "{}", stage.words());
    assert!(title.contains("administrator") && title.contains("HubSpot"), "{title}");
    assert!(who.contains("IT admin"), "{who}");
    assert_eq!(stage.step("mailbox"), "not-checked", "what was not looked at is not fine");

    // The link is built for this organisation and for the app that shall be connected, not for us.
    let link = stage.window.text(&test_id("consent-link"), SOON);
    assert!(link.contains("/adminconsent?client_id=450987b3-a09a-4f14-9b2c-4f301d1e15f5"), "{link}");
    stage.window.click(&test_id("consent-link"), SOON);
    assert_eq!(stage.opened(SOON), link, "the browser is opened at the link that is shown");

    stage.window.click(&test_id("open-message"), SOON);
    let english = stage.window.text(&test_id("message-body"), SOON);
    stage.picture("2-message");
    for part in [
        "450987b3-a09a-4f14-9b2c-4f301d1e15f5",
        "HubSpot",
        "Mail.ReadWrite",
        "/adminconsent",
        "Application Administrator",
    ] {
        assert!(english.contains(part), "the message lacks {part}:\n{english}");
    }
    stage.window.click(&format!("{} input[value=\"ja\"]", test_id("message-dialog")), SOON);
    let japanese = stage.window.wait("the message in Japanese", SOON, |window| {
        Some(window.text(&test_id("message-body"), SOON)).filter(|text| *text != english)
    });
    stage.picture("3-message-ja");
    for part in ["450987b3-a09a-4f14-9b2c-4f301d1e15f5", "HubSpot", "Mail.ReadWrite", "/adminconsent", "管理者"] {
        assert!(japanese.contains(part), "the message lacks {part}:\n{japanese}");
    }
    stage.window.click(&test_id("message-mail"), SOON);
    // A Japanese message is longer than mail programs take in an address: the body goes to the clipboard, and the window says so.
    let mail = stage.mailed(SOON);
    assert!(mail.starts_with("mailto:") && mail.contains("subject=HubSpot") && mail.len() < 2000, "{mail}");
    let dialog = test_id("message-dialog");
    stage.window.wait("the remark about the clipboard", SOON, |window| {
        window.text(&dialog, SOON).to_lowercase().contains("paste").then_some(())
    });
}

#[test]
fn the_same_answer_is_reworded_in_japanese() {
    let stage = Stage::open("consent-admin-required-ja", "ja");
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    let (cause, who, title) = stage.answer();
    assert_eq!(cause, "consent-admin-required", "{}", stage.words());
    assert!(title.contains("管理者") && title.contains("HubSpot"), "{title}");
    assert!(who.contains("管理者"), "{who}");
    stage.picture("1-result");
    stage.choose_language("en");
    let english = stage.window.wait("the answer in English", SOON, |window| {
        Some(window.text(&test_id("result-title"), SOON)).filter(|text| *text != title)
    });
    assert!(english.contains("administrator"), "{english}");
}

#[test]
fn an_account_that_is_not_assigned_is_named_with_what_the_administrator_does() {
    let stage = Stage::open("user-not-assigned", "en");
    stage.check("user-not-assigned@contoso.example");
    stage.sign_in_until_result();
    stage.picture("1-result");
    let (cause, _, _) = stage.answer();
    assert_eq!(cause, "user-not-assigned", "{}", stage.words());
    stage.window.click(&test_id("open-message"), SOON);
    let message = stage.window.text(&test_id("message-body"), SOON);
    assert!(message.contains("user-not-assigned@contoso.example"), "{message}");
    stage.picture("2-message");
    stage.window.click(&format!("{} input[value=\"ja\"]", test_id("message-dialog")), SOON);
    let japanese = stage.window.wait("the message in Japanese", SOON, |window| {
        Some(window.text(&test_id("message-body"), SOON)).filter(|text| *text != message)
    });
    assert!(japanese.contains("user-not-assigned@contoso.example") && has_kana(&japanese), "{japanese}");
}

fn has_kana(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..='\u{30ff}').contains(&c))
}

#[test]
fn a_missing_mailbox_is_named_after_a_sign_in_that_works() {
    let stage = Stage::open("mailbox-missing", "en");
    stage.check("mailbox-missing@contoso.example");
    stage.sign_in_until_result();
    stage.picture("1-result");
    let (cause, who, title) = stage.answer();
    assert_eq!(cause, "mailbox-missing", "{}", stage.words());
    assert!(who.contains("IT admin"), "{who}");
    assert_eq!(stage.step("sign-in"), "fine");
    assert_eq!(stage.step("mailbox"), "problem");
    stage.choose_language("ja");
    let japanese = stage.window.wait("the answer in Japanese", SOON, |window| {
        Some(window.text(&test_id("result-title"), SOON)).filter(|text| *text != title)
    });
    assert!(has_kana(&japanese) && japanese.contains("メールボックス"), "{japanese}");
    stage.picture("2-result-ja");
}

#[test]
fn a_check_that_waits_for_the_browser_is_stopped_at_once() {
    let stage = Stage::open("cancel", "en");
    stage.check("works@contoso.example");
    stage.opened(SOON);
    stage.picture("1-browser-open");
    stage.window.click(&test_id("cancel-button"), SOON);
    // The next check can begin: the one before is over, with its port and its place.
    stage.window.click(&test_id("check-button"), SOON);
    stage.opened(SOON);
}

#[test]
fn a_second_start_hands_over_to_the_window_that_is_open() {
    let stage = Stage::open("second-start", "en");
    stage.window.element(&test_id("address-input"), SOON);
    assert!(stage.start_again(&[]).success());
    assert!(stage.window.find(&test_id("address-input")).is_some(), "the first window lives on");
}

#[test]
fn a_report_is_saved_where_the_person_says_with_names_masked() {
    let stage = Stage::open("report", "en");
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    let details = format!("details:has({})", test_id("save-report"));
    stage.window.click(&format!("{details} > summary"), SOON);
    stage.window.click(&test_id("save-report"), SOON);
    let file = stage.folder().join("report.html");
    stage.answer_save_dialog(&file);
    let text = stage
        .window
        .wait("the report", SOON, |_| std::fs::read_to_string(&file).ok().filter(|text| text.contains("</html>")));
    assert!(text.contains("HubSpot"), "{text}");
    assert!(text.contains("contoso.example"), "whoever mends it needs the domain: {text}");
    assert!(!text.contains("consent-admin-required@"), "the name is masked: {text}");
    for canary in [practice_cloud::ACCESS_CANARY, practice_cloud::REFRESH_CANARY, practice_cloud::CODE_CANARY] {
        assert!(!text.contains(canary), "a secret in the report");
    }
    stage.picture("1-saved");
}

#[test]
fn the_window_may_ask_for_nothing_but_its_own_commands() {
    let stage = Stage::open("rules", "en");
    stage.window.element(&test_id("address-input"), SOON);
    let refused = |script: &str| {
        let body = serde_json::json!({"script": format!(
            "const done = arguments[arguments.length - 1]; ({script}).then(() => done('let through'), (e) => done('refused: ' + (e.code ?? e)))"
        ), "args": []});
        let answer = stage.window.ask("POST", "/execute/async", Some(&body)).unwrap();
        let answer = answer.as_str().unwrap().to_owned();
        assert!(answer.starts_with("refused"), "{script}: {answer}");
        answer
    };
    refused("window.__TAURI_INTERNALS__.invoke('plugin:opener|open_url', {url: 'https://evil.example/'})");
    refused("window.__TAURI_INTERNALS__.invoke('plugin:dialog|save', {options: {}})");
    refused("window.__TAURI_INTERNALS__.invoke('plugin:window|close', {label: 'main'})");
    for url in
        ["https://evil.example/", "file:///etc/passwd", "http://login.microsoftonline.com/", "javascript:alert(1)"]
    {
        let answer = refused(&format!("window.__TAURI_INTERNALS__.invoke('open_link', {{url: '{url}'}})"));
        assert_eq!(answer, "refused: link-refused", "{url}");
    }
    refused("fetch('http://127.0.0.1:9/')");
}
