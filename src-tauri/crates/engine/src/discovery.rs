//! Who keeps the mailbox of an address, found without any sign-in.

pub(crate) mod ask;
mod microsoft;
mod records;
#[cfg(test)]
mod tests;
mod weigh;
mod well_known;

use std::time::Duration;

use inbox_catalogue::host_entry;
use inbox_model::{
    AddressError, Autodiscover, Cloud, Confidence, Discovery, Domain, EmailAddress, Evidence, EvidenceKind, Failure,
    FailureKind, MailReception, Operation, Provider, Realm, SkipReason, Tenant,
};
use inbox_net::{DnsRecord, Net, RecordKind, is_local};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::{
    ask::Asker,
    microsoft::{Organisation, RealmAnswer},
    records::{MxAnswer, Records, weight},
    weigh::{Standing, Weighing, reception},
};
pub(crate) use microsoft::is_microsoft;

use crate::{MicrosoftAddresses, Recorder};

/// The most labels above a domain that are looked at for a sub-domain without records of its own.
const MAX_PARENTS: usize = 4;

/// What to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The domain.
    pub domain: Domain,
    /// The address, where one was typed: only then Microsoft is asked about the address itself.
    pub address: Option<EmailAddress>,
}

impl Target {
    /// A domain or an address as typed.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.contains('@') || text.contains('＠') {
            let address = EmailAddress::parse(text)?;
            Ok(Self { domain: address.domain().clone(), address: Some(address) })
        } else {
            Ok(Self { domain: Domain::parse(text)?, address: None })
        }
    }
}

/// Looks everything up side by side and weighs it. Always ends within `budget` with a definite answer: what could not be looked up
/// is `NotChecked` or `Unknown`, and the recorder has the reason.
///
/// No host is contacted but the DNS server and Microsoft's own addresses; no name above the registrable domain is looked up; no
/// credential is sent. Microsoft is asked about the address itself only where one was typed and the mail may be there.
pub async fn discover(
    target: &Target,
    net: &Net,
    addresses: &MicrosoftAddresses,
    recorder: &Recorder,
    budget: Duration,
    cancel: &CancellationToken,
) -> Discovery {
    let asker = Asker { net, recorder, until: Instant::now() + budget, cancel };
    if let Some(host) = well_known::host_of(&target.domain)
        && let Some(found) = consumer_domain(target, host, asker).await
    {
        return found;
    }
    let mut asked = Survey::of(&target.domain, target.address.as_ref(), addresses, asker).await;
    let mut decided_by = None;
    let mut parent = target.domain.parent();
    let mut above = 0;
    while asked.is_empty()
        && above < MAX_PARENTS
        && let Some(domain) = parent
    {
        above += 1;
        asked.inherit(Survey::of(&domain, None, addresses, asker).await);
        parent = domain.parent();
        decided_by = Some(domain);
    }
    // Nothing up there either: then the asked domain's own emptiness is the answer.
    if asked.is_empty() {
        decided_by = None;
    }
    asked.conclude(target, decided_by, addresses, asker).await
}

/// Asks Autodiscover about the typed address where the domain's own records already say that the mail is at Microsoft.
async fn early_autodiscover(
    domain: &Domain,
    records: &Records,
    address: Option<&EmailAddress>,
    addresses: &MicrosoftAddresses,
    asker: Asker<'_>,
) -> Option<(Autodiscover, Evidence)> {
    let address = address?;
    let (organisation, autodiscover) = (&Organisation::NotChecked, &Autodiscover::NotChecked);
    let standing = Weighing { domain, records, organisation, autodiscover, exchange_is_public: None }.standing();
    let Provider::Microsoft365 { cloud } = standing.provider else { return None };
    Some(microsoft::autodiscover(address, &autodiscover_of(cloud, addresses), asker).await)
}

/// The host that answers for a cloud. Addresses that the settings name are taken as they are.
fn autodiscover_of(cloud: Cloud, addresses: &MicrosoftAddresses) -> url::Url {
    let own = |cloud: &Cloud| MicrosoftAddresses::resolve(*cloud, None).ok();
    let usual = Cloud::ALL.iter().filter_map(own).any(|usual| usual.autodiscover == addresses.autodiscover);
    match own(&cloud).filter(|_| usual) {
        Some(national) => national.autodiscover,
        None => addresses.autodiscover.clone(),
    }
}

