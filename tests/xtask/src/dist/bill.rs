//! What the programs are made of: a bill of materials in the form of CycloneDX 1.6
//! (<https://cyclonedx.org/docs/1.6/json/>) and the licences of the libraries, both read from the lock files and from
//! the sources that were built.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::artefact::Artefact;
use super::files;
use super::stamp::Stamp;
use crate::{app, place};

/// The programs whose parts are listed.
const PROGRAMS: &[&str] = &["inbox-doctor", "inbox-doctor-desktop"];
/// Systems whose parts are listed.
const TARGETS: &[&str] = &["x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu"];
/// npm packages whose code ends in the window; the others only build it.
const NPM: &[&str] = &["svelte", "@tauri-apps/api"];

/// One library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    purl: String,
    licence: String,
    sha256: Option<String>,
    folder: PathBuf,
    needs: BTreeSet<String>,
}

/// Writes both files.
pub(crate) fn build(stamp: &Stamp, out: &Path) -> Result<Vec<Artefact>> {
    let mut parts = crates()?;
    parts.extend(npm()?.into_iter().map(|part| (part.purl.clone(), part)));
    println!("{} libraries", parts.len());
    let bill_file = out.join(format!("inbox-doctor-{}.cdx.json", stamp.version));
    std::fs::write(&bill_file, serde_json::to_string_pretty(&bill(stamp, &parts))? + "\n")?;
    let licences_file = out.join("third-party-licences.txt");
    std::fs::write(&licences_file, licences(&parts)?)?;
    Ok(vec![
        Artefact::new("bill of materials (CycloneDX 1.6)", bill_file),
        Artefact::new("licences of the libraries", licences_file),
    ])
}

/// The crates that are linked into the programs, on any of the systems.
fn crates() -> Result<BTreeMap<String, Part>> {
    let sums = checksums()?;
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for target in TARGETS {
        let metadata: Value = serde_json::from_str(&files::output(app::cargo().args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            target,
        ]))?)?;
        let packages: BTreeMap<&str, &Value> = list(metadata.get("packages"))
            .iter()
            .filter_map(|package| Some((package["id"].as_str()?, package)))
            .collect();
        let nodes: BTreeMap<&str, &Value> = list(metadata.pointer("/resolve/nodes"))
            .iter()
            .filter_map(|node| Some((node["id"].as_str()?, node)))
            .collect();
        let mut open: Vec<&str> = packages
            .iter()
            .filter(|(_, package)| package["name"].as_str().is_some_and(|name| PROGRAMS.contains(&name)))
            .map(|(id, _)| *id)
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let package = packages.get(id).with_context(|| id.to_owned())?;
            // A procedural macro runs in the compiler and is not linked in; what it needs is not either.
            if list(package.get("targets"))
                .iter()
                .any(|target| list(target.get("kind")).iter().any(|kind| kind == "proc-macro"))
            {
                continue;
            }
            let linked: Vec<&str> = list(nodes.get(id).with_context(|| id.to_owned())?.get("deps"))
                .iter()
                .filter(|dependency| list(dependency.get("dep_kinds")).iter().any(|kind| kind["kind"].is_null()))
                .filter_map(|dependency| dependency["pkg"].as_str())
                .collect();
            open.extend(&linked);
            if package["source"].is_null() {
                continue;
            }
            let part = part(package, &sums)?;
            let needs = linked.iter().filter_map(|id| packages.get(id)).filter_map(|package| purl(package));
            parts.entry(part.purl.clone()).or_insert(part).needs.extend(needs);
        }
    }
    let known: BTreeSet<String> = parts.keys().cloned().collect();
    for part in parts.values_mut() {
        part.needs.retain(|need| known.contains(need));
    }
    Ok(parts)
}

fn part(package: &Value, sums: &BTreeMap<String, String>) -> Result<Part> {
    let name = text(package, "name")?;
    let version = text(package, "version")?;
    let manifest = PathBuf::from(text(package, "manifest_path")?);
    Ok(Part {
        purl: format!("pkg:cargo/{name}@{version}"),
        licence: package["license"].as_str().unwrap_or("see its licence file").replace('/', " OR "),
        sha256: sums.get(&format!("{name} {version}")).cloned(),
        folder: manifest.parent().map(Path::to_owned).unwrap_or_default(),
        needs: BTreeSet::new(),
        name,
        version,
    })
}

