//! `cargo xtask fuzz [SECONDS]`: each fuzz target of `tests/fuzz` for so long, with coverage counters but on the stable
//! compiler (the pass is reached by codegen options, <https://llvm.org/docs/LibFuzzer.html>).

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::{app, children, place};

const TARGETS: &[&str] =
    &["text", "log", "report", "address", "app_file", "callback", "sign_in", "lines", "network", "mail_documents"];
/// How long each target runs when nothing else is said, in seconds.
const SECONDS: u64 = 60;
/// What counts branches and comparisons for libFuzzer.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";

pub(crate) fn fuzz(arguments: &[String]) -> Result<ExitCode> {
    let seconds = match arguments.first() {
        Some(text) => text.parse().context("`cargo xtask fuzz` takes a number of seconds for each target")?,
        None => SECONDS,
    };
    let folder = place::root().join("tests/fuzz");
    let target_folder = place::root().join("target/fuzz");
    let mut build = app::cargo();
    build.current_dir(&folder).args(["build", "--release", "--target", HOST, "--target-dir"]).arg(&target_folder);
    // With a target named, the flags reach no build script.
    children::run(build.env("RUSTFLAGS", FLAGS), Duration::from_secs(30 * 60))?;
    for target in TARGETS {
        let corpus = target_folder.join("corpus").join(target);
        std::fs::create_dir_all(&corpus)?;
        let mut run = Command::new(target_folder.join(HOST).join("release").join(target));
        run.current_dir(&target_folder).arg(&corpus).args([
            format!("-max_total_time={seconds}"),
            "-timeout=10".to_owned(),
            "-rss_limit_mb=2048".to_owned(),
            "-print_final_stats=1".to_owned(),
            format!("-artifact_prefix={target}-"),
        ]);
        println!("== fuzz {target}, {seconds} s");
        children::run(&mut run, Duration::from_secs(seconds + 120))?;
    }
    println!("== fuzz: no target failed");
    Ok(ExitCode::SUCCESS)
}

/// This machine's own target triple, as far as the project is built on it.
const HOST: &str = if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };
