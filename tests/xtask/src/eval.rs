//! `cargo xtask eval-explain FILE`: how well `explain` names the causes of labelled texts.
//!
//! FILE is JSON Lines with `id`, `text`, `cause`, and optionally `also` (other causes that are a fair first answer) and
//! `set`. The texts go through the real command line (`explain --batch`).

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{app, children::Running, place};

/// Far above what thousands of texts take.
const LIMIT: Duration = Duration::from_secs(300);
const UNKNOWN: &str = "unknown";

#[derive(Debug)]
struct Sample {
    id: String,
    cause: String,
    also: Vec<String>,
    set: String,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    all: usize,
    right: usize,
    certain: usize,
    certain_wrong: usize,
    unknown: usize,
    unknown_given_cause: usize,
}

/// Measures.
pub(crate) fn eval(arguments: &[String]) -> Result<ExitCode> {
    let [file] = arguments else {
        eprintln!("usage: cargo xtask eval-explain FILE");
        return Ok(ExitCode::from(2));
    };
    let (samples, input) = read(Path::new(file))?;
    app::cargo_build(&["inbox-doctor"], &[])?;
    let begun = Instant::now();
    let answers = answers(input)?;
    let took = begun.elapsed();
    let mut sets: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut confusion: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for sample in &samples {
        let Some((cause, confidence)) = answers.get(&sample.id) else { bail!("no answer for `{}`", sample.id) };
        let right = *cause == sample.cause || sample.also.contains(cause);
        let certain = confidence == "certain";
        for name in ["all", sample.set.as_str()] {
            let tally = sets.entry(name).or_default();
            tally.all += 1;
            tally.right += usize::from(right);
            tally.certain += usize::from(certain);
            tally.certain_wrong += usize::from(certain && !right);
            if sample.cause == UNKNOWN {
                tally.unknown += 1;
                tally.unknown_given_cause += usize::from(cause != UNKNOWN);
            }
        }
        if !right {
            confusion.entry((&sample.cause, cause)).or_default().push(&sample.id);
        }
    }
    println!(
        "{:<18} {:>6} {:>14} {:>20} {:>24}",
        "set", "texts", "first right", "certain but wrong", "unknown given a cause"
    );
    for (name, tally) in &sets {
        println!(
            "{name:<18} {:>6} {:>14} {:>20} {:>24}",
            tally.all,
            share(tally.right, tally.all),
            share(tally.certain_wrong, tally.certain),
            share(tally.unknown_given_cause, tally.unknown)
        );
    }
    println!("\nconfusion (label → first answer: how often, which)");
    for ((label, answer), ids) in &confusion {
        println!("  {label:<28} → {answer:<28} {:>4}  {}", ids.len(), ids.join(" "));
    }
    println!("\n{} texts in {:.2} s, start of the program included", samples.len(), took.as_secs_f32());
    Ok(ExitCode::SUCCESS)
}

fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    #[allow(clippy::cast_precision_loss, reason = "a few thousand texts")]
    let percent = part as f64 * 100.0 / whole as f64;
    format!("{part} = {percent:.1} %")
}

/// The labels, and the input for `explain --batch`, which is given nothing but id and text.
fn read(file: &Path) -> Result<(Vec<Sample>, String)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut samples = Vec::new();
    let mut input = String::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row: Value = serde_json::from_str(line).with_context(|| format!("line {} is no JSON", number + 1))?;
        let field = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
        let missing = |key: &str| format!("line {} has no `{key}`", number + 1);
        let id = field("id").with_context(|| missing("id"))?;
        let text = field("text").with_context(|| missing("text"))?;
        input.push_str(&serde_json::json!({ "id": id, "text": text }).to_string());
        input.push('\n');
        samples.push(Sample {
            id,
            cause: field("cause").with_context(|| missing("cause"))?,
            also: row
                .get("also")
                .and_then(Value::as_array)
                .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default(),
            set: field("set").unwrap_or_else(|| "(no set)".to_owned()),
        });
    }
    Ok((samples, input))
}

/// First cause and its confidence, by id.
fn answers(input: String) -> Result<BTreeMap<String, (String, String)>> {
    let mut command = Command::new(place::program("debug", "inbox-doctor"));
    command.args(["explain", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = Running::start(&mut command)?;
    let (stdin, stdout) = (running.take_stdin(), running.take_stdout());
    let (mut stdin, mut stdout) = stdin.zip(stdout).context("the program has no input or output")?;
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let reader = std::thread::spawn(move || {
        let mut output = String::new();
        stdout.read_to_string(&mut output).map(|_| output)
    });
    let status = running.wait(Some(LIMIT))?;
    let output = reader.join().map_err(|_| anyhow::anyhow!("reading failed"))??;
    writer.join().map_err(|_| anyhow::anyhow!("writing failed"))??;
    if status.code().is_none_or(|code| code > 1) {
        bail!("`inbox-doctor explain --batch` ended with {status}");
    }
    let mut answers = BTreeMap::new();
    for line in output.lines() {
        let row: Value = serde_json::from_str(line).context("an answer is no JSON")?;
        let first = row.get("findings").and_then(|findings| findings.get(0));
        let text = |key: &str| first.and_then(|found| found.get(key)).and_then(Value::as_str).map(str::to_owned);
        let id = row.get("id").and_then(Value::as_str).context("an answer has no id")?.to_owned();
        let cause = text("cause").context("an answer has no cause")?;
        answers.insert(id, (cause, text("confidence").unwrap_or_default()));
    }
    Ok(answers)
}
