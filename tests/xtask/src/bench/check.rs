//! A whole check against the practice cloud with a delay added to every request, against the longest chain of requests
//! that cannot begin before the one before has answered. Whatever the program does one after the other without need, and
//! whatever it computes, shows as a ratio above 1.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::{Ratio, median, milliseconds};
use crate::{children::Running, place, practice::Practice};

const RUNS: usize = 9;
const BUDGET: f64 = 1.25;
/// Added to every request. DNS is not delayed.
const DELAY: Duration = Duration::from_millis(50);
const LIMIT: Duration = Duration::from_secs(60);

/// The chain for a Microsoft account whose organisation lets the app in, so that the second stage needs no page. The
/// identity is in the answer to the first token request; `/me`, Autodiscover, and the provider's own configuration with
/// its signing keys can be fetched beside these.
const CHAIN: &[&str] = &[
    "the organisation's configuration (tells tenant and cloud, and so where to sign in)",
    "authorize, identity",
    "token, identity",
    "token, the app's scopes (asked for only when the identity is known)",
    "mailbox and calendar (side by side)",
];

/// Measures.
pub(super) fn measure(folder: &str) -> Result<Vec<Ratio>> {
    let delay = DELAY.as_millis().to_string();
    let cloud = Practice::start(folder, &place::target().join("bench-practice"), &["--sso", "--delay", &delay])?;
    let browser = format!("{} browse", place::own_program().display());
    let home = place::target().join("bench-home");
    std::fs::create_dir_all(&home)?;
    let mut times = Vec::new();
    for run in 0..=RUNS {
        let mut command = Command::new(place::program(folder, "inbox-doctor"));
        command
            .args(["check", "works@contoso.example", "--json", "--quiet", "--browser", &browser, "--settings"])
            .arg(&cloud.settings)
            .env("HOME", &home)
            // No password store: its time is the desktop's, and a kept sign-in would shorten the chain.
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("XDG_RUNTIME_DIR")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let begun = Instant::now();
        let status = Running::start(&mut command)?.wait(Some(LIMIT))?;
        let took = begun.elapsed();
        if !status.success() {
            bail!("the check of a healthy account ended with {status}");
        }
        if run > 0 {
            times.push(milliseconds(took));
        }
    }
    println!("longest chain of dependent requests, {} ms each:", DELAY.as_millis());
    for link in CHAIN {
        println!("  - {link}");
    }
    let chain = DELAY * u32::try_from(CHAIN.len())?;
    Ok(vec![Ratio {
        name: "a check with 50 ms a request / its longest chain",
        ours: median(times),
        against: milliseconds(chain),
        unit: "ms",
        budget: BUDGET,
    }])
}
