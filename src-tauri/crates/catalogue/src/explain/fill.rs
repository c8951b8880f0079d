//! Puts values into a text's braces.
//!
//! `{name}` is replaced by its value. A line that begins with `{?name}` is kept only where the value is known, one that
//! begins with `{!name}` only where it is not. Values are never read as templates.

use super::parameters::Parameters;

/// Fills a text. What stands in braces and is no parameter is dropped (a test keeps the texts free of such names).
pub(super) fn fill(text: &str, parameters: &Parameters) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = match condition(line) {
            Some((wanted, name, rest)) if parameters.is_known(name) == wanted => rest,
            Some(_) => continue,
            None => line,
        };
        let line = fill_line(line, parameters);
        // A conditional paragraph that was left out leaves no hole.
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// The condition at the beginning of a line: whether the value must be known, its name, and the rest of the line.
pub(super) fn condition(line: &str) -> Option<(bool, &str, &str)> {
    let (wanted, rest) = match (line.strip_prefix("{?"), line.strip_prefix("{!")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    let (name, rest) = rest.split_once('}')?;
    Some((wanted, name, rest.trim_start()))
}

fn fill_line(line: &str, parameters: &Parameters) -> String {
    let mut filled = String::with_capacity(line.len() * 2);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let value = parameters.value(name, begins_sentence(&filled));
        rest = close_up(&mut filled, &value, tail);
    }
    filled.push_str(rest);
    filled
}

/// Adds a value and gives the rest of the line. Japanese sets a blank between Latin letters and its own: where the value
/// turns out to be Japanese, the blanks that were written for a name such as HubSpot go.
fn close_up<'a>(filled: &mut String, value: &str, tail: &'a str) -> &'a str {
    let wide = |c: Option<char>| c.is_some_and(|c| c >= '\u{3000}');
    if wide(value.chars().next()) && filled.ends_with(' ') && wide(filled.trim_end().chars().next_back()) {
        filled.truncate(filled.trim_end().len());
    }
    filled.push_str(value);
    // "HubSpot, Inc." at the end of a sentence brings its own full stop.
    if value.ends_with('.') && tail.starts_with('.') {
        return tail.strip_prefix('.').unwrap_or(tail);
    }
    match tail.strip_prefix(' ') {
        Some(rest) if wide(value.chars().next_back()) && wide(rest.chars().next()) => rest,
        _ => tail,
    }
}

/// Whether the next word begins an English sentence.
fn begins_sentence(before: &str) -> bool {
    let trimmed = before.trim_end();
    trimmed.is_empty() || (trimmed.len() < before.len() && trimmed.ends_with(['.', '?', '!']))
}
