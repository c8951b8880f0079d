//! The practice cloud: Microsoft's and Google's identity, mail and calendar services, Autodiscover and DNS, played on
//! this computer's loopback address, with one account for every cause that Inbox Doctor knows.
//!
//! Its answers follow the providers' public documentation; every handler names the page. It is not part of the
//! installed product. Nothing here is a security boundary: every password is right, and it listens on 127.0.0.1 only.

#![allow(clippy::result_large_err, reason = "the error is an answer, made once per request and moved once")]

mod directory;
mod dns;
mod dns_fault;
mod fault;
mod google;
mod grants;
mod keys;
mod microsoft;
mod page;
mod record;
mod reply;
mod scenario;
mod server;
mod session;
mod world;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use dns_fault::DnsFault;
pub use fault::{Fault, Planned, fits};
pub use record::RecordedRequest;
pub use scenario::{ListedScenario, Provider};

use world::World;

/// Client id of the "mobile and desktop" registration at the played Microsoft.
pub const MICROSOFT_CLIENT_ID: &str = "7d1f5f6e-6f0b-4f0c-9a55-3b8f7d2c1e90";
/// Client id of the "desktop app" registration at the played Google.
pub const GOOGLE_CLIENT_ID: &str = "100000000000-practice.apps.googleusercontent.com";
/// Its secret, which is not confidential (<https://developers.google.com/identity/protocols/oauth2/native-app>).
pub const GOOGLE_CLIENT_SECRET: &str = "GOCSPX-canary-secret-practice";
/// Every access token begins with this.
pub const ACCESS_CANARY: &str = "canary-access-";
/// Every refresh token begins with this.
pub const REFRESH_CANARY: &str = "canary-refresh-";
/// Every authorization code begins with this.
pub const CODE_CANARY: &str = "canary-code-";

/// How the practice cloud behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The authorize address answers as a browser with a live session would: at once, with no page to click through
    /// unless the provider itself stops at a page.
    pub sso: bool,
    /// Added to every HTTP request before its answer begins.
    pub delay: Duration,
    /// First of nine consecutive ports (eight HTTP parts in the order of [`Part`], then DNS); `None` for free ones.
    pub first_port: Option<u16>,
    /// What settings say about waiting for the browser, in seconds; `None`: 20 with `sso`, else 300.
    pub sign_in_seconds: Option<u64>,
    /// One question that is answered in a wrong way.
    pub fault: Option<Planned>,
    /// Records of a kind (`MX`) that are answered in a wrong way.
    pub dns_fault: Option<(String, DnsFault)>,
}

/// The parts, each with an address of its own so that a token sent to the wrong host shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// `login.microsoftonline.com`
    MicrosoftLogin,
    /// `graph.microsoft.com`
    MicrosoftGraph,
    /// `outlook.office365.com`
    MicrosoftAutodiscover,
    /// `accounts.google.com`
    GoogleAccounts,
    /// `oauth2.googleapis.com`
    GoogleOauth2,
    /// `openidconnect.googleapis.com`
    GoogleOpenid,
    /// `gmail.googleapis.com`
    GoogleGmail,
    /// `www.googleapis.com`
    GoogleApis,
}

impl Part {
    /// All parts, in the order of their ports.
    pub const ALL: [Part; 8] = [
        Part::MicrosoftLogin,
        Part::MicrosoftGraph,
        Part::MicrosoftAutodiscover,
        Part::GoogleAccounts,
        Part::GoogleOauth2,
        Part::GoogleOpenid,
        Part::GoogleGmail,
        Part::GoogleApis,
    ];

    const fn index(self) -> usize {
        self as usize
    }
}

/// Where everything listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    http: [SocketAddr; 8],
    /// DNS, over UDP and TCP.
    pub dns: SocketAddr,
    /// A part whose address is of another form, because of a fault.
    odd: Option<(Part, Fault)>,
}

impl Addresses {
    /// Base address of a part, without a trailing slash.
    #[must_use]
    pub fn base(&self, part: Part) -> String {
        let address = self.http.get(part.index()).copied().unwrap_or(self.dns);
        match self.odd.filter(|(odd, _)| *odd == part) {
            Some((_, Fault::TlsFailure)) => format!("https://{address}"),
            // No zone of the practice DNS holds it.
            Some((_, Fault::NoSuchName)) => format!("http://gone.practice.example:{}", address.port()),
            _ => format!("http://{address}"),
        }
    }
}

