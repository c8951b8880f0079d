//! The mail servers of a domain, found without any sign-in, and what each of them offers.
//!
//! No credential is sent, and no host is contacted but those of the domain itself, those that its host publishes, and the
//! settings' own: a record or a document may name any host in the world, and a name is no proof.

pub mod autoconfig;
pub mod autodiscover;
mod database;
mod grant;
mod guess;
mod sign_in;
mod srv;
#[cfg(test)]
pub(crate) mod tests;
pub mod xml;

use std::time::Duration;

use futures_util::future::join_all;
use inbox_catalogue::known_servers;
use inbox_model::{
    Cloud, Discovery, Domain, EmailAddress, EvidenceKind, Failure, Finding, MailProtocol, MailServer, Observation,
    Provider, ServerSource, SignInProvider, SkipReason,
};
use inbox_net::Net;
use serde::Serialize;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    Engine, EngineError, Recorder, Watcher,
    discovery::{self, Target, ask::Asker},
    endpoints::base_of,
    probe::{
        caldav::{self, CalendarServer},
        exchange::{self, ExchangeOffer},
        mail_server::{self, Offer},
    },
};

pub use crate::probe::mail_server::{Means, SignInAnswer};
use sign_in::SignInBy;
pub(crate) use sign_in::sign_in;
pub use sign_in::{MailSignIn, user_name};

/// Time for the search and the questions together when somebody asks for the servers.
const BUDGET: Duration = Duration::from_secs(12);
/// The same inside a check.
pub(crate) const CHECK_BUDGET: Duration = Duration::from_secs(8);
/// The most servers of one protocol that are asked: a hostile document shall not make us knock at a hundred doors.
const MOST_ASKED: usize = 4;

/// A server with what it answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundServer {
    /// The values to copy.
    #[serde(flatten)]
    pub server: MailServer,
    /// What came of asking it.
    pub answer: ServerAnswer,
    /// What came of signing in, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInAnswer>,
}

/// What came of asking a server.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum ServerAnswer {
    /// It speaks its protocol, with a trusted certificate where it is encrypted.
    Answers(Offer),
    /// It does not.
    Failed {
        /// How.
        failure: Failure,
    },
    /// It lies outside the domain, and no published list confirms that it belongs there.
    Outside,
    /// It was not asked.
    NotTried {
        /// Why not.
        because: SkipReason,
    },
}

/// The servers of a domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MailServers {
    /// The domain that was asked.
    pub domain: Domain,
    /// Short name of the host in the table of exchanges, where it is known.
    pub host: Option<String>,
    /// Whether the domain receives mail, so that there is anything to look for.
    pub receives: bool,
    /// By protocol, the most trusted first.
    pub servers: Vec<FoundServer>,
    /// Exchange Web Services of the domain's own server, and which sign-in they offer.
    pub exchange: Option<ExchangeOffer>,
    /// The domain's calendar server (CalDAV).
    pub calendar: Option<CalendarServer>,
    /// What a refused sign-in means. Empty where nothing was signed in to.
    pub findings: Vec<Finding>,
    /// Everything that was tried.
    pub observations: Vec<Observation>,
}

impl MailServers {
    /// The servers of a protocol, the most trusted first; of the same trust, one that answers.
    pub fn of(&self, protocol: MailProtocol) -> impl Iterator<Item = &FoundServer> {
        self.servers.iter().filter(move |found| found.server.protocol == protocol)
    }
}

impl Engine {
    /// Finds the mail servers of a domain or address and asks each what it offers. No sign-in, no mail.
    ///
    /// # Errors
    /// A wrong domain or address, or `Cancelled`.
    pub async fn servers(&self, target: &str, cancel: &CancellationToken) -> Result<MailServers, EngineError> {
        self.servers_by(target, SignInBy::Nothing, cancel).await
    }

    /// The same, and signs in at the best answering server for reading and for sending where somebody said with what. No mail
    /// is sent, nothing is kept.
    ///
    /// # Errors
    /// As [`Engine::servers`]; `Policy` where the organisation does not allow it.
    pub async fn servers_with(
        &self,
        target: &str,
        sign_in: Option<&MailSignIn>,
        cancel: &CancellationToken,
    ) -> Result<MailServers, EngineError> {
        if sign_in.is_some() && !self.may_sign_in(SignInProvider::Other) {
            return Err(EngineError::Policy("allowedProviders"));
        }
        self.servers_by(target, sign_in.map_or(SignInBy::Nothing, SignInBy::Typed), cancel).await
    }

    /// The same with a token: the person signs in at Microsoft or Google in the browser, for mail alone. The sign-in is not kept.
    ///
    /// # Errors
    /// As [`Engine::servers`]. A refused sign-in is a finding.
    pub async fn servers_with_grant(
        &self,
        target: &str,
        watcher: &dyn Watcher,
        cancel: &CancellationToken,
    ) -> Result<MailServers, EngineError> {
        self.servers_by(target, SignInBy::Grant(watcher), cancel).await
    }

