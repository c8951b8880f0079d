//! What single findings read like: dates, narrower cases, links, snapshots.

use super::*;

fn with_parameters(mut finding: Finding, parameters: &[(&str, &str)]) -> Finding {
    finding.parameters.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    finding
}

#[test]
fn dated_statements_follow_the_day() {
    let finding = finding(Cause::ConsentAdminRequired, "");
    let on = |year, month, day| {
        let context = ExplainContext { today: date(year, month, day), ..context("hubspot", None, None) };
        explain(&finding, &context, Language::En).dated
    };
    assert_eq!(on(2025, 11, 29).len(), 0);
    assert_eq!(on(2025, 11, 30).len(), 1);
    assert!(on(2025, 11, 30)[0].contains("November 2025"));
    assert_eq!(on(2026, 3, 2).len(), 1);
    assert_eq!(on(2026, 5, 31).len(), 2);
    assert!(on(2026, 7, 10)[2].contains("these weeks"));
    assert!(on(2026, 7, 11)[2].contains("In June and July 2026"));
    assert_eq!(on(2026, 11, 24).len(), 3);
}

#[test]
fn first_and_last_day_count() {
    let row = |from: Option<&str>, to: Option<&str>| DatedWords {
        id: "x".to_owned(),
        text: "x".to_owned(),
        valid_from: from.map(|day| day.parse().unwrap()),
        valid_to: to.map(|day| day.parse().unwrap()),
        checked_on: date(2026, 11, 24),
        source: "https://example.com".to_owned(),
    };
    let both = row(Some("2026-01-01"), Some("2026-12-31"));
    for (day, holds) in [("2025-12-31", false), ("2026-01-01", true), ("2026-12-31", true), ("2027-01-01", false)] {
        assert_eq!(both.holds_on(day.parse().unwrap()), holds, "{day}");
    }
    assert!(row(None, None).holds_on(date(1999, 1, 1)) && row(None, Some("2026-01-01")).holds_on(date(1999, 1, 1)));
}

#[test]
fn dated_statements_say_where_and_when_they_were_read() {
    for cause in written() {
        for language in Language::ALL {
            for (case, words) in cases(&read(cause, *language)) {
                for row in &words.dated {
                    let place = format!("{cause} {case} {}", row.id);
                    assert!(row.source.starts_with("https://"), "{place}");
                    assert!(row.checked_on >= date(2026, 11, 1), "{place}");
                    assert!(row.valid_from.zip(row.valid_to).is_none_or(|(first, last)| first <= last), "{place}");
                }
            }
        }
    }
}

#[test]
fn unknown_case_reads_like_the_cause() {
    let context = context("hubspot", None, None);
    let plain = explain(&finding(Cause::MfaRequired, ""), &context, Language::En);
    assert_eq!(explain(&finding(Cause::MfaRequired, "aadsts-1"), &context, Language::En), plain);
}

#[test]
fn case_replaces_what_it_gives_and_inherits_the_rest() {
    let context = context("hubspot", None, None);
    let plain = explain(&finding(Cause::ConsentAdminRequired, ""), &context, Language::En);
    let narrow = explain(&finding(Cause::ConsentAdminRequired, "request-possible"), &context, Language::En);
    assert_ne!(plain.title, narrow.title);
    assert_ne!(plain.you_can_do, narrow.you_can_do);
    assert_eq!(plain.fixer_steps, narrow.fixer_steps);
    assert_eq!(plain.message, narrow.message);
}

#[test]
fn refusal_of_the_own_registration_is_not_told_as_the_apps() {
    let address = address();
    let context = context("hubspot", Some(&address), None);
    for cause in [
        Cause::ConsentAdminRequired,
        Cause::ConsentPending,
        Cause::ConsentUserNeeded,
        Cause::ConsentDeclined,
        Cause::UserNotAssigned,
        Cause::AppNotInTenant,
        Cause::AppDisabled,
        Cause::AppMisconfigured,
        Cause::AppUnverified,
        Cause::AppBlockedByAdmin,
        Cause::AdvancedProtection,
    ] {
        let own = with_parameters(finding(cause, "request-possible"), &[("met_by", "inbox-doctor")]);
        for language in Language::ALL {
            let words = explain(&own, &context, *language);
            assert!(words.what_happened.contains("Inbox Doctor") || words.title.contains("Inbox Doctor"), "{cause}");
            assert_ne!(words, explain(&finding(cause, ""), &context, *language), "{cause}");
            if let Some(message) = &words.message {
                let apart = message.body.contains("Inbox Doctor")
                    || cause == Cause::ConsentDeclined
                    || cause == Cause::AdvancedProtection;
                assert!(apart, "{cause}: {}", message.body);
            }
        }
    }
}

