//! One place, step by step: name, connection (each family, or the proxy), TLS, answer.

use std::net::{IpAddr, SocketAddr};

use inbox_catalogue::{is_known_issuer, needed_host};
use inbox_model::{Facts, Failure, FailureKind, Operation, SkipReason};
use inbox_net::{Certificate, Greeting, ProxyInUse, RecordKind, Way, addresses_over_https, clock_skew, is_local};
use serde_json::Value;
use tokio::time::Instant;

use super::{ANSWER, Bench, CONNECT, GREETING, HANDSHAKE, NAME, NetworkPlace, PLACE, Protocol, ToldTime, list};
use crate::Pending;

/// Looks at a place; gives the time that it told.
pub(super) async fn look_at(place: &NetworkPlace, bench: &Bench<'_>) -> Option<ToldTime> {
    let until = Instant::now() + PLACE;
    if let Some(proxy) = bench.net.ways.proxy_for(&place.host, place.port) {
        // The proxy looks the name up; here it need not even exist.
        let way = through(&proxy, place, bench, until).await.ok()?;
        return secure(place, bench, until, Some(way), Reconnect::Proxy(proxy)).await;
    }
    let addresses = names(place, bench, until).await?;
    let (v4, v6) = tokio::join!(
        family("network-ipv4", place, bench, until, first(&addresses, IpAddr::is_ipv4)),
        family("network-ipv6", place, bench, until, first(&addresses, IpAddr::is_ipv6)),
    );
    let (way, address) = v4.or(v6)?;
    secure(place, bench, until, Some(way), Reconnect::Direct(address)).await
}

fn first(addresses: &[IpAddr], wanted: fn(&IpAddr) -> bool) -> Option<IpAddr> {
    addresses.iter().copied().find(wanted)
}

/// How to come to the place once more.
enum Reconnect {
    Direct(SocketAddr),
    Proxy(ProxyInUse),
}

/// The addresses that programs would use. `None` where there are none or none that may be contacted.
async fn names(place: &NetworkPlace, bench: &Bench<'_>, until: Instant) -> Option<Vec<IpAddr>> {
    let host = place.host.trim_matches(['[', ']']);
    if let Ok(address) = host.parse::<IpAddr>() {
        return Some(vec![address]);
    }
    let net = bench.net;
    let limit = bench.step(NAME, until);
    let system = async {
        if net.ways.own_dns_server() && host != "localhost" {
            let probe = "network-name-system";
            bench.recorder.skip(probe, Operation::ResolveName, host, SkipReason::NotApplicable);
            return None;
        }
        let pending = bench.recorder.begin("network-name-system", Operation::ResolveName, host);
        finish_name(pending, net.dns.system_lookup(host, limit, bench.cancel).await, place, bench)
    };
    let dns = async {
        if !host.contains('.') {
            // A name of this computer or of the local network, which no name server of the internet knows.
            bench.recorder.skip("network-name-dns", Operation::ResolveName, host, SkipReason::NotApplicable);
            return None;
        }
        let pending = bench.recorder.begin("network-name-dns", Operation::ResolveName, host);
        let (v4, v6) = tokio::join!(
            net.dns.lookup(host, RecordKind::A, limit, bench.cancel),
            net.dns.lookup(host, RecordKind::Aaaa, limit, bench.cancel),
        );
        let first = v4.as_ref().err().cloned();
        let all: Vec<IpAddr> = [v4, v6].into_iter().flatten().flat_map(|answer| answer.addresses()).collect();
        let result = match first {
            Some(failure) if all.is_empty() => Err(failure),
            _ => Ok(all),
        };
        finish_name(pending, result, place, bench)
    };
    let https = async {
        let Some(server) = bench.options.dns_over_https.as_ref().filter(|_| host.contains('.')) else { return };
        let pending = bench.recorder.begin("network-name-https", Operation::ResolveName, host);
        let found = addresses_over_https(&net.http, server, host, limit, bench.cancel).await;
        let _ = finish_name(pending, found, place, bench);
    };
    let (system, dns, ()) = tokio::join!(system, dns, https);
    let found = if net.ways.own_dns_server() { system.or(dns) } else { system };
    if found.is_none() {
        let target = place.target();
        for probe in ["network-ipv4", "network-ipv6"] {
            bench.recorder.skip(probe, Operation::Connect, target.clone(), SkipReason::DependencyFailed);
        }
    }
    found
}

