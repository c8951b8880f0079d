use inbox_model::Cause;

use super::*;

const FILES: &[&str] = &[include_str!("../../data/apps/hubspot.toml"), include_str!("../../data/apps/other.toml")];

fn hubspot_with(change: impl Fn(&str) -> String) -> String {
    app_from_toml(&change(FILES[0])).unwrap_err().to_string()
}

#[test]
fn every_built_in_file_is_valid() {
    let read: Vec<AppProfile> = FILES.iter().map(|text| app_from_toml(text).unwrap()).collect();
    assert_eq!(format!("{:?}", builtin_apps()), format!("{read:?}"));
    assert_eq!(builtin_apps()[0].id, "hubspot");
}

#[test]
fn hubspot_has_every_article_in_both_languages() {
    let app = builtin_app("hubspot").unwrap();
    for key in ["troubleshoot", "connect", "connect-other", "support"] {
        let link = app.links.iter().find(|link| link.key == key).unwrap();
        assert!(link.url.contains_key("en") && link.url.contains_key("ja"), "{key}");
    }
}

#[test]
fn error_strings_name_words_that_exist() {
    let app = builtin_app("hubspot").unwrap();
    assert!(app.error_strings.iter().any(|row| row.cause == Cause::ConsentAdminRequired));
    assert!(app.error_strings.iter().any(|row| !row.text.is_ascii()), "Japanese strings are missing");
}

#[test]
fn other_app_needs_no_registration() {
    let app = builtin_app("other").unwrap();
    assert!(app.microsoft.is_none() && app.google.is_none());
    assert_eq!(app.wording["ja"], "連携先のアプリ");
}

#[test]
fn client_id_that_is_no_guid_is_refused_by_name() {
    let message = hubspot_with(|text| text.replace("450987b3-a09a-4f14-9b2c-4f301d1e15f5", "hubspot-sales"));
    assert!(message.contains("microsoft.clientId") && message.contains("GUID"), "{message}");
}

#[test]
fn redirect_that_is_not_https_is_refused() {
    let message =
        hubspot_with(|text| text.replace("https://app.hubspot.com/oauthor", "http://app.hubspot.com/oauthor"));
    assert!(message.contains("microsoft.consent.redirectUri"), "{message}");
}

#[test]
fn unknown_field_is_named_with_its_line() {
    let message = hubspot_with(|text| format!("colour = \"orange\"\n{text}"));
    assert!(message.contains("colour") && message.contains("line 1"), "{message}");
}

#[test]
fn missing_and_wrong_fields_are_named() {
    let message = app_from_toml("id = \"x\"\nname = \"X\"").unwrap_err().to_string();
    assert!(message.contains("publisher"), "{message}");
    for (from, to, field) in [
        ("id = \"hubspot\"", "id = \"Hub Spot\"", "id"),
        ("name = \"HubSpot\"", "name = \" \"", "name"),
        ("checkedOn = \"2026-11-24\"", "checkedOn = \"yesterday\"", "checkedOn"),
        ("key = \"support\"", "key = \"helpdesk\"", "links.key"),
        ("\"offline_access\", \"email\"", "\"offline access\", \"email\"", "microsoft.scopes"),
    ] {
        let message = hubspot_with(|text| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        assert!(message.contains(&format!("`{field}`")), "{field}: {message}");
    }
}
