//! What was said in a dialogue, word for word but for secrets.

use std::sync::{Arc, Mutex, PoisonError};

use inbox_model::Secret;

use super::shown;

/// The most lines that are kept of one dialogue.
const MOST: usize = 100;
/// Stands where a secret stood.
const MASK: &str = "***";

/// Collects the lines of a dialogue; clones share them, so that what was said survives the dialogue.
#[derive(Debug, Clone, Default)]
pub struct Transcript(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    lines: Vec<String>,
    hidden: Vec<Secret<String>>,
}

impl Transcript {
    /// From now on this text is masked, also where the other side repeats it.
    pub fn hide(&self, secret: Secret<String>) {
        if !secret.expose().is_empty() {
            self.lock().hidden.push(secret);
        }
    }

    /// The text without the hidden ones, without tokens and control characters, shortened.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let kept = self.lock();
        let text = kept.hidden.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), MASK));
        shown(&text)
    }

    /// All lines: `C: ` before ours, `S: ` before the server's, `--` before what happened between them.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lock().lines.clone()
    }

    pub(super) fn server(&self, line: &str) {
        self.push("S:", line);
    }

    pub(super) fn client(&self, line: &str) {
        self.push("C:", line);
    }

    /// Notes what happened between the lines (`TLS`), or what a line means.
    pub fn note(&self, words: &str) {
        self.push("--", words);
    }

    fn push(&self, who: &str, line: &str) {
        let line = self.mask(line);
        let mut kept = self.lock();
        if kept.lines.len() < MOST {
            kept.lines.push(format!("{who} {line}").trim_end().to_owned());
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_text_is_masked_also_where_the_server_repeats_it() {
        let transcript = Transcript::default();
        transcript.hide(Secret::new("hunter2".to_owned()));
        transcript.hide(Secret::new(String::new()));
        transcript.client("a1 LOGIN ana hunter2");
        transcript.server("a1 NO hunter2 is wrong, ana\u{1b}[2J");
        assert_eq!(transcript.lines(), ["C: a1 LOGIN ana ***", "S: a1 NO *** is wrong, ana [2J"]);
        assert!(!format!("{transcript:?}").contains("hunter2"));
        (0..500).for_each(|_| transcript.note("more"));
        assert_eq!(transcript.lines().len(), MOST);
    }
}
