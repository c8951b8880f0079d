//! Cuts text into blocks of whole lines, counts lines, tells lines that differ only in times and ids.

use crate::codes::entra_code;

/// Collects text until it ends with a whole line.
pub(super) struct LineCutter {
    rest: String,
    longest: usize,
    lines: u64,
}

impl LineCutter {
    pub fn new(longest: usize) -> Self {
        Self { rest: String::new(), longest, lines: 0 }
    }

    /// Lines given out so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Takes text in and gives whole lines out, with the number of the first of them.
    pub fn feed(&mut self, text: &str, take: &mut dyn FnMut(u64, &str)) {
        let Some(end) = text.rfind('\n').map(|at| at + 1) else {
            self.rest.push_str(text);
            if self.rest.len() > self.longest {
                // No line of a log is that long: examine it in pieces rather than keep it all. The count of lines stays.
                let piece = std::mem::take(&mut self.rest);
                take(self.lines + 1, &piece);
            }
            return;
        };
        let (whole, rest) = (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let first = self.lines + 1;
        if self.rest.is_empty() {
            take(first, whole);
        } else {
            self.rest.push_str(whole);
            let block = std::mem::take(&mut self.rest);
            take(first, &block);
        }
        self.lines += count(whole);
        self.rest.push_str(rest);
    }

    /// Gives out what is left.
    pub fn finish(&mut self, take: &mut dyn FnMut(u64, &str)) {
        if !self.rest.is_empty() {
            let block = std::mem::take(&mut self.rest);
            take(self.lines + 1, &block);
            self.lines += 1;
        }
    }
}

/// Line ends in a text.
pub(super) fn count(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

/// How far the lines after a line continue it, in bytes: at most three, each set in or quoted.
pub(super) fn continuation(after: &str) -> usize {
    let mut length = 0;
    for line in after.split_inclusive('\n').skip(1).take(3) {
        if !line.starts_with([' ', '\t', '>', '|']) {
            break;
        }
        length += line.len();
    }
    if length == 0 { 0 } else { length + 1 }
}

/// Whether most lines begin with a time or a log level.
pub(super) fn looks_like_log(text: &str) -> bool {
    let mut all = 0;
    let mut stamped = 0;
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(200) {
        all += 1;
        let head: String = line.chars().take(40).collect();
        let digits = head.bytes().filter(u8::is_ascii_digit).count();
        let marks = head.bytes().filter(|byte| matches!(byte, b':' | b'-' | b'/' | b'.')).count();
        stamped += usize::from(digits >= 6 && marks >= 2);
    }
    all >= 5 && stamped * 2 > all
}

/// A number that is the same for lines that differ only in times, counters and ids. Sign-in codes and three-digit replies
/// stay in; other digits do not.
pub(super) fn shape(line: &str) -> u64 {
    let mut shape = Shape::default();
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    for word in line.as_bytes().split(|byte| !in_word(byte)).filter(|word| !word.is_empty()) {
        let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_reply = digits == 3 && word.len() == 3 && matches!(word.first(), Some(b'1'..=b'5'));
        if digits == 0 || is_reply || word.get(..6).is_some_and(|head| head.eq_ignore_ascii_case(b"aadsts")) {
            shape.mix(word);
        } else if digits == word.len() || !word.iter().all(u8::is_ascii_hexdigit) {
            // Letters count, and numbers only where they are codes.
            for part in word.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
                let is_number = part.first().is_some_and(u8::is_ascii_digit);
                if !is_number
                    || (part.len() > 3 && std::str::from_utf8(part).is_ok_and(|part| entra_code(part).is_some()))
                {
                    shape.mix(part);
                }
            }
        }
        shape.mix(b" ");
    }
    shape.0
}

/// A quick hash: these come by the million, and nobody gains by making two alike.
#[derive(Default)]
struct Shape(u64);

impl Shape {
    fn mix(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(piece) {
                *to = *from;
            }
            // Multiplied in 128 bits and folded, so that every bit of the word reaches every bit of the result.
            let product = u128::from(self.0 ^ u64::from_le_bytes(word)) * 0x9e37_79b9_7f4a_7c15;
            self.0 = (product as u64) ^ ((product >> 64) as u64) ^ piece.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn lines_that_differ_in_times_and_ids_have_one_shape() {
        let line = "2026-11-24T08:00:01Z account=17 request 0f8fad5b-d9cd AADSTS50105 status 429";
        assert_eq!(shape(line), shape("2026-11-25T18:10:41Z account=18 request 1a2b3c4d-77ff AADSTS50105 status 429"));
    }

    #[test]
    fn lines_that_differ_in_codes_or_words_do_not() {
        for (one, other) in [
            ("AADSTS50105", "AADSTS50076"),
            ("aadsts50105", "aadsts700016"),
            ("error 50105", "error 50076"),
            ("エラー50105が出ます", "エラー50076が出ます"),
            ("\u{3000}50105。", "\u{3000}50076。"),
            ("status 429", "status 503"),
            ("token expired", "token revoked"),
            ("a b", "ab"),
            ("error_50105", "error_50076"),
        ] {
            assert_ne!(shape(one), shape(other), "{one} {other}");
        }
    }
}
