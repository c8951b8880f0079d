//! A greeting in an old version of TLS, and the first answer to it. It tells two things that a modern handshake cannot: whether
//! a server that refuses TLS 1.2 and 1.3 speaks an older one, and whether a small answer comes back where a large one does not.
//! Nothing is agreed and nothing secret is sent; the connection ends after the first record.

use std::hash::{BuildHasher as _, RandomState};

/// The newest version offered: TLS 1.1 (RFC 4346).
const NEWEST: [u8; 2] = [3, 2];
/// What servers of that age had: RSA and ECDHE with AES and 3DES.
const SUITES: [u16; 9] = [0xc009, 0xc00a, 0xc013, 0xc014, 0x002f, 0x0035, 0x000a, 0xc008, 0xc012];
/// The longest host name that is sent.
const MAX_HOST: usize = 253;

/// The first answer to the greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// The server speaks this version: `1.0` or `1.1`.
    Speaks(&'static str),
    /// The server refuses (an alert); a modern server does.
    Refuses,
    /// Something else than TLS answers.
    NoTls,
}

/// The greeting for a host (RFC 4346 section 7.4.1.2, RFC 6066 section 3 for the name).
#[must_use]
pub fn old_hello(host: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(256);
    body.extend(NEWEST);
    // Random only in so far as two greetings differ: nothing is agreed with it.
    for word in 0..4_u8 {
        body.extend(RandomState::new().hash_one(word).to_be_bytes());
    }
    body.push(0);
    with_length(&mut body, |suites| {
        for suite in SUITES {
            suites.extend(suite.to_be_bytes());
        }
    });
    body.extend([1, 0]);
    with_length(&mut body, |extensions| {
        if host.len() <= MAX_HOST && host.parse::<std::net::IpAddr>().is_err() {
            extensions.extend([0, 0]);
            with_length(extensions, |name| {
                with_length(name, |list| {
                    list.push(0);
                    with_length(list, |text| text.extend(host.as_bytes()));
                });
            });
        }
        // The curves secp256r1, secp384r1, secp521r1, and points that are not compressed (RFC 8422).
        extensions.extend([0, 10, 0, 8, 0, 6, 0, 23, 0, 24, 0, 25]);
        extensions.extend([0, 11, 0, 2, 1, 0]);
    });
    let mut handshake = vec![1, 0];
    with_length(&mut handshake, |inner| inner.extend(&body));
    let mut record = vec![22, 3, 1];
    with_length(&mut record, |inner| inner.extend(&handshake));
    record
}

/// Two bytes of length, then what is written.
fn with_length(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    write(&mut inner);
    out.extend(u16::try_from(inner.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.append(&mut inner);
}

/// Reads the first answer. `None` while it is too short to tell.
#[must_use]
pub fn read_greeting(bytes: &[u8]) -> Option<Greeting> {
    match bytes {
        // A record of a handshake: type 2 is ServerHello, its version stands behind three bytes of length.
        [22, 3, _, _, _, 2, _, _, _, 3, minor, ..] => Some(match minor {
            1 => Greeting::Speaks("1.0"),
            2 => Greeting::Speaks("1.1"),
            // A server may not choose a newer one than was offered (RFC 4346 section 7.4.1.3).
            _ => Greeting::NoTls,
        }),
        [22, 3, _, _, _, other, ..] if *other != 2 => Some(Greeting::NoTls),
        [22, 3, ..] | [22] | [] => None,
        // An alert: level and description follow, and say nothing more here.
        [21, 3, _, _, _, _, _, ..] => Some(Greeting::Refuses),
        [21, 3, ..] | [21] => None,
        _ => Some(Greeting::NoTls),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_of_servers_are_told_apart() {
        let hello = |minor: u8| [22, 3, minor, 0, 70, 2, 0, 0, 66, 3, minor, 9, 9];
        assert_eq!(read_greeting(&hello(1)), Some(Greeting::Speaks("1.0")));
        assert_eq!(read_greeting(&hello(2)), Some(Greeting::Speaks("1.1")));
        assert_eq!(read_greeting(&hello(4)), Some(Greeting::NoTls));
        assert_eq!(read_greeting(&[21, 3, 1, 0, 2, 2, 70]), Some(Greeting::Refuses));
        assert_eq!(read_greeting(&[21, 3, 1, 0, 2]), None);
        assert_eq!(read_greeting(b"HTTP/1.1 400"), Some(Greeting::NoTls));
        assert_eq!(read_greeting(&[]), None);
    }

    #[test]
    fn the_greeting_holds_its_lengths() {
        let hello = old_hello("login.example");
        assert_eq!(usize::from(hello[3]) * 256 + usize::from(hello[4]), hello.len() - 5);
        assert_eq!(usize::from(hello[7]) * 256 + usize::from(hello[8]), hello.len() - 9);
        assert!(hello.windows(13).any(|part| part == b"login.example"));
        assert_ne!(hello, old_hello("login.example"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = read_greeting(&bytes);
        }
    }
}
