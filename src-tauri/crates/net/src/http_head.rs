//! The head of an HTTP/1 answer, read by hand where no HTTP library stands between: answers of proxies, and of hosts whose
//! way is looked at step by step.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The longest head that is read, in bytes. Real ones have some hundred.
pub(crate) const MAX_HEAD: usize = 16 * 1024;

/// Status and headers, and where the body begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Status.
    pub status: u16,
    /// Headers that can be read; others are left out.
    pub headers: HeaderMap,
    /// Length of the head in bytes, the empty line included.
    pub length: usize,
}

/// Reads a head (RFC 9112 sections 4 and 5). `None` while it is not complete, and for anything else than HTTP/1.
#[must_use]
pub fn read_head(bytes: &[u8]) -> Option<Head> {
    let length = end_of_head(bytes)?;
    let text = bytes.get(..length)?;
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let status = status(lines.next()?)?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (Some(name), Some(value)) = (line.get(..colon), line.get(colon + 1..)) else { continue };
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii())) else {
            continue;
        };
        // More headers than the map holds are no answer of an honest server.
        if headers.try_append(name, value).is_err() {
            return None;
        }
    }
    Some(Head { status, headers, length })
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let crlf = bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
    let lf = bytes.windows(2).position(|window| window == b"\n\n").map(|at| at + 2);
    match (crlf, lf) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn status(line: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(line).ok()?;
    let rest = text.strip_prefix("HTTP/1.")?;
    let (_, rest) = rest.split_once(' ')?;
    let code = rest.split(' ').next()?;
    (code.len() == 3).then(|| code.parse().ok()).flatten().filter(|code| (100..600).contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_complete() {
        let text = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nproxy-authenticate: Basic realm=\"a: b\"\r\nbroken line\r\n\r\nbody";
        let head = read_head(text).unwrap();
        assert_eq!(head.status, 407);
        let all: Vec<_> = head.headers.get_all("proxy-authenticate").iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(all, ["NTLM", "Basic realm=\"a: b\""]);
        assert_eq!(&text[head.length..], b"body");
        assert_eq!(read_head(&text[..40]), None);
    }

    #[test]
    fn other_protocols_are_no_answer() {
        for text in ["* OK IMAP\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 9\r\n\r\n", "HTTP/1.1 999 x\r\n\r\n", ""] {
            assert_eq!(read_head(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(read_head(b"HTTP/1.0 200 OK\n\n").unwrap().status, 200);
    }
}
