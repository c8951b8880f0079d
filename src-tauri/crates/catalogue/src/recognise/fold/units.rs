//! The next character of a text with its wrapping undone: percent signs, entities, escapes, tags.

/// What stands next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A character.
    Letter(char),
    /// Something that only parts words (a tag, an escaped line break).
    Blank,
}

/// The longest tag that is taken as one; a `<` without its `>` in that reach is a character.
const LONGEST_TAG: usize = 400;

/// Tags that only shape text. Others are kept as words: a portal or an SDK may be known by its tags.
const SHAPING: &[&str] = &[
    "b", "i", "u", "em", "strong", "span", "font", "code", "br", "p", "div", "td", "tr", "th", "li", "ul", "ol", "h1",
    "h2", "h3", "h4", "h5", "h6", "wbr", "small", "tt", "pre", "a",
];

/// The unit at a byte offset and how many bytes it takes; `None` at the end.
pub(super) fn next_unit(text: &str, at: usize) -> Option<(Unit, usize)> {
    let rest = text.get(at..)?;
    let first = rest.chars().next()?;
    let unwrapped = match first {
        '%' => percent(rest.as_bytes()),
        '&' => entity(rest),
        '\\' => escape(rest),
        '<' => tag(rest),
        _ => None,
    };
    Some(unwrapped.unwrap_or((Unit::Letter(first), first.len_utf8())))
}

/// `%3A`, also `%253A` and whole UTF-8 sequences.
fn percent(bytes: &[u8]) -> Option<(Unit, usize)> {
    let mut sequence = [0_u8; 4];
    let mut taken = 0;
    let mut wanted = 1;
    let mut length = 0;
    while length < wanted {
        if bytes.get(taken) != Some(&b'%') {
            return None;
        }
        // Encoded more than once: `%25` before two more digits is only a percent sign again.
        let mut digits = taken + 1;
        while bytes.get(digits..digits + 2) == Some(b"25") && hex(bytes, digits + 2).is_some() {
            digits += 2;
        }
        let byte = hex(bytes, digits)?;
        if length == 0 {
            wanted = match byte {
                0x00..=0x7f => 1,
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
        }
        *sequence.get_mut(length)? = byte;
        length += 1;
        taken = digits + 2;
    }
    let decoded = std::str::from_utf8(sequence.get(..length)?).ok()?.chars().next()?;
    Some((Unit::Letter(decoded), taken))
}

fn hex(bytes: &[u8], at: usize) -> Option<u8> {
    let pair = bytes.get(at..at + 2)?;
    if !pair.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()
}

/// `&quot;`, `&#39;`, `&#x27;`, and each of them behind `&amp;`.
fn entity(rest: &str) -> Option<(Unit, usize)> {
    let mut skipped = 1;
    let mut body = rest.get(1..)?;
    while let Some(inner) = body.strip_prefix("amp;")
        && inner.starts_with(|c: char| c == '#' || c.is_ascii_alphabetic())
        && inner.bytes().take(10).any(|byte| byte == b';')
    {
        skipped += 4;
        body = inner;
    }
    let end = body.bytes().take(10).position(|byte| byte == b';')?;
    let c = match body.get(..end)? {
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        "auml" | "aacute" | "agrave" | "atilde" | "acirc" => 'a',
        "ouml" | "oacute" | "otilde" => 'o',
        "uuml" | "uacute" => 'u',
        "eacute" | "egrave" | "ecirc" => 'e',
        "iacute" => 'i',
        "ccedil" => 'c',
        "ntilde" => 'n',
        "szlig" => 's',
        name => {
            let number = name.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(value)?
        }
    };
    Some((Unit::Letter(c), skipped + end + 1))
}

/// `\n`, `\"`, `\u003a`, `\x27`; runs of backslashes count as one, for texts that were escaped again and again.
fn escape(rest: &str) -> Option<(Unit, usize)> {
    let slashes = rest.bytes().take_while(|byte| *byte == b'\\').count();
    let after = rest.get(slashes..)?;
    match after.chars().next() {
        Some('n' | 'r' | 't') => Some((Unit::Blank, slashes + 1)),
        Some('u') => Some(unicode_escape(after, slashes).unwrap_or((Unit::Blank, slashes))),
        Some('x') => match hex(after.as_bytes(), 1) {
            Some(value) => Some((Unit::Letter(char::from(value)), slashes + 3)),
            None => Some((Unit::Blank, slashes)),
        },
        Some(c @ ('"' | '\'' | '/')) => Some((Unit::Letter(c), slashes + 1)),
        _ => Some((Unit::Blank, slashes)),
    }
}

fn unicode_escape(after: &str, slashes: usize) -> Option<(Unit, usize)> {
    let first = four_digits(after)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((Unit::Letter(char::from_u32(first)?), slashes + 5));
    }
    let tail = after.get(5..)?;
    let gap = tail.bytes().take_while(|byte| *byte == b'\\').count();
    let low = four_digits(tail.get(gap..)?)?.checked_sub(0xdc00)?;
    let c = char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)?;
    Some((Unit::Letter(c), slashes + 5 + gap + 5))
}

fn four_digits(after_slash: &str) -> Option<u32> {
    let digits = after_slash.strip_prefix('u')?.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

fn tag(rest: &str) -> Option<(Unit, usize)> {
    let body = rest.get(1..)?.trim_start_matches('/');
    let name_length = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = body.get(..name_length)?;
    if name.is_empty() || !SHAPING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    if !body.get(name_length..)?.starts_with([' ', '>', '/', '\n', '\r', '\t']) {
        return None;
    }
    let end = rest.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    Some((Unit::Blank, end + 1))
}