    async fn servers_by(
        &self,
        target: &str,
        by: SignInBy<'_>,
        cancel: &CancellationToken,
    ) -> Result<MailServers, EngineError> {
        let target = Target::parse(target)?;
        let address = target.address.clone();
        let recorder = Recorder::default();
        let net = self.net()?;
        // Only the domain counts here; Microsoft need not be asked about the person.
        let domain_only = Target { address: None, ..target };
        let addresses = self.microsoft(Cloud::Worldwide);
        let found =
            discovery::discover(&domain_only, net, &addresses, &recorder, crate::examine::DISCOVERY_BUDGET, cancel)
                .await;
        let search = self.search(&found, address.as_ref());
        let mut survey = look(&found, &search, net, &recorder, BUDGET, cancel).await;
        let granted = match (by, &address) {
            (SignInBy::Grant(watcher), Some(address)) => {
                self.mail_grant(&found, address, net, &recorder, watcher, cancel).await
            }
            _ => None,
        };
        let typed = match by {
            SignInBy::Typed(typed) => Some(typed),
            _ => granted.as_ref(),
        };
        if let Some(sign_in) = typed {
            self::sign_in(&mut survey, sign_in, address.as_ref(), net, &recorder, cancel).await;
        }
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let observations = recorder.observations();
        let findings = match by {
            SignInBy::Nothing => Vec::new(),
            _ => self.findings_of_sign_in(&found, address.as_ref(), &observations)?,
        };
        Ok(MailServers {
            host: host_of(&found.provider).map(str::to_owned),
            receives: found.provider != Provider::None,
            domain: found.domain,
            servers: survey.servers,
            exchange: survey.exchange,
            calendar: survey.calendar,
            findings,
            observations,
        })
    }
}

/// The host's short name in the table of exchanges.
fn host_of(provider: &Provider) -> Option<&str> {
    match provider {
        Provider::Microsoft365 { cloud: Cloud::Worldwide } => Some("microsoft-365"),
        // The published values are those of the worldwide cloud.
        Provider::Microsoft365 { .. } => None,
        Provider::OutlookCom => Some("outlook-com"),
        Provider::GoogleWorkspace => Some("google-workspace"),
        Provider::Gmail => Some("gmail"),
        Provider::Other { host, .. } => Some(host),
        Provider::None | Provider::Unknown => None,
    }
}

/// What the search may use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Search<'a> {
    /// The address, where one was typed: Autodiscover is asked about it, at the domain's own hosts only.
    pub(crate) address: Option<&'a EmailAddress>,
    /// The central database, where the settings allow it.
    pub(crate) database: Option<Url>,
    /// Servers that the settings name in place of published ones.
    pub(crate) named: Vec<MailServer>,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// By protocol, the most trusted first.
    pub(crate) servers: Vec<FoundServer>,
    pub(crate) exchange: Option<ExchangeOffer>,
    pub(crate) calendar: Option<CalendarServer>,
}

impl Engine {
    /// What the settings let a search use.
    pub(crate) fn search<'a>(&self, found: &Discovery, address: Option<&'a EmailAddress>) -> Search<'a> {
        Search { address, database: self.mail_database(), named: self.named_servers(&found.provider) }
    }

    /// The central database of mail servers, where it may be asked.
    fn mail_database(&self) -> Option<Url> {
        let values = &self.settings.values;
        let named = values.endpoints.as_ref().and_then(|endpoints| endpoints.mail_database.as_deref());
        let allowed = values.mail_database == Some(true);
        allowed.then(|| base_of(named, database::PLACE).ok()).flatten()
    }
}

/// Finds and asks, within the budget. The search gets half of it, so that a silent name server leaves time for the servers.
pub(crate) async fn look(
    discovery: &Discovery,
    search: &Search<'_>,
    net: &Net,
    recorder: &Recorder,
    budget: Duration,
    cancel: &CancellationToken,
) -> Survey {
    let now = Instant::now();
    let searching = Asker { net, recorder, until: now + budget / 2, cancel };
    let Candidates { servers, published, exchange, calendar } = find(discovery, search, searching).await;
    let domain = discovery.decided_by.as_ref().unwrap_or(&discovery.domain);
    let until = now + budget;
    let mut asked: Vec<MailProtocol> = Vec::new();
    let answers = servers.into_iter().map(|server| {
        let is_ours = published.contains(&server.host) || is_inside(&server.host, domain);
        let count = asked.iter().filter(|protocol| **protocol == server.protocol).count();
        let may_be_asked = is_ours && count < MOST_ASKED;
        if may_be_asked {
            asked.push(server.protocol);
        }
        async move {
            let answer = if may_be_asked {
                mail_server::ask(&server, net, recorder, until, cancel).await
            } else {
                let because = if is_ours { SkipReason::NotRequested } else { SkipReason::NotApplicable };
                mail_server::skip(&server, recorder, because);
                if is_ours { ServerAnswer::NotTried { because } } else { ServerAnswer::Outside }
            };
            FoundServer { server, answer, sign_in: None }
        }
    });
    let answers: Vec<_> = answers.collect();
    let asking = Asker { until, ..searching };
    let offer = async {
        match exchange {
            Some(url) => exchange::offer(&url, asking).await,
            None => None,
        }
    };
    let (mut found, exchange) = tokio::join!(join_all(answers), offer);
    found.sort_by_key(|found| {
        let answers = matches!(found.answer, ServerAnswer::Answers(_));
        (found.server.protocol, found.server.source, !answers, found.server.security)
    });
    Survey { servers: found, exchange, calendar }
}

