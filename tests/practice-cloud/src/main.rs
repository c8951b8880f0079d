//! The program `practice-cloud`: plays the providers on loopback until it is told to end.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use practice_cloud::{Fault, Options, Part, Planned, PracticeCloud};

/// Plays Microsoft's and Google's services on 127.0.0.1, with one account for every cause.
#[derive(Debug, Parser)]
#[command(name = "practice-cloud", version)]
struct Arguments {
    /// Write the settings file that points Inbox Doctor here.
    #[arg(long, value_name = "FILE")]
    write_settings: Option<PathBuf>,
    /// Print the scenarios as JSON and end.
    #[arg(long)]
    list: bool,
    /// Answer the authorize address as a browser with a live session would.
    #[arg(long)]
    sso: bool,
    /// Added to every HTTP request, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay: u64,
    /// First of nine consecutive ports; free ones without it.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// What the settings file says about waiting for the browser, in seconds.
    #[arg(long, value_name = "SECONDS")]
    sign_in_seconds: Option<u64>,
    /// A part whose packets vanish (`microsoft-graph`).
    #[arg(long, value_name = "PART", value_parser = part)]
    dead: Option<Part>,
}

fn part(text: &str) -> Result<Part, String> {
    let name = |part: &Part| serde_json::to_value(part).is_ok_and(|value| value.as_str() == Some(text));
    Part::ALL.into_iter().find(name).ok_or_else(|| format!("there is no part `{text}`"))
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do where even the error output is closed.
            let _ = writeln!(io::stderr(), "practice-cloud: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.list {
        return say(&serde_json::to_string_pretty(&practice_cloud::scenarios())?);
    }
    // Asked for before the first word, so that a signal right after `ready` finds somebody listening.
    let ended = signal()?;
    let cloud = PracticeCloud::start(Options {
        sso: arguments.sso,
        delay: Duration::from_millis(arguments.delay),
        first_port: arguments.port,
        sign_in_seconds: arguments.sign_in_seconds,
        fault: arguments.dead.map(|part| Planned {
            part,
            method: String::new(),
            path: String::new(),
            fault: Fault::Dropped,
        }),
        dns_fault: None,
    })
    .await?;
    if let Some(path) = &arguments.write_settings {
        let text = serde_json::to_string_pretty(&cloud.settings_json())?;
        std::fs::write(path, text + "\n").map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    }
    say("ready")?;
    ended.await;
    cloud.shutdown().await;
    Ok(())
}

/// Ready at SIGTERM or SIGINT (on Windows: Ctrl-C).
#[cfg(unix)]
fn signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the same form on every system")]
fn signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
