//! The installer for people, compiled by makensis.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::version;
use crate::{children, place};

/// Compressing both programs as one.
const PACK_LIMIT: Duration = Duration::from_secs(600);
const HOME: &str = "https://github.com/inbox-doctor/inbox-doctor";

/// What the installer is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be handed out.
    Release,
    /// To be handed out, with a signed uninstaller inside.
    SignedRelease,
    /// For tests: made in a moment, and large.
    Test,
}

/// Packs the files of `work/tree` into `file`.
pub(super) fn pack(version: &str, work: &Path, file: &Path, purpose: Purpose) -> Result<()> {
    let sources = place::root().join("src-tauri/packaging/windows");
    let words = work.join("words.nsh");
    let shared = std::fs::read_to_string(sources.join("webview2.json"))?;
    // With a mark at its start, so that the compiler takes it for UTF-8.
    std::fs::write(&words, format!("\u{feff}{}", strings(&serde_json::from_str(&shared)?)?))?;
    let sign = if purpose == Purpose::SignedRelease {
        format!("\"{}\" windows-sign", place::own_program().display())
    } else {
        String::new()
    };
    let mut command = Command::new("makensis");
    command.args(["-V2", "-WX", "-INPUTCHARSET", "UTF8"]);
    for (name, value) in [
        ("VERSION", version.to_owned()),
        ("FILE_VERSION", version::four(version)?),
        ("TREE", work.join("tree").display().to_string()),
        ("WORDS", words.display().to_string()),
        ("OUT", file.display().to_string()),
        ("HOME", HOME.to_owned()),
        ("SIGN", sign),
    ] {
        command.arg(format!("-D{name}={value}"));
    }
    if purpose == Purpose::Test {
        command.arg("-DQUICK");
    }
    children::run(command.arg(sources.join("setup.nsi")), PACK_LIMIT)
}

/// The words about WebView2, which the program has too, in the compiler's own form.
fn strings(words: &Value) -> Result<String> {
    let link = words.get("link").and_then(Value::as_str).context("link")?;
    let mut text = format!("!define WEB_VIEW_LINK \"{link}\"\n!macro WebViewStrings\n");
    for (language, id) in [("en", "LANG_ENGLISH"), ("ja", "LANG_JAPANESE")] {
        let word = |name: &str| {
            words
                .get(language)
                .and_then(|words| words.get(name)?.as_str())
                .with_context(|| format!("{language}.{name}"))
        };
        let message = [word("text")?, link, word("managed")?, word("question")?].map(escaped).join(r"$\r$\n$\r$\n");
        let _ = writeln!(text, "LangString WebViewMissing ${{{id}}} \"{message}\"");
    }
    text.push_str("!macroend\n");
    Ok(text)
}

fn escaped(text: &str) -> String {
    text.replace('$', "$$").replace('"', "$\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_given_in_both_languages() {
        let words = std::fs::read_to_string(place::root().join("src-tauri/packaging/windows/webview2.json")).unwrap();
        let text = strings(&serde_json::from_str(&words).unwrap()).unwrap();
        assert_eq!(text.matches("LangString WebViewMissing").count(), 2, "{text}");
        assert_eq!(text.matches("go.microsoft.com").count(), 3, "{text}");
        assert_eq!(escaped("a $b \"c\""), "a $$b $\\\"c$\\\"");
    }
}
