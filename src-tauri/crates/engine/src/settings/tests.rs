use inbox_model::{Language, RedactionLevel, SignInProvider};
use serde_json::json;

use super::*;

pub(super) fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

pub(super) fn sources(folder: &tempfile::TempDir) -> SettingsSources {
    SettingsSources {
        user: Some(folder.path().join("user.json")),
        policies: Some(folder.path().join("policies")),
        ..SettingsSources::default()
    }
}

fn read(files: &[(&str, &str)]) -> SettingsInForce {
    SettingsInForce::read(&sources(&folder_with(files))).unwrap()
}

#[test]
fn every_line_of_the_table_is_whole_and_is_read_back_into_the_settings() {
    let mut keys = std::collections::BTreeSet::new();
    for line in definitions() {
        assert!(keys.insert(&line.key), "{} is there twice", line.key);
        let choice = line.kind == Kind::Choice || line.items == Some(Kind::Choice);
        assert_eq!(choice, !line.values.is_empty(), "{}", line.key);
        assert_eq!(line.kind == Kind::List, line.items.is_some(), "{}", line.key);
        for text in line.en.iter().chain(&line.ja) {
            assert!(!text.trim().is_empty() && !text.contains('!'), "{}", line.key);
        }
        let one = match line.kind {
            Kind::Bool => json!(line.default.clone().unwrap_or(json!(true))),
            Kind::Integer => json!(line.min),
            Kind::Choice => json!(line.values[0]),
            Kind::List if choice => json!(line.values),
            _ => line.example.clone().unwrap_or_else(|| json!("x")),
        };
        for value in [Some(one), line.default.clone(), line.broken.clone(), line.example.clone()].into_iter().flatten()
        {
            let windows_sees_no_full_path = line.kind == Kind::Path || line.items == Some(Kind::Path);
            let checked = value::check(line, &value, !(cfg!(windows) && windows_sees_no_full_path));
            assert_eq!(checked.problems, Vec::<String>::new(), "{} = {value}", line.key);
            let nested = Value::Object(file::nest([(line.key.clone(), value.clone())]));
            let settings: Settings = serde_json::from_value(nested).unwrap_or_else(|e| panic!("{}: {e}", line.key));
            let back = file::flatten(serde_json::to_value(settings).unwrap().as_object().unwrap().clone());
            assert!(back.contains(&(line.key.clone(), value.clone())), "{} = {value} is lost on the way", line.key);
        }
        // What has a worst case names it, so that a broken value cannot widen anything.
        if line.key.starts_with("allow")
            || line.key.starts_with("keep")
            || line.key.to_lowercase().contains("redaction")
        {
            assert!(line.broken.is_some(), "{}", line.key);
        }
    }
    // Nothing can be read that the table does not know.
    let all = serde_json::to_value(Settings { endpoints: Some(Default::default()), ..Settings::default() }).unwrap();
    for key in all.as_object().unwrap().keys() {
        assert!(keys.iter().any(|known| *known == key || known.starts_with(&format!("{key}."))), "{key}");
    }
}

