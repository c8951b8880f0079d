//! Turns the rule and code files into tables that need no reading at run time: a one-line paste must be answered within
//! the time that a program takes to start. A line that cannot be used stops the build with its place.

#![allow(dead_code, reason = "the shared files hold more than the build script uses")]
#![allow(clippy::print_stdout, reason = "cargo reads the standard output of a build script")]

#[path = "build/codes.rs"]
mod codes;
#[path = "build/documents.rs"]
mod documents;
#[path = "src/recognise/fold.rs"]
mod fold;
#[path = "src/scan/grams.rs"]
mod grams;
#[path = "src/recognise/literals.rs"]
mod literals;
#[path = "src/packed.rs"]
mod packed;
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
        "data/apps",
        "data/codes",
        "data/links.toml",
        "data/neutral.toml",
        "data/rules",
        "data/text/en",
        "data/text/ja",
        "src/packed.rs",
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
    let data = root.join("data");
    std::fs::write(out.join("texts.rs"), documents::texts(&data.join("text"))?)?;
    std::fs::write(out.join("links.rs"), documents::links(&data.join("links.toml"))?)?;
    for (from, to) in [
        ("neutral.toml", "neutral.json"),
        ("text/en/steps.toml", "steps-en.json"),
        ("text/ja/steps.toml", "steps-ja.json"),
        ("apps/hubspot.toml", "hubspot.json"),
        ("apps/other.toml", "other.json"),
    ] {
        std::fs::write(out.join(to), documents::json(&data.join(from))?)?;
    }
    Ok(())
}
