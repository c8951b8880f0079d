//! What a proxy says when it wants a sign-in, and the one sign-in that is spoken: Basic.

use base64::Engine as _;
use http::{HeaderMap, header};

/// The most ways to sign in that are kept.
const MAX_SCHEMES: usize = 8;
/// The names as they are written, for those that are met.
const KNOWN: [&str; 6] = ["Basic", "Digest", "NTLM", "Negotiate", "Kerberos", "Bearer"];

/// The ways to sign in that a proxy offers with status 407, in its order (RFC 9110 sections 11.7.1 and 11.6.1: several
/// challenges may stand in one header, each begins with its scheme).
#[must_use]
pub fn proxy_schemes(headers: &HeaderMap) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in headers.get_all(header::PROXY_AUTHENTICATE) {
        for part in outside_quotes(&String::from_utf8_lossy(value.as_bytes())) {
            // `realm="…"` belongs to the challenge before it; `Basic realm="…"` begins one.
            let word = part.trim().split([' ', '\t']).next().unwrap_or_default();
            let is_token = !word.is_empty()
                && word.len() <= 32
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
            if !is_token {
                continue;
            }
            let name = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(word)).map_or(word, |known| known);
            if found.len() < MAX_SCHEMES && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// The parts between commas that stand outside quotes.
fn outside_quotes(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c: char| {
        let separates = c == ',' && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        separates
    })
    .collect()
}

/// The value that signs in with Basic (RFC 7617).
pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schemes(values: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::PROXY_AUTHENTICATE, value.parse().unwrap());
        }
        proxy_schemes(&headers)
    }

    #[test]
    fn every_offered_way_is_listed_once() {
        assert_eq!(
            schemes(&["Negotiate", "NTLM", "basic realm=\"Contoso, \\\"proxy\\\", x\""]),
            ["Negotiate", "NTLM", "Basic"]
        );
        assert_eq!(schemes(&["Digest realm=\"a\", nonce=\"b,c\", Basic realm=\"d\""]), ["Digest", "Basic"]);
        assert_eq!(schemes(&["Basic realm=x", "Basic realm=y"]), ["Basic"]);
        assert!(schemes(&["", ",,,", "realm=\"only\""]).is_empty());
    }

    proptest! {
        #[test]
        fn no_header_makes_it_fail(text in "[ -~]{0,80}") {
            if let Ok(value) = http::HeaderValue::from_str(&text) {
                let _ = proxy_schemes(&HeaderMap::from_iter([(header::PROXY_AUTHENTICATE, value)]));
            }
        }
    }
}
