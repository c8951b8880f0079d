//! What the window is started with: the two options it shares with the command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// Words for `--help`.
pub(crate) const HELP: &str = "\
Inbox Doctor finds out why a mailbox or calendar won't connect.

Usage: inbox-doctor-desktop [--settings FILE] [--browser COMMAND]

  --settings FILE    read this file in place of your own settings
  --browser COMMAND  open sign-in pages with this command (else $BROWSER, else the system's browser)
  --version          print the version
  --help             print this
";

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// Open the window.
    Window(Arguments),
    /// Print the version.
    Version,
    /// Print the help.
    Help,
}

/// The options.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Arguments {
    /// A settings file in place of the user's.
    pub(crate) settings: Option<PathBuf>,
    /// A command that opens an address.
    pub(crate) browser: Option<String>,
}

/// Reads the arguments (without the program's own name). An argument that is not known is an error in words; desktops
/// may add some of their own when they start a program, so an empty one is let pass.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Start, String> {
    let mut read = Arguments::default();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let shown = argument.to_string_lossy().into_owned();
        let (name, joined) = match shown.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(OsString::from(value))),
            _ => (shown.clone(), None),
        };
        let mut value = || joined.clone().or_else(|| rest.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--settings" => read.settings = Some(PathBuf::from(value()?)),
            "--browser" => read.browser = Some(value()?.to_string_lossy().into_owned()),
            "--version" | "-V" => return Ok(Start::Version),
            "--help" | "-h" => return Ok(Start::Help),
            "" => {}
            _ => return Err(format!("`{shown}` is not known")),
        }
    }
    Ok(Start::Window(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Result<Start, String> {
        read(words.iter().map(OsString::from))
    }

    #[test]
    fn both_forms_of_an_option_are_read() {
        let wanted = Start::Window(Arguments {
            settings: Some(PathBuf::from("/tmp/a b.json")),
            browser: Some("firefox --new-window".to_owned()),
        });
        assert_eq!(of(&["--settings", "/tmp/a b.json", "--browser", "firefox --new-window"]), Ok(wanted.clone()));
        assert_eq!(of(&["--settings=/tmp/a b.json", "--browser=firefox --new-window"]), Ok(wanted));
    }

    #[test]
    fn a_missing_value_and_an_unknown_option_are_refused() {
        assert!(of(&["--settings"]).is_err());
        assert!(of(&["--sttings=x"]).is_err());
        assert!(of(&["ana@contoso.example"]).is_err());
    }
}
