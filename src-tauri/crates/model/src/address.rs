//! E-mail addresses and domain names (RFC 5321, RFC 6531, RFC 5890).

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest address that SMTP can carry, in octets (RFC 5321 section 4.5.3.1.3 less the angle brackets).
const MAX_ADDRESS: usize = 254;
/// The longest local part, in octets (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;

/// Why a text is no e-mail address or domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AddressError {
    /// Nothing was given.
    #[error("nothing was given")]
    Empty,
    /// There is no `@`.
    #[error("there is no @ in it")]
    NoAt,
    /// Nothing stands before the `@`.
    #[error("nothing stands before the @")]
    NoLocalPart,
    /// Nothing stands after the `@`.
    #[error("nothing stands after the @")]
    NoDomain,
    /// More than one `@`, or a blank or control character inside.
    #[error("it holds a character that an address cannot hold")]
    BadCharacter,
    /// The part after the `@` is no domain name.
    #[error("the part after the @ is no domain name")]
    BadDomain,
    /// Longer than mail can carry.
    #[error("it is longer than an address can be")]
    TooLong,
}

/// A domain name: kept as A-label in lower case without a trailing dot, shown as U-label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Domain(String);

impl Domain {
    /// Reads a domain in any of its written forms: full-width letters, upper case, IDN, one trailing dot.
    ///
    /// # Errors
    /// `Empty`, `BadDomain`, or `TooLong`. IP addresses and single labels are no mail domains and are refused.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(AddressError::Empty);
        }
        if trimmed.len() > 1024 {
            return Err(AddressError::TooLong);
        }
        let ascii = idna::domain_to_ascii_cow(trimmed.as_bytes(), idna::AsciiDenyList::URL)
            .map_err(|_| AddressError::BadDomain)?;
        let ascii = ascii.strip_suffix('.').unwrap_or(&ascii);
        if ascii.len() > 253 {
            return Err(AddressError::TooLong);
        }
        let labels_fit = ascii.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        });
        let numeric_top = ascii.rsplit('.').next().is_some_and(|top| top.bytes().all(|byte| byte.is_ascii_digit()));
        if !labels_fit || !ascii.contains('.') || numeric_top {
            return Err(AddressError::BadDomain);
        }
        Ok(Self(ascii.to_owned()))
    }

    /// The A-label form, as it goes over the network.
    #[must_use]
    pub fn as_ascii(&self) -> &str {
        &self.0
    }

    /// The U-label form, as a person reads it; the A-label form where the other would be invalid.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        let (text, result) = idna::domain_to_unicode(&self.0);
        if result.is_ok() { text } else { self.0.clone() }
    }

    /// The registrable domain by the public-suffix list (`mail.contoso.co.jp` → `contoso.co.jp`).
    /// `None` for a public suffix itself.
    #[must_use]
    pub fn registrable(&self) -> Option<Domain> {
        psl::domain_str(&self.0).map(|text| Self(text.to_owned()))
    }

    /// Whether this name is `other` or lies below it.
    #[must_use]
    pub fn is_within(&self, other: &Domain) -> bool {
        self.0 == other.0 || self.0.strip_suffix(&other.0).is_some_and(|head| head.ends_with('.'))
    }

    /// The name one label up, unless that would be a public suffix.
    #[must_use]
    pub fn parent(&self) -> Option<Domain> {
        let registrable = self.registrable()?;
        if *self == registrable {
            return None;
        }
        self.0.split_once('.').map(|(_, rest)| Self(rest.to_owned()))
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Domain {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

/// An e-mail address. The local part is kept as typed (it may be case-sensitive), the domain as [`Domain`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct EmailAddress {
    local: String,
    domain: Domain,
}

impl EmailAddress {
    /// Reads an address as people write it: blanks around it, `mailto:` before it, angle brackets, `Name <a@b>`,
    /// full-width characters (as a Japanese keyboard gives them).
    ///
    /// # Errors
    /// The exact reason, see [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > 4096 {
            return Err(AddressError::TooLong);
        }
        let folded: String = text.chars().map(fold_full_width).filter(|c| !is_invisible(*c)).collect();
        let mut rest = folded.trim();
        if let (Some(open), Some(close)) = (rest.rfind('<'), rest.rfind('>'))
            && let Some(inside) = rest.get(open + 1..close)
        {
            rest = inside.trim();
        }
        if rest.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("mailto:")) {
            rest = rest.get(7..).unwrap_or_default().split('?').next().unwrap_or_default().trim();
        }
        if rest.is_empty() {
            return Err(AddressError::Empty);
        }
        let (local, domain) = rest.rsplit_once('@').ok_or(AddressError::NoAt)?;
        if local.is_empty() {
            return Err(AddressError::NoLocalPart);
        }
        if domain.trim().is_empty() {
            return Err(AddressError::NoDomain);
        }
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "@<>(),;:\"[]\\".contains(c);
        if local.chars().any(forbidden) || domain.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(AddressError::BadCharacter);
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(AddressError::BadCharacter);
        }
        let domain = Domain::parse(domain)?;
        if local.len() > MAX_LOCAL_PART || local.len() + 1 + domain.0.len() > MAX_ADDRESS {
            return Err(AddressError::TooLong);
        }
        Ok(Self { local: local.to_owned(), domain })
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Whether both name the same mailbox as far as Microsoft and Google are concerned (case does not count).
    #[must_use]
    pub fn same_mailbox(&self, other: &EmailAddress) -> bool {
        self.domain == other.domain && self.local.to_lowercase() == other.local.to_lowercase()
    }
}

