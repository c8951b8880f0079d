//! Answers of POP3 (RFC 1939) and its list of capabilities (RFC 2449).

/// The most lines of a list; real ones have about ten.
const MAX_LINES: usize = 100;

/// `+OK` or `-ERR` with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Whether the server agrees.
    pub ok: bool,
    /// The response code in brackets (RFC 2449 section 8), without them.
    pub code: Option<String>,
    /// The words.
    pub text: String,
}

/// A status line.
#[must_use]
pub fn reply(line: &str) -> Option<Reply> {
    let (word, text) = line.split_once(' ').unwrap_or((line, ""));
    let ok = match word.to_ascii_uppercase().as_str() {
        "+OK" => true,
        "-ERR" => false,
        _ => return None,
    };
    let text = text.trim();
    let (code, text) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((code, rest)) => (Some(code.to_owned()), rest.trim()),
        None => (None, text),
    };
    Some(Reply { ok, code, text: text.to_owned() })
}

/// The lines behind `+OK` up to the one with a single dot.
#[derive(Debug, Clone, Default)]
pub struct List {
    lines: Vec<String>,
}

/// A list that has too many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the list does not end")]
pub struct TooLong;

impl List {
    /// Takes a line; gives the whole list at its end.
    ///
    /// # Errors
    /// `TooLong` when the list does not end.
    pub fn take(&mut self, line: &str) -> Result<Option<Vec<String>>, TooLong> {
        if line == "." {
            return Ok(Some(std::mem::take(&mut self.lines)));
        }
        if self.lines.len() >= MAX_LINES {
            return Err(TooLong);
        }
        // A dot in front of a dot is added on the wire (RFC 1939 section 3).
        let plain = line.strip_prefix('.').filter(|rest| rest.starts_with('.')).unwrap_or(line);
        self.lines.push(plain.to_owned());
        Ok(None)
    }
}

/// The names of the capabilities in upper case.
#[must_use]
pub fn capabilities(list: &[String]) -> Vec<String> {
    list.iter().filter_map(|line| line.split_ascii_whitespace().next()).map(super::token).collect()
}

/// The mechanisms of the `SASL` line.
#[must_use]
pub fn mechanisms(list: &[String]) -> Vec<String> {
    list.iter()
        .filter_map(|line| {
            let mut words = line.split_ascii_whitespace();
            words.next().filter(|word| word.eq_ignore_ascii_case("SASL")).map(|_| words.map(super::token))
        })
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn status_lines_and_lists() {
        assert!(reply("+OK Dovecot ready.").unwrap().ok);
        let refused = reply("-ERR [SYS/TEMP] try later").unwrap();
        assert_eq!(
            (refused.ok, refused.code.as_deref(), refused.text.as_str()),
            (false, Some("SYS/TEMP"), "try later")
        );
        for other in ["", "* OK", "220 x", "+OKAY", "."] {
            assert_eq!(reply(other), None, "{other}");
        }
        let mut list = List::default();
        for line in ["CAPA", "sasl PLAIN xoauth2", "STLS", "..x"] {
            assert_eq!(list.take(line), Ok(None));
        }
        let lines = list.take(".").unwrap().unwrap();
        assert_eq!(capabilities(&lines), ["CAPA", "SASL", "STLS", ".X"]);
        assert_eq!(mechanisms(&lines), ["PLAIN", "XOAUTH2"]);
        let mut endless = List::default();
        assert!((0..=MAX_LINES).any(|_| endless.take("x").is_err()));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(lines in proptest::collection::vec("\\PC*", 0..8), wild in any::<String>()) {
            let mut list = List::default();
            for line in lines.iter().chain([&wild]) {
                let _ = reply(line);
                let _ = list.take(line);
            }
            let all: Vec<String> = lines;
            let _ = (capabilities(&all), mechanisms(&all));
        }
    }
}
