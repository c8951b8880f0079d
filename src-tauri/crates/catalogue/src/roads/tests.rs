//! The advice by host, by answers and by day.

use inbox_model::{
    Cloud, Confidence, Domain, Evidence, EvidenceKind, Facts, Failure, FailureKind, MailReception, Operation,
};
use jiff::civil::{Date, date};
use serde_json::json;

use super::*;

const DAY: Date = date(2026, 11, 24);

fn discovery(provider: Provider, exchange: &str) -> Discovery {
    Discovery {
        domain: Domain::parse("contoso.example").unwrap(),
        decided_by: None,
        provider,
        confidence: Confidence::Certain,
        gateway: None,
        forwarder: None,
        reception: MailReception::Mx,
        tenant: None,
        autodiscover: Autodiscover::NotChecked,
        evidence: vec![Evidence {
            kind: EvidenceKind::Mx,
            asked: "contoso.example".to_owned(),
            answer: format!("10 {exchange}"),
            points_to: None,
            weight: 90,
        }],
    }
}

fn other(host: &str) -> Provider {
    Provider::Other { host: host.to_owned(), name: host.to_owned() }
}

fn seen(probe: &str, outcome: Outcome) -> Observation {
    Observation {
        id: format!("o-{probe}"),
        probe: probe.to_owned(),
        operation: Operation::Http,
        target: String::new(),
        started: String::new(),
        took_ms: 0,
        outcome,
        said: Vec::new(),
    }
}

fn passed(probe: &str, facts: Value) -> Observation {
    let facts: Facts = serde_json::from_value(facts).unwrap();
    seen(probe, Outcome::Passed { facts })
}

fn server(probe: &str, host: &str, port: u16, source: &str) -> Observation {
    passed(probe, json!({"host": host, "port": port, "security": "tls", "source": source, "user": "address"}))
}

fn ask(observations: &[Observation], discovery: &Discovery, today: Date, language: Language) -> Vec<Road> {
    let address = EmailAddress::parse("ana@contoso.example").unwrap();
    let app = crate::builtin_app("hubspot").unwrap();
    roads(observations, &RoadContext { app, address: Some(&address), discovery, today, language })
}

fn standing(roads: &[Road]) -> Vec<(RoadKind, RoadStanding)> {
    roads.iter().map(|road| (road.kind, road.standing)).collect()
}

fn ids(road: &Road) -> Vec<&str> {
    road.remarks.iter().map(|remark| remark.id.as_str()).collect()
}

fn road(roads: &[Road], kind: RoadKind) -> &Road {
    roads.iter().find(|road| road.kind == kind).unwrap()
}

#[test]
fn exchange_online_is_never_sent_to_web_services_or_passwords() {
    let found = discovery(Provider::Microsoft365 { cloud: Cloud::Worldwide }, "x.mail.protection.outlook.com");
    for day in [DAY, date(2027, 1, 2), date(2027, 5, 1)] {
        let roads = ask(&[], &found, day, Language::En);
        assert_eq!(
            standing(&roads),
            [
                (RoadKind::Microsoft, RoadStanding::Take),
                (RoadKind::Exchange, RoadStanding::Closed),
                (RoadKind::Imap, RoadStanding::Closed)
            ]
        );
        assert!(roads[1].values.is_empty() && roads[2].values.is_empty(), "nothing to copy for a closed road");
    }
    let before = ask(&[], &found, DAY, Language::En);
    assert!(ids(road(&before, RoadKind::Imap)).contains(&"microsoft-smtp-until-2026-12"));
    assert_eq!(ids(road(&before, RoadKind::Exchange)), ["microsoft-ews-ends-2027-04"]);
    let after = ask(&[], &found, date(2027, 4, 1), Language::En);
    assert!(ids(road(&after, RoadKind::Imap)).contains(&"microsoft-smtp-off"));
    assert_eq!(ids(road(&after, RoadKind::Exchange)), ["microsoft-ews-gone"]);
}

#[test]
fn google_has_its_button_and_an_app_password_behind_it() {
    let roads = ask(&[], &discovery(Provider::GoogleWorkspace, "aspmx.l.google.com"), DAY, Language::En);
    assert_eq!(standing(&roads), [(RoadKind::Google, RoadStanding::Take), (RoadKind::Imap, RoadStanding::Possible)]);
    let values: Vec<&str> = roads[1].values.iter().map(|value| value.value.as_str()).collect();
    assert!(values.contains(&"imap.gmail.com") && values.contains(&"465"), "{values:?}");
    assert_eq!(ids(&roads[1])[0], "google-oauth-or-app-password");
}

