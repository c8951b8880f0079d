//! What each setting does, set by policy where a policy can set it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

mod support;

use std::path::Path;

use inbox_engine::{Engine, EngineError, ReportFormat, SettingsSources};
use inbox_model::{
    Cloud, Examination, Language, LogLevel, Outcome, RedactionLevel, SignInProvider, SkipReason, Verdict,
};
use serde_json::{Value, json};
use support::bench;

/// An engine under these mandatory policies, and these settings of the user.
fn under(managed: Value, user: Value) -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("policies/managed")).unwrap();
    std::fs::write(folder.path().join("policies/managed/1.json"), managed.to_string()).unwrap();
    std::fs::write(folder.path().join("user.json"), user.to_string()).unwrap();
    let engine = Engine::start(&SettingsSources {
        user: Some(folder.path().join("user.json")),
        policies: Some(folder.path().join("policies")),
        state: Some(folder.path().join("state")),
        ..SettingsSources::default()
    })
    .unwrap();
    (folder, engine)
}

fn explained(engine: &Engine, text: &str, language: Language) -> inbox_model::ExplainedFinding {
    let app = engine.app(None).unwrap().clone();
    engine.explain_text(text, &app, None, language).unwrap().findings.remove(0)
}

const APPROVAL: &str = "AADSTS90094: The grant requires admin permission.";

fn examination(engine: &Engine) -> Examination {
    let app = engine.app(None).unwrap();
    serde_json::from_value(json!({
        "schema": 1, "id": "0".repeat(32), "program": "0", "catalogue": "2026-01-01",
        "started": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:00:01Z", "address": "ana@contoso.example",
        "app": {"id": app.id, "name": app.name}, "redaction": "secrets", "verdict": "blocked", "suppressed": [], "steps": [],
        "findings": [explained(engine, APPROVAL, Language::En)], "language": "en", "discovery": null, "account": null,
        "observations": []
    }))
    .unwrap()
}

#[test]
fn allowed_apps_leave_the_others_out_and_an_empty_list_leaves_none() {
    let file = r#"
        id = "our-crm"
        name = "Our CRM"
        publisher = "Contoso"
        checkedOn = "2026-01-01"
        sources = ["https://crm.contoso.example"]
    "#;
    let apps = tempfile::tempdir().unwrap();
    std::fs::write(apps.path().join("our-crm.toml"), file).unwrap();
    let files = json!([apps.path().join("our-crm.toml")]);
    // appFiles, app
    let (_folder, engine) = under(json!({"appFiles": files, "app": "our-crm"}), json!({}));
    assert_eq!(engine.problems(), []);
    assert_eq!(engine.app(None).unwrap().id, "our-crm");
    assert!(engine.app(Some("hubspot")).is_ok());
    // allowedApps
    let (_folder, engine) = under(json!({"appFiles": files, "allowedApps": ["our-crm", "nonsense"]}), json!({}));
    assert_eq!(engine.apps().len(), 1);
    assert!(matches!(engine.app(Some("hubspot")), Err(EngineError::Policy("allowedApps"))));
    assert_eq!(engine.problems().len(), 1, "a name that no app has is said");
    let (_folder, engine) = under(json!({"allowedApps": "hubspot"}), json!({"allowedApps": ["hubspot"]}));
    assert!(matches!(engine.app(None), Err(EngineError::Policy("allowedApps"))), "broken allows nothing");
}

#[tokio::test]
async fn allowed_providers_keep_the_program_from_signing_in_elsewhere() {
    let bench = bench(|settings| settings["allowedProviders"] = json!(["google"])).await;
    let (refused, _) = bench.check("works@contoso.example", None).await;
    assert_ne!(refused.verdict, Verdict::Works);
    let sign_in: Vec<_> = refused.observations.iter().filter(|seen| seen.probe == "sign-in-identity").collect();
    assert_eq!(sign_in.len(), 1);
    assert!(matches!(sign_in[0].outcome, Outcome::Skipped { because: SkipReason::Policy }));
    assert!(refused.discovery.is_some(), "what needs no sign-in is still found");
    let (allowed, _) = bench.check("works@fabrikam.example", None).await;
    assert_eq!(allowed.verdict, Verdict::Works);
    assert!(!bench.engine.may_sign_in(SignInProvider::Other));
}

#[tokio::test]
async fn the_write_test_is_refused_where_policy_does_not_allow_it() {
    let (_folder, engine) = under(json!({"allowWriteTest": false}), json!({"allowWriteTest": true}));
    let request = inbox_engine::CheckRequest {
        address: "works@contoso.example".to_owned(),
        app: None,
        language: Language::En,
        sign_in: false,
        write_test: true,
    };
    let watcher = support::Headless::new(None);
    let refused = engine.check(&request, &watcher, &tokio_util::sync::CancellationToken::new()).await;
    assert!(matches!(refused, Err(EngineError::Policy("allowWriteTest"))));
}

