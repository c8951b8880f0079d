//! Packing a tree of files with the distributions' own tools, so that the same tree gives the same bytes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::files::{self, fill, make_folder, put};
use super::stamp::Stamp;
use crate::{children, place};

const PACK_LIMIT: Duration = Duration::from_secs(600);

/// Folders that rpm removes with the package: those of programs that need not be there
/// (<https://docs.fedoraproject.org/en-US/packaging-guidelines/UnownedDirectories/>).
const OWN_FOLDERS: &[&str] =
    &["etc/inbox-doctor", "usr/share/bash-completion", "usr/share/fish", "usr/share/metainfo", "usr/share/zsh"];

/// Packs a .deb.
pub(crate) fn deb(stamp: &Stamp, tree: &Path, work: &Path, out: &Path) -> Result<PathBuf> {
    let staged = work.join("deb");
    copy_tree(tree, &staged)?;
    let entries = files::list(&staged)?;
    let mut bytes = 0;
    let mut sums = String::new();
    for entry in &entries {
        let path = staged.join(entry);
        if path.is_file() {
            bytes += path.metadata()?.len().div_ceil(1024);
            let line = files::output(Command::new("md5sum").current_dir(&staged).arg(entry))?;
            sums.push_str(&line);
        }
    }
    let control = fill(
        &place::root().join("src-tauri/packaging/linux/debian/control.in"),
        &[
            ("version", &stamp.version),
            ("installed_kilobytes", &bytes.to_string()),
            ("depends", &libraries(&staged, work)?),
        ],
    )?;
    put(&staged.join("DEBIAN/control"), control.as_bytes(), 0o644)?;
    put(&staged.join("DEBIAN/md5sums"), sums.as_bytes(), 0o644)?;
    let file = out.join(format!("inbox-doctor_{}_amd64.deb", stamp.version));
    children::run(
        Command::new("dpkg-deb")
            .args(["--root-owner-group", "-Zxz", "-z9", "--build"])
            .args([&staged, &file])
            .env("SOURCE_DATE_EPOCH", stamp.epoch.to_string()),
        PACK_LIMIT,
    )?;
    Ok(file)
}

/// The packages that bring the libraries which the programs link, with the versions that have what they use.
fn libraries(staged: &Path, work: &Path) -> Result<String> {
    // dpkg-shlibdeps wants a source package's control file around it.
    put(&work.join("debian/control"), b"Source: inbox-doctor\n\nPackage: inbox-doctor\nArchitecture: any\n", 0o644)?;
    let printed = files::output(
        Command::new("dpkg-shlibdeps")
            .current_dir(work)
            .arg("-O")
            .args([staged.join("usr/bin/inbox-doctor"), staged.join("usr/bin/inbox-doctor-desktop")]),
    )?;
    let depends = printed.trim().strip_prefix("shlibs:Depends=").context("dpkg-shlibdeps printed something else")?;
    Ok(depends.to_owned())
}

/// Packs an .rpm. The libraries are found by rpmbuild, by their own names, so that Fedora and openSUSE both understand.
pub(crate) fn rpm(stamp: &Stamp, tree: &Path, work: &Path, out: &Path) -> Result<PathBuf> {
    let staged = work.join("rpm-tree");
    copy_tree(tree, &staged)?;
    // Fedora keeps zsh's completions elsewhere (https://docs.fedoraproject.org/en-US/packaging-guidelines/ShellCompletions/).
    let zsh = staged.join("usr/share/zsh");
    make_folder(&zsh.join("site-functions"))?;
    std::fs::rename(zsh.join("vendor-completions/_inbox-doctor"), zsh.join("site-functions/_inbox-doctor"))?;
    std::fs::remove_dir(zsh.join("vendor-completions"))?;
    let mut owned = Vec::new();
    for entry in files::list(&staged)? {
        let path = staged.join(&entry);
        let shown = entry.display();
        if path.is_file() {
            let is_document = entry.starts_with("usr/share/doc") || entry.starts_with("usr/share/man");
            let kind = if is_document { "%doc " } else { "" };
            owned.push(format!("%attr({:o},root,root) {kind}/{shown}", mode(&path)?));
        } else if entry.ends_with("doc/inbox-doctor") || OWN_FOLDERS.iter().any(|folder| entry.starts_with(folder)) {
            owned.push(format!("%dir %attr(755,root,root) /{shown}"));
        }
    }
    let tree_name = staged.display().to_string();
    let spec = fill(
        &place::root().join("src-tauri/packaging/linux/rpm/inbox-doctor.spec.in"),
        &[("version", &stamp.version), ("tree", &tree_name), ("files", &owned.join("\n"))],
    )?;
    let spec_file = work.join("inbox-doctor.spec");
    put(&spec_file, spec.as_bytes(), 0o644)?;
    let top = work.join("rpmbuild");
    children::run(
        Command::new("rpmbuild")
            .args(["-bb", "--quiet", "--target", "x86_64-linux", "--define"])
            .arg(format!("_topdir {}", top.display()))
            .arg(&spec_file)
            .env("SOURCE_DATE_EPOCH", stamp.epoch.to_string()),
        PACK_LIMIT,
    )?;
    let name = format!("inbox-doctor-{}-1.x86_64.rpm", stamp.version);
    let file = out.join(&name);
    std::fs::copy(top.join("RPMS/x86_64").join(&name), &file).context(name)?;
    Ok(file)
}

/// Packs a folder of `work` as a .tar.xz.
pub(crate) fn tar_xz(stamp: &Stamp, work: &Path, name: &str, file: &Path) -> Result<PathBuf> {
    children::run(
        Command::new("tar")
            .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
            .arg(format!("--mtime=@{}", stamp.epoch))
            .args(["--use-compress-program", "xz -9", "-C"])
            .arg(work)
            .arg("-cf")
            .arg(file)
            .arg(name),
        PACK_LIMIT,
    )?;
    Ok(file.to_owned())
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    make_folder(to)?;
    children::run(Command::new("cp").arg("-a").arg(from.join(".")).arg(to), PACK_LIMIT)
}

fn mode(path: &Path) -> Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(path.metadata()?.permissions().mode() & 0o777)
}
