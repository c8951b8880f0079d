//! Measures recognition against labelled texts: `eval-explain FILE [--wrong] [--only SET]`.
#![allow(clippy::print_stdout, reason = "printing is what this program does")]

mod score;

use std::io::BufRead;

use anyhow::{Context, bail};
use inbox_catalogue::{CATALOGUE_DATE, TextContext, recognise};

use score::{Labelled, Score};

fn main() -> anyhow::Result<()> {
    let mut file = None;
    let mut wrong = false;
    let mut only = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--wrong" => wrong = true,
            "--only" => only = Some(arguments.next().context("--only wants the name of a set")?),
            _ if argument.starts_with('-') => bail!("no such option: {argument}"),
            _ => file = Some(argument),
        }
    }
    let file = file.context("usage: eval-explain FILE [--wrong] [--only SET]")?;
    let reader = std::io::BufReader::new(std::fs::File::open(&file).with_context(|| format!("cannot open {file}"))?);
    // A fixed day, so that the same file gives the same numbers.
    let context = TextContext { today: CATALOGUE_DATE.parse()?, domain: None, app: None };
    let mut score = Score::default();
    for (index, line) in reader.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let labelled: Labelled = serde_json::from_str(&line).with_context(|| format!("{file}, line {}", index + 1))?;
        if only.as_ref().is_some_and(|set| *set != labelled.set) {
            continue;
        }
        let recognition = recognise(&labelled.text, &context);
        score.add(labelled, &recognition);
    }
    print!("{}", score.report(wrong));
    Ok(())
}
