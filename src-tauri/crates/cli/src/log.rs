//! The log on standard error: as much as the settings say, or as `INBOX_DOCTOR_LOG` asks for one run.

use inbox_engine::Engine;
use inbox_model::LogLevel;

/// The wish of this run; anything that is no level stands for the middle one.
fn wish() -> Option<LogLevel> {
    let text = std::env::var("INBOX_DOCTOR_LOG").ok().filter(|text| !text.is_empty())?;
    let level = serde_json::from_value(serde_json::Value::String(text.to_ascii_lowercase()));
    Some(level.unwrap_or(LogLevel::Info))
}

/// Starts the log. Libraries below ours stay at warnings whatever is asked: their finer logs hold headers and bodies.
pub fn start(engine: &Engine) {
    let level = match engine.log_level(wish()) {
        LogLevel::Off => return,
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    let libraries = if level == "error" { "error" } else { "warn" };
    let ours = ["inbox_doctor", "inbox_engine", "inbox_net"].map(|name| format!("{name}={level}")).join(",");
    // A second start in one process keeps the first: there is nothing to do about it.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(format!("{libraries},{ours}")))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}
