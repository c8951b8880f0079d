//! Turns the rule and code files into tables that need no reading at run time: a one-line paste must be answered within
//! the time that a program takes to start. A line that cannot be used stops the build with its place.
//!
//! It also makes cargo notice new text files: `include_dir!` alone only sees changes in files that it already knows.

#![allow(dead_code, reason = "the shared files hold more than the build script uses")]
#![allow(clippy::print_stdout, reason = "cargo reads the standard output of a build script")]

#[path = "build/codes.rs"]
mod codes;
#[path = "src/recognise/fold.rs"]
mod fold;
#[path = "src/scan/grams.rs"]
mod grams;
#[path = "src/recognise/literals.rs"]
mod literals;
#[path = "build/rules.rs"]
mod rules;
#[path = "build/triggers.rs"]
mod triggers;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gives the folder")?);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo gives the folder for what is made")?);
    for watched in [
        "build.rs",
        "build",
        "data/codes",
        "data/rules",
        "data/text/en",
        "data/text/ja",
        "src/recognise/fold.rs",
        "src/recognise/fold",
        "src/recognise/literals.rs",
        "src/scan/grams.rs",
    ] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let codes = codes::read(&root.join("data/codes"))?;
    std::fs::write(out.join("codes.rs"), codes.tables()?)?;
    let book = rules::read(&root.join("data/rules"), &codes)?;
    std::fs::write(out.join("rules.rs"), book.tables()?)?;
    std::fs::write(out.join("triggers.rs"), triggers::rust(book.triggers())?)?;
    Ok(())
}
