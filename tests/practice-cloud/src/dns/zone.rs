//! The practice domains. Forms of the records: "External DNS records for Microsoft 365"
//! (<https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records>) and
//! <https://support.google.com/a/answer/174125>. All addresses are of the ranges for documentation (RFC 5737), so that
//! nothing real is ever contacted, but for the ones that lie on purpose.

use std::net::Ipv4Addr;

use hickory_proto::{
    op::ResponseCode,
    rr::{
        Name, RData, RecordType,
        rdata::{A, CNAME, MX, SRV, TXT},
    },
};

/// How a domain answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Answers,
    /// Not at all.
    Silent,
    /// With an error.
    Code(ResponseCode),
}

/// A record, in short.
#[derive(Debug, Clone, Copy)]
enum Entry {
    Mx(u16, &'static str),
    Txt(&'static str),
    Cname(&'static str),
    Srv(u16, &'static str),
    Address([u8; 4]),
    /// This many octets of TXT, too many for one UDP answer.
    LongTxt(usize),
}

use Entry::{Address, Cname, LongTxt, Mx, Srv, Txt};

const MICROSOFT_SPF: &str = "v=spf1 include:spf.protection.outlook.com -all";

#[rustfmt::skip]
const RECORDS: &[(&str, Entry)] = &[
    // Microsoft 365, plain
    ("contoso.example", Mx(0, "contoso-example.mail.protection.outlook.com")),
    ("contoso.example", Txt(MICROSOFT_SPF)),
    ("contoso.example", Txt("MS=ms10203040")),
    ("autodiscover.contoso.example", Cname("autodiscover.outlook.com")),
    ("selector1._domainkey.contoso.example", Cname("selector1-contoso-example._domainkey.contoso.onmicrosoft.com")),
    ("selector2._domainkey.contoso.example", Cname("selector2-contoso-example._domainkey.contoso.onmicrosoft.com")),
    ("_dmarc.contoso.example", Txt("v=DMARC1; p=reject")),
    ("contoso.example", Address([192, 0, 2, 10])),
    // A sub-domain with an MX of its own, and one that has nothing and inherits
    ("tokyo.contoso.example", Mx(0, "tokyo-contoso-example.mail.protection.outlook.com")),
    ("sales.contoso.example", Txt("a name with no mail of its own")),
    // Federated
    ("adatum.example", Mx(0, "adatum-example.mail.protection.outlook.com")),
    ("adatum.example", Txt(MICROSOFT_SPF)),
    ("autodiscover.adatum.example", Cname("autodiscover.outlook.com")),
    ("sts.adatum.example", Address([192, 0, 2, 20])),
    // Proofpoint in front of Microsoft 365
    ("proseware.example", Mx(10, "mxa-00112233.gslb.pphosted.com")),
    ("proseware.example", Mx(10, "mxb-00112233.gslb.pphosted.com")),
    ("proseware.example", Txt("v=spf1 include:spf.protection.outlook.com include:spf-00112233.pphosted.com -all")),
    ("autodiscover.proseware.example", Cname("autodiscover.outlook.com")),
    ("selector1._domainkey.proseware.example", Cname("selector1-proseware-example._domainkey.proseware.onmicrosoft.com")),
    ("selector2._domainkey.proseware.example", Cname("selector2-proseware-example._domainkey.proseware.onmicrosoft.com")),
    // Mimecast with nothing known behind it
    ("wideworld.example", Mx(10, "eu-smtp-inbound-1.mimecast.com")),
    ("wideworld.example", Mx(10, "eu-smtp-inbound-2.mimecast.com")),
    ("wideworld.example", Txt("v=spf1 include:eu._netblocks.mimecast.com -all")),
    // Microsoft 365 with DNSSEC (https://learn.microsoft.com/purview/how-smtp-dane-works)
    ("relecloud.example", Mx(0, "relecloud-example.r-v1.mx.microsoft")),
    ("relecloud.example", Txt(MICROSOFT_SPF)),
    ("autodiscover.relecloud.example", Cname("autodiscover.outlook.com")),
    // Hybrid: the edge is Microsoft's, autodiscover is the organisation's own
    ("treyresearch.example", Mx(0, "treyresearch-example.mail.protection.outlook.com")),
    ("treyresearch.example", Txt("v=spf1 include:spf.protection.outlook.com ip4:192.0.2.30 -all")),
    ("autodiscover.treyresearch.example", Cname("mail.treyresearch.example")),
    ("_autodiscover._tcp.treyresearch.example", Srv(443, "mail.treyresearch.example")),
    ("mail.treyresearch.example", Address([192, 0, 2, 30])),
    // International name: 例え.example
    ("xn--r8jz45g.example", Mx(0, "xn--r8jz45g-example.mail.protection.outlook.com")),
    ("xn--r8jz45g.example", Txt(MICROSOFT_SPF)),
    ("autodiscover.xn--r8jz45g.example", Cname("autodiscover.outlook.com")),
    // China (21Vianet) and US Government
    ("cohovineyard.example", Mx(0, "cohovineyard-example.mail.protection.partner.outlook.cn")),
    ("cohovineyard.example", Txt("v=spf1 include:spf.protection.partner.outlook.cn -all")),
    ("autodiscover.cohovineyard.example", Cname("autodiscover.partner.outlook.cn")),
    ("litware.example", Mx(0, "litware-example.mail.protection.office365.us")),
    ("litware.example", Txt("v=spf1 include:spf.protection.office365.us -all")),
    ("autodiscover.litware.example", Cname("autodiscover.office365.us")),
    // The MX is Microsoft's, the tenant is gone
    ("tailspin.example", Mx(0, "tailspin-example.mail.protection.outlook.com")),
    // Personal Outlook.com
    ("woodgrove.example", Mx(10, "woodgrove-example.olc.protection.outlook.com")),
    // Mail at a Japanese host, accounts at Microsoft
    ("northwind.example", Mx(10, "www1234.sakura.ne.jp")),
    ("northwind.example", Txt("v=spf1 a:www1234.sakura.ne.jp mx ~all")),
    ("northwind.example", Txt("MS=ms50607080")),
    ("www1234.sakura.ne.jp", Address([198, 51, 100, 40])),
    // A rental server: the MX is the domain itself
    ("tamago.example", Mx(0, "tamago.example")),
    ("tamago.example", Address([198, 51, 100, 41])),
    // Google Workspace, with the single record and with the five older ones
    ("fabrikam.example", Mx(1, "smtp.google.com")),
    ("fabrikam.example", Txt("v=spf1 include:_spf.google.com ~all")),
    ("fabrikam.example", Txt("google-site-verification=practicepracticepracticepracticepracticepr")),
    ("google._domainkey.fabrikam.example", Txt("v=DKIM1; k=rsa; p=MIIBpractice")),
    ("lamna.example", Mx(1, "aspmx.l.google.com")),
    ("lamna.example", Mx(5, "alt1.aspmx.l.google.com")),
    ("lamna.example", Mx(5, "alt2.aspmx.l.google.com")),
    ("lamna.example", Mx(10, "alt3.aspmx.l.google.com")),
    ("lamna.example", Mx(10, "alt4.aspmx.l.google.com")),
    ("lamna.example", Txt("v=spf1 include:_spf.google.com ~all")),
    // Personal Gmail, as far as records can say so
    ("alpineskihouse.example", Mx(5, "gmail-smtp-in.l.google.com")),
    ("alpineskihouse.example", Mx(10, "alt1.gmail-smtp-in.l.google.com")),
    // A chain of aliases that ends at Google
    ("chain.example", Cname("first.hop.example")),
    ("first.hop.example", Cname("second.hop.example")),
    ("second.hop.example", Mx(1, "smtp.google.com")),
    ("second.hop.example", Txt("v=spf1 include:_spf.google.com ~all")),
    // A chain that never ends
    ("loop.example", Cname("pool.example")),
    ("pool.example", Cname("loop.example")),
    // Null MX (RFC 7505), no MX at all
    ("nullmx.example", Mx(0, "")),
    ("nullmx.example", Txt("v=spf1 -all")),
    ("nomx.example", Address([192, 0, 2, 50])),
    // Lies: private addresses where public ones belong
    ("liar.example", Mx(10, "mail.liar.example")),
    ("mail.liar.example", Address([10, 0, 0, 1])),
    ("autodiscover.liar.example", Address([192, 168, 1, 10])),
    // More than fits into UDP
    ("long.example", Mx(0, "long-example.mail.protection.outlook.com")),
    ("long.example", LongTxt(2000)),
    ("long.example", Txt(MICROSOFT_SPF)),
    // Hosts of the providers
    ("contoso-example.mail.protection.outlook.com", Address([198, 51, 100, 10])),
    ("tokyo-contoso-example.mail.protection.outlook.com", Address([198, 51, 100, 10])),
    ("adatum-example.mail.protection.outlook.com", Address([198, 51, 100, 11])),
    ("treyresearch-example.mail.protection.outlook.com", Address([198, 51, 100, 12])),
    ("relecloud-example.r-v1.mx.microsoft", Address([198, 51, 100, 13])),
    ("woodgrove-example.olc.protection.outlook.com", Address([198, 51, 100, 14])),
    ("autodiscover.outlook.com", Address([198, 51, 100, 15])),
    ("mxa-00112233.gslb.pphosted.com", Address([198, 51, 100, 16])),
    ("mxb-00112233.gslb.pphosted.com", Address([198, 51, 100, 17])),
    ("eu-smtp-inbound-1.mimecast.com", Address([198, 51, 100, 18])),
    ("eu-smtp-inbound-2.mimecast.com", Address([198, 51, 100, 19])),
    ("smtp.google.com", Address([203, 0, 113, 10])),
    ("aspmx.l.google.com", Address([203, 0, 113, 11])),
];

/// How a name answers.
pub(super) fn mood(name: &str) -> Mood {
    let within = |domain: &str| name == domain || name.strip_suffix(domain).is_some_and(|head| head.ends_with('.'));
    if within("servfail.example") {
        Mood::Code(ResponseCode::ServFail)
    } else if within("refused.example") {
        Mood::Code(ResponseCode::Refused)
    } else if within("silent.example") {
        Mood::Silent
    } else {
        Mood::Answers
    }
}

/// What was found.
pub(super) struct Found {
    /// Owner and data, the chain of aliases first.
    pub(super) records: Vec<(String, RData)>,
    /// Whether the name at the end of the chain exists.
    pub(super) exists: bool,
}

/// Follows aliases (at most eight: a chain that never ends is answered as far as it went).
pub(super) fn look_up(name: &str, kind: RecordType) -> Found {
    let mut name = name.to_owned();
    let mut records = Vec::new();
    for _ in 0..8 {
        let here: Vec<RData> = of_name(&name).filter(|data| data.record_type() == kind).collect();
        if !here.is_empty() {
            records.extend(here.into_iter().map(|data| (name.clone(), data)));
            return Found { records, exists: true };
        }
        let alias = RECORDS.iter().find_map(|(owner, entry)| match entry {
            Cname(target) if *owner == name => Some(*target),
            _ => None,
        });
        let Some(target) = alias else { break };
        if let Some(data) = data(Cname(target)) {
            records.push((name.clone(), data));
        }
        target.clone_into(&mut name);
    }
    // A name exists too where something lies below it (RFC 8020).
    let exists = RECORDS
        .iter()
        .any(|(owner, _)| *owner == name || owner.strip_suffix(name.as_str()).is_some_and(|head| head.ends_with('.')));
    Found { records, exists }
}

fn of_name(name: &str) -> impl Iterator<Item = RData> {
    RECORDS.iter().filter(move |(owner, _)| *owner == name).filter_map(|(_, entry)| data(*entry))
}

fn data(entry: Entry) -> Option<RData> {
    let host = |text: &str| Name::from_ascii(format!("{text}.")).ok();
    Some(match entry {
        Mx(preference, "") => RData::MX(MX::new(preference, Name::root())),
        Mx(preference, target) => RData::MX(MX::new(preference, host(target)?)),
        Txt(text) => RData::TXT(TXT::new(vec![text.to_owned()])),
        // One string holds at most 255 octets (RFC 1035 section 3.3).
        LongTxt(length) => RData::TXT(TXT::new(vec!["practice".repeat(25); length.div_ceil(200)])),
        Cname(target) => RData::CNAME(CNAME(host(target)?)),
        Srv(port, target) => RData::SRV(SRV::new(0, 0, port, host(target)?)),
        Address([a, b, c, d]) => RData::A(A(Ipv4Addr::new(a, b, c, d))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_can_be_written() {
        for (owner, entry) in RECORDS {
            assert!(Name::from_ascii(owner).is_ok() && data(*entry).is_some(), "{owner}");
        }
    }

    #[test]
    fn a_chain_that_never_ends_ends() {
        assert!(!look_up("loop.example", RecordType::MX).records.is_empty());
    }
}
