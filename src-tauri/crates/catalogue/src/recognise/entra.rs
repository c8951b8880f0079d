//! Finds the sign-in codes of Microsoft Entra, however they were mangled on the way.

use inbox_model::Confidence;

use super::fold::Folded;
use super::judge::{Clue, Clues};
use crate::codes::{EntraCode, entra_code};

/// Ways that `AADSTS` looks like in plain form (doubled letters are one there), the longest first.
const MARKS: &[&str] = &["a d s t s", "ad s t s", "a ad sts", "ad sts", "adsts", "adtss", "asdts", "adst", "ads ts"];

/// Words that may stand between the mark and the number.
const BETWEEN: &[&str] = &["error", "code", "number", "nr", "no", "eror", "fehler", "エラー", "コード", "#", "is"];

/// Words before a number that make it a sign-in code by themselves.
const FIELDS: &[&str] =
    &["eror_codes", "eror_uri htps login.microsoftonline.com eror code", "login.microsoftonline.com eror code"];

/// Words before a number that make it a sign-in code where the text speaks of a Microsoft sign-in.
const NAMES: &[&str] = &[
    "eror code",
    "erorcode",
    "eror",
    "sign in eror",
    "sign in eror code",
    "failure code",
    "code",
    "status code",
    "eror number",
    "eror no",
    "エラー",
    "エラーコード",
    "エラー番号",
    "fehler",
    "fehlercode",
    "fehlernumer",
    "ereur",
    "code d ereur",
    "codigo",
    "codigo de eror",
    "codigo de ero",
    "ero",
    "erore",
    "codice",
    "codice erore",
    "fout",
    "foutcode",
    "错误",
    "错误代码",
    "错误码",
    "代码",
    "eror #",
    "#",
];

/// Words that show that a text speaks of a Microsoft sign-in.
const SCENE: &[&str] = &[
    "microsoft",
    "entra",
    "azure",
    "office 365",
    "m365",
    "o365",
    "365",
    "adsts",
    "tenant",
    "conditional acces",
    "oauth",
    "openid",
    "サインイン",
    "マイクロソフト",
];

/// Codes that only report a step on the way, or that wrap another reason.
const WRAPPERS: &[&str] = &[
    "50058", "50140", "50199", "50000", "70000", "50132", "16001", "16002", "500581", "501314", "65005", "165004",
    "90023", "9002313",
];

/// Looks for codes.
pub(super) fn look(folded: &Folded, clues: &mut Clues) {
    let text = folded.text.as_str();
    let mut at = 0;
    while let Some((start, after_mark)) = next_mark(text, at) {
        at = after_mark;
        let number_at = skip_between(text, after_mark);
        if let Some((digits, end)) = number(text, number_at) {
            take(&digits, start, end, clues, true);
            at = end;
            at = siblings(text, at, clues);
        }
    }
    bare_numbers(text, clues);
}

/// `AADSTS50076/50079`, `AADSTS50105, 65001`: further numbers behind the first.
fn siblings(text: &str, mut at: usize, clues: &mut Clues) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let skipped = [" or ", " and ", " "].iter().find(|part| rest.starts_with(**part)).map_or(0, |part| part.len());
        let digits = leading_digits(rest.get(skipped..).unwrap_or_default());
        if skipped == 0 || digits.len() < 5 || entra_code(digits).is_none() {
            return at;
        }
        let start = at + skipped;
        at = start + digits.len();
        if ends_word(text, at) {
            take(digits, start, at, clues, true);
        }
    }
}

fn take(digits: &str, start: usize, end: usize, clues: &mut Clues, marked: bool) {
    let (start, end) = (u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX));
    match entra_code(digits) {
        Some(row) => clues.all.push(clue(row, start, end, marked)),
        None if marked => clues.unknown_codes.push((format!("AADSTS{digits}"), start, end)),
        None => {}
    }
}

fn clue(row: &'static EntraCode, start: u32, end: u32, marked: bool) -> Clue {
    let rank = match row.confidence {
        _ if WRAPPERS.contains(&row.number) => 50,
        Confidence::Certain => 90,
        Confidence::Likely => 86,
        Confidence::Possible => 50,
    };
    Clue {
        cause: row.cause,
        confidence: if marked { row.confidence } else { row.confidence.min(Confidence::Likely) },
        rank,
        code: Some(format!("AADSTS{}", row.number)),
        variant: row.variant,
        rule: format!("aadsts-{}", row.number),
        start,
        end,
    }
}

fn next_mark(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    MARKS
        .iter()
        .filter_map(|mark| {
            let mut at = 0;
            loop {
                let found = at + rest.get(at..)?.find(mark)?;
                let start = from + found;
                // "loadsts" is no mark.
                if starts_word(text, start) {
                    return Some((start, start + mark.len()));
                }
                at = found + 1;
            }
        })
        .min_by_key(|(start, end)| (*start, usize::MAX - end))
}

