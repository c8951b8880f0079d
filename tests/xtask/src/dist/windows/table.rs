//! The tables inside a package: changed with SQL, through `msibuild`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::children;

const LIMIT: Duration = Duration::from_secs(60);

/// A package whose tables are changed.
#[derive(Debug)]
pub(super) struct Table<'a> {
    package: &'a Path,
}

impl<'a> Table<'a> {
    pub(super) fn of(package: &'a Path) -> Self {
        Self { package }
    }

    /// Runs statements in their order.
    pub(super) fn run_all(&self, statements: &[String]) -> Result<()> {
        let mut command = Command::new("msibuild");
        command.arg(self.package).stdin(Stdio::null());
        for statement in statements {
            command.args(["-q", statement]);
        }
        children::run(&mut command, LIMIT)
    }

    /// The rows of a table, without its three heading lines, as fields.
    pub(super) fn rows(&self, name: &str) -> Result<Vec<Vec<String>>> {
        let output = Command::new("msiinfo")
            .arg("export")
            .args([self.package, Path::new(name)])
            .stdin(Stdio::null())
            .output()
            .context("msiinfo does not start")?;
        if !output.status.success() {
            bail!("the table {name} of {} cannot be read", self.package.display());
        }
        Ok(String::from_utf8_lossy(&output.stdout)
            .lines()
            .skip(3)
            .map(|line| line.trim_end_matches('\r').split('\t').map(str::to_owned).collect())
            .collect())
    }
}
