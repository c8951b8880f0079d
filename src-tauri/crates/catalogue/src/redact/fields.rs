//! Secrets that are known by the name of the field, header or command before them.

use super::MASK;

/// Fields whose value is a secret in any writing.
const FIELDS: &[&str] = &[
    "access_token",
    "accesstoken",
    "access-token",
    "refresh_token",
    "refreshtoken",
    "refresh-token",
    "id_token",
    "idtoken",
    "client_secret",
    "clientsecret",
    "client-secret",
    "client_assertion",
    "assertion",
    "code_verifier",
    "codeverifier",
    "device_code",
    "password",
    "passwd",
    "passwort",
    "kennwort",
    "pwd",
    "passphrase",
    "secret",
    "api_key",
    "apikey",
    "api-key",
    "x-api-key",
    "token",
    "auth_token",
    "authtoken",
    "session_token",
    "sessionid",
    "session_id",
    "bearer",
    "パスワード",
    "密码",
    "密碼",
    "mot de passe",
    "contraseña",
    "senha",
    "id_token_hint",
    "login_ticket",
    "sso_nonce",
    "private_key",
    "encryption_key",
    "saml_response",
    "samlresponse",
    "samlrequest",
    "wresult",
    "hapikey",
    "oauth_token",
    "oauth_verifier",
    "subject_token",
    "user_code",
    "otp",
    "one-time code",
];
/// Fields whose value is a secret only in an address or a form, because elsewhere they name an error.
const ADDRESS_FIELDS: &[&str] = &["code", "state", "nonce", "sid", "sig", "signature", "session_state"];
/// Headers whose whole line is secret.
const HEADERS: &[&str] = &[
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-ms-refreshtokencredential",
    "x-goog-authuser-token",
];
/// Commands of mail protocols; what follows on the line is secret.
const COMMANDS: &[&str] = &[
    "auth xoauth2",
    "authenticate xoauth2",
    "auth plain",
    "authenticate plain",
    "auth login",
    "auth oauthbearer",
    "authenticate oauthbearer",
    "auth cram-md5",
    "pass",
];

/// The stretches to cut, in bytes.
pub(super) fn spans(text: &str) -> Vec<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let mut spans = Vec::new();
    for field in FIELDS {
        each(&lower, field, |start, end| spans.extend(value(text, start, end, false)));
    }
    for field in ADDRESS_FIELDS {
        each(&lower, field, |start, end| spans.extend(value(text, start, end, true)));
    }
    for header in HEADERS {
        each(&lower, header, |_, end| spans.extend(header_value(text, end)));
    }
    for command in COMMANDS {
        each(&lower, command, |start, end| spans.extend(command_value(text, start, end)));
    }
    for scheme in ["bearer ", "basic ", "negotiate ", "ntlm "] {
        each(&lower, scheme, |_, end| spans.extend(scheme_value(text, end)));
    }
    each(&lower, " login ", |_, end| spans.extend(login_password(text, end)));
    spans
}

/// Calls for every whole-word find.
fn each(lower: &str, word: &str, mut found: impl FnMut(usize, usize)) {
    for (start, _) in lower.match_indices(word) {
        let end = start + word.len();
        let before = lower.get(..start).and_then(|part| part.chars().next_back());
        let after = lower.get(end..).and_then(|part| part.chars().next());
        let wordy = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        // A percent sign with two digits before the name is a separator (`%26code%3D`).
        let separated = start >= 3 && lower.as_bytes().get(start - 3) == Some(&b'%');
        let ascii_edges = word.ends_with(' ') || !wordy(after);
        if (word.starts_with(' ') || !wordy(before) || separated) && ascii_edges {
            found(start, end);
        }
    }
}

