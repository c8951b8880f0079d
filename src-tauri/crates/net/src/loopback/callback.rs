//! The parameters of an authorization answer (RFC 6749 section 4.1.2, RFC 9207).

use std::{collections::BTreeMap, fmt};

use inbox_model::Secret;
use url::Url;

/// The longest pasted text that is looked at, in bytes.
const PASTED_LIMIT: usize = 64 * 1024;

/// An answer that carries the right `state`. Its `Debug` shows the names of the parameters only.
#[derive(Clone)]
pub struct Callback {
    parameters: BTreeMap<String, Secret<String>>,
}

/// What a pasted text is.
#[derive(Debug)]
pub enum PastedAddress {
    /// The answer to this sign-in.
    Answer(Callback),
    /// An answer to another sign-in.
    OtherState,
    /// No answer at all.
    NoAnswer,
}

impl Callback {
    /// Reads the query of an answer. `None` where it is no answer (neither `code` nor `error`), or where a parameter comes
    /// twice, which RFC 6749 section 3.1 forbids.
    pub(super) fn from_query(query: &str) -> Option<Self> {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if parameters.insert(name.into_owned(), Secret::new(value.into_owned())).is_some() {
                return None;
            }
        }
        let is_answer = parameters.contains_key("code") || parameters.contains_key("error");
        is_answer.then_some(Self { parameters })
    }

    /// Reads the address that the person copied from the browser: whole, or from the `?` or `#` on.
    #[must_use]
    pub fn from_pasted(text: &str, state: &Secret<String>) -> PastedAddress {
        let text = text.trim().trim_matches(['"', '\'', '<', '>']);
        if text.len() > PASTED_LIMIT {
            return PastedAddress::NoAnswer;
        }
        let parts = match Url::parse(text) {
            Ok(url) => [url.query().map(str::to_owned), url.fragment().map(str::to_owned)],
            Err(_) => [Some(text.trim_start_matches(['/', '?', '#']).to_owned()), None],
        };
        match parts.into_iter().flatten().find_map(|query| Self::from_query(&query)) {
            Some(callback) if callback.belongs_to(state) => PastedAddress::Answer(callback),
            Some(_) => PastedAddress::OtherState,
            None => PastedAddress::NoAnswer,
        }
    }

    /// Whether the answer carries this `state`. Takes the same time wherever the difference lies.
    pub(super) fn belongs_to(&self, state: &Secret<String>) -> bool {
        let (Some(given), wanted) = (self.parameters.get("state"), state.expose().as_bytes()) else { return false };
        let given = given.expose().as_bytes();
        given.len() == wanted.len() && given.iter().zip(wanted).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    }

    /// The authorization code, where the provider agreed.
    #[must_use]
    pub fn code(&self) -> Option<&Secret<String>> {
        if self.parameters.contains_key("error") { None } else { self.parameters.get("code") }
    }

    /// Any parameter that is not secret: `error`, `error_description`, `error_subcode`, `iss`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        if matches!(name, "code" | "state") {
            return None;
        }
        self.parameters.get(name).map(|value| value.expose().as_str())
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Callback").field(&self.parameters.keys().collect::<Vec<_>>()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> Secret<String> {
        Secret::new("right".to_owned())
    }

    #[test]
    fn a_whole_address_and_its_tail_read_alike() {
        for text in [
            "http://localhost:4711/?code=c&state=right",
            "  <http://localhost:4711/#code=c&state=right> ",
            "?code=c&state=right",
            "code=c&state=right",
        ] {
            let PastedAddress::Answer(callback) = Callback::from_pasted(text, &state()) else { panic!("{text}") };
            assert_eq!(callback.code().unwrap().expose(), "c");
        }
    }

    #[test]
    fn what_is_no_answer_is_told_apart_from_a_foreign_one() {
        assert!(matches!(Callback::from_pasted("http://x.example/", &state()), PastedAddress::NoAnswer));
        assert!(matches!(Callback::from_pasted("", &state()), PastedAddress::NoAnswer));
        assert!(matches!(Callback::from_pasted("?code=c&state=wrong", &state()), PastedAddress::OtherState));
        assert!(matches!(Callback::from_pasted("?code=c", &state()), PastedAddress::OtherState));
    }

    #[test]
    fn a_parameter_that_comes_twice_makes_no_answer() {
        assert!(Callback::from_query("code=a&code=b&state=right").is_none());
    }

    #[test]
    fn an_error_hides_the_code() {
        let callback = Callback::from_query("code=a&error=access_denied&state=right").unwrap();
        assert!(callback.code().is_none());
        assert_eq!(callback.parameter("error"), Some("access_denied"));
        assert_eq!(callback.parameter("state"), None);
    }

    #[test]
    fn debug_shows_no_value() {
        let callback = Callback::from_query("code=canary-7f3&state=right").unwrap();
        assert!(!format!("{callback:?}").contains("canary"));
    }
}