fn skip_between(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start_matches([' ', '_', '.']);
        at += rest.len() - trimmed.len();
        match BETWEEN.iter().find(|word| trimmed.starts_with(**word)) {
            Some(word) => at += word.len(),
            None => return at,
        }
    }
}

/// A number at a place: in one piece, in groups, with the letter o for a nought, or spoken.
fn number(text: &str, at: usize) -> Option<(String, usize)> {
    let whole = leading_digits(text.get(at..)?);
    if whole.len() >= 5 {
        return (whole.len() <= 8 && ends_word(text, at + whole.len())).then(|| (whole.to_owned(), at + whole.len()));
    }
    let mut digits = String::new();
    let mut end = at;
    let mut best = None;
    for word in text.get(at..)?.split(' ').take(8) {
        let Some(more) = spoken(word) else { break };
        digits.push_str(&more);
        end += word.len();
        if digits.len() > 8 {
            break;
        }
        if digits.len() >= 5 && entra_code(&digits).is_some() {
            best = Some((digits.clone(), end));
        }
        end += 1;
    }
    if best.is_none() && whole.len() == 4 && ends_word(text, at + 4) {
        return Some((whole.to_owned(), at + 4));
    }
    best
}

/// The digits that a word stands for.
fn spoken(word: &str) -> Option<String> {
    let digit = match word {
        "zero" | "oh" | "o" | "nul" | "nought" => "0",
        "one" => "1",
        "two" => "2",
        "thre" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "ten" => "10",
        "fifty" => "50",
        "sixty" => "60",
        "seventy" => "70",
        "eighty" => "80",
        "ninety" => "90",
        _ => {
            let plain: String = word.chars().map(|c| if c == 'o' { '0' } else { c }).collect();
            return (!plain.is_empty()
                && plain.bytes().all(|byte| byte.is_ascii_digit())
                && word.bytes().any(|byte| byte.is_ascii_digit()))
            .then_some(plain);
        }
    };
    Some(digit.to_owned())
}

/// Numbers without the mark, where a field or the scene makes them sign-in codes.
fn bare_numbers(text: &str, clues: &mut Clues) {
    let mut scene = None;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let start = at + found;
        let digits = leading_digits(text.get(start..).unwrap_or_default());
        let end = start + digits.len();
        at = end;
        if digits.len() < 5 || digits.len() > 8 || !ends_word(text, end) || entra_code(digits).is_none() {
            continue;
        }
        if clues.all.iter().any(|clue| (clue.start as usize) <= start && end <= clue.end as usize) {
            continue;
        }
        let before = text.get(..start).unwrap_or_default().trim_end_matches(' ');
        if FIELDS.iter().any(|field| ends_with_word(before, field)) {
            take(digits, start, end, clues, true);
        } else if NAMES.iter().any(|name| ends_with_word(before, name))
            && *scene.get_or_insert_with(|| SCENE.iter().any(|word| text.contains(word)))
        {
            take(digits, start, end, clues, false);
        }
    }
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.ends_with(word) && starts_word(text, text.len() - word.len())
}

fn leading_digits(text: &str) -> &str {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..length).unwrap_or_default()
}

fn starts_word(text: &str, at: usize) -> bool {
    !text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(|c| c.is_ascii_alphanumeric())
}

fn ends_word(text: &str, at: usize) -> bool {
    !text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        let mut clues = Clues::default();
        look(&fold(text), &mut clues);
        clues.all.into_iter().filter_map(|clue| clue.code).collect()
    }

    #[test]
    fn mangled_codes_are_read() {
        for text in [
            "AADSTS50105",
            "AADSTS 50105:",
            "AADSTS-50105",
            "AADSTS:\n> 50105",
            "aadsts50105.",
            "AADSTS&#32;50105",
            "AADSTS%2050105",
            "ＡＡＤＳＴＳ５０１０５",
            "AADSTS error code 50105",
            "AADSTS 501 05",
            "AADSTS5O105",
            "A A D S T S 5 0 1 0 5",
            "AAD STS five zero one oh five",
            "\"error_codes\":[50105]",
            "AADST50105",
            "https://login.microsoftonline.com/error?code=50105",
            "Microsoft says error 50105 again",
            "Microsoftのサインインでエラー 50105 が出ます",
            "<b>AADSTS</b>50105",
            "\\u0041ADSTS50105",
        ] {
            assert_eq!(codes(text), vec!["AADSTS50105"], "{text}");
        }
    }

    #[test]
    fn numbers_that_only_look_alike_are_left_alone() {
        for text in [
            "order 50105 was shipped",
            "error 50105",
            "build 65001 failed",
            "50105ab bump deps",
            "port 65001/udp",
            "Microsoft Store receipt 50105",
            "loadsts50105",
            "AADSTS",
            "tcp 50076-50079 backup agent",
        ] {
            assert_eq!(codes(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn further_numbers_behind_the_mark_count() {
        assert_eq!(codes("AADSTS50076/50079"), vec!["AADSTS50076", "AADSTS50079"]);
    }
}
