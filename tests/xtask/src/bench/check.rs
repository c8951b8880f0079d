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
const LIMIT: Duration = Duration::from_secs(120);
const DEAD_RUNS: usize = 3;

/// Hosts whose packets vanish, and the time that the program gives one question to them (`HTTP_LIMIT` of discovery, `LIMIT` of
/// the probes).
const DEAD: &[(&str, &str, Duration)] = &[
    ("microsoft-autodiscover", "longer with Autodiscover dead / 8 s for one question", Duration::from_secs(8)),
    ("microsoft-graph", "longer with Graph dead / 20 s for one question", Duration::from_secs(20)),
];

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
    let times = checks(folder, &["--sso", "--delay", &delay], RUNS, true)?;
    println!("longest chain of dependent requests, {} ms each:", DELAY.as_millis());
    for link in CHAIN {
        println!("  - {link}");
    }
    let chain = DELAY * u32::try_from(CHAIN.len())?;
    let mut ratios = vec![Ratio {
        name: "a check with 50 ms a request / its longest chain",
        ours: median(times),
        against: milliseconds(chain),
        unit: "ms",
        budget: BUDGET,
    }];
    let healthy = median(checks(folder, &["--sso"], DEAD_RUNS, true)?);
    for (part, name, budget) in DEAD {
        let dead = median(checks(folder, &["--sso", "--dead", part], DEAD_RUNS, false)?);
        let against = milliseconds(*budget);
        ratios.push(Ratio { name, ours: dead - healthy, against, unit: "ms", budget: 1.0 });
    }
    Ok(ratios)
}

/// How long checks take against a practice cloud of this kind, in milliseconds; the first one warms up and is left out.
fn checks(folder: &str, cloud: &[&str], runs: usize, is_healthy: bool) -> Result<Vec<f64>> {
    let cloud = Practice::start(folder, &place::target().join("bench-practice"), cloud)?;
    let browser = format!("{} browse", place::own_program().display());
    let home = place::target().join("bench-home");
    std::fs::create_dir_all(&home)?;
    let mut times = Vec::new();
    for run in 0..=runs {
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
        // With a dead host it may find a cause, or too little to tell.
        if !(status.success() || (!is_healthy && matches!(status.code(), Some(1 | 3)))) {
            bail!("a check ended with {status}");
        }
        if run > 0 {
            times.push(milliseconds(took));
        }
    }
    Ok(times)
}
