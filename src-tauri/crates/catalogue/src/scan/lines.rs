//! Cuts text into blocks of whole lines, counts lines, tells lines that differ only in times and ids.

use std::hash::Hasher;

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
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
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
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    for token in line.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        let digits = token.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0 || token.len() == 3 || token.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("aadsts")) {
            hasher.write(token.as_bytes());
        } else if digits == token.len() {
            if digits > 3 && entra_code(token).is_some() {
                hasher.write(token.as_bytes());
            }
        } else if !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            for byte in token.bytes().filter(|byte| !byte.is_ascii_digit()) {
                hasher.write_u8(byte);
            }
        }
        hasher.write_u8(0);
    }
    hasher.finish()
}
