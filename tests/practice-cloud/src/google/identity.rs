//! Who an account is to Google, and which requests of an app are in order.

use std::collections::BTreeSet;

use url::Url;

use crate::scenario::Scenario;

/// A signed-in person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) subject: String,
    pub(super) email: String,
    pub(super) name: String,
    /// The organisation's domain; a personal account has none.
    pub(super) hosted_domain: Option<&'static str>,
}

impl Person {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let (email, name) = if scenario.cause == "wrong-organisation" {
            (format!("someone.else@{}", scenario.domain()), "Someone Else".to_owned())
        } else {
            (scenario.address.to_owned(), scenario.local().replace('-', " "))
        };
        // A subject has 21 decimal digits.
        let number = email.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(u64::from(byte)));
        let hosted_domain = (scenario.domain() == "fabrikam.example").then_some("fabrikam.example");
        Self { subject: format!("1{number:020}"), email, name, hosted_domain }
    }
}

/// The long form of a scope (<https://developers.google.com/identity/protocols/oauth2/scopes>).
pub(super) fn long(short: &str) -> String {
    match short {
        "openid" => "openid".to_owned(),
        "email" => long("userinfo.email"),
        "profile" => long("userinfo.profile"),
        "mail" => "https://mail.google.com/".to_owned(),
        other => format!("https://www.googleapis.com/auth/{other}"),
    }
}

/// Scopes that the apps of this trade ask for.
const KNOWN: [&str; 24] = [
    "openid",
    "userinfo.email",
    "userinfo.profile",
    "mail",
    "gmail.labels",
    "gmail.readonly",
    "gmail.metadata",
    "gmail.modify",
    "gmail.compose",
    "gmail.send",
    "gmail.settings.basic",
    "calendar",
    "calendar.readonly",
    "calendar.events",
    "calendar.events.readonly",
    "calendar.events.owned",
    "calendar.calendarlist",
    "calendar.calendarlist.readonly",
    "calendar.calendars",
    "calendar.calendars.readonly",
    "calendar.freebusy",
    "calendar.settings.readonly",
    "calendar.app.created",
    "contacts.readonly",
];

/// Reads a `scope` field; the short names of the identity scopes are made long. The first unknown name is the error.
pub(super) fn scopes(text: &str) -> Result<BTreeSet<String>, String> {
    text.split_whitespace()
        .map(|word| {
            let full = if matches!(word, "email" | "profile") { long(word) } else { word.to_owned() };
            if KNOWN.iter().any(|known| long(known) == full) { Ok(full) } else { Err(word.to_owned()) }
        })
        .collect()
}

/// Whether more than the identity is asked for.
pub(super) fn beyond_identity(scopes: &BTreeSet<String>) -> bool {
    ["openid", "userinfo.email", "userinfo.profile"].into_iter().filter(|short| scopes.contains(&long(short))).count()
        < scopes.len()
}

/// Redirect addresses of a desktop client: loopback with any port
/// (<https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback>).
pub(super) fn redirect_allowed(redirect: &str) -> bool {
    Url::parse(redirect).is_ok_and(|url| {
        url.scheme() == "http"
            && matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
            && url.fragment().is_none()
            && url.username().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_scopes_are_told_from_others() {
        assert!(!beyond_identity(&scopes("openid email profile").unwrap()));
        assert!(beyond_identity(&scopes("openid https://www.googleapis.com/auth/gmail.labels").unwrap()));
        assert_eq!(scopes("openid nonsense"), Err("nonsense".to_owned()));
    }

    #[test]
    fn a_subject_has_twenty_one_digits() {
        let person =
            Person::of(crate::scenario::find("works@fabrikam.example", crate::scenario::Provider::Google).unwrap());
        assert_eq!(person.subject.len(), 21);
    }
}
