//! Weighs the evidence: who keeps the mailbox, who only filters or forwards, and how sure that is.

use std::collections::BTreeMap;

use inbox_catalogue::{MxClass, MxEntry, host_entry};
use inbox_model::{
    Autodiscover, Cloud, Confidence, Domain, Evidence, EvidenceKind, MailReception, NamedService, Provider,
};

use super::{
    microsoft::Organisation,
    records::{MxAnswer, Records, weight},
};

/// From here on hints make a host the best explanation: two kinds of them, or one that only the host's own guide asks for.
const LIKELY: i32 = 60;
/// From here on hints make a host one of several explanations.
const POSSIBLE: i32 = 30;
/// By so much the first host must lead, or the hints contradict each other.
const LEAD: i32 = 30;

/// What is weighed.
pub(super) struct Weighing<'a> {
    pub(super) domain: &'a Domain,
    pub(super) records: &'a Records,
    pub(super) organisation: &'a Organisation,
    pub(super) autodiscover: &'a Autodiscover,
    /// Whether the preferred exchange has an address that can receive mail from outside; `None` when it was not looked up.
    pub(super) exchange_is_public: Option<bool>,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    pub(super) provider: Provider,
    pub(super) confidence: Confidence,
    pub(super) gateway: Option<NamedService>,
    pub(super) forwarder: Option<NamedService>,
}

/// Whether the domain receives mail.
pub(super) fn reception(records: &Records) -> MailReception {
    match (&records.mx, records.address) {
        (MxAnswer::Present(_), _) => MailReception::Mx,
        (MxAnswer::Null, _) => MailReception::NullMx,
        (MxAnswer::NoDomain, _) => MailReception::NoSuchDomain,
        (MxAnswer::NoRecord, Some(true)) => MailReception::AddressOnly,
        (MxAnswer::NoRecord, Some(false)) => MailReception::Nothing,
        (MxAnswer::NoRecord, None) | (MxAnswer::NotChecked, _) => MailReception::NotChecked,
    }
}

