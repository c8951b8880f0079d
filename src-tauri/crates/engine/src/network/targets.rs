//! Which places are looked at: those of the table of hosts, or what the settings put in their place.

use std::collections::BTreeSet;

use inbox_catalogue::{NeededHost, needed_hosts};
use inbox_model::{Cloud, Endpoints, FailureKind, Observation, Outcome};
use url::Url;

use super::{NetworkPlace, Protocol};
use crate::{GoogleAddresses, MicrosoftAddresses};

/// The most places of a check that failed: enough to tell one host from the network.
const MOST_OF_A_CHECK: usize = 5;

/// The places of these groups. Where the settings name other addresses for a provider, those are looked at and nothing else of
/// it: whoever runs another cloud knows its other hosts, the table does not.
pub(crate) fn of_groups(groups: &[String], endpoints: Option<&Endpoints>) -> Vec<NetworkPlace> {
    let mut all: Vec<NetworkPlace> = Vec::new();
    for group in groups {
        let replaced = endpoints.map(|endpoints| replaced(group, endpoints)).unwrap_or_default();
        let elsewhere = !replaced.is_empty();
        all.extend(replaced);
        if !elsewhere && !is_app_beside_settings(group, endpoints) {
            all.extend(needed_hosts(group).into_iter().map(of_row));
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|place| seen.insert(place.target()));
    all
}

/// A target app is known to the real providers only.
fn is_app_beside_settings(group: &str, endpoints: Option<&Endpoints>) -> bool {
    let of_provider = group == "google" || group.starts_with("microsoft");
    !of_provider && endpoints.is_some_and(|endpoints| *endpoints != Endpoints::default())
}

fn of_row(row: &NeededHost) -> NetworkPlace {
    let protocol = match (row.role.as_str(), row.port) {
        // RFC 6409: submission begins in clear text and goes over to TLS.
        (_, 587 | 143 | 25) => Protocol::Plain,
        ("imap" | "smtp", _) => Protocol::Tls,
        _ => Protocol::Https,
    };
    NetworkPlace { host: row.host.clone(), port: row.port, protocol, group: row.group.clone(), role: row.role.clone() }
}

/// The addresses of a group that the settings name.
fn replaced(group: &str, endpoints: &Endpoints) -> Vec<NetworkPlace> {
    let (m, g) = (&endpoints.microsoft, &endpoints.google);
    let rows = match group {
        "google" => vec![
            ("accounts", &g.accounts),
            ("oauth2", &g.oauth2),
            ("openid", &g.openid),
            ("gmail", &g.gmail),
            ("apis", &g.apis),
        ],
        "microsoft" => vec![("login", &m.login), ("graph", &m.graph), ("outlook", &m.autodiscover)],
        _ => Vec::new(),
    };
    let place = |(role, text): (&str, &Option<String>)| of_url(&Url::parse(text.as_deref()?).ok()?, group, role);
    rows.into_iter().filter_map(place).collect()
}

fn of_url(url: &Url, group: &str, role: &str) -> Option<NetworkPlace> {
    Some(NetworkPlace {
        host: url.host_str()?.to_owned(),
        port: url.port_or_known_default()?,
        protocol: if url.scheme() == "https" { Protocol::Https } else { Protocol::Http },
        group: group.to_owned(),
        role: role.to_owned(),
    })
}

/// The places that a check failed at by the network, and the sign-in host that all names are compared with. Empty where
/// nothing failed that way.
pub(crate) fn of_check(observations: &[Observation], cloud: Cloud, endpoints: Option<&Endpoints>) -> Vec<NetworkPlace> {
    let failed: Vec<&Observation> = observations
        .iter()
        .filter(|observation| !observation.probe.starts_with("servers-") && !observation.probe.ends_with("-server"))
        .filter(|observation| {
            // That a domain has no such record is an answer; that a provider's host does not exist is none.
            let record = matches!(observation.probe.as_str(), "discovery-dns" | "discovery-mx");
            matches!(&observation.outcome, Outcome::Failed { failure }
                if is_about_the_way(failure.kind) || failure.kind == FailureKind::DnsNotFound && !record)
        })
        .collect();
    if failed.is_empty() {
        return Vec::new();
    }
    let mut places = of_provider(false, cloud, endpoints);
    places.extend(of_provider(true, cloud, endpoints));
    let mut chosen: Vec<NetworkPlace> = places
        .iter()
        .filter(|place| failed.iter().any(|observation| observation.target.contains(&place.host)))
        .cloned()
        .collect();
    // A name of the domain that cannot be looked up: do others work?
    if chosen.is_empty() {
        chosen.extend(places.first().cloned());
    }
    let mut seen = BTreeSet::new();
    chosen.retain(|place| seen.insert(place.target()));
    chosen.truncate(MOST_OF_A_CHECK);
    chosen
}

/// The hosts that a check at a provider talks to.
pub(crate) fn of_provider(google: bool, cloud: Cloud, endpoints: Option<&Endpoints>) -> Vec<NetworkPlace> {
    let rows: Vec<(Url, &str)> = if google {
        GoogleAddresses::resolve(endpoints).map_or_else(
            |_| Vec::new(),
            |at| {
                vec![
                    (at.accounts, "accounts"),
                    (at.oauth2, "oauth2"),
                    (at.openid, "openid"),
                    (at.gmail, "gmail"),
                    (at.apis, "apis"),
                ]
            },
        )
    } else {
        MicrosoftAddresses::resolve(cloud, endpoints).map_or_else(
            |_| Vec::new(),
            |at| vec![(at.login, "login"), (at.graph, "graph"), (at.autodiscover, "outlook")],
        )
    };
    let group = if google { "google" } else { crate::self_test::group_of(cloud) };
    let mut places: Vec<NetworkPlace> = rows.iter().filter_map(|(url, role)| of_url(url, group, role)).collect();
    let mut seen = BTreeSet::new();
    places.retain(|place| seen.insert(place.target()));
    places
}

fn is_about_the_way(kind: FailureKind) -> bool {
    use FailureKind as K;
    matches!(
        kind,
        K::DnsServerFailed
            | K::DnsTimeout
            | K::DnsUnusable
            | K::PrivateAddressRefused
            | K::ConnectRefused
            | K::ConnectTimeout
            | K::ConnectUnreachable
            | K::ConnectionReset
            | K::ProxyAuthentication
            | K::ProxyRefused
            | K::TlsUntrusted
            | K::TlsExpired
            | K::TlsNotYetValid
            | K::TlsWrongHost
            | K::TlsProtocol
            | K::TooSlow
            | K::CaptivePortal
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_cloud_has_its_own_hosts() {
        let hosts = |name: &str| of_groups(&groups(&[name]), None).iter().map(NetworkPlace::target).collect::<Vec<_>>();
        assert!(hosts("microsoft").contains(&"login.microsoftonline.com:443".to_owned()));
        assert!(hosts("microsoft-us-defense").contains(&"dod-graph.microsoft.us:443".to_owned()));
        assert!(hosts("microsoft-china").contains(&"partner.outlook.cn:443".to_owned()));
        assert!(hosts("google").contains(&"imap.gmail.com:993".to_owned()));
        assert!(hosts("hubspot").contains(&"app.hubspot.com:443".to_owned()));
        let both = of_groups(&groups(&["microsoft-us-government", "microsoft-us-defense"]), None);
        let logins = both.iter().filter(|place| place.host == "login.microsoftonline.us").count();
        assert_eq!(logins, 1, "a host of two clouds is looked at once");
    }

    #[test]
    fn other_addresses_of_the_settings_take_the_place_of_the_table() {
        let mut endpoints = Endpoints::default();
        endpoints.microsoft.login = Some("http://127.0.0.1:8080/login".to_owned());
        let places = of_groups(&groups(&["microsoft", "google", "hubspot"]), Some(&endpoints));
        assert_eq!(places[0].target(), "127.0.0.1:8080");
        assert_eq!(places[0].protocol, Protocol::Http);
        assert!(!places.iter().any(|place| place.host.contains("microsoftonline") || place.host.contains("hubspot")));
        assert!(places.iter().any(|place| place.host == "accounts.google.com"), "Google's are not replaced");
    }
}
