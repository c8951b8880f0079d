//! `cargo xtask bench`: the budgets, each a ratio of two things measured alternately in one run, so that the speed of the
//! computer falls out. Medians, because a busy computer only ever makes things slower.

mod check;
mod discover;
mod driver;
mod explain;
mod names;
mod table;
mod version;
mod window;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::{app, children::step, packages, ui};

/// One comparison.
#[derive(Debug)]
pub(crate) struct Ratio {
    /// What is compared.
    pub(crate) name: &'static str,
    /// Ours, in `unit`.
    pub(crate) ours: f64,
    /// What it is held against, in `unit`.
    pub(crate) against: f64,
    /// Unit of both.
    pub(crate) unit: &'static str,
    /// Largest allowed ratio.
    pub(crate) budget: f64,
}

/// Measures what is named, or everything. `--profile NAME` takes another profile than the shipped one.
pub(crate) fn bench(arguments: &[String]) -> Result<ExitCode> {
    let mut wanted = Vec::new();
    let mut profile = "release".to_owned();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--profile" => match rest.next() {
                Some(name) => profile.clone_from(name),
                None => bail!("--profile needs a name"),
            },
            "check" | "discover" | "explain" | "window" | "version" | "table" => wanted.push(argument.as_str()),
            other => {
                bail!("there is no measurement `{other}`; there are check, discover, explain, table, version, window")
            }
        }
    }
    if wanted.is_empty() {
        wanted = vec!["version", "explain", "check", "discover", "window", "table"];
    }
    if wanted.contains(&"window") || wanted.contains(&"table") {
        let presence = packages::ensure(&[packages::BUILD, packages::TEST].concat())?;
        if let packages::Presence::Missing(names) = presence {
            packages::explain_missing(&names);
            return Ok(ExitCode::from(2));
        }
        step("user interface", ui::build)?;
    }
    if wanted.iter().any(|name| *name != "table") {
        step("programs", || build(&wanted, &profile))?;
    }
    // The folder of the profile called `dev` has another name, for historical reasons (the Cargo book, "Build cache").
    let folder = if profile == "dev" { "debug" } else { profile.as_str() };
    let mut ratios = Vec::new();
    for name in wanted {
        ratios.extend(step(&format!("measuring {name}"), || match name {
            "check" => check::measure(folder),
            "discover" => discover::measure(folder),
            "explain" => explain::measure(folder),
            "window" => window::measure(folder),
            "table" => table::measure(),
            _ => version::measure(folder),
        })?);
    }
    Ok(report(&ratios, &profile))
}

fn build(wanted: &[&str], profile: &str) -> Result<()> {
    let mut names = vec!["inbox-doctor", "practice-cloud", "empty"];
    let mut more = vec!["--profile", profile];
    if wanted.contains(&"window") {
        names.push("inbox-doctor-desktop");
        more.extend(["--features", app::WINDOW_FEATURES]);
    }
    app::cargo_build(&names, &more)
}

fn report(ratios: &[Ratio], profile: &str) -> ExitCode {
    println!("\nprofile {profile}");
    println!("{:<52} {:>12} {:>12} {:>8} {:>8}", "", "ours", "against", "ratio", "budget");
    let mut kept = true;
    for ratio in ratios {
        let value = ratio.ours / ratio.against;
        let within = value <= ratio.budget;
        kept &= within;
        println!(
            "{:<52} {:>9.1} {:<2} {:>9.1} {:<2} {:>8.2} {:>8.2}  {}",
            ratio.name,
            ratio.ours,
            ratio.unit,
            ratio.against,
            ratio.unit,
            value,
            ratio.budget,
            if within { "kept" } else { "BROKEN" }
        );
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// In milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
