//! What the window looks like and what it remembers, in the real web view: themes, the checklist, the licences.

use crate::desktop::own;
use crate::person::{SOON, test_id};
use crate::stage::Stage;

/// A colour of an element as the web view computed it.
fn colour(stage: &Stage, css: &str, property: &str) -> String {
    let script = format!("return getComputedStyle(document.querySelector('{css}')).{property}");
    stage.window.run(&script).as_str().unwrap_or_default().to_owned()
}

#[test]
fn high_contrast_has_colours_of_its_own() {
    let mut stage = own("high-contrast");
    stage.window.element(&test_id("address-input"), SOON);
    let colours = |stage: &Stage| [colour(stage, "html", "backgroundColor"), colour(stage, "h1", "color")];
    stage.window.run("location.hash = '#/settings'");
    stage.window.click(&test_id("theme-dark"), SOON);
    stage.window.element("html[data-theme=\"dark\"]", SOON);
    let dark = colours(&stage);
    stage.window.click(&test_id("theme-high-contrast"), SOON);
    stage.window.element("html[data-theme=\"high-contrast\"]", SOON);
    let high = colours(&stage);
    assert_eq!(high, ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
    assert!(dark[0] != high[0] && dark[1] != high[1], "{dark:?} {high:?}");
    stage.picture("1-settings");
    let file = stage.folder().join("home/.config/inbox-doctor/settings.json");
    stage.window.wait("the theme in the file", SOON, |_| {
        std::fs::read_to_string(&file).ok()?.contains("high-contrast").then_some(())
    });
    stage.press("ctrl+q");
    stage.wait_closed();
    stage.open_again(&[]);
    stage.window.element("html[data-theme=\"high-contrast\"]", SOON);
    stage.window.element(&test_id("address-input"), SOON);
    assert_eq!(colours(&stage), high, "and again after a restart");
    stage.picture("2-start");
}

#[test]
fn the_checklist_is_there_when_the_window_is_opened_another_time() {
    let mut stage = own("checklist");
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    stage.window.click(&test_id("follow-asked"), SOON);
    let checked = |stage: &Stage, step: &str| {
        stage.window.run(&format!("return document.querySelector('{}').checked", test_id(step)))
    };
    assert_eq!(checked(&stage, "follow-asked"), true);
    stage.press("ctrl+q");
    stage.wait_closed();
    stage.open_again(&[]);
    stage.window.click(".recent-line", SOON);
    stage.window.element(&test_id("follow-asked"), SOON);
    assert_eq!(checked(&stage, "follow-asked"), true, "{}", stage.words());
    assert_eq!(checked(&stage, "follow-answered"), false);
    stage.picture("1-opened-again");
}

#[test]
fn about_shows_the_licences_of_its_parts() {
    let stage = own("licences");
    stage.window.element(&test_id("address-input"), SOON);
    stage.window.run("location.hash = '#/about'");
    stage.window.click(&format!("{} > summary", test_id("licences")), SOON);
    let shown = format!("{} pre", test_id("licences"));
    stage.window.wait("the text of a licence", SOON, |window| {
        let text = window.text(&shown, SOON);
        (text.contains("svelte") && text.contains("Permission is hereby granted")).then_some(())
    });
    stage.picture("1-about");
}
