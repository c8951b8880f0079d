//! Keeps the window's wire types equal to the Rust types.
//!
//! `UPDATE_BINDINGS=1 cargo test -p inbox-model --test bindings` writes them; without it, drift fails.

use std::path::Path;

use inbox_model::{
    Account, AddressError, AppReference, Autodiscover, Cause, CheckEvent, CheckReply, Cloud, CodeFamily, Confidence,
    Discovery, Domain, EmailAddress, Endpoints, Evidence, EvidenceKind, Examination, ExplainedFinding, Explanation,
    Failure, FailureKind, Finding, Fixer, GoogleEndpoints, Language, Link, LogLevel, MailReception, Message,
    MicrosoftEndpoints, NamedService, Observation, Operation, Origin, Outcome, PageSeen, Place, Provider, ProviderCode,
    Realm, RedactionLevel, Road, RoadKind, RoadRemark, RoadStanding, RoadValue, Setting, SettingRow, Settings,
    Severity, SignInProvider, SkipReason, Stage, Step, StepState, StepSummary, StepText, Suppressed, Tenant, Theme,
    Verdict,
};
use ts_rs::{Config, TS};

/// All wire types in alphabetical order, as one TypeScript module.
fn module() -> String {
    // JSON numbers are read as `number`; no count or duration here comes near 2^53.
    let config = Config::new().with_large_int("number");
    let mut text = String::from(
        "// Written by the test `bindings` of the crate `inbox-model`. Do not edit:\n\
         // UPDATE_BINDINGS=1 cargo test -p inbox-model --test bindings\n",
    );
    macro_rules! declare {
        ($($name:ty),* $(,)?) => {
            $(
                text.push_str("\nexport ");
                for line in <$name as TS>::decl(&config).lines() {
                    text.push_str(line.trim_end());
                    text.push('\n');
                }
            )*
        };
    }
    declare!(
        Account,
        AddressError,
        AppReference,
        Autodiscover,
        Cause,
        CheckEvent,
        CheckReply,
        Cloud,
        CodeFamily,
        Confidence,
        Discovery,
        Domain,
        EmailAddress,
        Endpoints,
        Evidence,
        EvidenceKind,
        Examination,
        ExplainedFinding,
        Explanation,
        Failure,
        FailureKind,
        Finding,
        Fixer,
        GoogleEndpoints,
        Language,
        Link,
        LogLevel,
        MailReception,
        Message,
        MicrosoftEndpoints,
        NamedService,
        Observation,
        Operation,
        Origin,
        Outcome,
        PageSeen,
        Place,
        Provider,
        ProviderCode,
        Realm,
        RedactionLevel,
        Road,
        RoadKind,
        RoadRemark,
        RoadStanding,
        RoadValue,
        Setting<()>,
        SettingRow,
        Settings,
        Severity,
        SignInProvider,
        SkipReason,
        Stage,
        Step,
        StepState,
        StepSummary,
        StepText,
        Suppressed,
        Tenant,
        Theme,
        Verdict,
    );
    text
}

#[test]
fn bindings_of_the_window_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/bindings/model.ts");
    let wanted = module();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(found, wanted, "run: UPDATE_BINDINGS=1 cargo test -p inbox-model --test bindings");
}

#[test]
fn every_type_that_the_bindings_name_is_declared() {
    let text = module();
    let declared: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("export type "))
        .filter_map(|line| line.split(['<', ' ']).next())
        .collect();
    let known = ["Record", "Array", "T"];
    // Quoted words are values or property names, words before a colon or a question mark are fields.
    let unquoted: String = text.split('"').step_by(2).collect();
    for line in unquoted.lines().filter(|line| line.starts_with("export type ")) {
        for word in line.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if word.starts_with(|c: char| c.is_ascii_uppercase()) {
                assert!(declared.contains(&word) || known.contains(&word), "{word} is used but not declared");
            }
        }
    }
}