#[test]
fn fixer_is_whom_the_words_name() {
    assert_eq!(fixer(&finding(Cause::InteractionRequired, "")), Fixer::You);
    assert_eq!(fixer(&finding(Cause::InteractionRequired, "assignment")), Fixer::Admin);
    assert_eq!(fixer(&finding(Cause::InteractionRequired, "no-such-case")), Fixer::You);
    let own = with_parameters(finding(Cause::AppMisconfigured, ""), &[("met_by", "inbox-doctor")]);
    assert_eq!(fixer(&own), Fixer::Admin);
    let mut judged = finding(Cause::InteractionRequired, "assignment");
    judged.fixer = Fixer::Vendor;
    assert_eq!(fixer(&judged), Fixer::Vendor, "a judgement on the facts comes first");
}

#[test]
fn unknown_says_what_is_known() {
    let context = context("hubspot", None, None);
    let title = |finding: &Finding| explain(finding, &context, Language::En).title;
    let mut coded = finding(Cause::Unknown, "");
    coded.codes = vec!["AADSTS7777777".to_owned()];
    let words = explain(&coded, &context, Language::En);
    assert_eq!(words.title, "The code in this message is not one we know");
    assert!(words.what_happened.contains("AADSTS7777777"));
    assert_eq!(
        words.you_can_do[0].link.as_ref().map(|link| link.url.as_str()),
        Some("https://login.microsoftonline.com/error?code=7777777")
    );
    assert_eq!(title(&finding(Cause::Unknown, "")), "Nothing in this text tells the cause");
    let mut examined = finding(Cause::Unknown, "");
    examined.evidence = vec!["o3".to_owned()];
    assert_eq!(title(&examined), "We could not tell the cause");
}

#[test]
fn each_code_has_its_look_up_link_and_each_address_stands_once() {
    let context = context("hubspot", None, None);
    let mut finding = finding(Cause::UserNotAssigned, "");
    finding.codes = vec!["AADSTS50105".to_owned(), "interaction_required".to_owned(), "aadsts501051".to_owned()];
    let links = explain(&finding, &context, Language::Ja).links;
    let codes: Vec<&str> = links.iter().filter(|link| link.kind == "provider-code").map(|link| &*link.url).collect();
    assert_eq!(
        codes,
        ["https://login.microsoftonline.com/error?code=50105", "https://login.microsoftonline.com/error?code=501051"]
    );
    let urls: BTreeSet<&str> = links.iter().map(|link| &*link.url).collect();
    assert_eq!(urls.len(), links.len());
    assert_eq!(links[0].kind, "admin-consent");
    let article = links.iter().find(|link| link.kind == "vendor-article").unwrap();
    assert!(article.url.contains("/ja/"), "{}", article.url);
}

#[test]
fn consent_link_is_that_of_the_organisation() {
    let (address, tenant) = (address(), tenant());
    let consent = |context: &ExplainContext<'_>| {
        explain(&finding(Cause::ConsentAdminRequired, ""), context, Language::En).links[0].url.clone()
    };
    assert!(
        consent(&context("hubspot", Some(&address), Some(&tenant))).contains(&format!("/{}/adminconsent", tenant.id))
    );
    assert!(consent(&context("hubspot", Some(&address), None)).contains("/contoso.example/adminconsent"));
    assert!(consent(&context("hubspot", None, None)).contains("/organizations/adminconsent"));
    let practice = ExplainContext { login: Some("http://127.0.0.1:8400"), ..context("hubspot", Some(&address), None) };
    assert!(consent(&practice).starts_with("http://127.0.0.1:8400/contoso.example/"));
    let china = Tenant { cloud: Cloud::China, ..tenant };
    let words =
        explain(&finding(Cause::ConsentAdminRequired, ""), &context("hubspot", None, Some(&china)), Language::En);
    assert!(words.links[0].url.starts_with("https://login.partner.microsoftonline.cn/"));
    assert!(words.links.iter().all(|link| !link.url.contains("entra.microsoft.com")), "the worldwide admin center");
}

#[test]
fn google_account_is_sent_to_google() {
    let context = context("hubspot", None, None);
    let at = |provider: &str| {
        let finding = with_parameters(finding(Cause::WrongPassword, ""), &[("provider", provider)]);
        let words = explain(&finding, &context, Language::En);
        words.you_can_do.iter().find_map(|step| step.link.clone()).unwrap().url
    };
    assert_eq!(at("Google Workspace"), "https://accounts.google.com/signin/recovery");
    assert_eq!(at("Microsoft 365"), "https://passwordreset.microsoftonline.com/");
}