/// Records what a name came to. A private address in place of a public host's is a lie, and is not contacted.
fn finish_name(
    pending: Pending,
    result: Result<Vec<IpAddr>, Failure>,
    place: &NetworkPlace,
    bench: &Bench<'_>,
) -> Option<Vec<IpAddr>> {
    match result {
        Ok(addresses) => {
            let local = addresses.iter().any(|address| is_local(*address));
            if local && place.host != "localhost" && !bench.net.ways.may_be_local(&place.host, place.port) {
                let wrong: Vec<String> = addresses.iter().take(4).map(ToString::to_string).collect();
                pending.failed(Failure::of(FailureKind::PrivateAddressRefused).with_detail(wrong.join(", ")));
                return None;
            }
            pending.passed(Facts::from_iter([("addresses".to_owned(), list(&addresses))]));
            Some(addresses)
        }
        Err(failure) => {
            pending.failed(failure);
            None
        }
    }
}

async fn family(
    probe: &'static str,
    place: &NetworkPlace,
    bench: &Bench<'_>,
    until: Instant,
    address: Option<IpAddr>,
) -> Option<(Way, SocketAddr)> {
    let target = place.target();
    // Without an address of this kind, or without a way out over it, nothing is broken.
    let lacks_route = probe == "network-ipv6" && !bench.v6 && address.is_some_and(|address| !address.is_loopback());
    let Some(address) = address.filter(|_| !lacks_route) else {
        bench.recorder.skip(probe, Operation::Connect, target, SkipReason::NotApplicable);
        return None;
    };
    if bench.is_over() {
        bench.recorder.skip(probe, Operation::Connect, target, SkipReason::OutOfTime);
        return None;
    }
    let address = SocketAddr::new(address, place.port);
    let pending = bench.recorder.begin(probe, Operation::Connect, target);
    match bench.net.ways.connect(address, bench.step(CONNECT, until), bench.cancel).await {
        Ok(way) => {
            pending.passed(Facts::from_iter([("address".to_owned(), address.ip().to_string().into())]));
            Some((way, address))
        }
        Err(failure) => {
            pending.failed(failure);
            None
        }
    }
}

async fn through(proxy: &ProxyInUse, place: &NetworkPlace, bench: &Bench<'_>, until: Instant) -> Result<Way, Failure> {
    let pending = bench.recorder.begin("network-proxy", Operation::Proxy, place.target());
    let ways = &bench.net.ways;
    let led = async {
        let way = ways.connect_proxy(proxy, bench.step(CONNECT, until), bench.cancel).await?;
        let limit = bench.step(ANSWER, until);
        ways.through(way, proxy, &place.host, place.port, limit, bench.cancel).await
    };
    match led.await {
        Ok(way) => {
            pending.passed(Facts::from_iter([
                ("proxy".to_owned(), proxy.place().into()),
                ("origin".to_owned(), proxy.origin.word().into()),
                ("signsIn".to_owned(), proxy.signs_in().into()),
            ]));
            Ok(way)
        }
        Err(mut failure) => {
            failure.ids.insert("proxy".to_owned(), proxy.place());
            Err(pending.failed(failure))
        }
    }
}

/// TLS and the answer behind it, where the place has them.
async fn secure(
    place: &NetworkPlace,
    bench: &Bench<'_>,
    until: Instant,
    way: Option<Way>,
    again: Reconnect,
) -> Option<ToldTime> {
    let way = way?;
    let way = match place.protocol {
        Protocol::Plain => return None,
        Protocol::Http => way,
        Protocol::Https | Protocol::Tls => handshake(place, bench, until, way, &again).await?,
    };
    if place.protocol == Protocol::Tls {
        return None;
    }
    let pending = bench.recorder.begin("network-http", Operation::Http, place.target());
    let host = if place.port == 443 { place.host.clone() } else { place.target() };
    match bench.net.ways.ask(way, &host, "/", bench.step(ANSWER, until), bench.cancel).await {
        Ok(reply) => {
            pending.passed(Facts::from_iter([("status".to_owned(), reply.status.into())]));
            let skew = clock_skew(&reply.headers, jiff::Timestamp::now())?.as_secs();
            Some(ToldTime { host: place.host.clone(), skew })
        }
        Err(failure) => {
            pending.failed(failure);
            None
        }
    }
}

