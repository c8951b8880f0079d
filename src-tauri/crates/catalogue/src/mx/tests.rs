use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn every_row_of_both_files_is_read() {
    for (file, rows, cells) in [
        (include_str!("../../data/mx.tsv"), mx_rows().len(), 7),
        (include_str!("../../data/mail-targets.tsv"), target_rows().len(), 5),
    ] {
        let lines: Vec<&str> = file.lines().skip(1).collect();
        assert_eq!(lines.len(), rows);
        for line in &lines {
            assert_eq!(line.split('\t').count(), cells, "{line}");
            let checked = line.rsplit('\t').next().unwrap();
            assert!(checked == "unverified" || checked.parse::<jiff::civil::Date>().is_ok(), "{line}");
        }
        let distinct: BTreeSet<&str> = lines.iter().copied().collect();
        assert_eq!(distinct.len(), lines.len());
    }
}

#[test]
fn a_host_has_one_name_and_one_class() {
    let mut known: BTreeMap<&str, &MxEntry> = BTreeMap::new();
    for row in mx_rows() {
        let first = known.entry(&row.entry.host).or_insert(&row.entry);
        assert_eq!((&first.name, &first.name_ja, first.class), (&row.entry.name, &row.entry.name_ja, row.entry.class));
    }
}

#[test]
fn every_target_names_a_host_of_the_table() {
    for row in target_rows() {
        assert!(host_entry(&row.host).is_some(), "{}", row.host);
    }
}

#[test]
fn exchangers_are_told_apart() {
    use MxClass::{Forwarder, Gateway, Host, Hosting};
    let cases = [
        ("contoso-com.mail.protection.outlook.com.", "microsoft-365", Host),
        ("CONTOSO-COM.MAIL.PROTECTION.OUTLOOK.COM", "microsoft-365", Host),
        ("contoso-com.p-v1.mx.microsoft", "microsoft-365", Host),
        ("outlook-com.olc.protection.outlook.com", "outlook-com", Host),
        ("aspmx.l.google.com", "google-workspace", Host),
        ("alt4.aspmx.l.google.com", "google-workspace", Host),
        ("aspmx3.googlemail.com", "google-workspace", Host),
        ("smtp.google.com", "google-workspace", Host),
        ("gmail-smtp-in.l.google.com", "gmail", Host),
        ("alt1.gmail-smtp-in.l.google.com", "gmail", Host),
        ("mxa-00123401.gslb.pphosted.com", "proofpoint", Gateway),
        ("eu-smtp-inbound-1.mimecast.com", "mimecast", Gateway),
        ("d12345a.ess.barracudanetworks.com", "barracuda", Gateway),
        ("mx1.hc1234-5.iphmx.com", "cisco-secure-email", Gateway),
        ("contoso.in.tmes.trendmicro.com", "trend-micro", Gateway),
        ("route1.mx.cloudflare.net", "cloudflare-email-routing", Forwarder),
        ("inbound-smtp.us-east-1.amazonaws.com", "amazon-ses", Forwarder),
        ("mx01.mail.icloud.com", "icloud", Host),
        ("mailstore1.europe.secureserver.net", "godaddy", Hosting),
        ("mx00.ionos.co.uk", "ionos", Host),
        ("mx01.lolipop.jp", "lolipop", Hosting),
        ("sv1234.xserver.jp", "xserver", Hosting),
        ("example.sakura.ne.jp", "sakura", Hosting),
        ("kr1-aspmx1.worksmobile.com", "line-works", Host),
        ("bgmgate1.biglobe.ne.jp", "biglobe", Host),
        ("mx.securemx.jp", "iij-secure-mx", Gateway),
        ("mx3.mail.yahoo.co.jp", "yahoo-japan", Host),
    ];
    for (name, host, class) in cases {
        assert_eq!(match_mx(name).map(|entry| (entry.host.as_str(), entry.class)), Some((host, class)), "{name}");
    }
}

#[test]
fn look_alikes_and_own_servers_match_nothing() {
    for name in [
        "mail.contoso.example",
        "protection.outlook.com.evil.example",
        "xaspmx.l.google.com",
        "notsmtp.google.com",
        "pphosted.com.example",
        "",
        ".",
        "ｍｘ.example",
    ] {
        assert_eq!(match_mx(name), None, "{name}");
    }
}

#[test]
fn other_records_name_the_host_behind_a_gateway() {
    let cases = [
        (TargetKind::Spf, "spf.protection.outlook.com", "microsoft-365"),
        (TargetKind::Spf, "_spf.google.com.", "google-workspace"),
        (TargetKind::Spf, "_spf.heteml.jp", "heteml"),
        (TargetKind::Dkim, "selector1-contoso-com._domainkey.contoso.onmicrosoft.com", "microsoft-365"),
        (TargetKind::Autodiscover, "autodiscover.outlook.com", "microsoft-365"),
    ];
    for (kind, name, host) in cases {
        assert_eq!(match_target(kind, name).map(|entry| entry.host.as_str()), Some(host), "{name}");
    }
    assert_eq!(match_target(TargetKind::Dkim, "spf.protection.outlook.com"), None);
    assert_eq!(match_target(TargetKind::Spf, "servers.mcsv.net"), None);
}

#[test]
fn hosts_have_a_name_in_both_languages() {
    assert_eq!(host_name("sakura", Language::En), Some("Sakura Internet"));
    assert_eq!(host_name("sakura", Language::Ja), Some("さくらインターネット"));
    assert_eq!(host_name("nowhere", Language::Ja), None);
}