#[test]
fn any_other_app_gets_words_without_its_ids() {
    let address = address();
    let words =
        explain(&finding(Cause::ConsentAdminRequired, ""), &context("other", Some(&address), None), Language::En);
    assert!(words.title.starts_with("contoso.example wants an administrator to approve the app"), "{}", words.title);
    assert!(words.links.iter().all(|link| !link.kind.starts_with("admin-consent")));
    let message = words.message.unwrap();
    assert!(!message.body.contains("open this link"), "{}", message.body);
    assert!(message.body.contains("(ask the app's vendor for it)"), "{}", message.body);
    let nobody = explain(&finding(Cause::ConsentAdminRequired, ""), &context("other", None, None), Language::Ja);
    assert_eq!(nobody.title, "お客様の組織では、連携先のアプリを利用する前に管理者の承認が必要です");
}

#[test]
fn phrase_at_the_beginning_of_a_sentence_has_a_capital() {
    let words = explain(&finding(Cause::ConsentAdminRequired, ""), &context("hubspot", None, None), Language::En);
    assert!(words.title.starts_with("Your organisation wants"), "{}", words.title);
    assert!(words.why.starts_with("Your organisation only lets"), "{}", words.why);
}

#[test]
fn message_goes_to_the_helpdesk_unless_the_vendor_mends_it() {
    let context = ExplainContext { helpdesk: Some("it@contoso.example"), ..context("hubspot", None, None) };
    let to = |cause| message(&finding(cause, ""), &context, Language::Ja).unwrap().to;
    assert_eq!(to(Cause::ConsentAdminRequired).as_deref(), Some("it@contoso.example"));
    assert_eq!(to(Cause::AppMisconfigured), None);
    let own = with_parameters(finding(Cause::AppMisconfigured, ""), &[("met_by", "inbox-doctor")]);
    assert_eq!(message(&own, &context, Language::En).unwrap().to.as_deref(), Some("it@contoso.example"));
    assert_eq!(message(&finding(Cause::WrongPassword, ""), &context, Language::En), None);
}

#[test]
fn message_holds_everything_that_it_will_ask_for() {
    let (address, tenant) = (address(), tenant());
    let context = context("hubspot", Some(&address), Some(&tenant));
    let mut finding = with_parameters(
        finding(Cause::ConsentAdminRequired, ""),
        &[("correlation-id", "c0ffee00-0000-4000-8000-000000000001"), ("timestamp", "2026-11-24 01:02:03Z")],
    );
    finding.codes = vec!["AADSTS90094".to_owned()];
    for language in Language::ALL {
        let body = message(&finding, &context, *language).unwrap().body;
        for part in [
            "ana@contoso.example",
            "HubSpot Sales",
            "HubSpot, Inc.",
            "450987b3-a09a-4f14-9b2c-4f301d1e15f5",
            "Mail.ReadWrite, Mail.Send, Calendars.Read, Calendars.ReadWrite",
            "https://login.microsoftonline.com/6f2b3c4d-0000-4000-8000-00000000abcd/adminconsent?client_id=",
            "/v2.0/adminconsent?",
            "AADSTS90094",
            "timestamp 2026-11-24 01:02:03Z, correlation-id c0ffee00-0000-4000-8000-000000000001",
        ] {
            assert!(body.contains(part), "{} {part}: {body}", language.tag());
        }
    }
}

#[test]
fn ids_of_a_pasted_page_reach_the_message() {
    let text = "AADSTS50105: Your administrator has configured the application to block users. \
        Trace ID: 11111111-2222-4333-8444-555555555555 Correlation ID: 66666666-7777-4888-8999-000000000000 \
        Timestamp: 2026-11-24 01:02:03Z";
    let said = crate::recognise(text, &crate::TextContext { today: date(2026, 11, 24), domain: None, app: None });
    let body = message(&said.findings[0], &context("hubspot", None, None), Language::En).unwrap().body;
    for part in ["66666666-7777-4888-8999-000000000000", "11111111-2222-4333-8444-555555555555", "2026-11-24 01:02:03Z"]
    {
        assert!(body.contains(part), "{part}: {body}");
    }
}

#[test]
fn values_from_a_text_stay_on_their_line() {
    let context = context("hubspot", None, None);
    let finding = with_parameters(
        finding(Cause::WrongOrganisation, "wrong-account"),
        &[("other", "eve@x.example\r\nBcc: all@x.example\u{7} {consent_link}")],
    );
    let words = explain(&finding, &context, Language::En);
    assert!(words.what_happened.contains("eve@x.example Bcc: all@x.example consent_link"), "{}", words.what_happened);
}

