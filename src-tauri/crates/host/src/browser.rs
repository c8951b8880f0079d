//! Opening an address outside the window: with the browser that was chosen, else the command that was named, else `$BROWSER`,
//! else the system's browser.

mod installed;

use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use inbox_engine::BrowserFailure;
use serde::Serialize;
use url::Url;

use crate::outside::Outside;

/// A browser of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstalledBrowser {
    /// What [`Browser::choose`] takes.
    pub id: String,
    /// As it calls itself.
    pub name: String,
    /// Program and arguments; one of them is `%u` where the address goes.
    #[serde(skip)]
    pub(crate) command: Vec<String>,
}

/// How sign-in pages and links are opened.
#[derive(Clone)]
pub(crate) struct Browser {
    named: Option<String>,
    chosen: Arc<Mutex<Option<InstalledBrowser>>>,
    outside: Arc<dyn Outside>,
}

impl Browser {
    /// With the command of `--browser`, where there is one.
    pub(crate) fn new(named: Option<String>, outside: Arc<dyn Outside>) -> Self {
        let from_environment = || std::env::var("BROWSER").ok();
        let named = named.or_else(from_environment).filter(|command| !command.trim().is_empty());
        Self { named, chosen: Arc::default(), outside }
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When nothing could be started.
    pub(crate) fn open(&self, url: &Url) -> Result<(), BrowserFailure> {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match (chosen, &self.named) {
            (Some(browser), _) => start_installed(&browser, url),
            (None, Some(command)) => start(command, url),
            (None, None) => self.outside.open(url).map_err(BrowserFailure),
        }
    }

    /// The browsers of this computer.
    pub(crate) fn installed() -> Vec<InstalledBrowser> {
        installed::all()
    }

    /// From now on opens with this browser; `None` goes back to what was named or the system's.
    ///
    /// # Errors
    /// When none has this id.
    pub(crate) fn choose(&self, id: Option<&str>) -> Result<(), String> {
        let found = match id {
            None => None,
            Some(id) => {
                let found = Self::installed().into_iter().find(|browser| browser.id == id);
                Some(found.ok_or_else(|| format!("{id} is not installed"))?)
            }
        };
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }
}

/// Starts a browser on an address, without a shell.
fn start_installed(browser: &InstalledBrowser, url: &Url) -> Result<(), BrowserFailure> {
    let mut words = browser.command.iter().map(|word| word.replace("%u", url.as_str()));
    let program = words.next().ok_or_else(|| BrowserFailure("the command is empty".to_owned()))?;
    let mut ready = Command::new(&program);
    run(ready.args(words), &program)
}

/// Starts a command on an address. The command is cut at blanks and run without a shell, so that nothing in the address
/// can be taken for a command; `%s` stands for the address, which else comes last.
fn start(command: &str, url: &Url) -> Result<(), BrowserFailure> {
    let mut words = command.split_whitespace().map(|word| word.replace("%s", url.as_str()));
    let program = words.next().ok_or_else(|| BrowserFailure("the command is empty".to_owned()))?;
    let mut ready = Command::new(&program);
    ready.args(words);
    if !command.contains("%s") {
        ready.arg(url.as_str());
    }
    run(&mut ready, &program)
}

fn run(ready: &mut Command, program: &str) -> Result<(), BrowserFailure> {
    ready.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = ready.spawn().map_err(|error| BrowserFailure(format!("{program}: {error}")))?;
    // A browser may live longer than the window; this only takes note of its end.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_not_there_is_a_failure() {
        let url = Url::parse("https://login.example/").unwrap();
        assert!(start("/nowhere/browser --new", &url).is_err());
        let command = vec!["/nowhere/browser".to_owned(), "%u".to_owned()];
        let gone = InstalledBrowser { id: "gone".to_owned(), name: "Gone".to_owned(), command };
        assert!(start_installed(&gone, &url).is_err());
    }

    /// Starts a script that writes down how many arguments it got and the last one, and gives that back.
    #[cfg(unix)]
    fn told(options: &str, url: &Url) -> String {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("browser");
        let answer = folder.path().join("answer");
        let text = "#!/bin/sh\nfor last; do :; done\nprintf '%s %s' \"$#\" \"$last\" > \"$0.part\"\nmv \"$0.part\" \"${0%/*}/answer\"\n";
        std::fs::write(&script, text).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        start(&format!("{} {options}", script.display()), url).unwrap();
        let begun = std::time::Instant::now();
        while !answer.exists() {
            assert!(begun.elapsed().as_secs() < 20, "the command did not run");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        std::fs::read_to_string(answer).unwrap()
    }

    #[test]
    #[cfg(unix)]
    fn the_address_is_one_argument_whatever_is_in_it() {
        let url = Url::parse("https://login.example/?a=1;touch%20x&b=$(id)&c=%s").unwrap();
        assert_eq!(told("--new", &url), format!("2 {url}"));
        assert_eq!(told("--url=%s", &url), format!("1 --url={url}"));
    }
}