fn purl(package: &Value) -> Option<String> {
    Some(format!("pkg:cargo/{}@{}", package["name"].as_str()?, package["version"].as_str()?))
}

/// `name version` → SHA-256, from `Cargo.lock`.
fn checksums() -> Result<BTreeMap<String, String>> {
    let lock = std::fs::read_to_string(place::root().join("Cargo.lock"))?;
    Ok(lock
        .split("[[package]]")
        .filter_map(|block| {
            let field = |name: &str| {
                block
                    .lines()
                    .find_map(|line| line.strip_prefix(&format!("{name} = ")))
                    .map(|value| value.trim_matches('"').to_owned())
            };
            Some((format!("{} {}", field("name")?, field("version")?), field("checksum")?))
        })
        .collect())
}

fn npm() -> Result<Vec<Part>> {
    let folder = place::root().join("ui");
    crate::ui::packages(&folder)?;
    let mut parts = Vec::new();
    for name in NPM {
        let own = folder.join("node_modules").join(name);
        if !own.is_dir() {
            continue;
        }
        let package: Value = serde_json::from_str(&std::fs::read_to_string(own.join("package.json"))?)?;
        let version = text(&package, "version")?;
        parts.push(Part {
            name: (*name).to_owned(),
            purl: format!("pkg:npm/{}@{version}", name.replace('@', "%40")),
            version,
            licence: text(&package, "license")?,
            sha256: None,
            folder: own,
            needs: BTreeSet::new(),
        });
    }
    Ok(parts)
}

fn bill(stamp: &Stamp, parts: &BTreeMap<String, Part>) -> Value {
    let own = format!("pkg:generic/inbox-doctor@{}", stamp.version);
    let components: Vec<Value> = parts
        .values()
        .map(|part| {
            let mut component = json!({
                "type": "library",
                "bom-ref": part.purl,
                "name": part.name,
                "version": part.version,
                "purl": part.purl,
                "licenses": [{"expression": part.licence}],
            });
            if let (Some(sum), Some(fields)) = (&part.sha256, component.as_object_mut()) {
                fields.insert("hashes".to_owned(), json!([{"alg": "SHA-256", "content": sum}]));
            }
            component
        })
        .collect();
    let mut dependencies: Vec<Value> = vec![json!({"ref": own, "dependsOn": parts.keys().collect::<Vec<_>>()})];
    dependencies.extend(parts.values().map(|part| json!({"ref": part.purl, "dependsOn": part.needs})));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": format!("{}T00:00:00Z", stamp.date),
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "inbox-doctor",
                "version": stamp.version,
                "purl": own,
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            },
        },
        "components": components,
        "dependencies": dependencies,
    })
}

/// Each licence text once, with the libraries under it.
fn licences(parts: &BTreeMap<String, Part>) -> Result<String> {
    let mut by_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut page = String::from("Inbox Doctor is made with these libraries.\n\n");
    for part in parts.values() {
        let label = format!("{} {}", part.name, part.version);
        let _ = writeln!(page, "{label}: {}", part.licence);
        for file in licence_files(&part.folder)? {
            let content = std::fs::read(&file).with_context(|| file.display().to_string())?;
            let text = String::from_utf8_lossy(&content).replace("\r\n", "\n").trim().to_owned();
            by_text.entry(text).or_default().insert(label.clone());
        }
    }
    let mut texts: Vec<(BTreeSet<String>, String)> = by_text.into_iter().map(|(text, labels)| (labels, text)).collect();
    texts.sort();
    for (labels, text) in texts {
        let labels: Vec<String> = labels.into_iter().collect();
        let _ = write!(page, "\n{}\n{}\n\n{text}\n", "=".repeat(72), labels.join(", "));
    }
    Ok(page)
}

fn licence_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let named = ["license", "licence", "copying", "notice", "unlicense"].iter().any(|word| name.starts_with(word));
        if named && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value, name: &str) -> Result<String> {
    value[name].as_str().map(str::to_owned).with_context(|| format!("no `{name}`"))
}
