//! Which version this is: read once, put into every artefact, the same for the same commit.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::place;

/// Version, commit and date of what is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// `version` of the workspace.
    pub(crate) version: String,
    /// Short commit id; `None` outside a git checkout.
    pub(crate) commit: Option<String>,
    /// Day of the commit, else of the version's entry in the change log: `2026-11-24`.
    pub(crate) date: String,
    /// The same moment in seconds since 1970, for `SOURCE_DATE_EPOCH`
    /// (<https://reproducible-builds.org/specs/source-date-epoch/>).
    pub(crate) epoch: u64,
}

impl Stamp {
    /// Reads it from `Cargo.toml`, git and `CHANGELOG.md`.
    pub(crate) fn read() -> Result<Self> {
        let version = workspace_version()?;
        let log = std::fs::read_to_string(place::root().join("CHANGELOG.md")).context("CHANGELOG.md")?;
        let released = release_day(&log, &version)?;
        match git(&["log", "-1", "--abbrev=10", "--format=%h %ct %cs"]) {
            Some(line) => {
                let mut words = line.split_whitespace();
                let (Some(commit), Some(epoch), Some(date)) = (words.next(), words.next(), words.next()) else {
                    bail!("git says `{line}`");
                };
                Ok(Self { version, commit: Some(commit.to_owned()), date: date.to_owned(), epoch: epoch.parse()? })
            }
            None => Ok(Self { version, commit: None, epoch: day_to_epoch(&released)?, date: released }),
        }
    }

    /// What the programs print after their version: commit and day.
    pub(crate) fn build(&self) -> String {
        self.commit.as_ref().map_or_else(|| self.date.clone(), |commit| format!("{commit} {}", self.date))
    }
}

fn workspace_version() -> Result<String> {
    let text = std::fs::read_to_string(place::root().join("Cargo.toml"))?;
    text.lines()
        .skip_while(|line| line.trim() != "[workspace.package]")
        .find_map(|line| line.strip_prefix("version = "))
        .map(|value| value.trim().trim_matches('"').to_owned())
        .context("Cargo.toml has no version under [workspace.package]")
}

/// The day in the heading `## [0.1.0] - 2026-11-24` (<https://keepachangelog.com/en/1.1.0/>).
fn release_day(log: &str, version: &str) -> Result<String> {
    log.lines()
        .find_map(|line| line.strip_prefix(&format!("## [{version}] - ")))
        .map(|day| day.trim().to_owned())
        .with_context(|| format!("CHANGELOG.md has no heading `## [{version}] - DATE`"))
}

/// Midnight UTC of a day, by the civil calendar.
fn day_to_epoch(day: &str) -> Result<u64> {
    let parts: Vec<i64> = day.split('-').map(str::parse).collect::<Result<_, _>>().with_context(|| day.to_owned())?;
    let [year, month, date] = parts.as_slice() else { bail!("`{day}` is not a day") };
    // Days from civil: the year starts in March, so that the leap day is its last.
    let (year, month) = if *month <= 2 { (year - 1, month + 9) } else { (*year, month - 3) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + date - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Ok(u64::try_from(days * 86_400)?)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(place::root()).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_turned_into_seconds() {
        assert_eq!(day_to_epoch("1970-01-01").unwrap(), 0);
        assert_eq!(day_to_epoch("2024-02-29").unwrap(), 1_709_164_800);
        assert_eq!(day_to_epoch("2026-11-24").unwrap(), 1_795_478_400);
        assert!(day_to_epoch("soon").is_err());
    }

    #[test]
    fn the_change_log_names_the_version_of_the_workspace() {
        let stamp = Stamp::read().unwrap();
        assert_eq!(stamp.version, env!("CARGO_PKG_VERSION"));
        assert!(stamp.epoch > 1_700_000_000, "{stamp:?}");
    }
}