#[test]
fn another_host_gets_the_values_that_answered() {
    let found = discovery(other("fastmail"), "in1-smtp.messagingengine.com");
    let answers = [
        server("imap-server", "mail.guess.example", 993, "guess"),
        server("imap-server", "imap.fastmail.com", 993, "table"),
        server("smtp-server", "smtp.fastmail.com", 465, "table"),
        passed("servers-caldav", json!({"url": "https://caldav.contoso.example/dav/"})),
    ];
    let roads = ask(&answers, &found, DAY, Language::En);
    assert_eq!(standing(&roads), [(RoadKind::Imap, RoadStanding::Take), (RoadKind::Caldav, RoadStanding::Possible)]);
    let values: Vec<(&str, &str)> =
        roads[0].values.iter().map(|value| (value.name.as_str(), value.value.as_str())).collect();
    assert_eq!(
        values,
        [
            ("imap-host", "imap.fastmail.com"),
            ("imap-port", "993"),
            ("imap-security", "SSL/TLS"),
            ("smtp-host", "smtp.fastmail.com"),
            ("smtp-port", "465"),
            ("smtp-security", "SSL/TLS"),
            ("user-name", "ana@contoso.example"),
        ]
    );
    assert_eq!(ids(&roads[0]), ["app-password"]);
    assert!(roads[0].remarks[0].verified && roads[0].remarks[0].source.starts_with("https://"));
    // Published, and not asked or not answering: possible, and said so.
    let unasked = ask(&[], &found, DAY, Language::Ja);
    assert_eq!(standing(&unasked), [(RoadKind::Imap, RoadStanding::Possible)]);
    assert!(ids(&unasked[0]).contains(&"did-not-answer"));
    // Nothing is known at all.
    let nothing = ask(&[], &discovery(other("own-server"), "mx.contoso.example"), DAY, Language::En);
    assert_eq!(standing(&nothing), [(RoadKind::Imap, RoadStanding::NotChecked)]);
    assert!(nothing[0].values.is_empty());
}

#[test]
fn an_exchange_server_of_ones_own_is_taken_by_what_it_offers() {
    let found = discovery(other("own-server"), "mail.contoso.example");
    let with = |schemes: &[&str]| {
        let url = "https://mail.contoso.example/EWS/Exchange.asmx";
        let answers = [
            passed("ews-offer", json!({"url": url, "schemes": schemes})),
            server("imap-server", "mail.contoso.example", 993, "srv"),
            server("smtp-server", "mail.contoso.example", 465, "srv"),
        ];
        ask(&answers, &found, DAY, Language::En)
    };
    let (exchange, imap) = (RoadKind::Exchange, RoadKind::Imap);
    let basic = with(&["Basic", "NTLM"]);
    assert_eq!(standing(&basic), [(exchange, RoadStanding::Take), (imap, RoadStanding::Possible)]);
    assert_eq!(basic[0].values[0].value, "https://mail.contoso.example/EWS/Exchange.asmx");
    assert!(basic[0].remarks[0].text.contains("Basic, NTLM"));
    assert_eq!(standing(&with(&["Bearer"])), [(imap, RoadStanding::Take), (exchange, RoadStanding::Possible)]);
    let windows = with(&["NTLM", "Negotiate"]);
    assert_eq!(standing(&windows), [(imap, RoadStanding::Take), (exchange, RoadStanding::Closed)]);
    assert!(windows[1].values.is_empty());
}

#[test]
fn a_hybrid_organisation_is_told_of_its_own_server() {
    let mut found = discovery(Provider::Microsoft365 { cloud: Cloud::Worldwide }, "x.mail.protection.outlook.com");
    found.autodiscover = Autodiscover::Elsewhere { host: "autodiscover.contoso.example".to_owned() };
    let offer =
        passed("ews-offer", json!({"url": "https://mail.contoso.example/EWS/Exchange.asmx", "schemes": ["Basic"]}));
    let refused = seen("graph-inbox", Outcome::Failed { failure: Failure::of(FailureKind::ProviderRefused) });
    let roads = ask(&[offer.clone(), refused], &found, DAY, Language::En);
    assert_eq!((roads[0].kind, roads[0].standing), (RoadKind::Exchange, RoadStanding::Take));
    assert_eq!((roads[1].kind, roads[1].standing), (RoadKind::Microsoft, RoadStanding::Possible));
    // As long as the cloud answers, its road is the one to take.
    let roads = ask(&[offer, passed("graph-inbox", json!({}))], &found, DAY, Language::En);
    assert_eq!((roads[0].kind, roads[0].standing), (RoadKind::Microsoft, RoadStanding::Take));
}

#[test]
fn every_road_has_words_in_both_languages() {
    let hosts: Vec<Provider> = crate::servers::remark_hosts().into_iter().map(|host| other(&host)).collect();
    let big = [Provider::OutlookCom, Provider::Gmail, Provider::Microsoft365 { cloud: Cloud::China }];
    for provider in hosts.into_iter().chain(big) {
        for language in Language::ALL {
            for road in ask(&[], &discovery(provider.clone(), "mx.contoso.example"), DAY, *language) {
                let texts = [&road.title].into_iter().chain(road.remarks.iter().map(|remark| &remark.text));
                for text in texts.chain(road.values.iter().map(|value| &value.label)) {
                    assert!(!text.contains("road.") && !text.contains('{'), "{provider:?}: {text}");
                }
            }
        }
    }
    let none = ask(&[], &discovery(Provider::None, "."), DAY, Language::En);
    assert!(none.is_empty());
}
