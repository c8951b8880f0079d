//! For Windows: the programs, the package for administrators and the installer for people, all made on Debian.

mod guid;
mod msi;
mod policies;
mod programs;
mod setup;
mod sign;
mod table;
mod toolchain;
mod version;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::artefact::Artefact;
use super::stamp::Stamp;
use crate::children::{self, step};
use crate::place;
use msi::Package;
use setup::Purpose;
use sign::Signer;

/// The largest installer for people, in megabytes.
const SETUP_MEGABYTES: u64 = 10;
/// The largest package for administrators.
const MSI_MEGABYTES: u64 = 12;
/// The largest command line.
const COMMAND_LINE_MEGABYTES: u64 = 9;

const ZIP_LIMIT: Duration = Duration::from_secs(120);

/// Builds everything for Windows into `out`.
pub(crate) fn build(stamp: &Stamp, out: &Path) -> Result<Vec<Artefact>> {
    let toolchain = step("compiler for Windows", toolchain::Toolchain::ready)?;
    let built = step("programs for Windows", || programs::build(&toolchain, stamp))?;
    let signer = Signer::of_environment()?;
    if signer.is_none() {
        println!("not signed: {} is not set", sign::CERTIFICATE);
    }
    let work = toolchain::folder().join("pack");
    let tree = work.join("tree");
    lay_out(&built, out, &tree)?;
    if let Some(signer) = &signer {
        step("signatures on the programs", || {
            signer.sign(&tree.join("inbox-doctor.exe"))?;
            signer.sign(&tree.join("inbox-doctor-desktop.exe"))
        })?;
    }
    let command_line = out.join(format!("inbox-doctor-{}-x64-windows.zip", stamp.version));
    step("command line alone", || zip(stamp, &tree, &command_line))?;
    let package = Package { version: stamp.version.clone(), build: stamp.build() };
    let msi_file = out.join(format!("inbox-doctor-{}-x64.msi", stamp.version));
    step("package for administrators", || msi::pack(&package, &work, &msi_file))?;
    let setup_file = out.join(format!("inbox-doctor-{}-setup.exe", stamp.version));
    let purpose = if signer.is_some() { Purpose::SignedRelease } else { Purpose::Release };
    step("installer for people", || setup::pack(&stamp.version, &work, &setup_file, purpose))?;
    if let Some(signer) = &signer {
        step("signatures on the installers", || {
            signer.sign(&msi_file)?;
            signer.sign(&setup_file)
        })?;
    }
    for_tests(stamp, &work)?;
    Ok(vec![
        Artefact::within("command line for Windows", command_line, COMMAND_LINE_MEGABYTES),
        Artefact::within("package for administrators of Windows (MSI)", msi_file, MSI_MEGABYTES),
        Artefact::within("installer for people on Windows", setup_file, SETUP_MEGABYTES),
    ])
}

/// `cargo xtask windows-sign FILE`: called by the installer's compiler for the uninstaller, which is inside it.
pub(crate) fn sign_file(arguments: &[String]) -> Result<std::process::ExitCode> {
    let file = arguments.first().context("windows-sign FILE")?;
    Signer::of_environment()?.with_context(|| format!("{} is not set", sign::CERTIFICATE))?.sign(Path::new(file))?;
    Ok(std::process::ExitCode::SUCCESS)
}

/// Puts every file where the installers take it from.
fn lay_out(built: &programs::Built, out: &Path, tree: &Path) -> Result<()> {
    if tree.exists() {
        std::fs::remove_dir_all(tree)?;
    }
    std::fs::create_dir_all(tree)?;
    for (from, name) in [
        (&built.command_line, "inbox-doctor.exe"),
        (&built.window, "inbox-doctor-desktop.exe"),
        (&built.web_view_loader, "WebView2Loader.dll"),
        (&place::root().join("icons/icon.ico"), "icon.ico"),
    ] {
        std::fs::copy(from, tree.join(name)).with_context(|| from.display().to_string())?;
    }
    let mut licences = String::new();
    for file in [place::root().join("LICENSE-MIT"), place::root().join("LICENSE-APACHE"), libraries(out)] {
        licences.push_str(&std::fs::read_to_string(&file).with_context(|| file.display().to_string())?);
        licences.push_str("\n\n");
    }
    std::fs::write(tree.join("licences.txt"), licences.replace('\n', "\r\n"))?;
    Ok(())
}

/// The command line with its licences, for those who install nothing.
fn zip(stamp: &Stamp, tree: &Path, file: &Path) -> Result<()> {
    const FILES: [&str; 2] = ["inbox-doctor.exe", "licences.txt"];
    let moment = format!("--date=@{}", stamp.epoch);
    children::run(Command::new("touch").current_dir(tree).arg(moment).args(FILES), ZIP_LIMIT)?;
    // Without the owner's and the computer's own marks (-X), so that the same files give the same bytes.
    children::run(
        Command::new("zip").current_dir(tree).env("TZ", "UTC").args(["-q", "-9", "-X"]).arg(file).args(FILES),
        ZIP_LIMIT,
    )
}

fn libraries(out: &Path) -> PathBuf {
    out.join("third-party-licences.txt")
}

/// An older and a newer version of the same programs, which the tests of upgrades need and nobody else gets.
fn for_tests(stamp: &Stamp, work: &Path) -> Result<()> {
    let folder = toolchain::folder().join("for-tests");
    std::fs::create_dir_all(&folder)?;
    for (name, version) in [("older", version::before(&stamp.version)?), ("newer", version::after(&stamp.version)?)] {
        let moved = work.join(name);
        let tree = moved.join("tree");
        std::fs::create_dir_all(&tree)?;
        for entry in std::fs::read_dir(work.join("tree"))? {
            let path = entry?.path();
            let mut bytes = std::fs::read(&path)?;
            if path.extension().is_some_and(|kind| kind == "exe") {
                version::set_fixed(&mut bytes, &version).with_context(|| path.display().to_string())?;
            }
            std::fs::write(tree.join(path.file_name().unwrap_or_default()), bytes)?;
        }
        let package = Package { version: version.clone(), build: format!("for tests {name}") };
        msi::pack(&package, &moved, &folder.join(format!("{name}.msi")))?;
        setup::pack(&version, &moved, &folder.join(format!("{name}-setup.exe")), Purpose::Test)?;
        std::fs::write(folder.join(format!("{name}.version")), version)?;
    }
    Ok(())
}
