//! How long explaining takes: one line as a process against a program that does nothing, and a log of a gigabyte against
//! ripgrep looking for the same literal strings.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::{Ratio, median, milliseconds};
use crate::{children, packages, place};

const RUNS: usize = 100;
const WARM_UP: usize = 10;
/// Size of the log, in bytes.
const LOG: u64 = 1_000_000_000;
const LOG_RUNS: usize = 3;
/// Largest allowed memory for the log, in megabytes.
const MEMORY: f64 = 64.0;
const LINE: &str = "AADSTS50105: The signed in user is not assigned to a role for the application.";

/// Measures the line, the log and the memory.
pub(super) fn measure(folder: &str) -> Result<Vec<Ratio>> {
    if let packages::Presence::Missing(names) = packages::ensure(&["ripgrep"])? {
        packages::explain_missing(&names);
        bail!("without ripgrep there is nothing to measure the log against");
    }
    let (ours, empty) = (place::program(folder, "inbox-doctor"), place::program(folder, "empty-program"));
    let (mut line_times, mut empty_times) = (Vec::new(), Vec::new());
    for run in 0..RUNS + WARM_UP {
        let line = time(Command::new(&ours).args(["explain", "--json", "--text", LINE]))?.0;
        let nothing = time(&mut Command::new(&empty))?.0;
        if run >= WARM_UP {
            line_times.push(milliseconds(line));
            empty_times.push(milliseconds(nothing));
        }
    }
    let bench = place::root().join("target/bench");
    std::fs::create_dir_all(&bench)?;
    let log = write_log(&bench.join("sync.log"))?;
    let patterns = bench.join("patterns.txt");
    let listed = Command::new(&ours).args(["causes", "patterns"]).output()?;
    std::fs::write(&patterns, listed.stdout)?;
    let (mut log_times, mut peer_times, mut memory) = (Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..LOG_RUNS {
        let (took, peak) = time(Command::new(&ours).args(["explain", "--json"]).arg(&log))?;
        log_times.push(milliseconds(took));
        memory = memory.max(peak);
        let mut peer = Command::new("rg");
        peer.args(["-j1", "-c", "-i", "-F", "-f"]).arg(&patterns).arg(&log);
        peer_times.push(milliseconds(time(&mut peer)?.0));
    }
    std::fs::remove_file(&log)?;
    Ok(vec![
        Ratio {
            name: "explain of one line / an empty program",
            ours: median(line_times),
            against: median(empty_times),
            unit: "ms",
            budget: 3.0,
        },
        Ratio {
            name: "explain of a 1 GB log / ripgrep -j1, same strings",
            ours: median(log_times),
            against: median(peer_times),
            unit: "ms",
            budget: 2.0,
        },
        Ratio { name: "memory of that / 64 MB", ours: memory, against: MEMORY, unit: "MB", budget: 1.0 },
    ])
}

/// Runs to the end; gives the time and the largest memory seen, in megabytes.
fn time(command: &mut Command) -> Result<(Duration, f64)> {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status_file = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0.0_f64;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() < Duration::from_millis(50) {
            // A short program must not be slowed by being watched.
            std::thread::yield_now();
            continue;
        }
        peak = peak.max(high_water(&status_file).unwrap_or(0.0));
        ensure!(begun.elapsed() < Duration::from_secs(600), "{} does not end", children::shown(command));
        std::thread::sleep(Duration::from_millis(5));
    };
    let took = begun.elapsed();
    ensure!(matches!(status.code(), Some(0 | 1)), "{} ended with {status}", children::shown(command));
    Ok((took, peak))
}

/// The most memory that a process had, in megabytes.
pub(super) fn high_water(status_file: &Path) -> Option<f64> {
    let text = std::fs::read_to_string(status_file).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1000.0)
}

/// A log as a mail integration writes it: mostly work done, now and then a failure. The same bytes every time.
fn write_log(path: &Path) -> Result<PathBuf> {
    const FAILURES: &[&str] = &[
        "ERROR token refresh failed: AADSTS50173: The provided grant has expired due to it being revoked.",
        "ERROR graph 404 {\"error\":{\"code\":\"MailboxNotEnabledForRESTAPI\",\"message\":\"The mailbox is either inactive, soft-deleted, or is hosted on-premise.\"}}",
        "WARN  429 Too Many Requests, ApplicationThrottled, Retry-After: 10",
        "ERROR connect ECONNREFUSED 203.0.113.7:443",
        "ERROR imap NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
    ];
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).context("the log cannot be written")?);
    let (mut written, mut number, mut seed) = (0_u64, 0_u64, 0x9e37_79b9_7f4a_7c15_u64);
    while written < LOG {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (second, account, took) = (number / 50, (seed >> 33) % 5000, (seed >> 40) % 900);
        let line = if seed >> 54 == 0 {
            let failure = FAILURES.get((seed >> 20) as usize % FAILURES.len()).copied().unwrap_or_default();
            format!("2026-11-24T08:{:02}:{:02}Z account={account} {failure}\n", second / 60 % 60, second % 60)
        } else {
            format!(
                "2026-11-24T08:{:02}:{:02}Z INFO  account={account} synchronised messages=12 events=3 folder=inbox cursor={seed:016x} took={took}ms\n",
                second / 60 % 60,
                second % 60
            )
        };
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
        number += 1;
    }
    out.flush()?;
    Ok(path.to_owned())
}