/// What the search gives before anybody is asked.
#[derive(Debug, Default)]
struct Candidates {
    /// By trust.
    servers: Vec<MailServer>,
    /// Host names that the host itself publishes.
    published: Vec<String>,
    /// Where Exchange Web Services are, or may be.
    exchange: Option<Url>,
    calendar: Option<CalendarServer>,
}

async fn find(discovery: &Discovery, search: &Search<'_>, asker: Asker<'_>) -> Candidates {
    if discovery.provider == Provider::None {
        return Candidates::default();
    }
    let exchanges = exchanges(discovery);
    let names: Vec<&str> = exchanges.iter().map(String::as_str).collect();
    let domain = discovery.decided_by.as_ref().unwrap_or(&discovery.domain);
    let mut all = host_of(&discovery.provider).map(|host| known_servers(host, domain, &names)).unwrap_or_default();
    for named in &search.named {
        all.retain(|server| server.protocol != named.protocol);
        all.push(named.clone());
    }
    let mut published: Vec<String> = all.iter().map(|server| server.host.clone()).collect();
    // Microsoft itself may point to a server of the organisation's own, where part of the mailboxes still is.
    let own = matches!(discovery.autodiscover, inbox_model::Autodiscover::Elsewhere { .. });
    let is_big = (discovery.provider.is_microsoft() && !own) || discovery.provider.is_google();
    let (mut exchange, mut calendar) = (None, None);
    if !is_big {
        let by_database = async {
            match &search.database {
                Some(base) => database::ask(base, domain, &names, asker).await,
                None => Vec::new(),
            }
        };
        let (by_document, told, by_record, by_database, found) = tokio::join!(
            autoconfig::ask(domain, asker),
            autodiscover::ask(domain, search.address, asker),
            srv::ask(domain, asker),
            by_database,
            caldav::discover(domain, asker),
        );
        calendar = found;
        // A host that wants a sign-in for Autodiscover has the services beside it, if it is an Exchange server.
        let beside =
            told.guarded.first().and_then(|host| Url::parse(&format!("https://{host}/EWS/Exchange.asmx")).ok());
        exchange = told.ews.first().cloned().or(beside);
        // The database is kept by people and fetched over HTTPS: as good as a published list.
        published.extend(by_database.iter().map(|server| server.host.clone()));
        for server in by_document.into_iter().chain(told.servers).chain(by_record).chain(by_database) {
            let known = |other: &MailServer| {
                (other.protocol, &other.host, other.port) == (server.protocol, &server.host, server.port)
            };
            if !all.iter().any(known) {
                all.push(server);
            }
        }
        if !all.iter().any(|server| server.source == ServerSource::Table) {
            let missing: Vec<MailProtocol> = MailProtocol::ALL
                .iter()
                .copied()
                .filter(|protocol| !all.iter().any(|server| server.protocol == *protocol))
                .collect();
            all.extend(guess::ask(domain, &names, &missing, asker).await);
        }
    }
    // Stable: inside one source the order of the record or document stays.
    all.sort_by_key(|server| (server.protocol, server.source, server.security));
    Candidates { servers: all, published, exchange, calendar }
}

/// The MX names that discovery saw.
fn exchanges(discovery: &Discovery) -> Vec<String> {
    discovery
        .evidence
        .iter()
        .filter(|evidence| evidence.kind == EvidenceKind::Mx)
        .filter_map(|evidence| {
            let mut words = evidence.answer.split(' ');
            words.next()?.parse::<u16>().ok()?;
            words.next().filter(|name| *name != ".").map(str::to_owned)
        })
        .collect()
}

/// Whether a host lies inside the registrable domain of the domain.
pub(crate) fn is_inside(host: &str, domain: &Domain) -> bool {
    let Ok(host) = Domain::parse(host) else { return false };
    let above = domain.registrable().unwrap_or_else(|| domain.clone());
    host.is_within(&above)
}

/// A host name of a record or document: a real name, no address, no single label.
pub(crate) fn host_name(text: &str) -> Option<String> {
    Domain::parse(text.trim()).ok().map(|domain| domain.as_ascii().to_owned())
}
