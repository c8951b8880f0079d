//! The mail servers of a domain, found without any sign-in, and what each of them offers.
//!
//! No credential is sent, and no host is contacted but those of the domain itself, those that its host publishes, and the
//! settings' own: a record or a document may name any host in the world, and a name is no proof.

mod autoconfig;
mod guess;
mod srv;
#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::future::join_all;
use inbox_catalogue::known_servers;
use inbox_model::{
    Cloud, Discovery, Domain, EvidenceKind, Failure, MailProtocol, MailServer, Observation, Provider, ServerSource,
    SkipReason,
};
use inbox_net::Net;
use serde::Serialize;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, EngineError, Recorder,
    discovery::{self, Target, ask::Asker},
    probe::mail_server::{self, Offer},
};

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
        let target = Target::parse(target)?;
        let recorder = Recorder::default();
        let net = self.net()?;
        // Only the domain counts here; Microsoft need not be asked about the person.
        let domain_only = Target { address: None, ..target };
        let addresses = self.microsoft(Cloud::Worldwide);
        let found =
            discovery::discover(&domain_only, net, &addresses, &recorder, crate::examine::DISCOVERY_BUDGET, cancel)
                .await;
        let servers = look(&found, net, &recorder, BUDGET, cancel).await;
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        Ok(MailServers {
            host: host_of(&found.provider).map(str::to_owned),
            receives: found.provider != Provider::None,
            domain: found.domain,
            servers,
            observations: recorder.observations(),
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

/// Finds and asks, within the budget. The search gets half of it, so that a silent name server leaves time for the servers.
pub(crate) async fn look(
    discovery: &Discovery,
    net: &Net,
    recorder: &Recorder,
    budget: Duration,
    cancel: &CancellationToken,
) -> Vec<FoundServer> {
    let now = Instant::now();
    let searching = Asker { net, recorder, until: now + budget / 2, cancel };
    let (servers, published) = find(discovery, searching).await;
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
            FoundServer { server, answer }
        }
    });
    let answers: Vec<_> = answers.collect();
    let mut found = join_all(answers).await;
    found.sort_by_key(|found| {
        let answers = matches!(found.answer, ServerAnswer::Answers(_));
        (found.server.protocol, found.server.source, !answers, found.server.security)
    });
    found
}

/// Candidates by trust, and the host names that the host itself publishes.
async fn find(discovery: &Discovery, asker: Asker<'_>) -> (Vec<MailServer>, Vec<String>) {
    if discovery.provider == Provider::None {
        return (Vec::new(), Vec::new());
    }
    let exchanges = exchanges(discovery);
    let names: Vec<&str> = exchanges.iter().map(String::as_str).collect();
    let domain = discovery.decided_by.as_ref().unwrap_or(&discovery.domain);
    let mut all = host_of(&discovery.provider).map(|host| known_servers(host, domain, &names)).unwrap_or_default();
    let published: Vec<String> = all.iter().map(|server| server.host.clone()).collect();
    let is_big = discovery.provider.is_microsoft() || discovery.provider.is_google();
    if !is_big {
        let (by_document, by_record) = tokio::join!(autoconfig::ask(domain, asker), srv::ask(domain, asker));
        for server in by_document.into_iter().chain(by_record) {
            let known = |other: &MailServer| {
                (other.protocol, &other.host, other.port) == (server.protocol, &server.host, server.port)
            };
            if !all.iter().any(known) {
                all.push(server);
            }
        }
        if all.is_empty() || !all.iter().any(|server| server.source == ServerSource::Table) {
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
    (all, published)
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
fn is_inside(host: &str, domain: &Domain) -> bool {
    let Ok(host) = Domain::parse(host) else { return false };
    let above = domain.registrable().unwrap_or_else(|| domain.clone());
    host.is_within(&above)
}

/// A host name of a record or document: a real name, no address, no single label.
fn host_name(text: &str) -> Option<String> {
    Domain::parse(text.trim()).ok().map(|domain| domain.as_ascii().to_owned())
}