#[test]
fn a_mandatory_redaction_is_the_least_and_another_only_the_usual() {
    let (_folder, engine) = under(json!({"redaction": "names"}), json!({"redaction": "secrets"}));
    assert_eq!(engine.redaction(Some(RedactionLevel::Secrets)), RedactionLevel::Names);
    assert_eq!(engine.redaction(Some(RedactionLevel::Everything)), RedactionLevel::Everything);
    assert_eq!(engine.redaction(None), RedactionLevel::Names);
    let report = engine.report(&examination(&engine), ReportFormat::Json, Some(RedactionLevel::Secrets)).unwrap();
    assert!(!report.contains("ana@contoso.example"));
    let (_folder, engine) = under(json!({}), json!({"redaction": "everything"}));
    assert_eq!(engine.redaction(Some(RedactionLevel::Secrets)), RedactionLevel::Secrets);
    assert_eq!(engine.redaction(None), RedactionLevel::Everything);
}

#[test]
fn history_off_keeps_nothing_and_cannot_be_switched_on_again() {
    let (folder, engine) = under(json!({"keepHistory": false}), json!({"keepHistory": true}));
    engine.history().keep(&examination(&engine)).unwrap();
    assert!(engine.history().recent().is_empty());
    assert!(!folder.path().join("state/history").exists());
    let (folder, engine) = under(json!({}), json!({}));
    engine.history().keep(&examination(&engine)).unwrap();
    assert!(folder.path().join("state/history").exists(), "else this test could not fail");
}

#[test]
fn the_helpdesk_stands_in_messages_links_and_reports() {
    let (_folder, engine) = under(
        json!({
            "helpdeskName": "Contoso Service Desk", "helpdeskAddress": "it@contoso.example",
            "helpdeskUrl": "https://help.contoso.example/new", "helpdeskLanguage": "ja",
            "messageAddition": "Cost centre?", "messageAdditionJa": "部署名を記載してください。"
        }),
        json!({"helpdeskAddress": "evil@fabrikam.example"}),
    );
    let finding = explained(&engine, APPROVAL, Language::En);
    let message = finding.explanation.message.clone().unwrap();
    assert_eq!(message.to.as_deref(), Some("it@contoso.example"));
    assert_eq!(message.language, Language::Ja, "the helpdesk's language first");
    assert!(message.body.ends_with("\n\n部署名を記載してください。\n"));
    assert_eq!(finding.explanation.language, Language::En, "the window's words stay in its own");
    let link = finding.explanation.links.last().unwrap();
    assert_eq!((link.kind.as_str(), link.label.as_str()), ("helpdesk", "Contoso Service Desk"));
    assert!(
        engine.is_helpdesk_page(&link.url) && !engine.is_helpdesk_page("https://help.contoso.example.evil.example")
    );
    let app = engine.app(None).unwrap();
    let english = engine.message(&finding.finding, app, None, None, Language::En).unwrap();
    assert!(english.body.ends_with("\n\nCost centre?\n"));
    for (format, wanted) in [
        (ReportFormat::Html, "Contoso Service Desk · it@contoso.example · https://help.contoso.example/new"),
        (ReportFormat::Text, "Helpdesk: Contoso Service Desk · it@contoso.example"),
    ] {
        assert!(engine.report(&examination(&engine), format, None).unwrap().contains(wanted));
    }
    // The vendor's support does not sit at the helpdesk.
    let mut vendor = finding.finding;
    vendor.fixer = inbox_model::Fixer::Vendor;
    let message = engine.message(&vendor, app, None, None, Language::En);
    assert!(message.is_none_or(|message| !message.body.contains("Cost centre?") && message.to.is_none()));
}

#[test]
fn the_english_addition_serves_japanese_where_there_is_no_other() {
    let (_folder, engine) = under(json!({"messageAddition": "Cost centre?"}), json!({}));
    let finding = explained(&engine, APPROVAL, Language::Ja);
    assert!(finding.explanation.message.unwrap().body.ends_with("Cost centre?\n"));
}

