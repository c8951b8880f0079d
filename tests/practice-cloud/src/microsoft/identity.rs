//! Who an account is to Microsoft, and which requests of an app are in order.

use std::collections::BTreeSet;

use url::Url;

use crate::{
    directory::{self, HOST_OF_GUESTS, Organisation, PERSONAL},
    scenario::Scenario,
    world::guid_for,
};

/// A signed-in person.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) organisation: Organisation,
    pub(crate) oid: String,
    pub(crate) upn: String,
    /// `mail` of the directory entry; a person without a mailbox has none.
    pub(crate) mail: Option<String>,
    pub(crate) name: String,
    /// The address in the ID token.
    pub(crate) preferred_username: String,
    pub(crate) guest: bool,
    pub(crate) synced: bool,
}

impl Identity {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let address = scenario.address.to_owned();
        let organisation = match scenario.domain() {
            domain if domain == PERSONAL.domain => PERSONAL,
            domain => directory::of_domain(domain).unwrap_or(PERSONAL),
        };
        let mut identity = Self {
            organisation,
            oid: guid_for(&address),
            upn: address.clone(),
            mail: Some(address.clone()),
            name: display_name(scenario.local()),
            preferred_username: address.clone(),
            guest: false,
            synced: matches!(scenario.cause, "mailbox-not-in-cloud" | "federation-failed"),
        };
        match scenario.local() {
            // A guest's name holds the home address with `_` for `@`
            // (https://learn.microsoft.com/entra/external-id/user-properties).
            "wrong-organisation" => {
                identity.organisation = HOST_OF_GUESTS;
                identity.upn = format!("{}#EXT#@fourthcoffee.onmicrosoft.com", address.replace('@', "_"));
                identity.guest = true;
            }
            "other-account" => {
                let other = format!("someone.else@{}", scenario.domain());
                identity.oid = guid_for(&other);
                identity.upn.clone_from(&other);
                identity.mail = Some(other.clone());
                identity.preferred_username = other;
                identity.name = "Someone Else".to_owned();
            }
            "licence-missing" | "provider-mismatch" => identity.mail = None,
            _ => {}
        }
        identity
    }

    pub(crate) fn is_personal(&self) -> bool {
        self.organisation == PERSONAL
    }
}

fn display_name(local: &str) -> String {
    let mut chars = local.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", chars.as_str().replace('-', " "))
}

/// Whether an address leads back to this computer.
pub(crate) fn is_loopback(target: &str) -> bool {
    Url::parse(target).is_ok_and(|url| {
        url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1")) && url.username().is_empty()
    })
}

/// Redirect addresses: `http://localhost` and `http://127.0.0.1` are registered. The port does not count, scheme, host
/// and path do; a bare host and `/` are the same
/// (<https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>).
pub(crate) fn redirect_registered(redirect: &str) -> bool {
    is_loopback(redirect)
        && Url::parse(redirect).is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none())
}

/// Scopes that any user may agree to by himself and that the identity stage asks for.
const IDENTITY_SCOPES: [&str; 5] = ["openid", "profile", "email", "offline_access", "User.Read"];
/// Scopes of Graph that the app may ask for, as Graph spells them
/// (<https://learn.microsoft.com/graph/permissions-reference>).
const GRAPH_SCOPES: [&str; 13] = [
    "User.Read",
    "Mail.ReadBasic",
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Calendars.ReadBasic",
    "Calendars.Read",
    "Calendars.ReadWrite",
    "Contacts.Read",
    "MailboxSettings.Read",
    "Application.Read.All",
    "Policy.Read.All",
    "Directory.Read.All",
];

/// Reads a `scope` field: names without case, with or without Graph's address before them. `None` for an unknown name.
pub(crate) fn scopes(text: &str) -> Option<BTreeSet<String>> {
    text.split_whitespace()
        .map(|word| {
            let bare = word.strip_prefix("https://graph.microsoft.com/").unwrap_or(word);
            IDENTITY_SCOPES
                .into_iter()
                .chain(GRAPH_SCOPES)
                .find(|known| known.eq_ignore_ascii_case(bare))
                .map(str::to_owned)
        })
        .collect()
}

/// Whether more than the identity is asked for: here consent and access policies bite.
pub(crate) fn beyond_identity(scopes: &BTreeSet<String>) -> bool {
    scopes.iter().any(|scope| !IDENTITY_SCOPES.contains(&scope.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_a_redirect_address_is_free() {
        for good in ["http://localhost", "http://localhost:1/", "http://127.0.0.1:65535/"] {
            assert!(redirect_registered(good), "{good}");
        }
        for bad in [
            "https://localhost/",
            "http://localhost:1/callback",
            "http://[::1]:1/",
            "http://localhost.example/",
            "http://localhost:1/?a=b",
            "urn:ietf:wg:oauth:2.0:oob",
        ] {
            assert!(!redirect_registered(bad), "{bad}");
        }
    }

    #[test]
    fn scopes_are_read_in_both_forms() {
        let read = scopes("https://graph.microsoft.com/mail.readwrite OPENID").unwrap();
        assert!(read.contains("Mail.ReadWrite") && read.contains("openid"));
        assert_eq!(scopes("Mail.Sendd"), None);
    }
}
