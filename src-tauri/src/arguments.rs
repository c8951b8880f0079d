//! What the window is started with: the two options it shares with the command line, and a report file.

use std::ffi::OsString;
use std::path::PathBuf;

/// Words for `--help`.
pub(crate) const HELP: &str = "\
Inbox Doctor finds out why a mailbox or calendar won't connect.

Usage: inbox-doctor-desktop [--settings FILE] [--browser COMMAND] [REPORT]

  REPORT             open this report file (.inboxdoctor); a window that is open already takes it
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
    /// A report file to open.
    pub(crate) report: Option<PathBuf>,
}

/// Reads the arguments (without the program's own name). An argument that is not known is an error in words; desktops
/// may add some of their own when they start a program, so an empty one is let pass.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Start, String> {
    let mut read = Arguments::default();
    let mut rest = arguments.into_iter();
    let mut only_files = false;
    while let Some(argument) = rest.next() {
        let shown = argument.to_string_lossy().into_owned();
        if !shown.is_empty() && (!shown.starts_with('-') || only_files) {
            if read.report.replace(path_of(argument)).is_some() {
                return Err(format!("`{shown}`: one report file at a time"));
            }
            continue;
        }
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
            "--" => only_files = true,
            "" => {}
            _ => return Err(format!("`{shown}` is not known")),
        }
    }
    Ok(Start::Window(read))
}

/// A path as it is given, or as the `file:` address that some desktops hand over.
fn path_of(argument: OsString) -> PathBuf {
    let address =
        argument.to_str().filter(|text| text.starts_with("file:")).and_then(|text| text.parse::<url::Url>().ok());
    address.and_then(|address| address.to_file_path().ok()).unwrap_or_else(|| PathBuf::from(argument))
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
            report: None,
        });
        assert_eq!(of(&["--settings", "/tmp/a b.json", "--browser", "firefox --new-window"]), Ok(wanted.clone()));
        assert_eq!(of(&["--settings=/tmp/a b.json", "--browser=firefox --new-window"]), Ok(wanted));
    }

    #[test]
    fn a_missing_value_and_an_unknown_option_are_refused() {
        assert!(of(&["--settings"]).is_err());
        assert!(of(&["--sttings=x"]).is_err());
        assert!(of(&["a.inboxdoctor", "b.inboxdoctor"]).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_report_file_is_taken_as_path_or_address() {
        let report = |words: &[&str]| match of(words) {
            Ok(Start::Window(arguments)) => arguments.report,
            other => panic!("{other:?}"),
        };
        let wanted = Some(PathBuf::from("/tmp/a b.inboxdoctor"));
        assert_eq!(report(&["/tmp/a b.inboxdoctor"]), wanted);
        assert_eq!(report(&["--browser=x", "file:///tmp/a%20b.inboxdoctor"]), wanted);
        assert_eq!(report(&["--", "--odd.inboxdoctor"]), Some(PathBuf::from("--odd.inboxdoctor")));
        assert_eq!(report(&[""]), None);
    }
}