#[test]
fn reports_bear_the_logo_and_go_to_the_folder() {
    let pictures = tempfile::tempdir().unwrap();
    let logo = pictures.path().join("logo.png");
    std::fs::write(&logo, b"\x89PNG\r\n\x1a\nrest").unwrap();
    let (_folder, engine) = under(json!({"reportLogo": logo, "reportFolder": pictures.path()}), json!({}));
    let page = engine.report(&examination(&engine), ReportFormat::Html, None).unwrap();
    assert!(page.contains("src=\"data:image/png;base64,iVBORw0KGgpyZXN0\""));
    assert!(page.contains("img-src data:"));
    assert_eq!(engine.report_path(Path::new("a.html")), pictures.path().join("a.html"));
    assert_eq!(engine.report_path(Path::new("./a.html")), Path::new("./a.html"), "a path that was named is kept");
    // What could hold a script is no logo, and the report is made without it.
    std::fs::write(&logo, "<svg onload='alert(1)'/>").unwrap();
    let page = engine.report(&examination(&engine), ReportFormat::Html, None).unwrap();
    assert!(!page.contains("<img") && !page.contains("svg"));
}

#[test]
fn a_mandatory_log_level_counts_more_than_the_wish_of_one_run() {
    let (_folder, engine) = under(json!({"logLevel": "error"}), json!({"logLevel": "trace"}));
    assert_eq!(engine.log_level(Some(LogLevel::Trace)), LogLevel::Error);
    let (_folder, engine) = under(json!({}), json!({"logLevel": "warn"}));
    assert_eq!(engine.log_level(None), LogLevel::Warn);
    assert_eq!(engine.log_level(Some(LogLevel::Debug)), LogLevel::Debug);
    let (_folder, engine) = under(json!({}), json!({}));
    assert_eq!(engine.log_level(None), LogLevel::Off);
}

#[test]
fn the_cloud_of_the_settings_is_asked_first() {
    let (_folder, engine) = under(json!({"microsoftCloud": "us-government"}), json!({"microsoftCloud": "china"}));
    assert_eq!(engine.home_cloud(), Cloud::UsGovernment);
    let app = engine.app(None).unwrap();
    let links = engine.consent_links(app, "contoso.example", engine.home_cloud()).unwrap();
    assert!(links.short.starts_with("https://login.microsoftonline.us/"), "{}", links.short);
}

#[tokio::test]
async fn the_sign_in_goes_to_the_tenant_of_the_settings() {
    for (tenant, wanted) in [(Some("contoso.example"), "/contoso.example/oauth2/"), (None, "/common/oauth2/")] {
        let bench = bench(|settings| {
            if let Some(tenant) = tenant {
                settings["microsoftTenant"] = json!(tenant);
            }
        })
        .await;
        let (examination, watcher) = bench.check("works@contoso.example", None).await;
        assert_eq!(examination.verdict, Verdict::Works);
        let told = serde_json::to_string(&watcher.events()).unwrap();
        assert!(told.contains(wanted), "{told}");
    }
}

/// Where the effect of each key is tested, beside the reading, listing and changing of all of them.
const TESTED: &[(&str, &[&str])] = &[
    (
        "tests/policies.rs",
        &[
            "microsoftCloud",
            "microsoftTenant",
            "allowedProviders",
            "allowedApps",
            "app",
            "appFiles",
            "allowWriteTest",
            "keepHistory",
            "redaction",
            "reportFolder",
            "reportLogo",
            "helpdeskName",
            "helpdeskAddress",
            "helpdeskUrl",
            "helpdeskLanguage",
            "messageAddition",
            "messageAdditionJa",
            "logLevel",
        ],
    ),
    // Without them the practice cloud could not be reached or signed in to.
    ("../../../tests/practice-cloud/src/lib.rs", &["microsoftClientId", "googleClientId", "googleClientSecret"]),
    ("src/settings/tests.rs", &["updateCheck", "theme", "language"]),
];

/// Keys whose part of the program is tested where it is.
const ELSEWHERE: &[&str] = &[
    "endpoints.",
    "keepSignIn",
    "proxy",
    "dnsServer",
    "dnsOverHttps",
    "portalProbe",
    "trustedRootFiles",
    "signInSeconds",
    "mailDatabase",
    "allowAdminCheck",
    "handover",
];

#[test]
fn every_key_has_a_test_of_its_effect() {
    for (file, keys) in TESTED {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        for key in *keys {
            assert!(inbox_engine::definition(key).is_some(), "{key} is no setting");
            assert!(text.contains(&format!("\"{key}\"")), "{file} does not use {key}");
        }
    }
    for line in inbox_engine::definitions() {
        let here = TESTED.iter().any(|(_, keys)| keys.contains(&line.key.as_str()));
        let there = ELSEWHERE.iter().any(|start| line.key.starts_with(start));
        assert!(here || there, "{} has no test of what it does", line.key);
    }
}
