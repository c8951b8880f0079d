//! The providers' addresses in force: the cloud's own, or what settings and policy put in their place.

use inbox_model::{Cloud, Endpoints};
use url::Url;

/// Base addresses at Microsoft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MicrosoftAddresses {
    /// Sign-in host (`https://login.microsoftonline.com`).
    pub login: Url,
    /// Graph (`https://graph.microsoft.com`).
    pub graph: Url,
    /// Autodiscover (`https://outlook.office365.com`).
    pub autodiscover: Url,
}

/// Base addresses at Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleAddresses {
    /// Authorize pages and issuer (`https://accounts.google.com`).
    pub accounts: Url,
    /// Token and revoke (`https://oauth2.googleapis.com`).
    pub oauth2: Url,
    /// Userinfo (`https://openidconnect.googleapis.com`).
    pub openid: Url,
    /// Gmail API (`https://gmail.googleapis.com`).
    pub gmail: Url,
    /// Calendar API and keys (`https://www.googleapis.com`).
    pub apis: Url,
}

impl MicrosoftAddresses {
    /// The addresses of a cloud (sources: "National clouds", learn.microsoft.com/entra/identity-platform and
    /// learn.microsoft.com/graph/deployments), replaced by the settings where they name others.
    ///
    /// # Errors
    /// When the settings hold something that is no absolute http(s) address.
    pub fn resolve(cloud: Cloud, endpoints: Option<&Endpoints>) -> Result<Self, url::ParseError> {
        let (login, graph, autodiscover) = match cloud {
            Cloud::Worldwide => {
                ("https://login.microsoftonline.com", "https://graph.microsoft.com", "https://outlook.office365.com")
            }
            Cloud::UsGovernment => {
                ("https://login.microsoftonline.us", "https://graph.microsoft.us", "https://outlook.office365.us")
            }
            Cloud::UsDefense => {
                ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://outlook.office365.us")
            }
            Cloud::China => (
                "https://login.partner.microsoftonline.cn",
                "https://microsoftgraph.chinacloudapi.cn",
                "https://partner.outlook.cn",
            ),
        };
        let named = endpoints.map(|endpoints| &endpoints.microsoft);
        Ok(Self {
            login: base_of(named.and_then(|m| m.login.as_deref()), login)?,
            graph: base_of(named.and_then(|m| m.graph.as_deref()), graph)?,
            autodiscover: base_of(named.and_then(|m| m.autodiscover.as_deref()), autodiscover)?,
        })
    }
}

impl GoogleAddresses {
    /// Google's addresses (source: `https://accounts.google.com/.well-known/openid-configuration` and the discovery documents
    /// of the Gmail and Calendar APIs), replaced by the settings where they name others.
    ///
    /// # Errors
    /// When the settings hold something that is no absolute http(s) address.
    pub fn resolve(endpoints: Option<&Endpoints>) -> Result<Self, url::ParseError> {
        let named = endpoints.map(|endpoints| &endpoints.google);
        Ok(Self {
            accounts: base_of(named.and_then(|g| g.accounts.as_deref()), "https://accounts.google.com")?,
            oauth2: base_of(named.and_then(|g| g.oauth2.as_deref()), "https://oauth2.googleapis.com")?,
            openid: base_of(named.and_then(|g| g.openid.as_deref()), "https://openidconnect.googleapis.com")?,
            gmail: base_of(named.and_then(|g| g.gmail.as_deref()), "https://gmail.googleapis.com")?,
            apis: base_of(named.and_then(|g| g.apis.as_deref()), "https://www.googleapis.com")?,
        })
    }
}

/// Appends path segments to a base address that may have a path of its own; each segment is percent-encoded.
#[must_use]
pub fn join(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

pub(crate) fn base_of(named: Option<&str>, own: &str) -> Result<Url, url::ParseError> {
    let url = Url::parse(named.unwrap_or(own))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(url::ParseError::RelativeUrlWithoutBase);
    }
    Ok(url)
}

/// The `host:port` pairs of the settings' addresses that may be local (and, of the providers' ones, plain HTTP).
#[must_use]
pub fn local_hosts(endpoints: Option<&Endpoints>) -> Vec<String> {
    let Some(endpoints) = endpoints else { return Vec::new() };
    let (m, g) = (&endpoints.microsoft, &endpoints.google);
    [
        &m.login,
        &m.graph,
        &m.autodiscover,
        &g.accounts,
        &g.oauth2,
        &g.openid,
        &g.gmail,
        &g.apis,
        &endpoints.mail_database,
    ]
    .into_iter()
    .flatten()
    .filter_map(|text| Url::parse(text).ok())
    .filter_map(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)))
    .chain([&m.imap, &m.smtp, &g.imap, &g.smtp].into_iter().flatten().cloned())
    .chain(endpoints.mail_servers.iter().cloned())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_resolves_to_addresses_of_its_own() {
        let clouds = [Cloud::Worldwide, Cloud::UsGovernment, Cloud::UsDefense, Cloud::China];
        for cloud in clouds {
            let addresses = MicrosoftAddresses::resolve(cloud, None).unwrap();
            assert_eq!(addresses.login.scheme(), "https", "{cloud:?}");
            assert_eq!(addresses.graph.scheme(), "https", "{cloud:?}");
        }
        assert!(GoogleAddresses::resolve(None).is_ok());
    }

    #[test]
    fn a_path_is_appended_segment_by_segment() {
        let base = Url::parse("http://127.0.0.1:8080/login").unwrap();
        assert_eq!(join(&base, &["a b", "x/y"]).as_str(), "http://127.0.0.1:8080/login/a%20b/x%2Fy");
    }
}
