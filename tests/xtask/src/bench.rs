//! `cargo xtask bench`: the budgets.

use std::process::ExitCode;

use anyhow::{Result, bail};

/// Measures.
pub(crate) fn bench(_arguments: &[String]) -> Result<ExitCode> {
    bail!("not written yet")
}
