//! How long `inbox-doctor --version` takes as a process, against a program that does nothing.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::{Ratio, median, milliseconds};
use crate::place;

const RUNS: usize = 200;
/// The first ones read the programs from the disk.
const WARM_UP: usize = 10;
const BUDGET: f64 = 3.0;

/// Measures both alternately.
pub(super) fn measure(folder: &str) -> Result<Vec<Ratio>> {
    let (ours, empty) = (place::program(folder, "inbox-doctor"), place::program(folder, "empty-program"));
    let (mut our_times, mut empty_times) = (Vec::new(), Vec::new());
    for run in 0..RUNS + WARM_UP {
        let (a, b) = (time(&ours, &["--version"])?, time(&empty, &[])?);
        if run >= WARM_UP {
            our_times.push(a);
            empty_times.push(b);
        }
    }
    Ok(vec![Ratio {
        name: "inbox-doctor --version / an empty program",
        ours: median(our_times),
        against: median(empty_times),
        unit: "ms",
        budget: BUDGET,
    }])
}

fn time(program: &Path, arguments: &[&str]) -> Result<f64> {
    let begun = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let took = begun.elapsed();
    ensure!(status.success(), "{} ended with {status}", program.display());
    Ok(milliseconds(took))
}
