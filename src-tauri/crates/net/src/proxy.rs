//! The proxy for a host: from the settings, from the environment, or from the operating system's settings.

mod answer;
mod desktop;
mod tunnel;

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use inbox_model::Secret;
use url::Url;

pub use answer::proxy_schemes;
pub use desktop::{DesktopProxy, read_desktop, read_gsettings};
pub(crate) use tunnel::tunnel;

/// A proxy of the settings. What signs in to it is kept apart from its address, so that the address can be shown.
#[derive(Clone)]
pub struct ProxySetting {
    address: Url,
    sign_in: Option<(String, Secret<String>)>,
}

impl ProxySetting {
    /// Reads `http://host:port` or `http://user:password@host:port`. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut address = Url::parse(text).ok()?;
        if !matches!(address.scheme(), "http" | "https") || address.host_str().is_none() {
            return None;
        }
        let plain = |text: &str| percent_decoded(text);
        let sign_in = (!address.username().is_empty())
            .then(|| (plain(address.username()), Secret::new(plain(address.password().unwrap_or_default()))));
        let _ = address.set_username("");
        let _ = address.set_password(None);
        Some(Self { address, sign_in })
    }

    /// The address without user name and password.
    #[must_use]
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// For the HTTP library.
    pub(crate) fn to_reqwest(&self) -> reqwest::Result<reqwest::Proxy> {
        let proxy = reqwest::Proxy::all(self.address.clone())?;
        Ok(match &self.sign_in {
            Some((user, password)) => proxy.basic_auth(user, password.expose()),
            None => proxy,
        })
    }

    fn in_use(&self) -> Option<ProxyInUse> {
        Some(ProxyInUse {
            host: self.address.host_str()?.to_owned(),
            port: self.address.port_or_known_default()?,
            tls: self.address.scheme() == "https",
            origin: ProxyOrigin::Settings,
            authorization: self
                .sign_in
                .as_ref()
                .map(|(user, password)| Secret::new(answer::basic(user, password.expose()))),
        })
    }
}

impl fmt::Debug for ProxySetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProxySetting")
            .field("address", &self.address.as_str())
            .field("signs_in", &self.sign_in.is_some())
            .finish()
    }
}

/// Where a proxy was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyOrigin {
    /// In the program's settings or a policy.
    Settings,
    /// In `HTTPS_PROXY` and its like.
    Environment,
    /// In the operating system's settings.
    System,
}

impl ProxyOrigin {
    /// The word of docs/observations.md.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Environment => "environment",
            Self::System => "system",
        }
    }
}

/// A proxy that a host is reached through.
#[derive(Debug, Clone)]
pub struct ProxyInUse {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// TLS to the proxy itself.
    pub tls: bool,
    /// Where it was found.
    pub origin: ProxyOrigin,
    /// Value of `Proxy-Authorization`.
    pub(crate) authorization: Option<Secret<String>>,
}

impl ProxyInUse {
    /// `host:port`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether a user name and a password for it are known.
    #[must_use]
    pub fn signs_in(&self) -> bool {
        self.authorization.is_some()
    }
}

/// The proxies in force.
#[derive(Debug)]
pub(crate) enum Proxies {
    /// From the settings: for every host.
    Set(ProxySetting),
    /// From the environment or the system's settings.
    System(Box<Matcher>),
}

impl Proxies {
    pub(crate) fn of(setting: Option<&ProxySetting>) -> Self {
        match setting {
            Some(setting) => Self::Set(setting.clone()),
            None => Self::System(Box::new(Matcher::from_system())),
        }
    }

    /// The proxy for an address.
    pub(crate) fn for_url(&self, url: &str) -> Option<ProxyInUse> {
        match self {
            Self::Set(setting) => setting.in_use(),
            Self::System(matcher) => {
                let found = matcher.intercept(&url.parse().ok()?)?;
                let uri = found.uri();
                let tls = uri.scheme_str() == Some("https");
                // The library knows SOCKS too; CONNECT is what is spoken here.
                if !tls && uri.scheme_str() != Some("http") {
                    return None;
                }
                let authorization = found.basic_auth().and_then(|value| value.to_str().ok());
                Some(ProxyInUse {
                    host: uri.host()?.to_owned(),
                    port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
                    tls,
                    origin: if in_environment() { ProxyOrigin::Environment } else { ProxyOrigin::System },
                    authorization: authorization.map(|value| Secret::new(value.to_owned())),
                })
            }
        }
    }

    pub(crate) fn is_proxied(&self, url: &Url) -> bool {
        match self {
            Self::Set(_) => true,
            Self::System(matcher) => {
                url.as_str().parse::<http::Uri>().is_ok_and(|uri| matcher.intercept(&uri).is_some())
            }
        }
    }
}

fn in_environment() -> bool {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// A user name or password as it was before it was put into an address.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, code.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_address_and_never_shown() {
        let setting = ProxySetting::parse("http://ana:c%40nary%3Apw@proxy.example:3128").unwrap();
        assert_eq!(setting.address().as_str(), "http://proxy.example:3128/");
        let shown = format!("{setting:?} {:?}", setting.in_use());
        assert!(!shown.contains("nary") && !shown.contains("ana"), "{shown}");
        let found = setting.in_use().unwrap();
        assert_eq!((found.place().as_str(), found.signs_in()), ("proxy.example:3128", true));
        // "ana:c@nary:pw"
        assert_eq!(found.authorization.unwrap().expose(), "Basic YW5hOmNAbmFyeTpwdw==");
        assert!(ProxySetting::parse("socks5://proxy.example:1080").is_none());
        assert!(ProxySetting::parse("proxy.example").is_none());
    }
}