/// Whether this is the sign-in host of one of Microsoft's clouds, and not one that the settings name.
fn is_a_clouds_own(login: &url::Url) -> bool {
    Cloud::ALL.iter().filter_map(|cloud| MicrosoftAddresses::resolve(*cloud, None).ok()).any(|own| own.login == *login)
}

/// What was found about one domain.
struct Survey {
    domain: Domain,
    /// What the asked domain's own MX said, when the records are those of a domain above it.
    below: Option<MxAnswer>,
    records: Records,
    organisation: Organisation,
    realm: RealmAnswer,
    /// What Microsoft said.
    answers: Vec<Evidence>,
    /// What Autodiscover said, where the DNS alone told that it may be asked.
    early: Option<(Autodiscover, Evidence)>,
}

impl Survey {
    async fn of(
        domain: &Domain,
        address: Option<&EmailAddress>,
        addresses: &MicrosoftAddresses,
        asker: Asker<'_>,
    ) -> Self {
        let ((records, early), (mut organisation, first), (realm, second)) = tokio::join!(
            async {
                let records = Records::of(domain, asker).await;
                // Most domains need no more than their records to tell that Autodiscover may be asked: it need not wait for the
                // organisation's answer.
                let early = early_autodiscover(domain, &records, address, addresses, asker).await;
                (records, early)
            },
            microsoft::organisation(domain, &addresses.login, asker),
            microsoft::realm(domain, &addresses.login, asker),
        );
        let mut answers = vec![first, second];
        // Each national cloud knows its own tenants only; where the exchange shows one, it is asked too. Addresses that the
        // settings name are taken as they are.
        if organisation == Organisation::Unknown
            && let Ok(national) = MicrosoftAddresses::resolve(records.cloud().unwrap_or_default(), None)
            && national.login != addresses.login
            && is_a_clouds_own(&addresses.login)
        {
            let (known, evidence) = microsoft::organisation(domain, &national.login, asker).await;
            organisation = known;
            answers.push(evidence);
        }
        Self { domain: domain.clone(), below: None, records, organisation, realm, answers, early }
    }

    /// Whether the domain has no mail records of its own, so that the domain above may decide.
    fn is_empty(&self) -> bool {
        matches!(reception(&self.records), MailReception::Nothing | MailReception::NoSuchDomain)
    }

    /// Takes the records of the domain above. What Microsoft says about the asked domain itself stays, where it says anything.
    fn inherit(&mut self, above: Survey) {
        if above.is_empty() {
            return;
        }
        let own = std::mem::replace(&mut self.records, above.records);
        self.below.get_or_insert(own.mx);
        self.records.evidence.extend(own.evidence);
        self.domain = above.domain;
        if !matches!(self.organisation, Organisation::Known { .. }) {
            self.organisation = above.organisation;
        }
        if matches!(self.realm.realm, Realm::Unknown | Realm::NotChecked) {
            self.realm = above.realm;
        }
        self.answers.extend(above.answers);
    }

