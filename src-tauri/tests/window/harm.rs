//! What goes wrong around the window: a home that cannot be written, a disk that is full, files that are damaged. What
//! happened is shown, what was typed or found stays, and the window is never blank.

use crate::person::{SOON, test_id};
use crate::stage::{Stage, Wish};

/// The home as the program sees it is read-only; its runtime folder is not.
const READ_ONLY: &str = "mount --bind \"$HOME\" \"$HOME\"; mount -o remount,bind,ro \"$HOME\"";
/// A folder in the home on a disk of its own that is full to the last byte.
const FULL: &str =
    "mount -t tmpfs -o size=64k tmpfs \"$HOME/full\"; head -c 1M /dev/zero > \"$HOME/full/fill\" 2>/dev/null || true";

#[test]
fn with_a_home_that_cannot_be_written_a_check_still_gives_its_answer() {
    let wish = Wish { own_settings: true, mounts: Some(READ_ONLY), ..Wish::default() };
    let stage = Stage::open_with("read-only-home", "en", wish);
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    assert_eq!(stage.answer().0, "consent-admin-required", "{}", stage.words());
    stage.window.run("location.hash = '#/settings'");
    stage.window.click(&test_id("theme-dark"), SOON);
    stage.window.element(&test_id("fault"), SOON);
    assert!(stage.words().len() > 100, "the window is not blank: {}", stage.words());
    stage.picture("1-not-saved");
    stage.window.run("location.hash = '#/result'");
    stage.window.element(&test_id("result-title"), SOON);
}

#[test]
fn a_report_that_finds_no_room_says_so_and_the_result_stays() {
    let files = vec![("full/keep", String::new())];
    let stage =
        Stage::open_with("full-disk", "en", Wish { own_settings: true, files, mounts: Some(FULL), ..Wish::default() });
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    let details = format!("details:has({})", test_id("save-report"));
    stage.window.click(&format!("{details} > summary"), SOON);
    stage.window.click(&test_id("save-report"), SOON);
    stage.answer_save_dialog(&stage.folder().join("home/full/report.html"));
    let fault = stage.window.wait("what went wrong", SOON, |window| {
        window
            .find(&test_id("fault"))
            .map(|_| stage.window.run(&format!("return document.querySelector('{}').textContent", test_id("fault"))))
    });
    let fault = fault.as_str().unwrap().to_lowercase();
    assert!(fault.contains("space") && fault.contains("report.html"), "{fault}");
    assert_eq!(stage.answer().0, "consent-admin-required");
    stage.picture("1-not-saved");
}

#[test]
fn a_damaged_settings_file_is_told_and_kept_when_a_new_one_begins() {
    const DAMAGED: &str = "{\"language\":\"j";
    let files = vec![(".config/inbox-doctor/settings.json", DAMAGED.to_owned())];
    let stage = Stage::open_with("damaged-settings", "en", Wish { own_settings: true, files, ..Wish::default() });
    stage.window.element(&test_id("address-input"), SOON);
    stage.window.run("location.hash = '#/settings'");
    let told = stage.window.text(&test_id("settings-problems"), SOON);
    assert!(!told.trim().is_empty());
    stage.picture("1-told");
    stage.window.click(&test_id("theme-dark"), SOON);
    let folder = stage.folder().join("home/.config/inbox-doctor");
    stage.window.wait("a new file", SOON, |_| {
        std::fs::read_to_string(folder.join("settings.json")).ok().filter(|text| text.contains("dark"))
    });
    let kept = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .any(|text| text == DAMAGED);
    assert!(kept, "what was in the damaged file is still there");
}

#[test]
fn a_damaged_history_hides_nothing_but_itself() {
    let files = vec![
        (".local/state/inbox-doctor/history/11111111-1111-1111-1111-111111111111.json", "{\"schema\":1,".to_owned()),
        (".local/state/inbox-doctor/history/22222222-2222-2222-2222-222222222222.json", "\u{0}\u{1}".to_owned()),
    ];
    let stage = Stage::open_with("damaged-history", "en", Wish { own_settings: true, files, ..Wish::default() });
    stage.window.element(&test_id("address-input"), SOON);
    let told = stage.window.text(&test_id("history-damaged"), SOON);
    assert!(told.contains('2'), "how many are damaged: {told}");
    stage.picture("1-told");
    stage.check("mailbox-missing@contoso.example");
    stage.sign_in_until_result();
    stage.window.run("location.hash = '#/'");
    stage.window.element(".recent-line", SOON);
    let history = stage.folder().join("home/.local/state/inbox-doctor/history");
    assert_eq!(std::fs::read_dir(history).unwrap().count(), 3, "the damaged files are left where they are");
}
