//! Which road a target app should take to a mailbox: by who keeps it, by what its servers answered, and by the day. Pure, so
//! that a saved examination gets the advice of the day on which it is read again.

#[cfg(test)]
mod tests;
mod values;

use inbox_model::{
    AppProfile, Autodiscover, Discovery, EmailAddress, Language, Observation, Outcome, Provider, Road, RoadKind,
    RoadRemark, RoadStanding,
};
use serde_json::Value;

use self::values::{Server, best_server, exchange_values, mail_values};
use crate::{phrase, servers::host_remarks};

/// What is known beside the observations.
#[derive(Debug, Clone, Copy)]
pub struct RoadContext<'a> {
    /// The target app.
    pub app: &'a AppProfile,
    /// The address.
    pub address: Option<&'a EmailAddress>,
    /// What was found without a sign-in.
    pub discovery: &'a Discovery,
    /// Today.
    pub today: jiff::civil::Date,
    /// Language of the words.
    pub language: Language,
}

/// All roads to a mailbox, the one to take first. Empty where nothing is known of its host.
#[must_use]
pub fn roads(observations: &[Observation], context: &RoadContext<'_>) -> Vec<Road> {
    let view = Roads { observations, context };
    let mut all = match &context.discovery.provider {
        Provider::Microsoft365 { .. } | Provider::OutlookCom => view.at_microsoft(),
        Provider::GoogleWorkspace | Provider::Gmail => view.at_google(),
        Provider::Other { host, .. } => view.elsewhere(host),
        Provider::None | Provider::Unknown => Vec::new(),
    };
    all.sort_by_key(|road| (road.standing, road.kind));
    all
}

/// The short name of the host in the table of exchanges.
fn host_of(provider: &Provider) -> &str {
    match provider {
        Provider::Microsoft365 { .. } => "microsoft-365",
        Provider::OutlookCom => "outlook-com",
        Provider::GoogleWorkspace => "google-workspace",
        Provider::Gmail => "gmail",
        Provider::Other { host, .. } => host,
        Provider::None | Provider::Unknown => "",
    }
}

struct Roads<'a> {
    observations: &'a [Observation],
    context: &'a RoadContext<'a>,
}

