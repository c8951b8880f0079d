//! What is said when the system cannot draw the window. On Windows the web view is a part that may be missing, and a
//! program without a console would else end without a word.

#[cfg(any(windows, test))]
use serde::Deserialize;

/// The words, shared with the installer.
#[cfg(any(windows, test))]
const WORDS: &str = include_str!("../packaging/windows/webview2.json");

/// The link and the words in both languages.
#[cfg(any(windows, test))]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Missing {
    /// Where Microsoft hands out the installer of the runtime
    /// (<https://learn.microsoft.com/microsoft-edge/webview2/concepts/distribution>).
    pub(crate) link: String,
    en: Words,
    ja: Words,
}

/// The words in one language.
#[cfg(any(windows, test))]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Words {
    /// Title of the message.
    pub(crate) title: String,
    text: String,
    managed: String,
    /// The button that opens the link.
    pub(crate) open: String,
    /// The button that does not.
    pub(crate) close: String,
}

#[cfg(any(windows, test))]
impl Missing {
    /// Reads the words that are part of the program.
    pub(crate) fn read() -> serde_json::Result<Self> {
        serde_json::from_str(WORDS)
    }

    /// The words in the language of a locale such as `ja-JP`: Japanese, else English.
    pub(crate) fn words(&self, locale: Option<&str>) -> &Words {
        if locale.is_some_and(|locale| locale.starts_with("ja")) { &self.ja } else { &self.en }
    }
}

#[cfg(any(windows, test))]
impl Words {
    /// The whole message: what is missing, the one link, and who can help.
    pub(crate) fn message(&self, link: &str) -> String {
        format!("{}\n\n{link}\n\n{}", self.text, self.managed)
    }
}

/// Whether the system can draw a window. Where it cannot, the person is told why and shown the one link that mends it.
#[cfg(windows)]
pub(crate) fn present_or_explained() -> bool {
    use rfd::{MessageButtons, MessageDialog, MessageDialogResult, MessageLevel};

    // Asks the runtime's own loader, so that a runtime of one user, of the machine or of a policy is found alike.
    if tauri::webview_version().is_ok() {
        return true;
    }
    let Ok(missing) = Missing::read() else { return false };
    let locale = sys_locale::get_locale();
    let words = missing.words(locale.as_deref());
    let answer = MessageDialog::new()
        .set_level(MessageLevel::Info)
        .set_title(&words.title)
        .set_description(words.message(&missing.link))
        .set_buttons(MessageButtons::OkCancelCustom(words.open.clone(), words.close.clone()))
        .show();
    if matches!(&answer, MessageDialogResult::Custom(pressed) if *pressed == words.open) {
        // When no browser starts, the link in the message was readable all the same.
        let _ = tauri_plugin_opener::open_url(&missing.link, None::<&str>);
    }
    false
}

/// The other systems bring their web view with them, or the package manager does.
#[cfg(not(windows))]
pub(crate) fn present_or_explained() -> bool {
    true
}

/// Shows a message where there is no console to print it to.
#[cfg(windows)]
pub(crate) fn tell(text: &str) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Inbox Doctor")
        .set_description(text)
        .show();
}

/// Prints a message; with no terminal there is nobody to tell.
#[cfg(not(windows))]
pub(crate) fn tell(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "inbox-doctor-desktop: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_the_link_in_both_languages() {
        let missing = Missing::read().unwrap();
        for (locale, word) in [(Some("ja-JP"), "パソコン"), (Some("de-DE"), "computer"), (None, "computer")] {
            let words = missing.words(locale);
            let message = words.message(&missing.link);
            assert!(message.contains(word) && message.contains("https://go.microsoft.com/"), "{message}");
            assert!(!words.title.is_empty() && !words.open.is_empty() && !words.close.is_empty());
        }
    }
}
