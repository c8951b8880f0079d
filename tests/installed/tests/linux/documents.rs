//! What goes with the packages: checksums, manifest, bill of materials, licences, templates.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::root::{artefact, run, text};

/// The library of the CycloneDX project that validates a bill of materials against the published schema.
const VALIDATOR: &str = "cyclonedx-python-lib[json-validation]==11.1.0";

fn folder() -> PathBuf {
    artefact("manifest.json").parent().unwrap().to_owned()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn checksums_and_sizes_of_the_manifest_hold() {
    run(Command::new("sha256sum").current_dir(folder()).args(["--check", "--strict", "SHA256SUMS"]));
    let manifest = json(&artefact("manifest.json"));
    let rows = manifest["artefacts"].as_array().unwrap();
    for row in rows {
        let size = std::fs::metadata(folder().join(row["file"].as_str().unwrap())).unwrap().len();
        assert_eq!(row["bytes"].as_u64(), Some(size), "{row}");
        if let Some(budget) = row["budgetBytes"].as_u64() {
            assert!(size <= budget, "{row}");
        }
    }
    let listed = text(&run(Command::new("find").current_dir(folder()).args([".", "-type", "f"])));
    for file in listed.lines().map(|line| line.trim_start_matches("./")) {
        let known = rows.iter().any(|row| row["file"] == file) || ["manifest.json", "SHA256SUMS"].contains(&file);
        assert!(known, "{file} is not in the manifest");
    }
}

#[test]
fn the_bill_of_materials_follows_the_published_schema() {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cyclonedx");
    if !python.join("bin/python").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&python));
    }
    run(Command::new(python.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", VALIDATOR]));
    let script = "import sys\nfrom cyclonedx.validation.json import JsonStrictValidator\nfrom cyclonedx.schema import SchemaVersion\n\
                  error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())\nsys.exit(str(error) if error else 0)";
    run(Command::new(python.join("bin/python")).args(["-c", script]).arg(artefact(".cdx.json")));
    let bill = json(&artefact(".cdx.json"));
    let names: Vec<&str> =
        bill["components"].as_array().unwrap().iter().filter_map(|part| part["name"].as_str()).collect();
    for name in ["tauri", "rustls", "reqwest", "oauth2", "hickory-resolver", "svelte"] {
        assert!(names.contains(&name), "{name} is linked and not listed");
    }
    for name in ["clap_derive", "proptest", "practice-cloud"] {
        assert!(!names.contains(&name), "{name} is listed and not linked");
    }
}

#[test]
fn every_library_of_the_bill_is_in_the_page_of_licences() {
    let page = std::fs::read_to_string(artefact("third-party-licences.txt")).unwrap();
    for part in json(&artefact(".cdx.json"))["components"].as_array().unwrap() {
        let line = format!("{} {}: ", part["name"].as_str().unwrap(), part["version"].as_str().unwrap());
        assert!(page.contains(&line), "{line}");
    }
}

#[test]
fn nothing_in_the_debian_package_is_younger_than_its_commit() {
    let manifest = json(&artefact("manifest.json"));
    let day = manifest["date"].as_str().unwrap();
    let listed = text(&run(Command::new("dpkg-deb").arg("-c").arg(artefact(".deb")).env("TZ", "UTC")));
    for line in listed.lines() {
        let date = line.split_whitespace().nth(3).unwrap_or_default();
        assert!(date <= day, "{line}");
    }
}

#[test]
fn the_command_line_alone_is_unpacked_and_runs() {
    let folder = tempfile::tempdir().unwrap();
    run(Command::new("tar").arg("-xf").arg(artefact("-linux.tar.xz")).arg("-C").arg(folder.path()));
    let program = text(&run(Command::new("find").arg(folder.path()).args(["-name", "inbox-doctor", "-type", "f"])));
    let program = program.trim();
    let version = text(&run(Command::new(program).arg("--version")));
    assert!(version.starts_with(&format!("inbox-doctor {} (", env!("CARGO_PKG_VERSION"))), "{version}");
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let explained = run(Command::new(program)
        .args(["--json", "explain", "--text", "AADSTS50105: not assigned to a role for the application"])
        .env("HOME", &home));
    let answer: Value = serde_json::from_slice(&explained.stdout).unwrap();
    assert_eq!(answer["findings"][0]["cause"], "user-not-assigned", "{answer}");
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0, "explaining leaves nothing behind");
}
