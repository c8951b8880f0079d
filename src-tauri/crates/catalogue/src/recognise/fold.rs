//! Brings a pasted text into one plain form, with a map back to where each byte of that form came from.
//!
//! People paste from mails, terminals, address bars, JSON and HTML. The plain form undoes that: percent signs, entities
//! and JSON escapes are decoded, letters lose case, accents and full width, punctuation and line breaks become one
//! blank, quotes vanish, doubled letters become one (the commonest slip of the fingers), blanks beside Chinese and
//! Japanese characters vanish. Patterns go through the same door, so both sides meet in the same form.

// The build script reads this file too, from another place: hence the paths.
#[path = "fold/letters.rs"]
mod letters;
#[path = "fold/units.rs"]
mod units;

use units::next_unit;

/// A text in plain form.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// The plain form.
    pub text: String,
    /// For each byte of the plain form: where its source begins.
    starts: Vec<u32>,
    /// For each byte of the plain form: where its source ends.
    ends: Vec<u32>,
}

impl Folded {
    /// The stretch of the original, in bytes, that a stretch of the plain form came from.
    pub fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.starts.get(start).copied().unwrap_or_default();
        let to = self.ends.get(end.saturating_sub(1)).copied().unwrap_or(from);
        (from as usize, to.max(from) as usize)
    }

    fn push(&mut self, c: char, from: usize, to: usize) {
        let before = self.text.len();
        self.text.push(c);
        let (from, to) = (u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(to).unwrap_or(u32::MAX));
        for _ in before..self.text.len() {
            self.starts.push(from);
            self.ends.push(to);
        }
    }

    /// Lets the last character reach further in the original.
    fn stretch(&mut self, to: usize) {
        if let Some(end) = self.ends.last_mut() {
            *end = u32::try_from(to).unwrap_or(u32::MAX);
        }
    }
}

/// The plain form of a text with its map.
pub(crate) fn fold(text: &str) -> Folded {
    let mut writer = Writer::default();
    writer.folded.text.reserve(text.len());
    writer.folded.starts.reserve(text.len());
    writer.folded.ends.reserve(text.len());
    let mut at = 0;
    while let Some((unit, length)) = next_unit(text, at) {
        let from = at;
        at += length;
        match unit {
            units::Unit::Blank => writer.part(from),
            units::Unit::Letter(c) => match letters::class_of(c) {
                letters::Class::Nothing => {}
                letters::Class::Blank => writer.part(from),
                // "l'administrateur", "dell'app" are two words, and so is the mark of Python's bytes; "can't" is one.
                letters::Class::Apostrophe if writer.word.elides() => writer.part(from),
                letters::Class::Apostrophe => {}
                letters::Class::Dot => {
                    // Inside numbers, names and addresses a dot holds together; at the end of a sentence it parts.
                    let inside = text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric);
                    if inside && writer.in_word() { writer.write('.', from, at) } else { writer.part(from) }
                }
                letters::Class::Keep(c) => writer.write(c, from, at),
                letters::Class::Pair(first, second) => {
                    writer.write(first, from, at);
                    writer.write(second, from, at);
                }
            },
        }
    }
    writer.folded
}

/// Writes the plain form: one blank between words, none beside dense writing, no doubled letters.
#[derive(Default)]
struct Writer {
    folded: Folded,
    last: Option<char>,
    word: WordStart,
    /// A blank waits until the next character shows whether it is wanted.
    blank: Option<usize>,
}

impl Writer {
    fn part(&mut self, from: usize) {
        self.blank.get_or_insert(from);
    }

    fn in_word(&self) -> bool {
        self.blank.is_none() && self.last.is_some_and(char::is_alphanumeric)
    }

    fn write(&mut self, c: char, from: usize, to: usize) {
        if let Some(blank) = self.blank.take() {
            self.word = WordStart::default();
            if let Some(last) = self.last
                && !(letters::is_dense(last) || letters::is_dense(c))
            {
                self.folded.push(' ', blank, blank + 1);
                self.last = Some(' ');
            }
        }
        let doubled = self.last == Some(c) && c.is_ascii_lowercase();
        self.word.see(c);
        if doubled {
            self.folded.stretch(to);
            return;
        }
        self.folded.push(c, from, to);
        self.last = Some(c);
    }
}

/// The plain form alone, for patterns: the build script's.
#[allow(dead_code, reason = "used by the build script and by tests")]
pub(crate) fn fold_pattern(text: &str) -> String {
    fold(text).text
}

/// The first letters of the word that is being read, to tell an elided article from a contraction.
#[derive(Default)]
struct WordStart {
    length: usize,
    first: char,
    last: char,
    twice: bool,
}

impl WordStart {
    fn see(&mut self, c: char) {
        if !c.is_alphanumeric() {
            *self = Self::default();
            return;
        }
        if self.length == 0 {
            self.first = c;
        }
        self.twice = self.length > 0 && self.last == c;
        self.length += 1;
        self.last = c;
    }

    fn elides(&self) -> bool {
        match self.length {
            1 => matches!(self.first, 'b' | 'l' | 'd' | 'n' | 'j' | 'c' | 's' | 'm' | 't'),
            2 => (self.first == 'q' && self.last == 'u') || (self.first == 'u' && self.last == 'n'),
            _ => self.twice && self.last == 'l',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_become_one() {
        let plain = "ned admin aproval";
        for text in [
            "Need admin approval",
            "need\r\n>  admin\n> approval",
            "Need%20admin+approval",
            "Need&nbsp;<b>admin</b> approval",
            "\"Need\\u0020admin\\napproval\"",
            "Ｎｅｅｄ　ａｄｍｉｎ　ａｐｐｒｏｖａｌ",
            "Need ad\u{ad}min aproval!",
        ] {
            assert_eq!(fold_pattern(text), plain, "{text}");
        }
    }

    #[test]
    fn japanese_loses_its_blanks() {
        assert_eq!(
            fold_pattern("プロキシ サーバーに\n接続できません。"),
            fold_pattern("プロキシサーバーに接続できません")
        );
        assert_eq!(fold_pattern("エラー 400: policy_enforced"), "エラー400 policy_enforced");
    }

    #[test]
    fn apostrophes_part_or_vanish() {
        assert_eq!(fold_pattern("You can't"), "you cant");
        assert_eq!(fold_pattern("l’administrateur"), "l administrateur");
        assert_eq!(fold_pattern("dell'organizzazione"), "del organizazione");
    }

    #[test]
    fn the_map_leads_back() {
        let text = "x  AADSTS%35%30105 y";
        let folded = fold(text);
        let start = folded.text.find("adsts50105").unwrap();
        let (from, to) = folded.origin(start, start + "adsts50105".len());
        assert_eq!(text.get(from..to).unwrap(), "AADSTS%35%30105");
    }
}
