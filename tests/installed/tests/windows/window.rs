//! The window on a Windows that has no WebView2: a message with the one link, in two languages, and never a silent end.

use std::process::Child;
use std::time::{Duration, Instant};

use crate::ADMINISTRATORS;
use crate::wine::{Screen, Wine, artefact, host_path};

const LINK: &str = "https://go.microsoft.com/fwlink/p/?LinkId=2124703";
const SHOWN_WITHIN: Duration = Duration::from_secs(180);
/// "The window could not be opened", as in the program.
const NO_WINDOW: i32 = 3;

/// Starts the installed window and waits until it says something.
#[allow(clippy::zombie_processes, reason = "`end` waits for it; a failed test leaves it to the time limit")]
fn start(wine: &Wine, screen: &Screen, wanted: &str) -> (Child, String) {
    assert_eq!(wine.msiexec("/i", &artefact("-x64.msi"), &[]), 0);
    wine.restart();
    let mut command = wine.command(&[format!(r"{ADMINISTRATORS}\inbox-doctor-desktop.exe")]);
    let running = command.env("DISPLAY", &screen.display).spawn().unwrap();
    let begun = Instant::now();
    loop {
        let said = wine.words_on(screen);
        if said.contains(wanted) {
            return (running, said);
        }
        assert!(begun.elapsed() < SHOWN_WITHIN, "not shown: {wanted}\n{said}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn end(mut running: Child) -> i32 {
    let begun = Instant::now();
    loop {
        if let Some(status) = running.try_wait().unwrap() {
            return status.code().unwrap_or(-1);
        }
        if begun.elapsed() > SHOWN_WITHIN {
            let _ = running.kill();
            panic!("the program did not end with its message");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn without_webview2_the_window_says_so_in_english() {
    let wine = Wine::new("window-en");
    let screen = Screen::open();
    let (running, said) = start(&wine, &screen, "needs one more part");
    screen.picture("windows-without-webview2-en");
    assert!(said.contains("Microsoft Edge WebView2") && said.contains(LINK), "{said}");
    assert!(said.contains("Open the link") && said.contains("Close"), "{said}");
    // To the button that closes; Wine's dialog does not know Escape.
    screen.press("Inbox Doctor", "Tab");
    screen.press("Inbox Doctor", "Return");
    assert_eq!(end(running), NO_WINDOW);
}

#[test]
fn without_webview2_the_window_says_so_in_japanese_and_opens_the_link() {
    let wine = Wine::japanese("window-ja");
    // What Wine opens an address with.
    let opened = wine.outside().join("opened");
    let script = wine.outside().join("browser.sh");
    std::fs::write(&script, format!("#!/bin/sh\nprintf '%s' \"$1\" > '{}'\n", opened.display())).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    wine.set_value(r"HKCU\Software\Wine\WineBrowser", "Browsers", "REG_SZ", &script.display().to_string());
    let screen = Screen::open();
    let (running, said) = start(&wine, &screen, "必要な部品");
    screen.picture("windows-without-webview2-ja");
    assert!(said.contains("Microsoft Edge WebView2") && said.contains(LINK), "{said}");
    assert!(said.contains("リンクを開く") && said.contains("閉じる"), "{said}");
    screen.press("Inbox Doctor", "Return");
    assert_eq!(end(running), NO_WINDOW);
    let begun = Instant::now();
    while !opened.exists() {
        assert!(begun.elapsed() < SHOWN_WITHIN, "the link was not opened ({})", host_path(&script));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(std::fs::read_to_string(opened).unwrap(), LINK);
}
