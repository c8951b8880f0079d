//! The practice cloud as a running program.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::{app, children, children::Running, place};

/// It only opens sockets; anything longer is a fault.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// A practice cloud that serves, with the settings file that points at it. Ends when dropped.
#[derive(Debug)]
pub(crate) struct Practice {
    _running: Running,
    /// The settings file for `--settings`.
    pub(crate) settings: PathBuf,
}

impl Practice {
    /// Starts the built program and waits until it serves.
    pub(crate) fn start(profile: &str, folder: &Path, more: &[&str]) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let settings = folder.join("practice-settings.json");
        let mut command = Command::new(place::program(profile, "practice-cloud"));
        command.arg("--write-settings").arg(&settings).args(more);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut running = Running::start(&mut command)?;
        let stdout = running.take_stdout().context("the practice cloud has no output")?;
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // Goes on reading after `ready`, so that the program never blocks on a full pipe.
            for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
                if line.trim() == "ready" {
                    let _ = tell.send(()); // nobody waits any more after the first
                }
            }
        });
        match told.recv_timeout(READY_LIMIT) {
            Ok(()) => Ok(Self { _running: running, settings }),
            Err(mpsc::RecvTimeoutError::Timeout) => bail!("the practice cloud was not ready within {READY_LIMIT:?}"),
            Err(mpsc::RecvTimeoutError::Disconnected) => bail!("the practice cloud ended before it was ready"),
        }
    }
}

/// The practice accounts: address and cause.
pub(crate) fn accounts(profile: &str) -> Result<Vec<(String, String)>> {
    let output = Command::new(place::program(profile, "practice-cloud"))
        .arg("--list")
        .stdin(Stdio::null())
        .output()
        .context("the practice cloud cannot list its accounts")?;
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).context("the list of accounts is no JSON")?;
    let rows = list.as_array().or_else(|| list.get("scenarios").and_then(|rows| rows.as_array()));
    Ok(rows
        .into_iter()
        .flatten()
        .filter_map(|row| {
            let text = |key| row.get(key).and_then(|value| value.as_str()).map(str::to_owned);
            Some((text("address")?, text("cause").unwrap_or_else(|| "works".to_owned())))
        })
        .collect())
}

/// `cargo xtask practice`: builds and runs it until Ctrl-C.
pub(crate) fn practice(arguments: &[String]) -> Result<ExitCode> {
    app::cargo_build(&["practice-cloud"], &[])?;
    let mut command = Command::new(place::program("debug", "practice-cloud"));
    if arguments.is_empty() {
        let settings = place::target().join("practice").join("practice-settings.json");
        std::fs::create_dir_all(settings.parent().unwrap_or(Path::new(".")))?;
        println!("settings for `inbox-doctor --settings`: {}", settings.display());
        println!("Ctrl-C ends it");
        command.arg("--write-settings").arg(settings);
    }
    command.args(arguments);
    let outcome = Running::start(&mut command)?.wait(None);
    if children::interrupted() {
        return Ok(ExitCode::SUCCESS);
    }
    let status = outcome?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
