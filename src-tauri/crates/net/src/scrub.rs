//! Takes out of an error text what nobody may see: paths, query strings, credentials, tokens.

/// The longest text that is kept, in characters.
const MAX_TEXT: usize = 300;

/// A text of a library or server, safe to show: addresses are cut down to scheme and host (a path may hold a mail address, a
/// query may hold a code), long unbroken words are masked, control characters become blanks, the whole is shortened.
pub(crate) fn scrub(text: &str) -> String {
    let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut after_bearer = false;
    let words: Vec<String> = cleaned
        .split_whitespace()
        .map(|word| {
            let masked = if after_bearer { "***".to_owned() } else { scrub_word(word) };
            after_bearer = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
            masked
        })
        .collect();
    let joined = words.join(" ");
    match joined.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", joined.get(..end).unwrap_or_default()),
        None => joined,
    }
}

fn scrub_word(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        let end = rest.find(['/', '?', '#', ')', '"', '\'', '>', ',']).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        return format!("{scheme}://{host}");
    }
    // A query string without an address before it, or an unbroken word as long as a token.
    if let Some((head, _)) = word.split_once('?')
        && word.contains('=')
    {
        return head.to_owned();
    }
    if word.len() > 80 { "***".to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_only_scheme_and_host() {
        let text = "error sending request for url (https://user:pw@login.example:8443/a/ana@contoso.example?code=SECRET&x=1): eof";
        let clean = scrub(text);
        for secret in ["SECRET", "pw", "ana@", "code="] {
            assert!(!clean.contains(secret), "{clean}");
        }
        assert!(clean.contains("https://login.example:8443") && clean.ends_with("eof"), "{clean}");
    }

    #[test]
    fn tokens_are_masked_and_texts_shortened() {
        assert_eq!(scrub("Authorization: Bearer abc.def"), "Authorization: Bearer ***");
        assert_eq!(scrub(&"a".repeat(200)), "***");
        assert_eq!(scrub("/token?code=abc&state=x failed"), "/token failed");
        assert!(scrub(&"word ".repeat(200)).chars().count() <= MAX_TEXT + 1);
        assert_eq!(scrub("a\r\nb\u{1b}[0m"), "a b [0m");
    }
}
