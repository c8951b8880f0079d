//! What the operating system must bring. On Debian and its family it is installed where we may; elsewhere it is named.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::{children, place};

/// To build the window (the closure of `libwebkit2gtk-4.1-dev` brings GTK, libsoup, JavaScriptCore, D-Bus).
pub(crate) const BUILD: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];

/// To test it: a screen, a session bus, a password store, the two browsers' drivers, fonts with Japanese, mail servers.
pub(crate) const TEST: &[&str] = &[
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "libsecret-tools",
    "webkit2gtk-driver",
    "chromium",
    "chromium-driver",
    "fonts-noto-cjk",
    "fonts-liberation",
    "at-spi2-core",
    "gir1.2-atspi-2.0",
    "python3-gi",
    "xdotool",
    "imagemagick",
    "dovecot-imapd",
    "dovecot-pop3d",
    "exim4-daemon-light",
    "radicale",
    // Broken networks: namespaces, packet filters, a name server, a proxy with a sign-in, an inspecting filter.
    "iproute2",
    "nftables",
    "unbound",
    "squid",
    "mitmproxy",
    // The installers for Windows: a Windows, and its Japanese.
    "wine",
    "wine64",
    "locales",
    "openssl",
    "curl",
];

/// To make the packages and to look at them as the distributions do.
pub(crate) const DIST: &[&str] = &[
    "dpkg-dev",
    "rpm",
    "xz-utils",
    "lintian",
    "appstream",
    "desktop-file-utils",
    "shared-mime-info",
    "debootstrap",
    "python3-venv",
];

/// Downloads of half a gigabyte on a slow line.
const INSTALL_LIMIT: Duration = Duration::from_secs(30 * 60);
const QUERY_LIMIT: Duration = Duration::from_secs(30);

/// Whether everything is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Presence {
    /// All of it.
    Complete,
    /// These are missing and we may not install them.
    Missing(Vec<String>),
}

/// Sees to it that these packages are there.
pub(crate) fn ensure(wanted: &[&str]) -> Result<Presence> {
    if !cfg!(target_os = "linux") {
        // macOS and Windows bring their web view with them.
        return Ok(Presence::Complete);
    }
    if !place::on_path("dpkg-query") || !place::on_path("apt-get") {
        println!("This is no Debian or Ubuntu; the counterparts of these packages must be there: {}", wanted.join(" "));
        return Ok(Presence::Complete);
    }
    let missing: Vec<&str> = wanted.iter().copied().filter(|name| !installed(name)).collect();
    if missing.is_empty() {
        println!("all {} packages are there", wanted.len());
        return Ok(Presence::Complete);
    }
    let Some(prefix) = administrator() else {
        return Ok(Presence::Missing(missing.into_iter().map(str::to_owned).collect()));
    };
    println!("installing: {}", missing.join(" "));
    let update = children::run(apt(&prefix).args(["-q", "update"]), INSTALL_LIMIT);
    if let Err(error) = update {
        // A stale list may still do.
        println!("the package lists could not be renewed ({error:#}); trying with those that are there");
    }
    let install = children::run(
        apt(&prefix).args(["-q", "install", "-y", "--no-install-recommends"]).args(&missing),
        INSTALL_LIMIT,
    );
    if let Err(error) = install {
        println!("the packages could not be installed: {error:#}");
        return Ok(Presence::Missing(missing.into_iter().map(str::to_owned).collect()));
    }
    Ok(Presence::Complete)
}

/// Says what is missing and how to get it.
pub(crate) fn explain_missing(missing: &[String]) {
    eprintln!(
        "\nThese packages are missing, and installing them needs an administrator:\n\n    sudo apt-get update && sudo apt-get install -y --no-install-recommends {}\n\nRun that once, then this command again.",
        missing.join(" ")
    );
}

/// Whether the system's package sources have this package at all.
pub(crate) fn obtainable(name: &str) -> bool {
    installed(name)
        || children::succeeds(Command::new("apt-cache").args(["show", "--no-all-versions", name]), QUERY_LIMIT)
}

fn installed(name: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${db:Status-Status}", name])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.status.success() && output.stdout == b"installed")
}

/// How to become administrator without asking anybody: root already, or sudo without a password.
fn administrator() -> Option<Vec<&'static str>> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(vec!["env"]);
    }
    children::succeeds(Command::new("sudo").args(["-n", "true"]), QUERY_LIMIT).then(|| vec!["sudo", "-n", "env"])
}

fn apt(prefix: &[&str]) -> Command {
    let mut command = Command::new(prefix.first().copied().unwrap_or("env"));
    command.args(prefix.iter().skip(1)).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command.stdin(Stdio::null());
    command
}