impl Roads<'_> {
    /// Exchange Online and Outlook.com: the app's own button; never Exchange Web Services, never a password.
    fn at_microsoft(&self) -> Vec<Road> {
        let mut microsoft = self.road(RoadKind::Microsoft, RoadStanding::Take);
        let mut imap = self.road(RoadKind::Imap, RoadStanding::Closed);
        imap.remarks = self.remarks(RoadKind::Imap);
        let mut exchange = self.road(RoadKind::Exchange, RoadStanding::Closed);
        exchange.remarks = self.remarks(RoadKind::Exchange);
        if let Autodiscover::Elsewhere { host } = &self.context.discovery.autodiscover {
            // Part of the organisation is still on a server of its own; whether this mailbox is cannot be told from outside.
            exchange = self.own_exchange().unwrap_or_else(|| self.road(RoadKind::Exchange, RoadStanding::NotChecked));
            exchange.remarks.push(self.words("own-exchange-named", &[("host", host)]));
            if self.api_failed() {
                microsoft.standing = RoadStanding::Possible;
            } else if exchange.standing == RoadStanding::Take {
                exchange.standing = RoadStanding::Possible;
            }
        }
        vec![microsoft, imap, exchange]
    }

    /// Google: the app's own button; IMAP with an app password where the organisation allows it.
    fn at_google(&self) -> Vec<Road> {
        let google = self.road(RoadKind::Google, RoadStanding::Take);
        vec![google, self.imap(RoadStanding::Possible, "")]
    }

    /// Everybody else: Exchange where an own server offers it, else IMAP and SMTP.
    fn elsewhere(&self, host: &str) -> Vec<Road> {
        let mut all = Vec::new();
        let exchange = self.own_exchange();
        let taken = exchange.as_ref().is_some_and(|road| road.standing == RoadStanding::Take);
        all.extend(exchange);
        let standing = if taken { RoadStanding::Possible } else { RoadStanding::Take };
        all.push(self.imap(standing, host));
        all.extend(self.caldav());
        all
    }

    fn imap(&self, best: RoadStanding, host: &str) -> Road {
        let imap = best_server(self.observations, "imap-sign-in", "imap-server");
        let smtp = best_server(self.observations, "smtp-sign-in", "smtp-server");
        let closed = host == "proton";
        let known = self.table_servers();
        let (imap, smtp) = match (imap, smtp) {
            (Some(imap), Some(smtp)) => (Some(imap), Some(smtp)),
            (imap, smtp) => (imap.or(known.0), smtp.or(known.1)),
        };
        let standing = match (&imap, &smtp) {
            _ if closed => RoadStanding::Closed,
            (Some(imap), Some(smtp)) if imap.answered && smtp.answered => best,
            (Some(_), Some(_)) => RoadStanding::Possible,
            _ => RoadStanding::NotChecked,
        };
        let mut road = self.road(RoadKind::Imap, standing);
        if !closed {
            road.evidence = [&imap, &smtp].into_iter().flatten().filter_map(|server| server.evidence.clone()).collect();
            road.values = mail_values(imap.as_ref(), smtp.as_ref(), self.context);
        }
        road.remarks = self.remarks(RoadKind::Imap);
        if standing == RoadStanding::Possible && imap.as_ref().is_some_and(|server| !server.answered) {
            road.remarks.push(self.words("did-not-answer", &[]));
        }
        road
    }

    /// The host's published servers, for when none was asked.
    fn table_servers(&self) -> (Option<Server>, Option<Server>) {
        let discovery = self.context.discovery;
        let domain = discovery.decided_by.as_ref().unwrap_or(&discovery.domain);
        let exchanges: Vec<&str> = discovery
            .evidence
            .iter()
            .filter(|evidence| evidence.kind == inbox_model::EvidenceKind::Mx)
            .filter_map(|evidence| evidence.answer.split(' ').nth(1))
            .collect();
        let known = crate::known_servers(host_of(&discovery.provider), domain, &exchanges);
        let of = |protocol| known.iter().find(|server| server.protocol == protocol).map(Server::published);
        (of(inbox_model::MailProtocol::Imap), of(inbox_model::MailProtocol::Smtp))
    }

    /// Exchange Web Services of an own server, by what they offer.
    fn own_exchange(&self) -> Option<Road> {
        let (observation, facts) = self.passed("ews-offer")?;
        let url = facts.get("url")?.as_str()?.to_owned();
        let schemes: Vec<&str> =
            facts.get("schemes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        // An app in the internet can sign in with a password or a token, not with the computer's Windows sign-in.
        let standing = if schemes.contains(&"Basic") {
            RoadStanding::Take
        } else if schemes.contains(&"Bearer") {
            RoadStanding::Possible
        } else {
            RoadStanding::Closed
        };
        let mut road = self.road(RoadKind::Exchange, standing);
        road.evidence.push(observation.id.clone());
        let key = if standing == RoadStanding::Closed { "exchange-windows-only" } else { "exchange-offers" };
        road.remarks.push(self.words(key, &[("schemes", &schemes.join(", "))]));
        if standing != RoadStanding::Closed {
            road.values = exchange_values(&url, self.context);
        }
        Some(road)
    }

    fn caldav(&self) -> Option<Road> {
        let found = self.observations.iter().find_map(|observation| match &observation.outcome {
            Outcome::Passed { facts } if observation.probe == "servers-caldav" => {
                Some((observation, facts.get("url")?.as_str()?.to_owned()))
            }
            _ => None,
        });
        let (observation, url) = found?;
        let mut road = self.road(RoadKind::Caldav, RoadStanding::Possible);
        road.evidence.push(observation.id.clone());
        road.values = values::calendar_values(&url, self.context);
        Some(road)
    }

    /// Whether the provider's own interface could not open the mailbox.
    fn api_failed(&self) -> bool {
        self.observations.iter().any(|one| one.probe == "graph-inbox" && matches!(one.outcome, Outcome::Failed { .. }))
            && self.passed("graph-inbox").is_none()
    }

    fn passed(&self, probe: &str) -> Option<(&Observation, &inbox_model::Facts)> {
        self.observations.iter().rev().filter(|one| one.probe == probe).find_map(|one| match &one.outcome {
            Outcome::Passed { facts } => Some((one, facts)),
            _ => None,
        })
    }

    fn road(&self, kind: RoadKind, standing: RoadStanding) -> Road {
        let name = match kind {
            RoadKind::Microsoft => "microsoft",
            RoadKind::Google => "google",
            RoadKind::Exchange => "exchange",
            RoadKind::Imap => "imap",
            RoadKind::Caldav => "caldav",
        };
        let group = if standing == RoadStanding::Closed { "closed" } else { "choose" };
        let (app, language) = (self.context.app, self.context.language);
        let app = app.wording.get(language.tag()).unwrap_or(&app.name);
        let title = phrase(language, &format!("road.{group}-{name}"), &[("app", app)]);
        Road { kind, standing, title, values: Vec::new(), remarks: Vec::new(), evidence: Vec::new() }
    }

    /// What the table says about the host today.
    fn remarks(&self, kind: RoadKind) -> Vec<RoadRemark> {
        let host = host_of(&self.context.discovery.provider);
        host_remarks(host, self.context.today)
            .into_iter()
            // Only Microsoft has remarks on Exchange, and they say so in their names.
            .filter(|remark| (kind == RoadKind::Exchange) == remark.key.contains("ews"))
            .map(|remark| RoadRemark {
                text: phrase(self.context.language, &format!("road.{}", remark.key), &[]),
                id: remark.key,
                source: remark.source,
                verified: remark.verified,
            })
            .collect()
    }

    /// A remark on what was found just now.
    fn words(&self, key: &str, values: &[(&str, &str)]) -> RoadRemark {
        RoadRemark {
            id: key.to_owned(),
            text: phrase(self.context.language, &format!("road.{key}"), values),
            source: String::new(),
            verified: true,
        }
    }
}
