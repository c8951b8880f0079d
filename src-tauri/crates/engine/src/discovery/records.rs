//! The DNS records of a domain, and what each of them speaks for.

use inbox_catalogue::{MxEntry, TargetKind, match_mx, match_target};
use inbox_model::{Cloud, Domain, Evidence, EvidenceKind, Failure, FailureKind};
use inbox_net::{DnsAnswer, DnsRecord, RecordKind};

use super::ask::{Asker, record_text, shorten};

/// How much a record counts. Who keeps the mailbox is proven by none of them but an MX at the host itself; a CNAME that only
/// the host's own set-up guide asks for is next; the right to send (SPF) is weaker, an old proof of ownership weakest.
pub(super) mod weight {
    pub(in crate::discovery) const WELL_KNOWN: u8 = 100;
    pub(in crate::discovery) const MX: u8 = 90;
    pub(in crate::discovery) const MX_UNVERIFIED: u8 = 60;
    pub(in crate::discovery) const AUTODISCOVER: u8 = 60;
    pub(in crate::discovery) const DKIM: u8 = 60;
    pub(in crate::discovery) const AUTODISCOVER_JSON: u8 = 35;
    pub(in crate::discovery) const SPF: u8 = 30;
    pub(in crate::discovery) const SRV: u8 = 30;
    pub(in crate::discovery) const TENANT: u8 = 25;
    pub(in crate::discovery) const REALM: u8 = 10;
    pub(in crate::discovery) const TOKEN: u8 = 4;
    pub(in crate::discovery) const NONE: u8 = 0;
}

/// The most pieces of evidence of one kind that are kept: a hostile domain shall not fill the report.
const MAX_OF_A_KIND: usize = 8;

/// What the MX look-up said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MxAnswer {
    /// Exchanges, the preferred ones first.
    Present(Vec<(u16, String)>),
    /// The domain takes no mail (RFC 7505).
    Null,
    /// The name exists without an MX.
    NoRecord,
    /// The name does not exist.
    NoDomain,
    /// Could not be looked up.
    NotChecked,
}

/// The records of a domain.
#[derive(Debug, Clone)]
pub(super) struct Records {
    pub(super) mx: MxAnswer,
    /// Whether the domain itself has an address; `None` when that could not be looked up.
    pub(super) address: Option<bool>,
    pub(super) evidence: Vec<Evidence>,
}

impl Records {
    /// Nothing was looked up but the MX.
    pub(super) async fn only_mx(domain: &Domain, asker: Asker<'_>) -> Self {
        let mx = asker.dns("discovery-mx", domain.as_ascii(), RecordKind::Mx, true).await;
        let mut records = Self { mx: read_mx(&mx), address: None, evidence: Vec::new() };
        records.add_mx(domain.as_ascii(), &mx);
        records
    }

    /// Looks everything up side by side.
    pub(super) async fn of(domain: &Domain, asker: Asker<'_>) -> Self {
        let name = domain.as_ascii();
        let below = |label: &str| format!("{label}.{name}");
        let selectors = [below("selector1._domainkey"), below("selector2._domainkey")];
        let google = below("google._domainkey");
        let autodiscover = below("autodiscover");
        let service = below("_autodiscover._tcp");
        let hint = |name, kind| asker.dns("discovery-dns", name, kind, false);
        let [first, second] = &selectors;
        let (mx, txt, a, aaaa, dkim1, dkim2, dkim_google, cname, srv) = tokio::join!(
            asker.dns("discovery-mx", name, RecordKind::Mx, true),
            hint(name, RecordKind::Txt),
            hint(name, RecordKind::A),
            hint(name, RecordKind::Aaaa),
            hint(first, RecordKind::Cname),
            hint(second, RecordKind::Cname),
            hint(&google, RecordKind::Txt),
            hint(&autodiscover, RecordKind::Cname),
            hint(&service, RecordKind::Srv),
        );
        let mut records = Self { mx: read_mx(&mx), address: has_address(&a, &aaaa), evidence: Vec::new() };
        // A name that has other records exists, whatever a resolver said about its MX.
        if records.mx == MxAnswer::NoDomain && (txt.is_ok() || a.is_ok() || aaaa.is_ok()) {
            records.mx = MxAnswer::NoRecord;
        }
        records.add_mx(name, &mx);
        records.add_txt(name, &txt);
        records.add_address(name, &a, &aaaa);
        records.add_target(EvidenceKind::Dkim, first, &dkim1);
        records.add_target(EvidenceKind::Dkim, second, &dkim2);
        records.add_google_key(&google, &dkim_google);
        records.add_target(EvidenceKind::AutodiscoverCname, &autodiscover, &cname);
        records.add_target(EvidenceKind::AutodiscoverSrv, &service, &srv);
        records
    }