async fn handshake(
    place: &NetworkPlace,
    bench: &Bench<'_>,
    until: Instant,
    way: Way,
    again: &Reconnect,
) -> Option<Way> {
    let ways = &bench.net.ways;
    let pending = bench.recorder.begin("network-tls", Operation::HandshakeTls, place.target());
    let shaken = ways.handshake(way, &place.host, bench.step(HANDSHAKE, until), bench.cancel).await;
    if let Some(certificate) = shaken.chain.first() {
        let pending = bench.recorder.begin("network-certificate", Operation::HandshakeTls, place.target());
        pending.passed(shown(certificate, &shaken.chain, place));
    }
    match shaken.outcome {
        Ok(way) => {
            let mut facts = Facts::new();
            if let Some(version) = shaken.version {
                facts.insert("version".to_owned(), version.into());
            }
            pending.passed(facts);
            Some(way)
        }
        Err(failure) => {
            let kind = pending.failed(failure).kind;
            let unclear =
                matches!(kind, FailureKind::TlsProtocol | FailureKind::ConnectionReset | FailureKind::TooSlow);
            if unclear && shaken.chain.is_empty() {
                greet(place, bench, until, again).await;
            }
            None
        }
    }
}

/// Asks once more in an old version: what speaks only that, and whether a small answer comes at all.
async fn greet(place: &NetworkPlace, bench: &Bench<'_>, until: Instant, again: &Reconnect) {
    let ways = &bench.net.ways;
    let limit = bench.step(GREETING, until);
    let way = match again {
        Reconnect::Direct(address) => ways.connect(*address, limit, bench.cancel).await,
        Reconnect::Proxy(proxy) => match ways.connect_proxy(proxy, limit, bench.cancel).await {
            Ok(way) => ways.through(way, proxy, &place.host, place.port, limit, bench.cancel).await,
            Err(failure) => Err(failure),
        },
    };
    let pending = bench.recorder.begin("network-greeting", Operation::HandshakeTls, place.target());
    let answer = match way {
        Ok(way) => ways.greet(way, &place.host, bench.step(GREETING, until), bench.cancel).await,
        Err(failure) => Err(failure),
    };
    match answer {
        Ok(greeting) => {
            let mut facts = Facts::new();
            let word = match greeting {
                Greeting::Speaks(version) => {
                    facts.insert("version".to_owned(), version.into());
                    "speaks"
                }
                Greeting::Refuses => "refuses",
                Greeting::NoTls => "no-tls",
            };
            facts.insert("answer".to_owned(), word.into());
            pending.passed(facts);
        }
        Err(failure) => {
            pending.failed(failure);
        }
    }
}

/// What a certificate says, as facts.
fn shown(certificate: &Certificate, chain: &[Certificate], place: &NetworkPlace) -> Facts {
    let mut facts = Facts::new();
    let mut set = |name: &str, value: Value| {
        facts.insert(name.to_owned(), value);
    };
    set("issuer", certificate.issuer().into());
    if let Some(organisation) = &certificate.issuer_organisation {
        set("issuerOrganisation", organisation.clone().into());
    }
    if let Some(subject) = &certificate.subject_name {
        set("subject", subject.clone().into());
    }
    set("notBefore", certificate.not_before.to_string().into());
    set("notAfter", certificate.not_after.to_string().into());
    // An issuer signed weakly is as weak as the certificate; the root's own signature counts for nothing.
    let weak = chain.iter().filter(|one| !one.self_issued || chain.len() == 1).find_map(|one| one.weak_signature);
    if let Some(weak) = weak {
        set("weakSignature", weak.into());
    }
    if let Some(row) = needed_host(&place.host, place.port) {
        let organisation = certificate.issuer_organisation.as_deref().unwrap_or_default();
        if let Some(known) = is_known_issuer(&row.operator, organisation) {
            set("issuerKnown", known.into());
        }
    }
    facts
}
