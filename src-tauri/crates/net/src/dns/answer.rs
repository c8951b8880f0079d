//! Reads the records of an answer, and only those that belong to the question.

use hickory_resolver::proto::rr::{Name, RData, Record};
use inbox_model::{Failure, FailureKind};

use super::{DnsAnswer, DnsRecord, RecordKind};

/// The longest CNAME chain that is followed; resolvers give up at about the same length.
pub(super) const MAX_CHAIN: usize = 16;
/// The most records that are kept; a domain with more TXT records than this exists nowhere in earnest.
const MAX_RECORDS: usize = 200;
/// The longest TXT record that is kept, in bytes. SPF and DKIM stay well below.
const MAX_TXT: usize = 4096;

/// Follows the chain from the asked name and takes the records of the asked type at its end.
pub(super) fn read(asked: &Name, kind: RecordKind, answers: &[Record]) -> Result<DnsAnswer, Failure> {
    let mut owner = asked.clone();
    let mut chain = Vec::new();
    if kind != RecordKind::Cname {
        while let Some(next) = alias(&owner, answers) {
            if chain.len() >= MAX_CHAIN {
                return Err(Failure::of(FailureKind::DnsUnusable).with_detail("cname-loop"));
            }
            chain.push(text(&next));
            owner = next;
        }
    }
    let records: Vec<DnsRecord> = answers
        .iter()
        .filter(|record| record.name == owner && record.record_type() == kind.wire())
        .take(MAX_RECORDS)
        .filter_map(|record| read_record(&record.data))
        .collect();
    if records.is_empty() {
        return Err(Failure::of(FailureKind::DnsNotFound).with_detail("no-data"));
    }
    Ok(DnsAnswer { chain, records })
}

/// The name that a name is an alias for.
pub(super) fn alias(owner: &Name, answers: &[Record]) -> Option<Name> {
    answers.iter().find_map(|record| link(record, owner))
}

fn link(record: &Record, owner: &Name) -> Option<Name> {
    match &record.data {
        RData::CNAME(target) if record.name == *owner => Some(target.0.clone()),
        _ => None,
    }
}

fn read_record(data: &RData) -> Option<DnsRecord> {
    Some(match data {
        RData::MX(mx) => DnsRecord::Mx { preference: mx.preference, exchange: text(&mx.exchange) },
        RData::TXT(txt) => DnsRecord::Txt(join(&txt.txt_data)),
        RData::CNAME(target) => DnsRecord::Cname(text(&target.0)),
        RData::SRV(srv) => {
            DnsRecord::Srv { priority: srv.priority, weight: srv.weight, port: srv.port, target: text(&srv.target) }
        }
        RData::A(address) => DnsRecord::Address(address.0.into()),
        RData::AAAA(address) => DnsRecord::Address(address.0.into()),
        _ => return None,
    })
}

/// In lower case without the trailing dot; the root (null MX) is empty.
fn text(name: &Name) -> String {
    let text = name.to_ascii().to_ascii_lowercase();
    text.strip_suffix('.').map(str::to_owned).unwrap_or(text)
}

/// The parts of a TXT record belong together without a blank (RFC 7208 section 3.3).
fn join(parts: &[Box<[u8]>]) -> String {
    let mut bytes: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
    bytes.truncate(MAX_TXT);
    String::from_utf8_lossy(&bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
