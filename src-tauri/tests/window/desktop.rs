//! The window among other programs: files that are opened with it, its place on the screen, keys.

use std::path::Path;

use crate::person::{SOON, test_id};
use crate::stage::{Stage, Wish};

/// A window whose settings and history are kept in its own home.
pub fn own(name: &'static str) -> Stage {
    Stage::open_with(name, "en", Wish { own_settings: true, ..Wish::default() })
}

/// Saves the result on the screen in the form that opens by double click.
fn save_report(stage: &Stage, file: &Path) {
    let details = format!("details:has({})", test_id("save-report"));
    stage.window.click(&format!("{details} > summary"), SOON);
    stage.window.click(&format!("{details} option[value=\"json\"]"), SOON);
    stage.window.click(&test_id("save-report"), SOON);
    stage.answer_save_dialog(file);
    stage.window.wait("the report", SOON, |_| {
        std::fs::read_to_string(file).ok().filter(|text| serde_json::from_str::<serde_json::Value>(text).is_ok())
    });
}

fn hash(stage: &Stage) -> String {
    stage.window.run("return location.hash").as_str().unwrap_or_default().to_owned()
}

fn wait_for_hash(stage: &Stage, wanted: &str) {
    stage.window.wait(wanted, SOON, |_| (hash(stage) == wanted).then_some(()));
}

fn number(stage: &Stage, script: &str) -> f64 {
    stage.window.run(&format!("return {script}")).as_f64().unwrap()
}

#[test]
fn a_report_file_opens_by_a_second_start_by_an_argument_and_by_a_drop() {
    let mut stage = own("report-file");
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    let file = stage.folder().join("sent by ana.inboxdoctor");
    save_report(&stage, &file);
    stage.window.run("location.hash = '#/'");
    stage.window.element(&test_id("address-input"), SOON);

    assert!(stage.start_again(&[&file]).success());
    stage.window.element(&test_id("result-title"), SOON);
    assert_eq!(stage.answer().0, "consent-admin-required");
    stage.picture("1-second-start");

    stage.press("ctrl+q");
    stage.wait_closed();
    stage.open_again(&[&file]);
    stage.window.element(&test_id("result-title"), SOON);
    assert_eq!(stage.answer().0, "consent-admin-required");
    stage.picture("2-argument");

    stage.window.run("location.hash = '#/'");
    stage.window.element(&test_id("address-input"), SOON);
    drop_file(&stage, &std::fs::read_to_string(&file).unwrap());
    stage.window.element(&test_id("result-title"), SOON);
    assert_eq!(stage.answer().0, "consent-admin-required");
}

/// Drops a file with this text on the page, as the web view hands it over.
fn drop_file(stage: &Stage, text: &str) {
    stage.window.run(&format!(
        "const carried = new DataTransfer();\
         carried.items.add(new File([{}], 'sent.inboxdoctor', {{type: 'application/json'}}));\
         document.querySelector('main').dispatchEvent(\
           new DragEvent('drop', {{dataTransfer: carried, bubbles: true, cancelable: true}}));",
        serde_json::json!(text)
    ));
}

#[test]
fn a_dropped_file_that_is_no_report_is_refused_and_what_was_typed_stays() {
    let stage = own("report-drop");
    stage.window.type_into(&test_id("address-input"), "ana@contoso.example", SOON);
    drop_file(&stage, "{\"schema\":1,");
    stage.window.element(&test_id("fault"), SOON);
    let script = format!("return document.querySelector('{}').value", test_id("address-input"));
    assert_eq!(stage.window.run(&script), "ana@contoso.example", "what was typed is still there");
}

#[test]
fn the_window_opens_as_it_was_left() {
    let mut stage = own("window-place");
    stage.window.element(&test_id("address-input"), SOON);
    let id = stage.window_id();
    stage.xdotool(&["windowsize", "--sync", &id, "1100", "800"]);
    stage.window.wait("the new size", SOON, |_| (number(&stage, "innerWidth") == 1100.0).then_some(()));
    stage.press("ctrl+q");
    stage.wait_closed();
    let kept = stage.folder().join("home/.local/state/inbox-doctor/window.json");
    assert!(kept.is_file(), "the place is kept");
    stage.open_again(&[]);
    stage.window.element(&test_id("address-input"), SOON);
    stage.window.wait("the size it had", SOON, |_| {
        (number(&stage, "innerWidth") == 1100.0 && number(&stage, "innerHeight") == 800.0).then_some(())
    });
}