#[test]
fn only_listed_https_addresses_may_be_opened() {
    for url in [
        "https://login.microsoftonline.com/contoso.example/adminconsent?client_id=x",
        "https://login.partner.microsoftonline.cn/error?code=1",
        "https://login.microsoftonline.us/organizations/adminconsent",
        "https://entra.microsoft.com/",
        "https://knowledge.hubspot.com/ja/x",
        "https://admin.google.com/ac/users",
    ] {
        assert!(crate::is_allowed_link(url), "{url}");
    }
    for url in [
        "http://login.microsoftonline.com/",
        "https://login.microsoftonline.com.evil.example/",
        "https://login.microsoftonline.com@evil.example/",
        "https://user@login.microsoftonline.com/",
        "https://login.microsoftonline.com:8443/",
        "https://evil.example/?login.microsoftonline.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:it@contoso.example",
        "ms-settings:defaultapps",
        "//login.microsoftonline.com/",
        "",
    ] {
        assert!(!crate::is_allowed_link(url), "{url}");
    }
}

#[test]
fn login_of_the_settings_may_be_opened_only_where_it_is_safe() {
    let app = builtin_app("hubspot").unwrap();
    let allowed = |url: &str, login: &str| crate::is_allowed_link_for(url, app, Some(login));
    assert!(allowed("http://127.0.0.1:8400/x/adminconsent", "http://127.0.0.1:8400"));
    assert!(allowed("http://localhost:8400/x", "http://localhost:8400/"));
    assert!(allowed("https://login.contoso.example/x", "https://login.contoso.example"));
    assert!(!allowed("http://127.0.0.1:8401/x", "http://127.0.0.1:8400"));
    assert!(!allowed("http://login.contoso.example/x", "http://login.contoso.example"));
    assert!(!allowed("http://127.0.0.1:8400@evil.example/", "http://127.0.0.1:8400"));
    let mut own = app.clone();
    own.links[0].url.insert("en".to_owned(), "https://help.own.example/a".to_owned());
    assert!(crate::is_allowed_link_for("https://help.own.example/b", &own, None));
    assert!(!crate::is_allowed_link_for("https://help.own.example/b", app, None));
}

#[test]
fn narrower_cases_that_rules_name_have_words() {
    let has = |cause: Cause, case: &str| read(cause, Language::En).variant.contains_key(case);
    let rules: toml::Table = include_str!("../../../data/rules/diagnose.toml").parse().unwrap();
    let mut checked = 0;
    for rule in rules["rule"].as_array().unwrap() {
        if let Some(case) = rule.get("variant").and_then(|case| case.as_str()) {
            let cause = Cause::from_id(rule["cause"].as_str().unwrap()).unwrap();
            assert!(has(cause, case), "{cause} {case}");
            checked += 1;
        }
    }
    assert!(checked > 5, "the rules are read in the wrong way");
    // A case that is named in the code stands beside its cause there; which one cannot be read from the text.
    let every: BTreeSet<String> = written().flat_map(|cause| read(cause, Language::En).variant.into_keys()).collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnose");
    for entry in std::fs::read_dir(folder).unwrap() {
        let Ok(source) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
        for part in source.split(".variant(\"").skip(1) {
            let case = part.split('"').next().unwrap();
            assert!(every.contains(case), "`{case}` has no words");
        }
    }
}

#[test]
fn three_explanations_read_like_this() {
    let (address, tenant) = (address(), tenant());
    let context = context("hubspot", Some(&address), Some(&tenant));
    let mut approval = finding(Cause::ConsentAdminRequired, "");
    approval.codes = vec!["AADSTS90094".to_owned()];
    let mut assignment = finding(Cause::UserNotAssigned, "");
    assignment.codes = vec!["AADSTS50105".to_owned()];
    for (name, finding) in [
        ("approval", approval),
        ("assignment", assignment),
        ("wrong-account-type", finding(Cause::WrongAccountType, "")),
    ] {
        for language in Language::ALL {
            let words = explain(&finding, &context, *language);
            insta::assert_json_snapshot!(format!("{name}-{}", language.tag()), words);
        }
    }
}

#[test]
fn committed_pages_are_current() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/causes");
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut expected = BTreeSet::new();
    for cause in written() {
        let name = format!("{cause}.md");
        let page = crate::cause_page(cause);
        let path = folder.join(&name);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &page).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == page,
            "docs/causes/{name} is not current: run UPDATE_DOCS=1 cargo test -p inbox-catalogue"
        );
        expected.insert(name);
    }
    let found: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(found, expected, "pages of causes that do not exist");
}
