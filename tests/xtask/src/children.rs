//! Child processes: each in a process group of its own, bounded in time, and its whole group ended with it.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How often a wait looks whether the child has ended.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long a group may take to end by itself after SIGTERM.
const GRACE: Duration = Duration::from_secs(3);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Turns Ctrl-C and SIGTERM into a flag that every wait looks at: the children are in groups of their own, so that
/// the terminal's signal does not reach them, and must be ended by us.
pub(crate) fn watch_signals() {
    let flag = INTERRUPTED.get_or_init(Arc::default);
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        if let Err(error) = signal_hook::flag::register(signal, Arc::clone(flag)) {
            eprintln!("xtask: signal {signal} cannot be watched: {error}");
        }
    }
}

/// Whether somebody asked us to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// A running child; dropping it ends its group.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    child: Child,
    ended: bool,
}

impl Running {
    /// Starts a command in a group of its own.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().with_context(|| format!("`{name}` cannot be started"))?;
        Ok(Self { name, child, ended: false })
    }

    /// The child's standard output, where it was piped.
    pub(crate) fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When the time is up or somebody pressed Ctrl-C; the group is ended then.
    pub(crate) fn wait(mut self, limit: Option<Duration>) -> Result<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                // Whatever it left behind in its group ends with it.
                self.end_group();
                return Ok(status);
            }
            if interrupted() {
                bail!("`{}` was stopped", self.name);
            }
            if limit.is_some_and(|limit| begun.elapsed() > limit) {
                bail!("`{}` did not end within {} s", self.name, begun.elapsed().as_secs());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn end_group(&mut self) {
        signal_group(self.child.id(), "TERM");
        self.ended = true;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        signal_group(self.child.id(), "TERM");
        let begun = Instant::now();
        while begun.elapsed() < GRACE {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                break;
            }
            std::thread::sleep(LOOK_EVERY);
        }
        signal_group(self.child.id(), "KILL");
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends a signal to a whole group, through `kill` because the standard library has no call for it. A group that is
/// gone already is fine.
fn signal_group(id: u32, signal: &str) {
    if cfg!(unix) {
        drop(
            Command::new("kill")
                .args([&format!("-{signal}"), "--", &format!("-{id}")])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status(),
        );
    }
}

/// Runs a command to its end.
///
/// # Errors
/// When it cannot start, takes too long, or ends with anything but success.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<()> {
    let shown = shown(command);
    let status = Running::start(command)?.wait(Some(limit))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a command quietly and says whether it succeeded.
pub(crate) fn succeeds(command: &mut Command, limit: Duration) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Running::start(command).and_then(|running| running.wait(Some(limit))).is_ok_and(|status| status.success())
}

/// A command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs one named part of a longer job, with its time printed.
pub(crate) fn step<T>(name: &str, job: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n== {name}");
    let begun = Instant::now();
    let outcome = job().with_context(|| name.to_owned());
    println!(
        "== {name}: {} after {:.1} s",
        if outcome.is_ok() { "done" } else { "FAILED" },
        begun.elapsed().as_secs_f32()
    );
    outcome
}