    /// Exchanges with their rows of the table, the preferred ones first.
    pub(super) fn exchanges(&self) -> Vec<(u16, &str, Option<&'static MxEntry>)> {
        match &self.mx {
            MxAnswer::Present(all) => {
                all.iter().map(|(preference, name)| (*preference, name.as_str(), match_mx(name))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The national cloud that the names of Microsoft's hosts show. The suffixes of the US clouds do not tell GCC High and DoD
    /// apart. Suffixes: not confirmed by a public page, see `mx.tsv`.
    pub(super) fn cloud(&self) -> Option<Cloud> {
        let MxAnswer::Present(all) = &self.mx else { return None };
        all.iter().find_map(|(_, name)| {
            if name.ends_with(".office365.us") {
                Some(Cloud::UsGovernment)
            } else if name.ends_with(".partner.outlook.cn") {
                Some(Cloud::China)
            } else {
                None
            }
        })
    }

    fn add(&mut self, kind: EvidenceKind, asked: &str, answer: &str, points_to: Option<&str>, weight: u8) {
        if self.evidence.iter().filter(|known| known.kind == kind).count() < MAX_OF_A_KIND {
            self.evidence.push(Evidence {
                kind,
                asked: asked.to_owned(),
                answer: shorten(answer, 200),
                points_to: points_to.map(str::to_owned),
                weight,
            });
        }
    }

    fn add_mx(&mut self, name: &str, answer: &Result<DnsAnswer, Failure>) {
        match answer {
            Err(failure) => self.add(EvidenceKind::Mx, name, &reason(failure), None, weight::NONE),
            Ok(answer) => {
                for record in &answer.records {
                    let DnsRecord::Mx { exchange, .. } = record else { continue };
                    let entry = match_mx(exchange);
                    let counts = match entry {
                        Some(entry) if entry.verified => weight::MX,
                        Some(_) => weight::MX_UNVERIFIED,
                        None => weight::NONE,
                    };
                    let text = with_chain(record_text(record), &answer.chain);
                    self.add(EvidenceKind::Mx, name, &text, entry.map(|entry| entry.host.as_str()), counts);
                }
            }
        }
    }

    fn add_txt(&mut self, name: &str, answer: &Result<DnsAnswer, Failure>) {
        let Ok(answer) = answer else { return };
        for record in &answer.records {
            let DnsRecord::Txt(text) = record else { continue };
            if is_spf(text) {
                let mut seen: Vec<&str> = Vec::new();
                for entry in spf_names(text).filter_map(|target| match_target(TargetKind::Spf, target)) {
                    if !seen.contains(&entry.host.as_str()) {
                        seen.push(&entry.host);
                        self.add(EvidenceKind::Spf, name, text, Some(&entry.host), weight::SPF);
                    }
                }
                if seen.is_empty() {
                    self.add(EvidenceKind::Spf, name, text, None, weight::NONE);
                }
            } else if text.starts_with("MS=") {
                self.add(EvidenceKind::TxtToken, name, text, Some("microsoft-365"), weight::TOKEN);
            } else if text.starts_with("google-site-verification=") {
                self.add(EvidenceKind::TxtToken, name, text, Some("google-workspace"), weight::TOKEN);
            }
        }
    }

    fn add_address(&mut self, name: &str, a: &Result<DnsAnswer, Failure>, aaaa: &Result<DnsAnswer, Failure>) {
        for record in [a, aaaa].into_iter().flatten().flat_map(|answer| &answer.records).take(2) {
            self.add(EvidenceKind::Address, name, &record_text(record), None, weight::NONE);
        }
    }

    /// CNAME and SRV: what they point to.
    fn add_target(&mut self, kind: EvidenceKind, name: &str, answer: &Result<DnsAnswer, Failure>) {
        let Ok(answer) = answer else { return };
        for record in &answer.records {
            let (DnsRecord::Cname(target) | DnsRecord::Srv { target, .. }) = record else { continue };
            let (table, counts) = match kind {
                EvidenceKind::Dkim => (TargetKind::Dkim, weight::DKIM),
                EvidenceKind::AutodiscoverSrv => (TargetKind::Autodiscover, weight::SRV),
                _ => (TargetKind::Autodiscover, weight::AUTODISCOVER),
            };
            let entry = match_target(table, target);
            let counts = if entry.is_some() { counts } else { weight::NONE };
            self.add(kind, name, &record_text(record), entry.map(|entry| entry.host.as_str()), counts);
        }
    }

    /// `google._domainkey` is the selector that Google's set-up proposes (<https://support.google.com/a/answer/174124>).
    fn add_google_key(&mut self, name: &str, answer: &Result<DnsAnswer, Failure>) {
        let Ok(answer) = answer else { return };
        let key = answer.records.iter().find_map(|record| match record {
            DnsRecord::Txt(text) if text.contains("p=") => Some(text),
            _ => None,
        });
        if let Some(text) = key {
            self.add(EvidenceKind::Dkim, name, &shorten(text, 40), Some("google-workspace"), weight::DKIM);
        }
    }
}

fn read_mx(answer: &Result<DnsAnswer, Failure>) -> MxAnswer {
    match answer {
        Ok(answer) => {
            let mut all: Vec<(u16, String)> = answer
                .records
                .iter()
                .filter_map(|record| match record {
                    DnsRecord::Mx { preference, exchange } if !exchange.is_empty() => {
                        Some((*preference, exchange.clone()))
                    }
                    _ => None,
                })
                .collect();
            all.sort();
            if all.is_empty() { MxAnswer::Null } else { MxAnswer::Present(all) }
        }
        Err(failure) if failure.kind == FailureKind::DnsNotFound && failure.detail == "nxdomain" => MxAnswer::NoDomain,
        Err(failure) if failure.kind == FailureKind::DnsNotFound => MxAnswer::NoRecord,
        Err(_) => MxAnswer::NotChecked,
    }
}

fn has_address(a: &Result<DnsAnswer, Failure>, aaaa: &Result<DnsAnswer, Failure>) -> Option<bool> {
    let missing = |answer: &Result<DnsAnswer, Failure>| matches!(answer, Err(failure) if failure.kind == FailureKind::DnsNotFound);
    if a.is_ok() || aaaa.is_ok() {
        Some(true)
    } else if missing(a) && missing(aaaa) {
        Some(false)
    } else {
        None
    }
}

/// Why there is no answer, in the short words of the network part.
pub(super) fn reason(failure: &Failure) -> String {
    let kind = serde_json::to_value(failure.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    if failure.detail.is_empty() { kind.unwrap_or_default() } else { shorten(&failure.detail, 80) }
}

fn with_chain(text: String, chain: &[String]) -> String {
    if chain.is_empty() { text } else { format!("{text} (by {})", chain.join(", ")) }
}

fn is_spf(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower == "v=spf1" || lower.starts_with("v=spf1 ")
}

/// The names behind `include:` and `redirect=` (RFC 7208 sections 5.2 and 6.1).
fn spf_names(text: &str) -> impl Iterator<Item = &str> {
    text.split_ascii_whitespace().filter_map(|term| {
        let bare = term.trim_start_matches(['+', '-', '~', '?']);
        let (word, name) = bare.split_once([':', '='])?;
        (word.eq_ignore_ascii_case("include") || word.eq_ignore_ascii_case("redirect")).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spf_names_are_read_from_includes_and_redirects() {
        let text = "v=spf1 +include:a.example ~include:b.example INCLUDE:c.example ip4:192.0.2.0/24 redirect=d.example";
        assert_eq!(spf_names(text).collect::<Vec<_>>(), ["a.example", "b.example", "c.example", "d.example"]);
        assert!(is_spf("V=SPF1 -all") && !is_spf("v=spf10 -all") && !is_spf("v=DMARC1"));
    }

    #[test]
    fn a_null_mx_beside_others_does_not_count() {
        let mx = |preference, exchange: &str| DnsRecord::Mx { preference, exchange: exchange.to_owned() };
        let read = |records| read_mx(&Ok(DnsAnswer { chain: Vec::new(), records }));
        assert_eq!(read(vec![mx(0, "")]), MxAnswer::Null);
        let both = read(vec![mx(20, "b.example"), mx(0, ""), mx(10, "a.example")]);
        assert_eq!(both, MxAnswer::Present(vec![(10, "a.example".to_owned()), (20, "b.example".to_owned())]));
    }
}