#[test]
fn a_window_of_a_monitor_that_has_gone_comes_back_to_the_screen() {
    let place = r#"{"area":{"x":5000,"y":3000,"width":900,"height":700},"maximized":false,"zoom":null}"#;
    let files = vec![(".local/state/inbox-doctor/window.json", place.to_owned())];
    let stage = Stage::open_with("window-lost", "en", Wish { own_settings: true, files, ..Wish::default() });
    stage.window.element(&test_id("address-input"), SOON);
    let shell = stage.xdotool(&["getwindowgeometry", "--shell", &stage.window_id()]);
    let value = |name: &str| -> i64 {
        shell.lines().find_map(|line| line.strip_prefix(name)).and_then(|text| text.parse().ok()).unwrap()
    };
    let (x, y) = (value("X="), value("Y="));
    assert!((0..1280 - 120).contains(&x) && (0..900 - 40).contains(&y), "{shell}");
    assert_eq!(number(&stage, "innerWidth"), 900.0);
}

#[test]
fn keys_lead_where_they_say() {
    let stage = own("keys");
    stage.window.element(&test_id("address-input"), SOON);
    stage.press("ctrl+comma");
    wait_for_hash(&stage, "#/settings");
    stage.press("F1");
    wait_for_hash(&stage, "#/about");
    stage.press("ctrl+n");
    stage.window.element(&test_id("address-input"), SOON);
    let before = number(&stage, "innerWidth");
    stage.press("ctrl+minus");
    stage.window.wait("smaller words", SOON, |_| (number(&stage, "innerWidth") > before).then_some(()));
    stage.press("ctrl+0");
    stage.window.wait("words as they were", SOON, |_| (number(&stage, "innerWidth") == before).then_some(()));
}

#[test]
fn a_setting_that_is_changed_lies_in_the_users_own_file() {
    let stage = own("theme");
    stage.window.element(&test_id("address-input"), SOON);
    stage.window.run("location.hash = '#/settings'");
    stage.window.click(&test_id("theme-dark"), SOON);
    stage.window.element("html[data-theme=\"dark\"]", SOON);
    let file = stage.folder().join("home/.config/inbox-doctor/settings.json");
    stage.window.wait("the theme in the file", SOON, |_| {
        let settings: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).ok()?).ok()?;
        (settings["theme"] == "dark").then_some(())
    });
    stage.picture("1-dark");
}

#[test]
fn the_table_of_many_domains_fills_while_the_window_answers() {
    let stage = own("desk");
    stage.window.element(&test_id("address-input"), SOON);
    stage.window.run("location.hash = '#/desk'");
    stage.window.element(&test_id("desk-text"), SOON);
    let many: Vec<String> = (0..300).map(|number| format!("nowhere-{number}.example")).collect();
    let list = format!("contoso.example\nfabrikam.example\n{}", many.join("\n"));
    stage.window.run(&format!(
        "const field = document.querySelector('{}'); field.value = {}; field.dispatchEvent(new Event('input', {{bubbles: true}}))",
        test_id("desk-text"),
        serde_json::json!(list)
    ));
    stage.window.click(&test_id("desk-run"), SOON);
    stage.window.wait("the first answer", SOON, |_| stage.words().contains("Microsoft 365").then_some(()));
    let running = format!("return document.querySelector('{}') === null", test_id("desk-stop"));
    stage.window.wait("the end of the list", SOON * 3, |window| (window.run(&running) == true).then_some(()));
    assert!(stage.words().contains("Google Workspace"), "{}", stage.words());
    let rows =
        format!("return document.querySelector('{} table').getAttribute('aria-rowcount')", test_id("desk-table"));
    assert_eq!(stage.window.run(&rows), "303", "a row for each, and the heading");
    stage.picture("1-filled");
}
