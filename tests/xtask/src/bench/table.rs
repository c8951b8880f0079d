//! Whether the window keeps 60 frames a second while 500 rows of the technician's table fill, in Chromium with the
//! scripted program. Held against a frame of the same page with nothing to do, or of 60 a second where that is longer.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Ratio;
use crate::{place, ui};

/// A frame of 60 a second, in milliseconds.
const FRAME: f64 = 1000.0 / 60.0;
/// One frame in twenty may be late.
const BUDGET: f64 = 1.05;

/// Measures in the browser; `ui/tests/bench.mjs` prints one line of JSON at the end.
pub(super) fn measure() -> Result<Vec<Ratio>> {
    let folder = place::root().join("ui");
    ui::packages(&folder)?;
    let output = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["run", "--silent", "bench"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("npm could not be started")?;
    ensure!(output.status.success(), "the measurement in the browser ended with {}", output.status);
    let printed = String::from_utf8_lossy(&output.stdout);
    let line = printed.lines().last().context("the measurement in the browser printed nothing")?;
    let measured: Value = serde_json::from_str(line).with_context(|| format!("no JSON: {line}"))?;
    let number =
        |name: &str| measured.get(name).and_then(Value::as_f64).with_context(|| format!("no `{name}`: {line}"));
    let (filling, idle) = (number("filling")?, number("idle")?);
    println!(
        "{:.1} frames a second while the rows fill; the longest frame took {:.0} ms",
        number("framesPerSecond")?,
        number("longest")?
    );
    Ok(vec![Ratio {
        name: "a frame while 500 rows fill / an idle one, 60 a second",
        ours: filling,
        against: idle.max(FRAME),
        unit: "ms",
        budget: BUDGET,
    }])
}