/// A running practice cloud. Dropping it stops it.
#[derive(Debug)]
pub struct PracticeCloud {
    /// Where everything listens.
    pub addresses: Addresses,
    world: Arc<World>,
    /// Ports that are taken and answer nobody.
    _held: Vec<server::Held>,
    cancel: CancellationToken,
    tasks: TaskTracker,
}

impl PracticeCloud {
    /// Starts all parts. They answer as soon as this returns. Needs a running tokio runtime.
    ///
    /// # Errors
    /// When a port is taken, or no signing key can be made.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let key = tokio::task::spawn_blocking(keys::SigningKey::shared).await??;
        let port = |offset: u16| match options.first_port {
            Some(first) => first.checked_add(offset).ok_or_else(|| anyhow::anyhow!("the port is too high")),
            None => Ok(0),
        };
        let (mut listeners, mut held) = (Vec::new(), Vec::new());
        let mut http = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); 8];
        for ((part, slot), offset) in Part::ALL.into_iter().zip(http.iter_mut()).zip(0u16..) {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port(offset)?));
            let fault = options.fault.as_ref().and_then(|planned| planned.of_host(part));
            if matches!(fault, Some(Fault::Refused | Fault::Dropped)) {
                let taken = server::hold(address, fault == Some(Fault::Dropped)).await?;
                *slot = taken.address;
                held.push(taken);
                continue;
            }
            let listener = server::listen(address).await?;
            *slot = listener.local_addr()?;
            listeners.push((part, listener));
        }
        let sockets = dns::bind(IpAddr::V4(Ipv4Addr::LOCALHOST), port(8)?).await?;
        let odd = options.fault.as_ref().and_then(|planned| Some((planned.part, planned.of_host(planned.part)?)));
        let addresses = Addresses { http, dns: sockets.address, odd };

        let plan = dns_fault::DnsPlan(options.dns_fault.clone());
        let cancel = CancellationToken::new();
        let tasks = TaskTracker::new();
        let world = Arc::new(World::new(options, addresses.clone(), key));
        for (part, listener) in listeners {
            tasks.spawn(server::serve(part, listener, Arc::clone(&world), cancel.clone(), tasks.clone()));
        }
        sockets.spawn(plan, &tasks, &cancel);
        Ok(Self { addresses, world, _held: held, cancel, tasks })
    }

    /// The settings file that points Inbox Doctor at this practice cloud.
    #[must_use]
    pub fn settings_json(&self) -> Value {
        let base = |part| self.addresses.base(part);
        let options = &self.world.options;
        json!({
            "microsoftClientId": MICROSOFT_CLIENT_ID,
            "googleClientId": GOOGLE_CLIENT_ID,
            "googleClientSecret": GOOGLE_CLIENT_SECRET,
            "endpoints": {
                "microsoft": {
                    "login": base(Part::MicrosoftLogin),
                    "graph": base(Part::MicrosoftGraph),
                    "autodiscover": base(Part::MicrosoftAutodiscover),
                },
                "google": {
                    "accounts": base(Part::GoogleAccounts),
                    "oauth2": base(Part::GoogleOauth2),
                    "openid": base(Part::GoogleOpenid),
                    "gmail": base(Part::GoogleGmail),
                    "apis": base(Part::GoogleApis),
                },
            },
            "dnsServer": self.addresses.dns.to_string(),
            "signInSeconds": options.sign_in_seconds.unwrap_or(if options.sso { 20 } else { 300 }),
        })
    }

    /// All scenarios.
    #[must_use]
    pub fn scenarios(&self) -> Vec<ListedScenario> {
        scenarios()
    }

    /// Every request so far, in the order of arrival, with its secrets masked.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world.record.all()
    }

    /// Messages and events that were made and not deleted again, over all accounts (for tests of the clean-up).
    #[must_use]
    pub fn leftovers(&self) -> Vec<String> {
        self.world.leftovers()
    }

    /// Stops all parts and waits until they have ended.
    pub async fn shutdown(self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for PracticeCloud {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// All scenarios, as `--list` prints them.
#[must_use]
pub fn scenarios() -> Vec<ListedScenario> {
    scenario::listed()
}
