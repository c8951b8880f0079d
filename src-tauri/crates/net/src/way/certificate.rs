//! What a certificate says of itself: issuer, subject, dates, signature. Read from DER (X.690) by hand, as much as is shown
//! and no more; whether it is trusted is never decided here.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Names inside names inside names: nothing real is deeper or longer.
const MAX_NAME_PARTS: usize = 32;

/// A certificate (RFC 5280 section 4.1), as far as a person wants to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Common name of the issuer.
    pub issuer_name: Option<String>,
    /// Organisation of the issuer.
    pub issuer_organisation: Option<String>,
    /// Common name of the subject.
    pub subject_name: Option<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid to.
    pub not_after: Timestamp,
    /// How it is signed, where that is a way that nobody accepts any more: `sha1` or `md5`.
    pub weak_signature: Option<&'static str>,
    /// Issuer and subject are the same.
    pub self_issued: bool,
}

impl Certificate {
    /// Issuer in words: common name and organisation.
    #[must_use]
    pub fn issuer(&self) -> String {
        match (&self.issuer_name, &self.issuer_organisation) {
            (Some(name), Some(organisation)) if name != organisation => format!("{name} ({organisation})"),
            (Some(name), _) => name.clone(),
            (None, Some(organisation)) => organisation.clone(),
            (None, None) => String::new(),
        }
    }

    /// Whether it is valid at a moment by its own dates.
    #[must_use]
    pub fn is_valid_at(&self, moment: Timestamp) -> bool {
        self.not_before <= moment && moment <= self.not_after
    }
}

/// Reads a certificate. `None` for anything that is none.
#[must_use]
pub fn read_certificate(der: &[u8]) -> Option<Certificate> {
    let (whole, _) = sequence(der)?;
    let (inner, rest) = sequence(whole)?;
    let (algorithm, _) = sequence(rest)?;
    let (signature, _) = expect(algorithm, OID)?;
    // Version is there in every certificate since 1996, but optional.
    let rest = match element(inner)? {
        (0xa0, _, rest) => rest,
        _ => inner,
    };
    let (_, rest) = expect(rest, INTEGER)?;
    let (_, rest) = sequence(rest)?;
    let (issuer, rest) = sequence(rest)?;
    let (validity, rest) = sequence(rest)?;
    let (subject, _) = sequence(rest)?;
    let (not_before, after) = time(validity)?;
    let (not_after, _) = time(after)?;
    Some(Certificate {
        issuer_name: name_part(issuer, COMMON_NAME),
        issuer_organisation: name_part(issuer, ORGANISATION),
        subject_name: name_part(subject, COMMON_NAME),
        not_before,
        not_after,
        weak_signature: weak(signature),
        self_issued: issuer == subject,
    })
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;
/// 2.5.4.3 and 2.5.4.10 (RFC 5280 appendix A.1).
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

/// Tag, content, and what follows. Definite lengths only, as DER has them.
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = input.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if !(1..=4).contains(&count) {
            return None;
        }
        let (bytes, rest) = rest.split_at_checked(count)?;
        (bytes.iter().fold(0_usize, |length, byte| (length << 8) | usize::from(*byte)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn expect(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(input).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

fn sequence(input: &[u8]) -> Option<(&[u8], &[u8])> {
    expect(input, SEQUENCE)
}

/// The first value of this kind in a name.
fn name_part(name: &[u8], wanted: &[u8]) -> Option<String> {
    let mut rest = name;
    for _ in 0..MAX_NAME_PARTS {
        let (set, after) = expect(rest, SET)?;
        let (pair, _) = sequence(set)?;
        let (kind, value) = expect(pair, OID)?;
        if kind == wanted {
            let (tag, content, _) = element(value)?;
            let text = if tag == BMP_STRING {
                let units =
                    content.chunks_exact(2).map(|pair| pair.iter().fold(0_u16, |n, b| (n << 8) | u16::from(*b)));
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            } else {
                String::from_utf8_lossy(content).into_owned()
            };
            return Some(crate::scrub::scrub(&text)).filter(|text| !text.is_empty());
        }
        rest = after;
    }
    None
}

/// RFC 5280 section 4.1.2.5: always in UTC and with seconds; two digits of a year mean 1950 to 2049.
fn time(input: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (tag, content, rest) = element(input)?;
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let (year, text) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year >= 50 { 1900 + year } else { 2000 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two = |at: usize| text.get(at..at + 2).and_then(|digits| digits.parse::<i8>().ok());
    let moment = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, 0).ok()?;
    Some((TimeZone::UTC.to_timestamp(moment).ok()?, rest))
}

/// RFC 8017 appendix A.2.4 (1.2.840.113549.1.1.4 and .5) and RFC 5758 section 3.2 (1.2.840.10045.4.1).
fn weak(oid: &[u8]) -> Option<&'static str> {
    match oid {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04] => Some("md5"),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05] | [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01] => {
            Some("sha1")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(years: (i32, i32)) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut root = rcgen::CertificateParams::new(Vec::new()).unwrap();
        root.distinguished_name = rcgen::DistinguishedName::new();
        root.distinguished_name.push(rcgen::DnType::OrganizationName, "Contoso Filter GmbH");
        root.distinguished_name.push(rcgen::DnType::CommonName, "Contoso Prüf-CA");
        let issuer = rcgen::Issuer::from_params(&root, &key);
        let mut leaf = rcgen::CertificateParams::new(vec!["login.example".to_owned()]).unwrap();
        leaf.distinguished_name = rcgen::DistinguishedName::new();
        leaf.distinguished_name.push(rcgen::DnType::CommonName, "login.example");
        leaf.not_before = rcgen::date_time_ymd(years.0, 3, 1);
        leaf.not_after = rcgen::date_time_ymd(years.1, 4, 2);
        leaf.signed_by(&rcgen::KeyPair::generate().unwrap(), &issuer).unwrap().der().to_vec()
    }

    #[test]
    fn issuer_subject_and_dates_are_read() {
        let read = read_certificate(&made((2020, 2061))).unwrap();
        assert_eq!(read.issuer(), "Contoso Prüf-CA (Contoso Filter GmbH)");
        assert_eq!(read.subject_name.as_deref(), Some("login.example"));
        assert_eq!(read.not_before.to_string(), "2020-03-01T00:00:00Z");
        // After 2049 the other form of time is used.
        assert_eq!(read.not_after.to_string(), "2061-04-02T00:00:00Z");
        assert!(!read.self_issued && read.weak_signature.is_none());
        assert!(read.is_valid_at("2026-01-01T00:00:00Z".parse().unwrap()));
        assert!(!read.is_valid_at("2062-01-01T00:00:00Z".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_certificate(&bytes);
        }

        #[test]
        fn a_damaged_certificate_is_read_or_refused(at in 0_usize..400, value in any::<u8>()) {
            let mut der = made((2020, 2030));
            let at = at % der.len();
            der[at] = value;
            let _ = read_certificate(&der);
        }
    }
}
