//! `discover` over thousands of domains against a name server with a delay, and adnshost asking that server the same
//! questions: names for each second, memory, and how many questions are open at one time.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::{
    Ratio, explain,
    names::{NameServer, Question},
};
use crate::{packages, place, practice::Practice};

const DOMAINS: usize = 5000;
/// Of the name server.
const DELAY: Duration = Duration::from_millis(20);
/// adnshost knows no port but 53; an address of its own leaves this computer's name server alone.
const SERVER: &str = "127.0.53.53:53";
/// Largest allowed memory, in megabytes.
const MEMORY: f64 = 150.0;
/// The most questions that may be open at one server at one time, and the most files of the program.
const POLITE: f64 = 128.0;
const FILES: f64 = 512.0;

/// Measures.
pub(super) fn measure(folder: &str) -> Result<Vec<Ratio>> {
    if let packages::Presence::Missing(names) = packages::ensure(&["adns-tools"])? {
        packages::explain_missing(&names);
        bail!("without adnshost there is nothing to measure the look-ups against");
    }
    let server = NameServer::start(SERVER.parse::<SocketAddr>()?, DELAY).context(
        "the name server needs port 53 on an address of this computer, which only an administrator may take",
    )?;
    let cloud = Practice::start(folder, &place::target().join("bench-practice"), &["--sso"])?;
    let bench = place::target().join("bench");
    std::fs::create_dir_all(&bench)?;
    let (list, settings) = (write_list(&bench)?, write_settings(&bench, &cloud.settings)?);
    let out = bench.join("discovered.jsonl");
    let mut command = Command::new(place::program(folder, "inbox-doctor"));
    command.args(["discover", "--json", "--quiet", "--settings"]).arg(&settings).arg("--input").arg(&list);
    command.stdin(Stdio::null()).stdout(std::fs::File::create(&out)?).stderr(Stdio::null());
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let (mut memory, mut files) = (0.0_f64, 0.0_f64);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let folder = PathBuf::from(format!("/proc/{}", child.id()));
        memory = memory.max(explain::high_water(&folder.join("status")).unwrap_or(0.0));
        files = files.max(std::fs::read_dir(folder.join("fd")).map_or(0, Iterator::count) as f64);
        std::thread::sleep(Duration::from_millis(5));
    };
    let took = begun.elapsed();
    ensure!(status.success(), "discover ended with {status}");
    let answers = std::fs::read_to_string(&out)?;
    let right =
        answers.lines().filter(|line| line.contains("\"microsoft-365\"") || line.contains("microsoft365")).count();
    ensure!(right == DOMAINS, "{right} of {DOMAINS} domains were recognised");
    let (asked, open) = server.take();
    let peer = ask_again(&asked)?;
    let rate = |time: Duration| asked.len() as f64 / time.as_secs_f64();
    println!("{} questions; adnshost had {} open at one time", asked.len(), server.take().1);
    Ok(vec![
        // Names for each second, the other way round: what must be at least equal is at most 1 here.
        Ratio {
            name: "names a second: adnshost / discover, 5,000 domains",
            ours: rate(peer),
            against: rate(took),
            unit: "/s",
            budget: 1.0,
        },
        Ratio { name: "memory of discover / 150 MB", ours: memory, against: MEMORY, unit: "MB", budget: 1.0 },
        Ratio { name: "questions open at the server / 128", ours: open as f64, against: POLITE, unit: "", budget: 1.0 },
        Ratio { name: "open files of discover / 512", ours: files, against: FILES, unit: "", budget: 1.0 },
    ])
}

fn write_list(folder: &Path) -> Result<PathBuf> {
    let file = folder.join("domains.txt");
    let text: String = (0..DOMAINS).map(|number| format!("d{number:05}.example\n")).collect();
    std::fs::write(&file, text)?;
    Ok(file)
}

/// The practice cloud's settings with this name server.
fn write_settings(folder: &Path, practice: &Path) -> Result<PathBuf> {
    let mut settings: Value = serde_json::from_str(&std::fs::read_to_string(practice)?)?;
    let map = settings.as_object_mut().context("the settings are no object")?;
    map.insert("dnsServer".to_owned(), SERVER.into());
    let file = folder.join("discover-settings.json");
    std::fs::write(&file, settings.to_string())?;
    Ok(file)
}

/// How long adnshost takes for the same questions, all of them handed over at once.
fn ask_again(asked: &[Question]) -> Result<Duration> {
    // The raw records: what it looks up beside them would be questions of its own.
    let kinds: BTreeMap<u16, &str> =
        [(1, "a"), (5, "cname"), (15, "mx-"), (16, "txt"), (28, "aaaa"), (33, "srv-")].into();
    let mut input = String::new();
    for (name, kind) in asked {
        let kind = kinds.get(kind).with_context(|| format!("adnshost has no word for the record type {kind}"))?;
        input += &format!("--type {kind}\n- {name}\n");
    }
    let host = SERVER.split(':').next().unwrap_or_default();
    let begun = Instant::now();
    let mut child = Command::new("adnshost")
        .args(["--config", &format!("nameserver {host}"), "--asynch", "--quiet", "-Qq", "--pipe"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    child.stdin.take().context("no way into adnshost")?.write_all(input.as_bytes())?;
    let status = child.wait()?;
    // Names without such a record are answers like any other: they make the exit code, not the time.
    ensure!(status.code().is_some_and(|code| code <= 6), "adnshost ended with {status}");
    Ok(begun.elapsed())
}
