//! Policies in the registry, in every form that tools write them.

use serde_json::Value;

use crate::wine::{Wine, artefact};
use crate::{ADMINISTRATORS, POLICIES};

/// The row of a key in `policy show --json`.
fn row(wine: &Wine, key: &str) -> Value {
    let ran = wine.run(&[&format!(r"{ADMINISTRATORS}\inbox-doctor.exe"), "policy", "show", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let document: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let rows = document["settings"].as_array().unwrap();
    rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key}: {document:#}")).clone()
}

#[test]
fn policies_of_the_registry_are_read_in_every_form() {
    let wine = Wine::new("policies");
    assert_eq!(wine.msiexec("/i", &artefact("-x64.msi"), &["ALLOWEDAPPS=hubspot"]), 0);
    // As the package writes it: a text.
    assert_eq!(row(&wine, "allowedApps")["value"], serde_json::json!(["hubspot"]));
    // As group policies write a switch, a number and a list.
    wine.set_value(POLICIES, "allowWriteTest", "REG_DWORD", "0");
    let write_test = row(&wine, "allowWriteTest");
    assert_eq!(
        (&write_test["value"], &write_test["origin"]),
        (&false.into(), &"mandatory-policy".into()),
        "{write_test}"
    );
    wine.set_value(&format!(r"{POLICIES}\appFiles"), "1", "REG_SZ", r"C:\apps\one.toml");
    wine.set_value(&format!(r"{POLICIES}\appFiles"), "2", "REG_SZ", r"C:\apps\two.toml");
    assert_eq!(row(&wine, "appFiles")["value"], serde_json::json!([r"C:\apps\one.toml", r"C:\apps\two.toml"]));
    // A recommendation is weaker, and one of the person weaker than one of the computer.
    wine.set_value(&format!(r"{POLICIES}\Recommended"), "helpdeskAddress", "REG_SZ", "it@contoso.example");
    let helpdesk = row(&wine, "helpdeskAddress");
    assert_eq!(helpdesk["value"], "it@contoso.example");
    assert_eq!(helpdesk["origin"], "recommended-policy");
    // A broken value is reported and never widens what is allowed.
    wine.set_value(POLICIES, "allowWriteTest", "REG_SZ", "perhaps");
    let broken = row(&wine, "allowWriteTest");
    assert_ne!(broken["value"], true, "{broken}");
    assert!(broken["problems"].as_array().is_some_and(|problems| !problems.is_empty()), "{broken}");
}