#[test]
fn mandatory_policy_wins_over_the_user_and_the_user_over_a_recommendation() {
    let settings = read(&[
        ("user.json", r#"{"app":"mine","language":"ja","microsoftTenant":"user.example"}"#),
        ("policies/recommended/10.json", r#"{"app":"recommended","helpdeskAddress":"it@contoso.example"}"#),
        ("policies/managed/10.json", r#"{"microsoftTenant":"first.example","proxy":"http://proxy.example:1"}"#),
        ("policies/managed/20.json", r#"{"microsoftTenant":"contoso.example"}"#),
        ("policies/managed/30.txt", r#"{"microsoftTenant":"no.example"}"#),
    ]);
    let resolved = settings.resolved();
    assert_eq!(resolved.app.value.as_deref(), Some("mine"));
    assert_eq!(resolved.app.origin, Origin::User);
    assert_eq!(resolved.helpdesk_address.origin, Origin::RecommendedPolicy);
    assert_eq!(resolved.microsoft_tenant.value.as_deref(), Some("contoso.example"), "the last file by name counts");
    assert_eq!(resolved.microsoft_tenant.origin, Origin::MandatoryPolicy);
    assert_eq!(resolved.proxy.value.as_deref(), Some("http://proxy.example:1"), "files are merged");
    assert!(settings.places["microsoftTenant"].ends_with("20.json"));
    assert_eq!((resolved.sign_in_seconds.value, resolved.sign_in_seconds.origin), (300, Origin::BuiltIn));
    assert!(settings.problems.is_empty(), "{:?}", settings.problems);
}

#[test]
fn addresses_are_merged_one_by_one_nested_or_with_dots() {
    let settings = read(&[
        (
            "user.json",
            r#"{"endpoints":{"microsoft":{"login":"https://user.example","graph":"https://graph.example"}}}"#,
        ),
        ("policies/managed/1.json", r#"{"endpoints.microsoft.login":"https://login.example"}"#),
    ]);
    let resolved = settings.resolved();
    assert_eq!(resolved.endpoints.value.microsoft.login.as_deref(), Some("https://login.example"));
    assert_eq!(resolved.endpoints.value.microsoft.graph.as_deref(), Some("https://graph.example"));
    assert_eq!(resolved.endpoints.origin, Origin::MandatoryPolicy);
    assert_eq!(settings.origin("endpoints.microsoft.graph"), Some(Origin::User));
}

#[test]
fn a_broken_value_is_reported_and_ignored_and_the_rest_stays() {
    let settings = read(&[(
        "user.json",
        r#"{"$comment":"x","//":"y","schema":1,"keepSignIn":"maybe","nonsense":1,"dnsServer":"dns","signInSeconds":1,
            "helpdeskUrl":"javascript:alert(1)","helpdeskAddress":"nobody","app":"hubspot","appFiles":["a.toml",7]}"#,
    )]);
    assert_eq!(settings.values.app.as_deref(), Some("hubspot"));
    assert_eq!(settings.values.keep_sign_in, Some(false), "what is not understood keeps nothing");
    assert_eq!(settings.values.app_files, ["a.toml"], "the good entries of a list stay");
    let keys: Vec<_> = settings.problems.iter().filter_map(|problem| problem.key.as_deref()).collect();
    let wanted = ["keepSignIn", "nonsense", "dnsServer", "signInSeconds", "helpdeskUrl", "helpdeskAddress", "appFiles"];
    assert_eq!(keys, wanted);
}

#[test]
fn a_broken_policy_never_widens_what_is_allowed() {
    let wide = r#"{"allowWriteTest":true,"allowAdminCheck":true,"keepSignIn":true,"keepHistory":true,
        "redaction":"secrets","microsoftTenant":"user.example","allowedApps":["hubspot"]}"#;
    for managed in [
        r#"{"allowWriteTest":"flase","allowAdminCheck":0,"keepSignIn":{"a":1},"keepHistory":[],"redaction":"nmes",
            "microsoftTenant":"a b","allowedProviders":["microsft"],"allowedApps":"hubspot"}"#,
        r#"{"microsoftTenant":"", "allowedProviders":"none", "allowedApps":{}, "allowWriteTest":{},
            "allowAdminCheck":"", "keepSignIn":2, "keepHistory":"off", "redaction":false}"#,
    ] {
        let settings = read(&[("user.json", wide), ("policies/managed/1.json", managed)]);
        let values = &settings.values;
        assert_eq!(values.allow_write_test, Some(false), "{managed}");
        assert_eq!(values.allow_admin_check, Some(false));
        assert_eq!((values.keep_sign_in, values.keep_history), (Some(false), Some(false)));
        assert_eq!(values.redaction, Some(RedactionLevel::Everything));
        assert_eq!(values.allowed_providers.as_deref(), Some(&[][..]));
        assert_eq!(values.allowed_apps.as_deref(), Some(&[][..]));
        assert_eq!(values.microsoft_tenant, None, "the user's value does not take the place of the broken one");
        assert!(settings.is_locked("microsoftTenant") && settings.is_locked("redaction"));
        assert_eq!(settings.problems.len(), 8, "{:#?}", settings.problems);
    }
    let partly = read(&[("policies/managed/1.json", r#"{"allowedProviders":["google","yahoo"]}"#)]);
    assert_eq!(partly.values.allowed_providers, Some(vec![SignInProvider::Google]));
    let earlier = read(&[
        ("policies/managed/1.json", r#"{"redaction":"names","microsoftTenant":"contoso.example"}"#),
        ("policies/managed/2.json", r#"{"redaction":7,"microsoftTenant":7}"#),
    ]);
    assert_eq!(earlier.values.redaction, Some(RedactionLevel::Names), "the good value of an earlier file stays");
    assert_eq!(earlier.values.microsoft_tenant.as_deref(), Some("contoso.example"));
}

#[test]
fn a_policy_file_that_cannot_be_read_closes_what_it_might_have_closed() {
    for torn in [r#"{"allowWriteTest":false,"#, "[]", "\u{0}"] {
        let settings = read(&[
            ("user.json", r#"{"allowWriteTest":true,"app":"mine"}"#),
            ("policies/managed/1.json", r#"{"keepHistory":true}"#),
            ("policies/managed/2.json", torn),
        ]);
        assert_eq!(settings.values.allow_write_test, Some(false));
        assert_eq!(settings.values.keep_history, Some(true), "what another mandatory file says, holds");
        assert_eq!(settings.values.app.as_deref(), Some("mine"));
        assert_eq!(settings.problems.len(), 1);
    }
}

#[test]
fn a_torn_file_of_the_user_loses_nothing_else() {
    let settings = read(&[("user.json", r#"{"app":"hub"#), ("policies/managed/1.json", r#"{"language":"ja"}"#)]);
    assert_eq!(settings.problems.len(), 1);
    assert_eq!(settings.values.language, Some(Language::Ja));
    assert_eq!(settings.values.allow_write_test, None);
}

#[test]
fn what_only_policy_may_set_is_ignored_in_the_users_file_and_the_other_way_round() {
    let settings = read(&[
        ("user.json", r#"{"handoverCollector":"https://evil.example","theme":"dark"}"#),
        ("policies/managed/1.json", r#"{"theme":"light","updateCheck":true}"#),
    ]);
    let resolved = settings.resolved();
    assert_eq!(resolved.handover_collector.value, None);
    assert_eq!((resolved.theme.value, resolved.theme.origin), (inbox_model::Theme::Dark, Origin::User));
    assert!(!resolved.update_check.value);
    assert_eq!(settings.problems.len(), 3, "{:?}", settings.problems);
}

#[test]
fn rows_show_value_origin_place_and_lock_and_no_secret() {
    let settings = read(&[
        ("user.json", r#"{"googleClientSecret":"canary-secret","keepHistory":false,"dnsServer":"x"}"#),
        ("policies/managed/1.json", r#"{"helpdeskAddress":"it@contoso.example","handoverToken":"canary-token"}"#),
    ]);
    let rows = settings.rows(Language::Ja);
    assert_eq!(rows.len(), definitions().len());
    let row = |key: &str| rows.iter().find(|row| row.key == key).unwrap();
    assert!(row("helpdeskAddress").locked && !row("helpdeskAddress").changeable);
    assert!(row("helpdeskAddress").place.as_deref().unwrap().ends_with("1.json"));
    assert_eq!(row("keepHistory").value, false);
    assert!(row("keepHistory").changeable);
    assert_eq!((row("keepSignIn").value.clone(), row("keepSignIn").origin), (json!(true), Origin::BuiltIn));
    assert_eq!(row("dnsServer").problems.len(), 1);
    assert_eq!(row("language").title, "言語");
    assert_eq!(row("handoverToken").value, "***");
    let seen = format!("{rows:?} {settings:?} {:?}", settings.resolved());
    assert!(!seen.contains("canary"), "{seen}");
}

mod preferences_of_macos {
    use super::*;

    fn list(body: &str) -> String {
        format!(r#"<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>{body}</dict></plist>"#)
    }

    fn read(person: &str, machine: &str) -> SettingsInForce {
        let folder = folder_with(&[
            ("user.json", r#"{"language":"en","microsoftTenant":"user.example"}"#),
            ("person.plist", person),
            ("machine.plist", machine),
        ]);
        let sources = SettingsSources {
            preferences: [Some(folder.path().join("person.plist")), Some(folder.path().join("machine.plist"))],
            ..sources(&folder)
        };
        SettingsInForce::read(&sources).unwrap()
    }

    #[test]
    fn mandatory_and_recommended_values_of_person_and_computer_are_merged() {
        let person = list(
            "<key>microsoftTenant</key><string>person.example</string><key>helpdeskName</key><string>Desk</string>
             <key>trustedRootFiles</key><array><string>/x.pem</string></array>
             <key>Recommended</key><dict><key>language</key><string>ja</string><key>app</key><string>hubspot</string></dict>",
        );
        let machine = list(
            "<key>microsoftTenant</key><string>machine.example</string><key>allowWriteTest</key><false/>
             <key>signInSeconds</key><integer>60</integer><key>PayloadUUID</key><string>x</string>
             <key>allowedApps</key><array><string>hubspot</string></array>
             <key>endpoints</key><dict><key>microsoft</key><dict><key>login</key><string>https://l.example</string></dict></dict>
             <key>keepHistory</key><real>0.5</real>",
        );
        let settings = read(&person, &machine);
        let resolved = settings.resolved();
        assert_eq!(resolved.microsoft_tenant.value.as_deref(), Some("machine.example"));
        assert_eq!(resolved.helpdesk_name.origin, Origin::MandatoryPolicy);
        assert_eq!((resolved.language.value, resolved.language.origin), (Some(Language::En), Origin::User));
        assert_eq!(resolved.app.origin, Origin::RecommendedPolicy);
        assert_eq!((resolved.allow_write_test.value, resolved.sign_in_seconds.value), (false, 60));
        assert_eq!(resolved.allowed_apps.value, Some(vec!["hubspot".to_owned()]));
        assert_eq!(resolved.endpoints.value.microsoft.login.as_deref(), Some("https://l.example"));
        assert!(!resolved.keep_history.value, "a fraction is broken");
        let keys: Vec<_> = settings.problems.iter().filter_map(|problem| problem.key.as_deref()).collect();
        assert_eq!(keys, ["trustedRootFiles", "keepHistory"], "roots are for the whole computer");
    }

    #[test]
    fn a_binary_list_is_read_and_a_torn_one_closes() {
        let mut bytes = Vec::new();
        let dictionary: plist::Dictionary = [("language".to_owned(), plist::Value::from("ja"))].into_iter().collect();
        plist::Value::Dictionary(dictionary).to_writer_binary(&mut bytes).unwrap();
        let folder = folder_with(&[]);
        std::fs::write(folder.path().join("a.plist"), &bytes).unwrap();
        let preferences = [None, Some(folder.path().join("a.plist"))];
        let sources = SettingsSources { preferences, ..SettingsSources::default() };
        assert_eq!(SettingsInForce::read(&sources).unwrap().values.language, Some(Language::Ja));
        std::fs::write(folder.path().join("a.plist"), &bytes[..20]).unwrap();
        let torn = SettingsInForce::read(&sources).unwrap();
        assert_eq!(torn.values.allow_write_test, Some(false));
        assert!(!torn.problems.is_empty());
    }
}

mod changes {
    use super::*;

    fn text(folder: &tempfile::TempDir) -> String {
        std::fs::read_to_string(folder.path().join("user.json")).unwrap()
    }

    #[test]
    fn setting_one_value_keeps_the_others_comments_and_unknown_keys_in_place() {
        let before = r#"{"$comment":"mine","future":{"a":[1]},"app":"hubspot","endpoints":{"google":{"x":1}}}"#;
        let folder = folder_with(&[("user.json", before)]);
        let sources = sources(&folder);
        assert!(change_user_setting(&sources, "language", Some("ja".into())).unwrap().written);
        let login = "https://login.example";
        change_user_setting(&sources, "endpoints.microsoft.login", Some(login.into())).unwrap();
        let settings = SettingsInForce::read(&sources).unwrap();
        assert_eq!(settings.values.language, Some(Language::Ja));
        assert_eq!(settings.values.app.as_deref(), Some("hubspot"));
        assert_eq!(settings.values.endpoints.unwrap().microsoft.login.as_deref(), Some(login));
        change_user_setting(&sources, "language", None).unwrap();
        change_user_setting(&sources, "endpoints.microsoft.login", None).unwrap();
        let (after, before): (Value, Value) =
            (serde_json::from_str(&text(&folder)).unwrap(), serde_json::from_str(before).unwrap());
        let mut wanted = before;
        wanted["endpoints"]["microsoft"] = json!({});
        assert_eq!(after, wanted);
        assert!(text(&folder).trim_start().starts_with("{\n  \"$comment\""), "the order stays");
    }

    #[test]
    fn what_is_not_allowed_changes_nothing() {
        let folder = folder_with(&[
            ("user.json", r#"{"app":"hubspot"}"#),
            ("policies/managed/1.json", r#"{"language":"ja","microsoftTenant":7}"#),
        ]);
        let sources = sources(&folder);
        let change = |key: &str, value: Value| change_user_setting(&sources, key, Some(value)).unwrap_err();
        assert!(matches!(change("language", "en".into()), SettingsError::Locked { .. }));
        assert!(matches!(change("microsoftTenant", "x.example".into()), SettingsError::Locked { .. }));
        assert!(matches!(change("theme", "xx".into()), SettingsError::NotAllowed { .. }));
        assert!(matches!(change("nonsense", 1.into()), SettingsError::NotAllowed { .. }));
        assert!(matches!(change("handoverFolder", "/x".into()), SettingsError::NotAllowed { .. }));
        assert!(matches!(change("appFiles", json!(["a", 1])), SettingsError::NotAllowed { .. }));
        assert!(matches!(change_user_setting(&sources, "language", None).unwrap_err(), SettingsError::Locked { .. }));
        assert_eq!(text(&folder), r#"{"app":"hubspot"}"#);
    }

    #[test]
    fn a_file_of_a_newer_version_is_read_as_far_as_it_is_known_and_never_written() {
        let newer = r#"{"schema":2,"app":"hubspot","brandNew":{"x":1}}"#;
        let folder = folder_with(&[("user.json", newer)]);
        let sources = sources(&folder);
        let settings = SettingsInForce::read(&sources).unwrap();
        assert_eq!(settings.values.app.as_deref(), Some("hubspot"));
        let refused = change_user_setting(&sources, "app", Some("other".into())).unwrap_err();
        assert!(matches!(refused, SettingsError::Newer { .. }));
        assert_eq!(text(&folder), newer);
    }

    #[test]
    fn a_torn_file_is_kept_aside_and_said_so() {
        let folder = folder_with(&[("user.json", r#"{"app":"hub"#)]);
        let sources = sources(&folder);
        let changed = change_user_setting(&sources, "theme", Some("dark".into())).unwrap();
        let aside = changed.kept_aside.unwrap();
        assert_eq!(std::fs::read_to_string(&aside).unwrap(), r#"{"app":"hub"#);
        std::fs::write(folder.path().join("user.json"), b"\xff\xfe").unwrap();
        let second = change_user_setting(&sources, "theme", Some("dark".into())).unwrap().kept_aside.unwrap();
        assert_ne!(aside, second, "an earlier one is not overwritten");
    }

    #[test]
    fn a_named_settings_file_is_left_alone() {
        let folder = folder_with(&[("named.json", "{}")]);
        let sources = SettingsSources { instead_of_user: Some(folder.path().join("named.json")), ..sources(&folder) };
        assert!(!change_user_setting(&sources, "theme", Some("dark".into())).unwrap().written);
        assert!(!folder.path().join("user.json").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = folder_with(&[("dotfiles/real.json", "{}")]);
        std::os::unix::fs::symlink(folder.path().join("dotfiles/real.json"), folder.path().join("user.json")).unwrap();
        change_user_setting(&sources(&folder), "theme", Some("dark".into())).unwrap();
        assert!(folder.path().join("user.json").is_symlink());
        assert!(std::fs::read_to_string(folder.path().join("dotfiles/real.json")).unwrap().contains("dark"));
    }

    #[test]
    fn changes_at_the_same_time_lose_nothing() {
        let folder = folder_with(&[]);
        let sources = sources(&folder);
        let keys = ["helpdeskName", "helpdeskAddress", "app", "proxy", "dnsServer", "microsoftTenant"];
        std::thread::scope(|scope| {
            for key in keys {
                let sources = &sources;
                scope.spawn(move || {
                    let value = definition(key).unwrap().example.clone();
                    change_user_setting(sources, key, value).unwrap();
                });
            }
        });
        let settings = SettingsInForce::read(&sources).unwrap();
        assert!(keys.iter().all(|key| settings.origin(key) == Some(Origin::User)), "{}", text(&folder));
    }
}