impl Weighing<'_> {
    pub(super) fn standing(&self) -> Standing {
        let service = |class| {
            self.records.exchanges().into_iter().find_map(|(_, name, entry)| {
                let entry = entry.filter(|entry| entry.class == class)?;
                Some(NamedService { host: entry.host.clone(), name: entry.name.clone(), record: name.to_owned() })
            })
        };
        let gateway = service(MxClass::Gateway);
        let forwarder = service(MxClass::Forwarder);
        let (provider, confidence) = match reception(self.records) {
            MailReception::NullMx | MailReception::NoSuchDomain => (Provider::None, Confidence::Certain),
            MailReception::Nothing => (Provider::None, Confidence::Likely),
            MailReception::AddressOnly => self.by_hints().unwrap_or(UNKNOWN),
            // Without the MX even good hints are only one explanation.
            MailReception::NotChecked => self.by_hints().map_or(UNKNOWN, |(host, _)| (host, Confidence::Possible)),
            MailReception::Mx => self
                .by_exchange()
                .or_else(|| self.by_hints())
                .or_else(|| self.by_own_server(gateway.is_some() || forwarder.is_some()))
                .unwrap_or(UNKNOWN),
        };
        Standing { provider, confidence, gateway, forwarder }
    }

    /// An exchange that belongs to a host of mailboxes decides.
    fn by_exchange(&self) -> Option<(Provider, Confidence)> {
        let exchanges = self.records.exchanges();
        let hosts: Vec<(u16, &MxEntry)> = exchanges
            .iter()
            .filter_map(|(preference, _, entry)| {
                entry
                    .filter(|entry| matches!(entry.class, MxClass::Host | MxClass::Hosting))
                    .map(|entry| (*preference, entry))
            })
            .collect();
        let (preference, first) = hosts.first()?;
        let preferred = exchanges.first().map(|(preference, ..)| *preference);
        let others: Vec<&(u16, &MxEntry)> = hosts.iter().filter(|(_, entry)| entry.host != first.host).collect();
        if others.iter().any(|(other, _)| other == preference) {
            // Two hosts of the same rank: the hints may choose, but nothing is settled.
            let scores = self.scores();
            let chosen = hosts
                .iter()
                .map(|(_, entry)| *entry)
                .max_by_key(|entry| scores.get(entry.host.as_str()).copied().unwrap_or(0))
                .unwrap_or(first);
            return Some((self.provider(chosen), Confidence::Possible));
        }
        let sure = others.is_empty()
            && preferred == Some(*preference)
            && first.verified
            && first.class == MxClass::Host
            && self.is_confirmed(first);
        Some((self.provider(first), if sure { Confidence::Certain } else { Confidence::Likely }))
    }

    /// Microsoft's edge can hand the mail over to the organisation's own server (hybrid), so its MX alone proves less.
    fn is_confirmed(&self, entry: &MxEntry) -> bool {
        if entry.host != "microsoft-365" {
            return true;
        }
        let elsewhere = matches!(self.autodiscover, Autodiscover::Elsewhere { .. })
            || self.records.evidence.iter().any(|evidence| {
                evidence.kind == EvidenceKind::AutodiscoverCname
                    && evidence.points_to.as_deref() != Some("microsoft-365")
            });
        matches!(self.organisation, Organisation::Known { .. }) && !elsewhere
    }

    /// Behind a gateway, a forwarder or an unknown exchange: what the other records say.
    fn by_hints(&self) -> Option<(Provider, Confidence)> {
        let scores = self.scores();
        let mut ranked: Vec<(&str, i32)> = scores.into_iter().collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let (host, score) = *ranked.first()?;
        let second = ranked.get(1).map_or(0, |(_, score)| *score);
        let entry = host_entry(host)?;
        if score < POSSIBLE || score - second < LEAD {
            return None;
        }
        let confidence = if score >= LIKELY { Confidence::Likely } else { Confidence::Possible };
        Some((self.provider(entry), confidence))
    }

    /// How much speaks for each host beside the MX. Repetitions of one kind count once. A tenant alone speaks for no mailbox:
    /// many organisations have one and keep their mail elsewhere, so it only adds to other hints.
    fn scores(&self) -> BTreeMap<&str, i32> {
        let mut heaviest: BTreeMap<(&str, EvidenceKind), u8> = BTreeMap::new();
        for evidence in &self.records.evidence {
            let host = evidence.points_to.as_deref();
            if let Some(host) = host.filter(|_| counts(evidence)) {
                let known = heaviest.entry((host, evidence.kind)).or_insert(0);
                *known = (*known).max(evidence.weight);
            }
        }
        let mut scores: BTreeMap<&str, i32> = BTreeMap::new();
        for ((host, _), weight) in heaviest {
            *scores.entry(host).or_insert(0) += i32::from(weight);
        }
        // What only filters cannot be where the mailbox is.
        scores.retain(|host, _| {
            host_entry(host).is_some_and(|entry| matches!(entry.class, MxClass::Host | MxClass::Hosting))
        });
        let json = i32::from(weight::AUTODISCOVER_JSON);
        match self.autodiscover {
            Autodiscover::AtMicrosoft => *scores.entry("microsoft-365").or_insert(0) += json,
            Autodiscover::Elsewhere { .. } => *scores.entry("microsoft-365").or_insert(0) -= json,
            _ => {}
        }
        if let Some(score) = scores.get_mut("microsoft-365") {
            match self.organisation {
                Organisation::Known { .. } => *score += i32::from(weight::TENANT),
                // Exchange Online without a tenant does not exist; records can outlive the move to another host.
                Organisation::Unknown => *score -= i32::from(weight::SPF),
                Organisation::NotChecked => {}
            }
        }
        scores
    }

    /// An exchange under the domain itself, reachable from outside: a rented or own server.
    fn by_own_server(&self, filtered: bool) -> Option<(Provider, Confidence)> {
        let own = self.domain.registrable().unwrap_or_else(|| self.domain.clone());
        let exchanges = self.records.exchanges();
        let (_, exchange, entry) = exchanges.first()?;
        let exchange = Domain::parse(exchange).ok()?;
        if filtered || entry.is_some() || !exchange.is_within(&own) || self.exchange_is_public != Some(true) {
            return None;
        }
        let provider = self.provider(host_entry("own-server")?);
        // With a tenant beside it the own name may be a relay in front of Exchange Online.
        if matches!(self.organisation, Organisation::Known { .. }) {
            return None;
        }
        Some((provider, if exchange == *self.domain { Confidence::Likely } else { Confidence::Possible }))
    }

    fn provider(&self, entry: &MxEntry) -> Provider {
        provider_of(entry, self.cloud())
    }

    /// The cloud of the tenant, else what the names of the records show.
    pub(super) fn cloud(&self) -> Cloud {
        match self.organisation {
            Organisation::Known { cloud, .. } => *cloud,
            _ => self.records.cloud().unwrap_or_default(),
        }
    }
}

const UNKNOWN: (Provider, Confidence) = (Provider::Unknown, Confidence::Possible);

/// The provider for a row of the table.
pub(super) fn provider_of(entry: &MxEntry, cloud: Cloud) -> Provider {
    match entry.host.as_str() {
        "microsoft-365" => Provider::Microsoft365 { cloud },
        "outlook-com" => Provider::OutlookCom,
        "google-workspace" => Provider::GoogleWorkspace,
        "gmail" => Provider::Gmail,
        _ => Provider::Other { host: entry.host.clone(), name: entry.name.clone() },
    }
}

/// Kinds that are weighed as hints: the MX was looked at before, tenant and Autodiscover have rules of their own.
fn counts(evidence: &Evidence) -> bool {
    matches!(
        evidence.kind,
        EvidenceKind::Spf
            | EvidenceKind::Dkim
            | EvidenceKind::AutodiscoverCname
            | EvidenceKind::AutodiscoverSrv
            | EvidenceKind::TxtToken
    )
}
