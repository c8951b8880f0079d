//! Takes secrets out of a provider's words before they are recorded.

use std::sync::{Arc, Mutex, PoisonError};

use inbox_catalogue::redact_secrets;
use inbox_model::Secret;

/// The longest text of a provider that is kept, in characters.
const DETAIL_LIMIT: usize = 600;
/// Shorter values are no secrets; masking them would tear words apart.
const SHORTEST: usize = 8;
const MASK: &str = "***";

/// Knows the secrets of one sign-in. A provider (or whoever stands in its place) may repeat them in an error text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scrubber {
    known: Arc<Mutex<Vec<Secret<String>>>>,
}

impl Scrubber {
    /// Masks this value from now on.
    pub(crate) fn learn(&self, secret: &Secret<String>) {
        if secret.expose().len() >= SHORTEST {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).push(secret.clone());
        }
    }

    /// The text without secrets, control characters and overlength.
    pub(crate) fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.known.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let plain = secret.expose();
            let encoded: String = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect();
            text = text.replace(plain.as_str(), MASK).replace(&encoded, MASK);
        }
        let text = redact_secrets(&text);
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        match words.char_indices().nth(DETAIL_LIMIT) {
            Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
            None => words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_secret_is_masked_plain_and_encoded() {
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new("canary/+=value".to_owned()));
        let text = scrubber.scrub("token canary/+=value or canary%2F%2B%3Dvalue\r\nis bad");
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("is bad"), "{text}");
    }

    #[test]
    fn the_words_of_a_page_stay_as_they_are() {
        for text in [
            "Error 403: access_denied",
            "unauthorized_client: The client does not exist or is not enabled for consumers.",
            "AADSTS50105: The signed in user 'ana@contoso.example' is not assigned to a role for the application.",
            "管理者の承認が必要",
        ] {
            assert_eq!(Scrubber::default().scrub(text), text);
        }
    }

    #[test]
    fn a_long_text_is_shortened_between_characters() {
        assert_eq!(Scrubber::default().scrub(&"語".repeat(5000)).chars().count(), DETAIL_LIMIT + 1);
    }
}