/// The value behind `name=`, `name: "…"`, `"name" => '…'`, `name%3D…`.
fn value(text: &str, start: usize, end: usize, address_only: bool) -> Option<(usize, usize)> {
    let rest = text.get(end..)?;
    let mut at = 0;
    let mut joined = false;
    let mut quote = None;
    while at < 16 {
        let tail = rest.get(at..)?;
        let c = tail.chars().next()?;
        match c {
            '=' | ':' if !joined || c == '=' => joined = true,
            '：' | '＝' => joined = true,
            '>' if joined => {}
            ' ' | '\t' | '\\' => {}
            '"' | '\'' => {
                if joined {
                    quote = Some(c);
                    at += 1;
                    break;
                }
            }
            '%' => {
                let code = tail.get(1..3)?.to_ascii_lowercase();
                match code.as_str() {
                    "3d" | "3a" if !joined => joined = true,
                    "22" | "20" => {}
                    _ => break,
                }
                at += 3;
                continue;
            }
            _ => break,
        }
        at += c.len_utf8();
    }
    if !joined {
        return None;
    }
    let from = end + at;
    let tail = text.get(from..)?;
    let length = match quote {
        Some(quote) => tail.find([quote, '\n'])?,
        // Masked already: what ends a value may follow, nothing else.
        None if tail.starts_with(MASK) => match ends_at(tail.get(MASK.len()..)?, true) {
            0 => return None,
            more => MASK.len() + more,
        },
        None => ends_at(tail, !tail.starts_with('[')),
    };
    // A backslash before the closing quote belongs to the quote.
    let body = tail.get(..length)?.trim_end_matches('\\');
    if body.is_empty() {
        return None;
    }
    if address_only {
        let before = text.get(..start).and_then(|part| part.chars().next_back());
        let in_address = matches!(before, Some('?' | '&' | '#' | ';')) || text.get(..start).is_some_and(ends_encoded);
        let in_form = text.get(end..)?.starts_with('=') && before.is_none_or(char::is_whitespace);
        if !(in_address || (in_form && body.len() >= 12)) || looks_like_number(body) {
            return None;
        }
    }
    Some((from, from + body.len()))
}

/// Where a value without quotes ends; at a closing bracket only where none was opened.
fn ends_at(tail: &str, at_bracket: bool) -> usize {
    tail.char_indices()
        .find(|(at, c)| {
            c.is_whitespace()
                || matches!(c, '&' | '"' | '\'' | '<' | '>' | ',' | ';' | ')' | '}' | '#' | '|' | '、' | '。')
                || (*c == ']' && at_bracket)
                || tail.get(*at..).is_some_and(|part| part.starts_with("%26") || part.starts_with("%22"))
        })
        .map_or(tail.len(), |(at, _)| at)
}

fn ends_encoded(before: &str) -> bool {
    let lower: String = before.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect();
    matches!(lower.to_ascii_lowercase().as_str(), "%26" | "%3f" | "%23")
}

/// `error?code=50105` carries an error code.
fn looks_like_number(value: &str) -> bool {
    value.len() <= 9 && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn header_value(text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = text.get(end..)?;
    let skipped = rest.len() - rest.trim_start_matches(['"', '\'', '\\', ' ']).len();
    let tail = rest.get(skipped..)?;
    let tail_body = tail.strip_prefix([':', '='])?;
    let value = tail_body.trim_start_matches([' ', '"', '\'', '\\']);
    let from = text.len() - value.len();
    let length = value.find(['\n', '\r', '"', '\'']).unwrap_or(value.len());
    (length > 0).then_some((from, from + length))
}

fn scheme_value(text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = text.get(end..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte)).count();
    let value = rest.get(..length)?;
    let tokenish = length >= 16 && (value.bytes().any(|byte| byte.is_ascii_digit()) || length >= 40);
    tokenish.then_some((end, end + length))
}

fn command_value(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let rest = text.get(end..)?;
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let value = rest.get(..length)?;
    let is_pass = end - start == 4;
    // `PASS` is an everyday word: only at the start of a line, behind a client's mark, with one word after it.
    let lead = text.get(line_start..start)?.trim();
    if is_pass && !(text.get(start..end)? == "PASS" && lead.len() <= 4 && value.split_whitespace().count() == 1) {
        return None;
    }
    let body = value.trim_start();
    let first = body.split_whitespace().next()?;
    if !is_pass && !first.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_.".contains(&byte)) {
        return None;
    }
    if !is_pass && first.len() < 8 {
        return None;
    }
    let from = end + value.len() - body.len();
    Some((from, from + first.len()))
}

/// `a1 LOGIN user password`: the second word.
fn login_password(text: &str, end: usize) -> Option<(usize, usize)> {
    if text.get(..end)?.ends_with(" LOGIN ") {
        let line = text.get(end..)?.lines().next()?;
        let mut words = line.split(' ');
        let user = words.next()?;
        let password = words.next()?;
        if words.next().is_none() && user.contains('@') {
            let from = end + user.len() + 1;
            return Some((from, from + password.len()));
        }
    }
    None
}
