//! The packages for Linux: one tree of files, packed as .deb, as .rpm, and the command line alone as .tar.xz.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::artefact::Artefact;
use super::files::{self, copy, fill, put, put_gzipped};
use super::pack;
use super::stamp::Stamp;
use crate::{app, children, place, ui};

/// A clean release build on two slow cores.
const BUILD_LIMIT: Duration = Duration::from_secs(60 * 60);
/// Far above what printing a few pages takes.
const PRINT_LIMIT: Duration = Duration::from_secs(30);
/// The application's id on Linux desktops (<https://specifications.freedesktop.org/desktop-entry-spec/latest/file-naming.html>).
const ID: &str = "app.inboxdoctor.InboxDoctor";
/// Budgets in megabytes.
const DEB: u64 = 8;
const COMMAND_LINE: u64 = 9;

/// Builds, lays out, packs.
pub(crate) fn build(stamp: &Stamp, out: &Path) -> Result<Vec<Artefact>> {
    ui::build()?;
    compile(stamp)?;
    let work = out.join(".work");
    let tree = work.join("tree");
    lay_out(stamp, out, &tree)?;
    let deb = pack::deb(stamp, &tree, &work, out)?;
    let rpm = pack::rpm(stamp, &tree, &work, out)?;
    let alone = command_line_alone(stamp, &tree, &work, out)?;
    for program in ["inbox-doctor", "inbox-doctor-desktop"] {
        println!("{program}, unpacked: {} bytes", tree.join("usr/bin").join(program).metadata()?.len());
    }
    std::fs::remove_dir_all(&work)?;
    Ok(vec![
        Artefact::within("Debian package", deb, DEB),
        Artefact::new("RPM package", rpm),
        Artefact::within("command line alone for Linux, with manual and completions", alone, COMMAND_LINE),
    ])
}

fn compile(stamp: &Stamp) -> Result<()> {
    children::run(
        app::cargo()
            .args(["build", "--release", "--locked", "-p", "inbox-doctor", "-p", "inbox-doctor-desktop"])
            .args(["--features", app::WINDOW_FEATURES])
            .env("INBOX_DOCTOR_BUILD", stamp.build())
            .env("SOURCE_DATE_EPOCH", stamp.epoch.to_string()),
        BUILD_LIMIT,
    )
}

/// Puts every file where it will be on the computer.
fn lay_out(stamp: &Stamp, out: &Path, tree: &Path) -> Result<()> {
    let sources = place::root().join("src-tauri/packaging/linux");
    let share = tree.join("usr/share");
    let documents = share.join("doc/inbox-doctor");
    for program in ["inbox-doctor", "inbox-doctor-desktop"] {
        copy(&place::program("release", program), &tree.join("usr/bin").join(program), 0o755)?;
    }
    copy(&sources.join(format!("{ID}.desktop")), &share.join(format!("applications/{ID}.desktop")), 0o644)?;
    copy(&sources.join(format!("{ID}.mime.xml")), &share.join(format!("mime/packages/{ID}.xml")), 0o644)?;
    let date = ("date", stamp.date.as_str());
    let version = ("version", stamp.version.as_str());
    let metainfo = fill(&sources.join(format!("{ID}.metainfo.xml.in")), &[version, date])?;
    put(&share.join(format!("metainfo/{ID}.metainfo.xml")), metainfo.as_bytes(), 0o644)?;
    let icons = place::root().join("icons");
    for (size, file) in [("32x32", "32x32.png"), ("128x128", "128x128.png"), ("256x256", "128x128@2x.png")] {
        copy(&icons.join(file), &share.join(format!("icons/hicolor/{size}/apps/{ID}.png")), 0o644)?;
    }
    copy(&icons.join("source.svg"), &share.join(format!("icons/hicolor/scalable/apps/{ID}.svg")), 0o644)?;
    let desktop_page = fill(&sources.join("inbox-doctor-desktop.1.in"), &[version, date])?;
    put_gzipped(&share.join("man/man1/inbox-doctor-desktop.1"), desktop_page.as_bytes())?;
    print_documents(stamp, tree)?;
    copy(&sources.join("debian/copyright"), &documents.join("copyright"), 0o644)?;
    put_gzipped(&documents.join("changelog"), &std::fs::read(place::root().join("CHANGELOG.md"))?)?;
    put_gzipped(&documents.join("third-party-licences.txt"), &std::fs::read(out.join("third-party-licences.txt"))?)?;
    for level in ["managed", "recommended"] {
        files::make_folder(&tree.join("etc/inbox-doctor/policies").join(level))?;
    }
    Ok(())
}

/// Manual pages and completions, printed by the program itself.
fn print_documents(stamp: &Stamp, tree: &Path) -> Result<()> {
    let program = tree.join("usr/bin/inbox-doctor");
    let pages = tree.join("usr/share/man/man1");
    let fresh = tree.join("manual");
    files::make_folder(&fresh)?;
    children::run(
        Command::new(&program).arg("manual").arg(&fresh).env("SOURCE_DATE_EPOCH", stamp.epoch.to_string()),
        PRINT_LIMIT,
    )?;
    for page in files::list(&fresh)? {
        put_gzipped(&pages.join(&page), &std::fs::read(fresh.join(&page))?)?;
    }
    std::fs::remove_dir_all(fresh)?;
    for (shell, path) in [
        ("bash", "usr/share/bash-completion/completions/inbox-doctor"),
        ("zsh", "usr/share/zsh/vendor-completions/_inbox-doctor"),
        ("fish", "usr/share/fish/vendor_completions.d/inbox-doctor.fish"),
    ] {
        let text = files::output(Command::new(&program).args(["completions", shell]))?;
        put(&tree.join(path), text.as_bytes(), 0o644)?;
    }
    Ok(())
}

fn command_line_alone(stamp: &Stamp, tree: &Path, work: &Path, out: &Path) -> Result<PathBuf> {
    let name = format!("inbox-doctor-{}-x86_64-linux", stamp.version);
    let folder = work.join(&name);
    copy(&tree.join("usr/bin/inbox-doctor"), &folder.join("inbox-doctor"), 0o755)?;
    for page in files::list(&tree.join("usr/share/man/man1"))? {
        copy(&tree.join("usr/share/man/man1").join(&page), &folder.join("man").join(&page), 0o644)?;
    }
    for (from, to) in [
        ("usr/share/bash-completion/completions/inbox-doctor", "completions/inbox-doctor.bash"),
        ("usr/share/zsh/vendor-completions/_inbox-doctor", "completions/_inbox-doctor"),
        ("usr/share/fish/vendor_completions.d/inbox-doctor.fish", "completions/inbox-doctor.fish"),
    ] {
        copy(&tree.join(from), &folder.join(to), 0o644)?;
    }
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"] {
        copy(&place::root().join(file), &folder.join(file), 0o644)?;
    }
    copy(&out.join("third-party-licences.txt"), &folder.join("third-party-licences.txt"), 0o644)?;
    pack::tar_xz(stamp, work, &name, &out.join(format!("{name}.tar.xz")))
}
