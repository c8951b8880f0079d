//! Lines of IMAP (RFC 3501, RFC 9051), as far as they come before a sign-in.

/// How a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Status {
    Ok,
    No,
    Bad,
    /// It ends the connection.
    Bye,
    /// Already signed in.
    PreAuth,
}

/// A status answer: `OK [CODE …] text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Which.
    pub status: Status,
    /// What stands in the brackets.
    pub code: Option<String>,
    /// The words behind it.
    pub text: String,
}

/// The first line of a server.
#[must_use]
pub fn greeting(line: &str) -> Option<Reply> {
    let reply = reply(line.strip_prefix("* ")?)?;
    matches!(reply.status, Status::Ok | Status::PreAuth | Status::Bye).then_some(reply)
}

/// The answer that ends the command of this tag; `None` for every other line.
#[must_use]
pub fn tagged(line: &str, tag: &str) -> Option<Reply> {
    let rest = line.strip_prefix(tag)?.strip_prefix(' ')?;
    reply(rest).filter(|reply| matches!(reply.status, Status::Ok | Status::No | Status::Bad))
}

/// An untagged `BYE`.
#[must_use]
pub fn bye(line: &str) -> Option<Reply> {
    reply(line.strip_prefix("* ")?).filter(|reply| reply.status == Status::Bye)
}

/// The names of an untagged `CAPABILITY` line, in upper case.
#[must_use]
pub fn capabilities(line: &str) -> Option<Vec<String>> {
    names(line.strip_prefix("* ")?)
}

/// The names in a code `[CAPABILITY …]`, which servers add to a greeting to save a command.
#[must_use]
pub fn capabilities_of(reply: &Reply) -> Option<Vec<String>> {
    names(reply.code.as_deref()?)
}

/// What a server asks for in the middle of a command: the text behind `+`.
#[must_use]
pub fn continuation(line: &str) -> Option<&str> {
    match line.strip_prefix('+')? {
        "" => Some(""),
        rest => rest.strip_prefix(' ').map(str::trim),
    }
}

/// The number of messages of an untagged `EXISTS`.
#[must_use]
pub fn exists(line: &str) -> Option<u64> {
    line.strip_prefix("* ")?.strip_suffix(" EXISTS")?.parse().ok()
}

/// A quoted string (RFC 9051 section 4.3); `None` for text that needs a literal.
#[must_use]
pub fn quoted(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    plain.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The mechanisms among the capabilities (`AUTH=PLAIN`).
#[must_use]
pub fn mechanisms(capabilities: &[String]) -> Vec<String> {
    capabilities.iter().filter_map(|name| name.strip_prefix("AUTH=")).map(str::to_owned).collect()
}

fn names(text: &str) -> Option<Vec<String>> {
    let mut words = text.split_ascii_whitespace();
    words.next().filter(|word| word.eq_ignore_ascii_case("CAPABILITY"))?;
    let mut names: Vec<String> = Vec::new();
    for name in words.map(super::token) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

fn reply(text: &str) -> Option<Reply> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let status = match word.to_ascii_uppercase().as_str() {
        "OK" => Status::Ok,
        "NO" => Status::No,
        "BAD" => Status::Bad,
        "BYE" => Status::Bye,
        "PREAUTH" => Status::PreAuth,
        _ => return None,
    };
    let rest = rest.trim_start();
    let coded = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (code, text) = match coded {
        Some((code, text)) => (Some(code.to_owned()), text),
        None => (None, rest),
    };
    Some(Reply { status, code, text: text.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn greetings_and_their_capabilities() {
        let ready = greeting("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.").unwrap();
        assert_eq!((ready.status, ready.text.as_str()), (Status::Ok, "Dovecot ready."));
        assert_eq!(capabilities_of(&ready).unwrap(), ["IMAP4REV1", "STARTTLS", "LOGINDISABLED"]);
        assert_eq!(greeting("* BYE too many connections").unwrap().status, Status::Bye);
        assert_eq!(greeting("* PREAUTH hello").unwrap().status, Status::PreAuth);
        assert_eq!(greeting("* OK").unwrap().text, "");
        for other in ["220 mail ESMTP", "+OK ready", "", "* 1 EXISTS", "OK no star", "* NO", "*OK"] {
            assert_eq!(greeting(other), None, "{other}");
        }
    }

    #[test]
    fn tagged_answers_end_only_their_own_command() {
        let refused = tagged("a2 NO [AUTHENTICATIONFAILED] Invalid credentials", "a2").unwrap();
        assert_eq!(refused.code.as_deref(), Some("AUTHENTICATIONFAILED"));
        assert_eq!(tagged("a21 OK done", "a2"), None);
        assert_eq!(tagged("* OK done", "a2"), None);
        assert_eq!(tagged("a2 OK done", "a2").unwrap().status, Status::Ok);
        assert_eq!(tagged("a2 BYE odd", "a2"), None);
        assert_eq!(bye("* BYE shutting down").unwrap().text, "shutting down");
    }

    #[test]
    fn what_a_sign_in_needs_is_read_and_written() {
        assert_eq!(continuation("+ eyJ9"), Some("eyJ9"));
        assert_eq!((continuation("+"), continuation("+ ")), (Some(""), Some("")));
        assert_eq!((continuation("+OK ready"), continuation("* OK")), (None, None));
        assert_eq!((exists("* 23 EXISTS"), exists("* -1 EXISTS"), exists("* 23 RECENT")), (Some(23), None, None));
        assert_eq!(quoted("a\"b\\c").as_deref(), Some(r#""a\"b\\c""#));
        assert_eq!((quoted("pässword"), quoted("a\nb")), (None, None));
    }

    #[test]
    fn mechanisms_are_read_from_the_capabilities() {
        let names = capabilities("* capability imap4rev1 auth=plain AUTH=XOAUTH2 AUTH=PLAIN ID").unwrap();
        assert_eq!(mechanisms(&names), ["PLAIN", "XOAUTH2"]);
        assert_eq!(capabilities("* OK hello"), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(line in "\\PC*", wild in any::<String>(), tag in "[a-z0-9]{0,4}") {
            for text in [&line, &wild, &format!("* {line}"), &format!("{tag} OK [{wild}"), &format!("* CAPABILITY {wild}")] {
                let _ = (tagged(text, &tag), bye(text), capabilities(text));
                if let Some(reply) = greeting(text) {
                    let _ = capabilities_of(&reply);
                }
            }
        }
    }
}
