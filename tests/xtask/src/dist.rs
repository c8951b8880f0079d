//! `cargo xtask dist`: everything that is handed out, in `target/dist`, with a manifest and checksums.

mod artefact;
mod bill;
mod files;
mod linux;
mod pack;
mod stamp;
mod templates;
mod windows;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{children::step, packages, place};
use artefact::Artefact;
use stamp::Stamp;

/// Which systems can be built for here.
const SYSTEMS: &[&str] = &["linux", "windows"];

pub(crate) use windows::sign_file;

/// Where everything goes.
pub(crate) fn folder() -> PathBuf {
    place::target().join("dist")
}

/// Debian's Rust that comes with its sources, from which the standard library for Windows is built.
const WINDOWS_COMPILER: &str = "rustc-web";

/// Whether this system has what the installers for Windows are built with.
pub(crate) fn builds_for_windows() -> bool {
    packages::obtainable(WINDOWS_COMPILER)
}

/// Builds for the systems named in `arguments`, else for all of them.
pub(crate) fn dist(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.iter().find(|name| !SYSTEMS.contains(&name.as_str())) {
        bail!("`{unknown}` is none of: {}", SYSTEMS.join(", "));
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if let packages::Presence::Missing(names) = packages::ensure(&[packages::BUILD, packages::DIST].concat())? {
        packages::explain_missing(&names);
        return Ok(ExitCode::from(2));
    }
    let stamp = Stamp::read()?;
    let out = folder();
    // Nothing of an earlier run may look like a result of this one.
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    std::fs::create_dir_all(&out)?;
    let mut artefacts: Vec<Artefact> = Vec::new();
    artefacts.extend(step("bill of materials and licences", || bill::build(&stamp, &out))?);
    if wanted("linux") {
        artefacts.extend(step("packages for Linux", || linux::build(&stamp, &out))?);
    }
    if arguments.is_empty() && !builds_for_windows() {
        println!("\nNOT BUILT: the installers for Windows, because this system has no package `{WINDOWS_COMPILER}`");
    } else if wanted("windows") {
        artefacts.extend(step("installers for Windows", || windows::build(&stamp, &out))?);
    }
    artefacts.extend(step("templates for catalogues of software", || templates::build(&stamp, &out, &artefacts))?);
    artefact::publish(&out, &stamp, &artefacts)?;
    println!("\neverything is in {}", out.display());
    Ok(ExitCode::SUCCESS)
}
