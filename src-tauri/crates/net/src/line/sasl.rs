//! What is said to sign in: XOAUTH2, OAUTHBEARER (RFC 7628), PLAIN (RFC 4616), LOGIN; and the challenge that explains a no.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inbox_model::Secret;
use serde_json::Value;

/// The longest challenge that is decoded, in characters. Those of the big hosts have about a hundred.
const MAX_CHALLENGE: usize = 4096;
/// The longest field of a challenge that is kept, in characters.
const MAX_FIELD: usize = 200;

/// The answer that ends a refused OAUTHBEARER: a single ^A (RFC 7628 section 3.2.3).
pub const END_OF_OAUTHBEARER: &str = "AQ==";

/// The first answer of XOAUTH2 (<https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>; the same at
/// <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>).
#[must_use]
pub fn xoauth2(user: &str, token: &Secret<String>) -> Secret<String> {
    let text = Secret::new(format!("user={user}\u{1}auth=Bearer {}\u{1}\u{1}", token.expose()));
    encode(text.expose())
}

/// The first answer of OAUTHBEARER (RFC 7628 section 3.1).
#[must_use]
pub fn oauthbearer(user: &str, host: &str, port: u16, token: &Secret<String>) -> Secret<String> {
    // `,` and `=` have a meaning of their own in the head (RFC 5801 section 4).
    let user = user.replace('=', "=3D").replace(',', "=2C");
    let text = Secret::new(format!(
        "n,a={user},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {}\u{1}\u{1}",
        token.expose()
    ));
    encode(text.expose())
}

/// The only answer of PLAIN (RFC 4616).
#[must_use]
pub fn plain(user: &str, password: &Secret<String>) -> Secret<String> {
    let text = Secret::new(format!("\0{user}\0{}", password.expose()));
    encode(text.expose())
}

/// One answer of LOGIN: name or password by itself.
#[must_use]
pub fn encode(text: &str) -> Secret<String> {
    Secret::new(STANDARD.encode(text.as_bytes()))
}

/// Why a token was refused, as the server tells it in the challenge before its no.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Challenge {
    /// `400`, `401`, or a word of RFC 6750 (`invalid_token`).
    pub status: Option<String>,
    /// Which kinds of token it takes.
    pub schemes: Option<String>,
    /// Which permission it wants.
    pub scope: Option<String>,
}

impl Challenge {
    /// Reads the text behind `+ ` (IMAP) or `334 ` (SMTP): JSON in base64. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_CHALLENGE {
            return None;
        }
        let value: Value = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
        let fields = value.as_object()?;
        let field = |name: &str| match fields.get(name)? {
            Value::String(text) => Some(clean(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let read = Self { status: field("status"), schemes: field("schemes"), scope: field("scope") };
        (read != Self::default()).then_some(read)
    }

    /// The same as one line to show: `status 401; schemes bearer; scope https://mail.google.com/`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = [("status", &self.status), ("schemes", &self.schemes), ("scope", &self.scope)];
        let parts: Vec<String> =
            parts.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))).collect();
        parts.join("; ")
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_FIELD).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(secret: &Secret<String>) -> String {
        String::from_utf8(STANDARD.decode(secret.expose()).unwrap()).unwrap()
    }

    #[test]
    fn first_answers_are_built_as_documented() {
        let token = Secret::new("ya29.canary".to_owned());
        // The example of Google's page, with its user and this token.
        assert_eq!(
            decoded(&xoauth2("someuser@example.com", &token)),
            "user=someuser@example.com\u{1}auth=Bearer ya29.canary\u{1}\u{1}"
        );
        assert_eq!(
            decoded(&oauthbearer("a=b,c@example.com", "server.example.com", 143, &token)),
            "n,a=a=3Db=2Cc@example.com,\u{1}host=server.example.com\u{1}port=143\u{1}auth=Bearer ya29.canary\u{1}\u{1}"
        );
        // RFC 4616 section 4.
        assert_eq!(decoded(&plain("tim", &Secret::new("tanstaaftanstaaf".to_owned()))), "\0tim\0tanstaaftanstaaf");
    }

    #[test]
    fn a_challenge_says_why() {
        // From Google's page.
        let google =
            "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9tYWlsLmdvb2dsZS5jb20vIn0K";
        let read = Challenge::parse(google).unwrap();
        assert_eq!(read.words(), "status 401; schemes bearer mac; scope https://mail.google.com/");
        for other in ["", "!!", "e30=", "W10=", "bm8ganNvbg==", &"A".repeat(MAX_CHALLENGE + 4)] {
            assert_eq!(Challenge::parse(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in any::<String>(), json in "\\{\"status\":(\"\\PC*\"|[0-9]{1,9}|null)\\}") {
            let _ = Challenge::parse(&text);
            let _ = Challenge::parse(&STANDARD.encode(json)).map(|read| read.words());
        }
    }
}
