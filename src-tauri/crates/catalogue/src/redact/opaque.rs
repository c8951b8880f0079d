//! Secrets that are known by their looks: JWTs, the prefixes of the providers' tokens, long runs of mixed characters.

/// Beginnings of tokens: JWT, Google access and refresh token and client secret, Entra code and refresh token, personal
/// Microsoft code, GitHub, Slack, HubSpot.
const PREFIXES: &[&str] = &[
    "eyJ", "ya29.", "1//0", "GOCSPX-", "0.A", "1.A", "M.C", "M.R", "ghp_", "gho_", "xoxb-", "xoxp-", "pat-na1-",
    "pat-eu1-", "AIza",
];
/// The shortest run behind a known beginning.
const SHORTEST_KNOWN: usize = 20;
/// The shortest run of mixed characters that counts as a secret whatever it is. A GUID (36) has no capitals beside small
/// letters, names of error classes have no digits.
const SHORTEST_MIXED: usize = 32;

/// The stretches to cut, in bytes.
pub(super) fn spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = next_run(text, at) {
        at = end;
        let Some(run) = text.get(start..end) else { continue };
        if run.len() >= SHORTEST_KNOWN && PREFIXES.iter().any(|prefix| run.starts_with(prefix)) {
            spans.push((start, end));
            continue;
        }
        if run.len() < SHORTEST_MIXED {
            continue;
        }
        if is_encoded(run) {
            spans.push((start, end));
            continue;
        }
        let mut from = start;
        for part in run.split_inclusive(['/', '.', '=']) {
            let body = part.trim_end_matches(['/', '.', '=']);
            if body.len() >= SHORTEST_MIXED && is_mixed(body) {
                spans.push((from, from + body.len()));
            }
            from += part.len();
        }
    }
    spans
}

fn next_run(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let start = (from..bytes.len()).find(|at| bytes.get(*at).is_some_and(|byte| in_run(*byte)))?;
    let end = (start..bytes.len()).find(|at| !bytes.get(*at).is_some_and(|byte| in_run(*byte))).unwrap_or(bytes.len());
    Some((start, end))
}

fn in_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-+/=~.".contains(&byte)
}

fn is_mixed(run: &str) -> bool {
    let has = |test: fn(&u8) -> bool| run.as_bytes().iter().filter(|byte| test(byte)).count();
    has(u8::is_ascii_uppercase) >= 2 && has(u8::is_ascii_lowercase) >= 2 && has(u8::is_ascii_digit) >= 2
}

/// Base64 with slashes in it: mixed, and not a path of words.
fn is_encoded(run: &str) -> bool {
    is_mixed(run)
        && !run.contains("//")
        && !run.contains('.')
        && (run.ends_with('=') || run.contains('+') || run.split('/').any(|part| part.len() >= 24 && is_mixed(part)))
}
