//! Opening an address outside the window: with the command that was named, else `$BROWSER`, else the system's browser.

use std::process::{Command, Stdio};

use inbox_engine::BrowserFailure;
use url::Url;

/// How sign-in pages and links are opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser {
    named: Option<String>,
}

impl Browser {
    /// With the command of `--browser`, where there is one.
    pub(crate) fn new(named: Option<String>) -> Self {
        let from_environment = || std::env::var("BROWSER").ok();
        Self { named: named.or_else(from_environment).filter(|command| !command.trim().is_empty()) }
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When nothing could be started.
    pub(crate) fn open(&self, url: &Url) -> Result<(), BrowserFailure> {
        match &self.named {
            Some(command) => start(command, url),
            None => tauri_plugin_opener::open_url(url.as_str(), None::<&str>)
                .map_err(|error| BrowserFailure(error.to_string())),
        }
    }
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
        let browser = Browser::new(Some("/nowhere/browser --new".to_owned()));
        assert!(browser.open(&Url::parse("https://login.example/").unwrap()).is_err());
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
