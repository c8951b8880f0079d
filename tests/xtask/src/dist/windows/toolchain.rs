//! A compiler for Windows on Debian: Debian's own Rust, whose sources come with it, and MinGW. The standard library for
//! Windows is in no package of this age, so it is built once and kept for as long as the compiler stays the same.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::{children, packages, place};

/// What Windows programs are built for.
pub(super) const TARGET: &str = "x86_64-pc-windows-gnu";

/// To build and pack for Windows.
const PACKAGES: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "gcc-mingw-w64-x86-64-win32",
    "mingw-w64-tools",
    "wixl",
    "wixl-data",
    "msitools",
    "nsis",
    "osslsigncode",
    "zip",
];

const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
/// Where Debian lays the sources of the standard library.
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library";
const STANDARD_LIBRARY_LIMIT: Duration = Duration::from_secs(30 * 60);

/// `panic_abort` must be built with its own strategy, or no program with `panic = "abort"` links.
const WRAPPER: &str = r#"#!/bin/bash
rustc=$1; shift; previous=
for argument in "$@"; do
  [ "$previous" = --crate-name ] && [ "$argument" = panic_abort ] && exec "$rustc" "$@" -Cpanic=abort
  previous=$argument
done
exec "$rustc" "$@"
"#;

const EMPTY_PACKAGE: &str = r#"[package]
name = "windows-std"
version = "0.0.0"
edition = "2021"

[lib]
path = "lib.rs"

[workspace]
"#;

/// A compiler that makes Windows programs.
#[derive(Debug)]
pub(super) struct Toolchain {
    sysroot: PathBuf,
}

impl Toolchain {
    /// Installs what is missing and builds the standard library where this compiler's is not there yet.
    pub(super) fn ready() -> Result<Self> {
        if let packages::Presence::Missing(names) = packages::ensure(PACKAGES)? {
            packages::explain_missing(&names);
            bail!("the packages for Windows are missing");
        }
        let version = Command::new(RUSTC).arg("-V").output().context("Debian's rustc does not start")?;
        let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
        let sysroot = folder().join("sysroot");
        let stamp = sysroot.join("rustc-version");
        if std::fs::read_to_string(&stamp).is_ok_and(|built_by| built_by == version) {
            println!("the standard library for Windows is there ({version})");
        } else {
            println!("building the standard library for Windows with {version}");
            build_standard_library(&sysroot)?;
            std::fs::write(&stamp, version)?;
        }
        Ok(Self { sysroot })
    }

    /// Cargo, set up for Windows, in the repository's root.
    pub(super) fn cargo(&self) -> Command {
        let mut command = debian_cargo();
        command.current_dir(place::root());
        command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS", format!("--sysroot={}", self.sysroot.display()));
        command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", "x86_64-w64-mingw32-gcc");
        command
    }
}

/// Everything that is made for Windows: apart from the other builds, whose compiler is another one.
pub(super) fn folder() -> PathBuf {
    place::target().join("windows")
}

/// Debian's cargo and rustc, which the proxies of rustup would else be found before.
fn debian_cargo() -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![PathBuf::from("/usr/bin")];
    folders.extend(std::env::split_paths(&path));
    let mut command = Command::new("nice");
    command.args(["-n", "10", CARGO]);
    if let Ok(path) = std::env::join_paths(folders) {
        command.env("PATH", path);
    }
    command.env("RUSTC", RUSTC).env("RUSTDOC", "/usr/bin/rustdoc");
    // Set by the cargo that started us, for another compiler.
    for (name, _) in std::env::vars_os() {
        let known = name.to_string_lossy();
        if known.starts_with("CARGO_PKG_")
            || matches!(
                &*known,
                "CARGO" | "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "RUSTUP_TOOLCHAIN" | "RUSTFLAGS"
            )
            || matches!(&*known, "CARGO_TARGET_DIR" | "LD_LIBRARY_PATH" | "RUSTC_WRAPPER")
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Builds `std` for Windows and lays it out as a sysroot, so that all later builds are plain stable ones.
fn build_standard_library(sysroot: &Path) -> Result<()> {
    let work = folder().join("std");
    std::fs::create_dir_all(&work)?;
    std::fs::write(work.join("Cargo.toml"), EMPTY_PACKAGE)?;
    std::fs::write(work.join("lib.rs"), "")?;
    let wrapper = work.join("wrapper.sh");
    std::fs::write(&wrapper, WRAPPER)?;
    executable(&wrapper)?;
    let target = work.join("target");
    let mut command = debian_cargo();
    command.current_dir(&work);
    // `-Zbuild-std` is no stable option; this build alone asks for it.
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTC_WRAPPER", &wrapper).env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    // Bitcode: for link-time optimisation of the programs.
    command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS", "-Cembed-bitcode=yes -Cforce-unwind-tables=yes");
    command.args(["build", "--release", "--target", TARGET, "--target-dir"]).arg(&target);
    command.arg("-Zbuild-std=std,panic_unwind,panic_abort,proc_macro,test");
    command.arg("-Zbuild-std-features=panic-unwind,backtrace");
    children::run(&mut command, STANDARD_LIBRARY_LIMIT)?;
    if sysroot.exists() {
        std::fs::remove_dir_all(sysroot)?;
    }
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    std::fs::create_dir_all(&libraries)?;
    for entry in std::fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        if name.ends_with(".rlib") && !name.starts_with("libwindows_std") {
            std::fs::copy(&path, libraries.join(name))?;
        }
    }
    for object in ["rsbegin", "rsend"] {
        let mut command = Command::new(RUSTC);
        command.env("RUSTC_BOOTSTRAP", "1");
        command.args(["--target", TARGET, "-O", "--emit=obj", "--crate-type=lib", "-o"]);
        command.arg(libraries.join(format!("{object}.o"))).arg(format!("{SOURCES}/rtstartup/{object}.rs"));
        children::run(&mut command, STANDARD_LIBRARY_LIMIT)?;
    }
    // 200 MB that nobody needs any more.
    std::fs::remove_dir_all(&target)?;
    Ok(())
}

#[cfg(unix)]
fn executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn executable(_path: &Path) -> Result<()> {
    Ok(())
}
