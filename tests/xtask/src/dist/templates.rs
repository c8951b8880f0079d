//! Descriptions for catalogues of software (Homebrew, Flatpak, winget, a Debian repository), filled from the version and
//! the checksums of what was built. They are templates: nothing is published from here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use sha2::{Digest as _, Sha256};

use super::artefact::Artefact;
use super::files;
use super::stamp::Stamp;
use crate::place;

/// Marks in templates → the artefact whose name and checksum they stand for, by the ending of its file name.
const FILES: &[(&str, &str)] = &[
    ("deb", ".deb"),
    ("rpm", ".rpm"),
    ("linux", "-linux.tar.xz"),
    ("setup", "-setup.exe"),
    ("msi", ".msi"),
    ("dmg", ".dmg"),
];

/// Fills every template of `src-tauri/packaging/templates` whose artefacts were built; says which were not.
pub(crate) fn build(stamp: &Stamp, out: &Path, artefacts: &[Artefact]) -> Result<Vec<Artefact>> {
    let mut values: BTreeMap<String, String> =
        BTreeMap::from([("version".to_owned(), stamp.version.clone()), ("date".to_owned(), stamp.date.clone())]);
    for (mark, ending) in FILES {
        let found = artefacts.iter().find(|artefact| artefact.path.to_string_lossy().ends_with(ending));
        if let Some(artefact) = found {
            let content = std::fs::read(&artefact.path)?;
            let digest = Sha256::digest(&content).iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            let name = artefact.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            values.insert(format!("{mark}_file"), name);
            values.insert(format!("{mark}_sha256"), digest);
        }
    }
    let root = place::root().join("src-tauri/packaging/templates");
    let mut made = Vec::new();
    for path in files::list(&root)? {
        let Some(name) = path.to_str().and_then(|name| name.strip_suffix(".in")) else { continue };
        let template = std::fs::read_to_string(root.join(&path))?;
        match fill(&template, &values) {
            Ok(text) => {
                let target = out.join("templates").join(name);
                files::put(&target, text.as_bytes(), 0o644)?;
                made.push(Artefact::new("template", target));
            }
            Err(mark) if is_file_mark(&mark) => println!("{name}: left out, `{mark}` was not built here"),
            Err(mark) => bail!("{name}: unknown mark `{mark}`"),
        }
    }
    if let Some(deb) = artefacts.iter().find(|artefact| artefact.path.to_string_lossy().ends_with(".deb")) {
        made.push(debian_index(stamp, out, &deb.path)?);
    }
    Ok(made)
}

/// The index of a flat Debian repository (<https://wiki.debian.org/DebianRepository/Format>).
fn debian_index(_stamp: &Stamp, out: &Path, deb: &Path) -> Result<Artefact> {
    let folder = deb.parent().unwrap_or(out);
    let text = files::output(Command::new("dpkg-scanpackages").current_dir(folder).args(["--multiversion", "."]))?;
    let target = out.join("templates/debian-repository/Packages");
    files::put(&target, text.as_bytes(), 0o644)?;
    Ok(Artefact::new("index of a Debian repository", target))
}

fn is_file_mark(mark: &str) -> bool {
    FILES.iter().any(|(name, _)| mark == format!("{name}_file") || mark == format!("{name}_sha256"))
}

/// Replaces `{{mark}}`.
///
/// # Errors
/// The first mark that has no value.
fn fill(template: &str, values: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((mark, remainder)) = after.split_once("}}") else { break };
        text.push_str(before);
        text.push_str(values.get(mark).ok_or_else(|| mark.to_owned())?);
        rest = remainder;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_only_marks_that_are_known() {
        let mut values: BTreeMap<String, String> =
            ["version", "date"].iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect();
        for (name, _) in FILES {
            values.insert(format!("{name}_file"), "x".to_owned());
            values.insert(format!("{name}_sha256"), "x".to_owned());
        }
        let root = place::root().join("src-tauri/packaging/templates");
        let mut seen = 0;
        for path in files::list(&root).unwrap() {
            if path.extension().is_some_and(|ending| ending == "in") {
                fill(&std::fs::read_to_string(root.join(&path)).unwrap(), &values).unwrap();
                seen += 1;
            }
        }
        assert!(seen > 0);
    }

    #[test]
    fn a_mark_without_a_value_is_named() {
        assert_eq!(fill("a {{b}} c", &BTreeMap::new()), Err("b".to_owned()));
    }
}
