//! Replies of SMTP (RFC 5321 section 4.2) with enhanced codes (RFC 2034, RFC 3463).

/// The most lines of one reply: EHLO answers have about twenty.
const MAX_LINES: usize = 100;

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// Class, subject and detail, where the reply has them (`5.7.30`).
    pub enhanced: Option<String>,
    /// The lines without code.
    pub lines: Vec<String>,
}

/// A line that is no reply of SMTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no reply of SMTP")]
pub struct Malformed;

/// Collects the lines of a reply.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    reply: Reply,
}

impl Reader {
    /// Takes a line; gives the reply at its last one.
    ///
    /// # Errors
    /// `Malformed` for a line without a code, with another code than the lines before it, or one too many.
    pub fn take(&mut self, line: &str) -> Result<Option<Reply>, Malformed> {
        let digits = line.get(..3).ok_or(Malformed)?;
        // First digit 2 to 5, second 0 to 5 (RFC 5321 section 4.2); other digits are met and do no harm.
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !digits.starts_with(['2', '3', '4', '5']) {
            return Err(Malformed);
        }
        let code: u16 = digits.parse().map_err(|_| Malformed)?;
        let rest = line.get(3..).unwrap_or_default();
        let is_last = match rest.chars().next() {
            None | Some(' ') => true,
            Some('-') => false,
            Some(_) => return Err(Malformed),
        };
        let begun = !self.reply.lines.is_empty();
        if (begun && self.reply.code != code) || self.reply.lines.len() >= MAX_LINES {
            return Err(Malformed);
        }
        self.reply.code = code;
        let text = rest.get(1..).unwrap_or_default().trim();
        if self.reply.enhanced.is_none() {
            self.reply.enhanced = enhanced(text, code);
        }
        self.reply.lines.push(text.to_owned());
        Ok(is_last.then(|| std::mem::take(&mut self.reply)))
    }
}

impl Reply {
    /// Whether the server agrees.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// The codes as they are usually written (`550 5.7.30`).
    #[must_use]
    pub fn codes(&self) -> String {
        match &self.enhanced {
            Some(enhanced) => format!("{} {enhanced}", self.code),
            None => self.code.to_string(),
        }
    }

    /// All lines in one.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// The keywords of an EHLO answer in upper case; its first line is the server's name.
    #[must_use]
    pub fn keywords(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for line in self.lines.iter().skip(1) {
            // `AUTH=LOGIN` is an old way of writing that some servers still repeat.
            let word = line.split([' ', '=']).next().unwrap_or_default();
            let name = super::token(word);
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The mechanisms of the AUTH keyword (RFC 4954).
    #[must_use]
    pub fn mechanisms(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for line in self.lines.iter().skip(1) {
            let mut words = line.split([' ', '=']);
            if words.next().is_some_and(|word| word.eq_ignore_ascii_case("AUTH")) {
                for name in words.map(super::token).filter(|name| !name.is_empty()) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
        names
    }
}

/// The enhanced code at the beginning of a text; its class is the first digit of the code.
fn enhanced(text: &str, code: u16) -> Option<String> {
    let word = text.split(' ').next()?;
    let parts: Vec<&str> = word.split('.').collect();
    let right = parts.len() == 3
        && parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
        && parts.first().and_then(|class| class.parse::<u16>().ok()) == Some(code / 100);
    right.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(lines: &[&str]) -> Reply {
        let mut reader = Reader::default();
        let (last, before) = lines.split_last().unwrap();
        for line in before {
            assert_eq!(reader.take(line), Ok(None), "{line}");
        }
        reader.take(last).unwrap().unwrap()
    }

    #[test]
    fn a_reply_of_several_lines_is_one() {
        let hello = read(&[
            "250-mail.contoso.example Hello",
            "250-SIZE 52428800",
            "250-auth PLAIN LOGIN",
            "250-AUTH=LOGIN XOAUTH2",
            "250 STARTTLS",
        ]);
        assert_eq!(hello.keywords(), ["SIZE", "AUTH", "STARTTLS"]);
        assert_eq!(hello.mechanisms(), ["PLAIN", "LOGIN", "XOAUTH2"]);
        assert!(hello.is_positive() && hello.enhanced.is_none());
        assert_eq!(read(&["220"]).lines, [""]);
    }

    #[test]
    fn enhanced_codes_are_read() {
        let refused = read(&["550 5.7.30 Basic authentication is not supported for Client Submission."]);
        assert_eq!(refused.codes(), "550 5.7.30");
        assert_eq!(read(&["554 4.7.1 other class"]).enhanced, None);
        assert_eq!(read(&["220 1.2.3.4 is my address"]).enhanced, None);
    }

    #[test]
    fn other_lines_are_refused() {
        for line in ["", "2", "* OK ready", "+OK", "99 x", "199 x", "250_x", "2é0 x", "HTTP/1.1 400"] {
            assert_eq!(Reader::default().take(line), Err(Malformed), "{line}");
        }
        let mut reader = Reader::default();
        reader.take("250-one").unwrap();
        assert_eq!(reader.take("550 two"), Err(Malformed));
        let mut endless = Reader::default();
        let ended = (0..=MAX_LINES).map(|_| endless.take("250-more")).find(Result::is_err);
        assert_eq!(ended, Some(Err(Malformed)));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(lines in proptest::collection::vec("\\PC*|250[- ]\\PC*|[0-9]{3}.*", 0..8), wild in any::<String>()) {
            let mut reader = Reader::default();
            for line in lines.iter().chain([&wild]) {
                if let Ok(Some(reply)) = reader.take(line) {
                    let _ = (reply.keywords(), reply.mechanisms(), reply.codes(), reply.text());
                }
            }
        }
    }
}
