//! The package for administrators: compiled by wixl, completed in its tables.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::{guid, policies, table::Table, version};
use crate::{children, place};

const PACK_LIMIT: Duration = Duration::from_secs(300);
const HOME: &str = "https://github.com/inbox-doctor/inbox-doctor";

/// Files with a version of their own: Windows compares it when it replaces them.
const VERSIONED: &[(&str, &str)] = &[
    ("CommandLine", "inbox-doctor.exe"),
    ("Window", "inbox-doctor-desktop.exe"),
    ("WebViewLoader", "WebView2Loader.dll"),
];

/// Which version the package is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    /// `0.1.0`.
    pub(super) version: String,
    /// What tells two builds of one version apart.
    pub(super) build: String,
}

impl Package {
    /// The product code: the same for the same build.
    pub(super) fn product_code(&self) -> String {
        guid::of_name(&format!("product {} {}", self.version, self.build))
    }
}

/// Packs the files of `work/tree` into `file`.
pub(super) fn pack(package: &Package, work: &Path, file: &Path) -> Result<()> {
    let policies = policies::read()?;
    let source = place::root().join("src-tauri/packaging/windows/inbox-doctor.wxs");
    let source = std::fs::read_to_string(&source).with_context(|| source.display().to_string())?;
    let mut filled = source;
    for (mark, value) in [
        ("product-code", package.product_code()),
        ("upgrade-code", guid::UPGRADE_CODE.to_owned()),
        ("version", package.version.clone()),
        ("home", HOME.to_owned()),
        ("searches", policies::searches(&policies)),
        ("policies", policies::components(&policies)),
        ("references", policies::references(&policies)),
    ] {
        filled = filled.replace(&format!("[[{mark}]]"), &value);
    }
    if filled.contains("[[") {
        bail!("a mark of the package's source was not filled");
    }
    std::fs::write(work.join("inbox-doctor.wxs"), filled)?;
    // Its sources must be given relative to where it runs.
    let compiled = work.join("inbox-doctor.msi");
    if compiled.exists() {
        std::fs::remove_file(&compiled)?;
    }
    children::run(
        Command::new("wixl").current_dir(work).args(["-a", "x64", "-o", "inbox-doctor.msi", "inbox-doctor.wxs"]),
        PACK_LIMIT,
    )?;
    let table = Table::of(&compiled);
    files_have_versions(&table, work)?;
    search_path(&table)?;
    same_version_is_replaced(&table)?;
    policies::amend(&table, &policies)?;
    public_properties(&table, &policies::secure(&policies))?;
    std::fs::rename(&compiled, file)?;
    Ok(())
}

/// Without a version a program counts as an unversioned file, and an upgrade may keep the old one.
fn files_have_versions(table: &Table<'_>, work: &Path) -> Result<()> {
    for (id, name) in VERSIONED {
        let bytes = std::fs::read(work.join("tree").join(name))?;
        let version = version::fixed(&bytes).with_context(|| format!("{name} has no version"))?;
        let text = version.map(|part| part.to_string()).join(".");
        table.run_all(&[
            format!("UPDATE File SET Version='{text}', Language='1033' WHERE File='{id}'"),
            format!("DELETE FROM MsiFileHash WHERE File_='{id}'"),
        ])?;
    }
    Ok(())
}

/// The folder on the machine's search path: `=-*` sets it for the machine and takes it away again, `[~]` keeps the rest
/// (<https://learn.microsoft.com/windows/win32/msi/environment-table>).
fn search_path(table: &Table<'_>) -> Result<()> {
    table.run_all(&[
        "CREATE TABLE Environment (Environment CHAR(72) NOT NULL, Name CHAR(255) NOT NULL LOCALIZABLE, Value CHAR(255) LOCALIZABLE, Component_ CHAR(72) NOT NULL PRIMARY KEY Environment)".to_owned(),
        "INSERT INTO Environment (Environment, Name, Value, Component_) VALUES ('SearchPath', '=-*PATH', '[~];[INSTALLDIR]', 'CommandLine')".to_owned(),
        "INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('WriteEnvironmentStrings', 5200)".to_owned(),
        "INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('RemoveEnvironmentStrings', 3300)".to_owned(),
    ])
}

/// Another build of the same version takes the place of the one that is there, in place of standing beside it: the range
/// of versions that are replaced includes its upper end (512).
fn same_version_is_replaced(table: &Table<'_>) -> Result<()> {
    let rows = table.rows("Upgrade")?;
    let property = rows
        .iter()
        .filter_map(|row| row.get(6))
        .find(|property| property.contains("UPGRADE"))
        .context("the package looks for no older version")?;
    // The key of a row has no name of its own: it is made anew with the attribute in it.
    let row = rows.iter().find(|row| row.get(6) == Some(property)).context("Upgrade")?;
    let mut columns = vec!["Attributes", "ActionProperty"];
    let attributes: u32 = row.get(4).and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut values = vec![(attributes | 512).to_string(), format!("'{property}'")];
    for (place, column) in ["UpgradeCode", "VersionMin", "VersionMax", "Language"].into_iter().enumerate() {
        // An empty field cannot be written: it is left out.
        if let Some(value) = row.get(place).filter(|value| !value.is_empty()) {
            columns.push(column);
            values.push(format!("'{value}'"));
        }
    }
    table.run_all(&[
        format!("DELETE FROM Upgrade WHERE ActionProperty='{property}'"),
        format!("INSERT INTO Upgrade ({}) VALUES ({})", columns.join(", "), values.join(", ")),
    ])
}

/// Lets properties pass to the half of the installation that has the system's rights, and keeps secret ones out of logs.
fn public_properties(table: &Table<'_>, more: &[String]) -> Result<()> {
    const NAME: &str = "SecureCustomProperties";
    let old = table
        .rows("Property")?
        .into_iter()
        .find(|row| row.first().is_some_and(|name| name == NAME))
        .and_then(|row| row.get(1).cloned())
        .unwrap_or_default();
    let mut all: Vec<String> = old.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    all.extend(more.iter().cloned());
    let hidden: Vec<&String> =
        more.iter().filter(|name| ["SECRET", "TOKEN", "PROXY"].iter().any(|word| name.contains(word))).collect();
    let hidden = hidden.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(";");
    let mut statements = vec![
        format!("DELETE FROM Property WHERE Property='{NAME}'"),
        format!("INSERT INTO Property (Property, Value) VALUES ('{NAME}', '{}')", all.join(";")),
    ];
    if !hidden.is_empty() {
        statements.push(format!("INSERT INTO Property (Property, Value) VALUES ('MsiHiddenProperties', '{hidden}')"));
    }
    table.run_all(&statements)
}