/// Full-width ASCII (U+FF01 to U+FF5E), the ideographic blank and the ideographic full stop to their ASCII twins.
fn fold_full_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{3002}' | '\u{ff61}' => '.',
        other => other,
    }
}

/// Characters that come along with copied text and that nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{ad}')
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.local, self.domain)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_read_as_one_address() {
        for text in [
            "ana@contoso.example",
            "  Ana@Contoso.Example. ".trim(),
            "mailto:ana@contoso.example?subject=x",
            "Ana Lima <ana@contoso.example>",
            "ａｎａ＠ｃｏｎｔｏｓｏ．ｅｘａｍｐｌｅ",
            "ana@\u{200b}contoso.example",
        ] {
            let address = EmailAddress::parse(text).unwrap();
            assert!(address.same_mailbox(&EmailAddress::parse("ana@contoso.example").unwrap()), "{text}");
        }
    }

    #[test]
    fn international_domain_is_kept_as_a_label() {
        let domain = Domain::parse("例え.jp").unwrap();
        assert_eq!(domain.as_ascii(), "xn--r8jz45g.jp");
        assert_eq!(domain.to_unicode(), "例え.jp");
    }

    #[test]
    fn registrable_domain_follows_the_public_suffix_list() {
        let domain = Domain::parse("mail.sales.contoso.co.jp").unwrap();
        assert_eq!(domain.registrable().unwrap().as_ascii(), "contoso.co.jp");
        assert_eq!(Domain::parse("co.jp").unwrap().registrable(), None);
        assert_eq!(Domain::parse("contoso.co.jp").unwrap().parent(), None);
    }

    #[test]
    fn each_fault_has_its_own_reason() {
        let cases = [
            ("", AddressError::Empty),
            ("ana", AddressError::NoAt),
            ("@contoso.example", AddressError::NoLocalPart),
            ("ana@", AddressError::NoDomain),
            ("a na@contoso.example", AddressError::BadCharacter),
            ("ana@bob@contoso.example", AddressError::BadCharacter),
            ("ana@localhost", AddressError::BadDomain),
            ("ana@192.0.2.1", AddressError::BadDomain),
            ("ana@-x.example", AddressError::BadDomain),
        ];
        for (text, reason) in cases {
            assert_eq!(EmailAddress::parse(text), Err(reason), "{text}");
        }
        assert_eq!(EmailAddress::parse(&format!("{}@x.example", "a".repeat(70))), Err(AddressError::TooLong));
    }
}
