//! Windows: the program's icon, version and manifest, compiled by the resource compiler of MinGW.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rights of the one who starts it, never more; paths of any length; and the systems it knows.
const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security><requestedPrivileges><requestedExecutionLevel level="asInvoker" uiAccess="false"/></requestedPrivileges></security>
  </trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application><supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/></application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings><longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware></windowsSettings>
  </application>
</assembly>
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let of = |name: &str| std::env::var(name).unwrap_or_default();
    // The other compiler for Windows has a resource compiler of another kind; the program works without these, too.
    if of("CARGO_CFG_TARGET_OS") != "windows" || of("CARGO_CFG_TARGET_ENV") != "gnu" {
        return Ok(());
    }
    let icon = Path::new(&of("CARGO_MANIFEST_DIR")).join("../../../icons/icon.ico").canonicalize()?;
    println!("cargo::rerun-if-changed={}", icon.display());
    let out = PathBuf::from(of("OUT_DIR"));
    std::fs::write(out.join("program.manifest"), MANIFEST)?;
    std::fs::copy(&icon, out.join("icon.ico"))?;
    let version = of("CARGO_PKG_VERSION");
    let numbers =
        [of("CARGO_PKG_VERSION_MAJOR"), of("CARGO_PKG_VERSION_MINOR"), of("CARGO_PKG_VERSION_PATCH"), "0".to_owned()]
            .join(",");
    std::fs::write(out.join("program.rc"), resources(&version, &numbers))?;
    let compiler = if cfg!(windows) { "windres" } else { "x86_64-w64-mingw32-windres" };
    let status =
        Command::new(compiler).current_dir(&out).args(["program.rc", "-O", "coff", "-o", "program.o"]).status()?;
    if !status.success() {
        return Err(format!("{compiler} ended with {status}").into());
    }
    println!("cargo::rustc-link-arg-bins={}", out.join("program.o").display());
    Ok(())
}

/// 24 is a manifest (`RT_MANIFEST`); 0409/04B0 are English and Unicode
/// (<https://learn.microsoft.com/windows/win32/menurc/versioninfo-resource>).
fn resources(version: &str, numbers: &str) -> String {
    format!(
        r#"1 ICON "icon.ico"
1 24 "program.manifest"
1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
FILEOS 0x40004
FILETYPE 0x1
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904B0"
    BEGIN
      VALUE "CompanyName", "The Inbox Doctor authors"
      VALUE "FileDescription", "Inbox Doctor command line"
      VALUE "FileVersion", "{version}"
      VALUE "InternalName", "inbox-doctor"
      VALUE "LegalCopyright", "The Inbox Doctor authors"
      VALUE "OriginalFilename", "inbox-doctor.exe"
      VALUE "ProductName", "Inbox Doctor"
      VALUE "ProductVersion", "{version}"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
"#
    )
}