    async fn conclude(
        mut self,
        target: &Target,
        decided_by: Option<Domain>,
        addresses: &MicrosoftAddresses,
        asker: Asker<'_>,
    ) -> Discovery {
        let first = self.weigh(&Autodiscover::NotChecked, None);
        let early = self.early.take();
        let (autodiscover, exchange_is_public) = tokio::join!(
            async {
                match early {
                    Some((answer, evidence)) => (answer, Some(evidence)),
                    None => self.autodiscover(target, &first, addresses, asker).await,
                }
            },
            self.look_at_exchange(asker)
        );
        let (autodiscover, evidence) = autodiscover;
        self.answers.extend(evidence);
        let mut standing = self.weigh(&autodiscover, exchange_is_public);
        match self.below {
            // The asked name does not even exist: a slip of the keyboard is as good an explanation.
            Some(MxAnswer::NoDomain) => standing.confidence = standing.confidence.min(Confidence::Possible),
            Some(_) => standing.confidence = standing.confidence.min(Confidence::Likely),
            None => {}
        }
        let reception = reception(&self.records);
        let tenant = match self.organisation {
            Organisation::Known { id, cloud } => {
                Some(Tenant { id, cloud, realm: self.realm.realm, brand: self.realm.brand })
            }
            Organisation::Unknown | Organisation::NotChecked => None,
        };
        let mut evidence = self.records.evidence;
        evidence.extend(self.answers);
        evidence.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.kind.cmp(&b.kind)));
        Discovery {
            domain: target.domain.clone(),
            decided_by,
            provider: standing.provider,
            confidence: standing.confidence,
            gateway: standing.gateway,
            forwarder: standing.forwarder,
            reception,
            tenant,
            autodiscover,
            evidence,
        }
    }

    fn weigh(&self, autodiscover: &Autodiscover, exchange_is_public: Option<bool>) -> Standing {
        let (domain, records, organisation) = (&self.domain, &self.records, &self.organisation);
        Weighing { domain, records, organisation, autodiscover, exchange_is_public }.standing()
    }

    /// Asks about the typed address itself, where the mail may be at Microsoft and the asked host serves that cloud.
    async fn autodiscover(
        &self,
        target: &Target,
        first: &Standing,
        addresses: &MicrosoftAddresses,
        asker: Asker<'_>,
    ) -> (Autodiscover, Option<Evidence>) {
        let may_be_there = match first.provider {
            Provider::Microsoft365 { .. } => true,
            Provider::Unknown => matches!(self.organisation, Organisation::Known { .. }),
            _ => false,
        };
        let skip = |because| {
            let host = addresses.autodiscover.host_str().unwrap_or_default();
            asker.recorder.skip("discovery-autodiscover", Operation::Http, host, because);
            (Autodiscover::NotChecked, None)
        };
        let Some(address) = &target.address else { return skip(SkipReason::NotRequested) };
        if !may_be_there {
            return skip(SkipReason::NotApplicable);
        }
        let cloud = match (&first.provider, &self.organisation) {
            (Provider::Microsoft365 { cloud }, _) | (_, Organisation::Known { cloud, .. }) => *cloud,
            _ => Cloud::Worldwide,
        };
        let base = autodiscover_of(cloud, addresses);
        let (answer, evidence) = microsoft::autodiscover(address, &base, asker).await;
        (answer, Some(evidence))
    }

    /// Looks at the preferred exchange where the table does not know it: whether it can be reached from outside.
    async fn look_at_exchange(&self, asker: Asker<'_>) -> Option<bool> {
        let (name, known) = {
            let exchanges = self.records.exchanges();
            let (_, name, entry) = exchanges.first()?;
            ((*name).to_owned(), entry.is_some())
        };
        if known {
            return None;
        }
        let answer = asker.dns("discovery-dns", &name, RecordKind::A, false).await.ok()?;
        let local = answer.records.iter().find_map(|record| match record {
            DnsRecord::Address(address) if is_local(*address) => Some(*address),
            _ => None,
        });
        match local {
            None => Some(true),
            Some(address) => {
                // Mail from outside cannot reach it: a resolver that answers for the inner network only, or one that lies.
                let pending = asker.recorder.begin("discovery-dns", Operation::ResolveName, name);
                pending.failed(Failure::of(FailureKind::DnsUnusable).with_detail(address.to_string()));
                Some(false)
            }
        }
    }
}

/// A domain that the provider itself owns. `None` when its MX contradicts, so that everything is looked at.
async fn consumer_domain(target: &Target, host: &'static str, asker: Asker<'_>) -> Option<Discovery> {
    let entry = host_entry(host)?;
    let records = Records::only_mx(&target.domain, asker).await;
    let exchanges = records.exchanges();
    let contradicts = matches!(records.mx, MxAnswer::Null | MxAnswer::NoDomain)
        || (!exchanges.is_empty() && exchanges.iter().all(|(_, _, row)| row.is_some_and(|row| row.host != host)));
    if contradicts {
        return None;
    }
    for (probe, operation) in [
        ("discovery-openid", Operation::Http),
        ("discovery-realm", Operation::Http),
        ("discovery-autodiscover", Operation::Http),
    ] {
        asker.recorder.skip(probe, operation, target.domain.as_ascii(), SkipReason::NotApplicable);
    }
    let mut evidence = vec![Evidence {
        kind: EvidenceKind::WellKnownDomain,
        asked: target.domain.to_string(),
        answer: entry.name.clone(),
        points_to: Some(host.to_owned()),
        weight: weight::WELL_KNOWN,
    }];
    let reception = match records.mx {
        MxAnswer::Present(_) => MailReception::Mx,
        _ => MailReception::NotChecked,
    };
    evidence.extend(records.evidence);
    Some(Discovery {
        domain: target.domain.clone(),
        decided_by: None,
        provider: weigh::provider_of(entry, Cloud::Worldwide),
        confidence: Confidence::Certain,
        gateway: None,
        forwarder: None,
        reception,
        tenant: None,
        autodiscover: Autodiscover::NotChecked,
        evidence,
    })
}
