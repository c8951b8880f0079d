//! The floors of the workspace: who may build on whom, and who may name which outside crate.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What each shipped package may use of the others.
const FLOORS: &[(&str, &[&str])] = &[
    ("inbox-model", &[]),
    ("inbox-catalogue", &["inbox-model"]),
    ("inbox-net", &["inbox-model"]),
    ("inbox-engine", &["inbox-model", "inbox-catalogue", "inbox-net"]),
    ("inbox-doctor", &["inbox-model", "inbox-catalogue", "inbox-engine"]),
    ("inbox-host", &["inbox-model", "inbox-catalogue", "inbox-engine"]),
    ("inbox-doctor-desktop", &["inbox-model", "inbox-catalogue", "inbox-engine", "inbox-host"]),
];

/// Outside crates that only one package may name, by the beginning of their names.
const OWNED: &[(&str, &str)] = &[
    ("reqwest", "inbox-net"),
    ("hickory-", "inbox-net"),
    ("rustls", "inbox-net"),
    ("oauth2", "inbox-engine"),
    ("keyring", "inbox-engine"),
    ("tauri", "inbox-doctor-desktop"),
];

/// Crates that reach outside by themselves, for the two pure packages.
const IMPURE: &[&str] = &["tokio", "reqwest", "hickory-resolver", "hyper", "rustls", "keyring", "tauri", "oauth2"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Package name → names of what it needs to run (no dev-dependencies; build-dependencies count).
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let names = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .collect();
            (package["name"].as_str().unwrap().to_owned(), names)
        })
        .collect()
}

#[test]
fn each_package_builds_only_on_the_floors_below_it() {
    let all = dependencies();
    for (package, allowed) in FLOORS {
        let names = all.get(*package).unwrap_or_else(|| panic!("there is no package {package}"));
        let ours: Vec<_> = names.iter().filter(|name| all.contains_key(*name)).collect();
        for name in ours {
            assert!(allowed.contains(&name.as_str()), "{package} must not build on {name}");
        }
    }
}

#[test]
fn every_shipped_package_has_a_floor() {
    let folder = root().join("src-tauri/crates");
    let crates = std::fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(crates + 1, FLOORS.len(), "a package of src-tauri is not in the list of floors");
}

#[test]
fn outside_crates_with_an_owner_are_named_by_nobody_else() {
    let shipped: BTreeSet<&str> = FLOORS.iter().map(|(package, _)| *package).collect();
    let mut seen = BTreeSet::new();
    for (package, names) in dependencies() {
        for (prefix, owner) in OWNED {
            for name in names.iter().filter(|name| name.starts_with(prefix)) {
                seen.insert(*prefix);
                let allowed = package == *owner || !shipped.contains(package.as_str());
                assert!(allowed, "{package} names {name}, which only {owner} may");
            }
        }
    }
    assert_eq!(seen.len(), OWNED.len(), "a crate of the list is used by nobody: {seen:?}");
}

#[test]
fn model_and_catalogue_are_pure() {
    let all = dependencies();
    for package in ["inbox-model", "inbox-catalogue"] {
        for name in IMPURE {
            assert!(!all[package].contains(*name), "{package} must stay free of input and output, but names {name}");
        }
    }
}

#[test]
fn only_the_sign_in_names_oauth2_and_keyring_inside_the_engine() {
    let folder = root().join("src-tauri/crates/engine/src");
    for file in files(&folder, &["rs"]) {
        if file.starts_with(folder.join("signin")) || file == folder.join("signin.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for name in ["oauth2::", "keyring::", "keyring_core::"] {
            assert!(!names_crate(&text, name), "{} names {name}", file.display());
        }
    }
}

#[test]
fn only_one_file_of_the_interface_imports_the_framework() {
    let folder = root().join("ui/src");
    let mut importers = Vec::new();
    for file in files(&folder, &["ts", "svelte", "js"]) {
        if std::fs::read_to_string(&file).unwrap().contains("@tauri-apps/") {
            importers.push(file.strip_prefix(&folder).unwrap().display().to_string());
        }
    }
    assert_eq!(importers, ["api/tauri.ts"]);
}

/// Whether code (no comment) names this crate path, not as the tail of a longer name.
fn names_crate(text: &str, name: &str) -> bool {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).any(|line| {
        line.match_indices(name).any(|(at, _)| {
            !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
        })
    })
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
