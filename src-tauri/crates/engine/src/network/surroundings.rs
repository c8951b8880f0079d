//! What surrounds all places: ways out, sign-in pages of the network, proxies of the desktop, the clock.

use std::{net::IpAddr, net::SocketAddr};

use inbox_model::{Facts, Failure, FailureKind, Operation, SkipReason};
use inbox_net::{DesktopProxy, Net, Reply, clock_skew, read_desktop};
use tokio::time::Instant;

use super::{ANSWER, Bench, CONNECT, NAME, ToldTime};
use crate::Recorder;

/// A clock further off than this breaks sign-ins: tokens are not valid yet, or not any more.
pub(crate) const CLOCK_TOLERANCE: i64 = 300;
/// The probe of Windows, and the text that it must answer with
/// (<https://learn.microsoft.com/troubleshoot/windows-client/networking/internet-explorer-edge-open-connect-corporate-public-network>).
pub(crate) const PORTAL_PROBE: &str = "http://www.msftconnecttest.com/connecttest.txt";
const PORTAL_ANSWER: &[u8] = b"Microsoft Connect Test";

/// Whether there is a way out, by family. Gives whether there is one over IPv6.
pub(super) async fn routes(net: &Net, recorder: &Recorder) -> bool {
    let mut v6 = false;
    for (family, is_v6) in [("ipv4", false), ("ipv6", true)] {
        let pending = recorder.begin("network-route", Operation::Connect, family);
        match net.ways.route(is_v6).await {
            Ok(address) => {
                v6 |= is_v6 && !is_link_local(address);
                let fact = ("linkLocal".to_owned(), is_link_local(address).into());
                pending.passed(Facts::from_iter([fact]));
            }
            Err(failure) => {
                pending.failed(failure);
            }
        }
    }
    v6
}

/// RFC 3927, RFC 4291 section 2.5.6: the computer gave the address itself.
fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

/// Asks for a text over plain HTTP and looks whether a page of the network comes in its place. Here a private address is
/// contacted too: that is how such pages are put in, and nothing but the question for the text is sent.
pub(super) async fn portal(bench: &Bench<'_>) -> Option<ToldTime> {
    let probe = bench.options.portal.as_ref()?;
    let host = probe.host_str()?.trim_matches(['[', ']']).to_owned();
    let port = probe.port_or_known_default().unwrap_or(80);
    if bench.net.ways.proxy_for(&host, port).is_some() {
        bench.recorder.skip("network-portal", Operation::Http, host, SkipReason::NotApplicable);
        return None;
    }
    let pending = bench.recorder.begin("network-portal", Operation::Http, host.clone());
    match ask(probe, &host, port, bench).await {
        Ok(reply) => {
            let told = clock_skew(&reply.headers, jiff::Timestamp::now());
            let told = told.map(|skew| ToldTime { host: host.clone(), skew: skew.as_secs() });
            match judge(&reply, probe.as_str() == PORTAL_PROBE) {
                None => pending.passed(Facts::from_iter([("status".to_owned(), reply.status.into())])),
                Some(mut failure) => {
                    failure.status = Some(reply.status);
                    pending.failed(failure);
                }
            }
            told
        }
        Err(failure) => {
            pending.failed(failure);
            None
        }
    }
}

async fn ask(probe: &url::Url, host: &str, port: u16, bench: &Bench<'_>) -> Result<Reply, Failure> {
    let net = bench.net;
    let until = Instant::now() + NAME + CONNECT + ANSWER;
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) if net.ways.own_dns_server() => {
            let limit = bench.step(NAME, until);
            net.dns.lookup(host, inbox_net::RecordKind::A, limit, bench.cancel).await?.addresses()
        }
        Err(_) => net.dns.system_lookup(host, bench.step(NAME, until), bench.cancel).await?,
    };
    let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    let address = address.copied().ok_or_else(|| Failure::of(FailureKind::DnsNotFound))?;
    let address = SocketAddr::new(address, port);
    let way = net.ways.connect(address, bench.step(CONNECT, until), bench.cancel).await?;
    let shown = if port == 80 { host.to_owned() } else { format!("{host}:{port}") };
    net.ways.ask(way, &shown, probe.path(), bench.step(ANSWER, until), bench.cancel).await
}

/// `None` where the right text came, or nothing (204). What else comes: a page of the network, or an answer that says nothing.
fn judge(reply: &Reply, is_windows_probe: bool) -> Option<Failure> {
    let portal =
        |detail: Option<String>| Some(Failure::of(FailureKind::CaptivePortal).with_detail(detail.unwrap_or_default()));
    let start = reply.body.trim_ascii_start();
    let is_page = reply
        .headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
        || start.first() == Some(&b'<');
    match reply.status {
        204 => None,
        // RFC 6585 section 6.
        511 => portal(reply.redirect_host()),
        300..400 => portal(reply.redirect_host()),
        200 if is_windows_probe => (!start.starts_with(PORTAL_ANSWER)).then(|| portal(None)).flatten(),
        200 => is_page.then(|| portal(None)).flatten(),
        _ if is_page && reply.status < 500 => portal(None),
        _ => Some(Failure::of(FailureKind::HttpStatus)),
    }
}

/// What the desktop says about proxies, where none is in use.
pub(super) async fn desktop_proxy(bench: &Bench<'_>) {
    if bench.cancel.is_cancelled() {
        return;
    }
    let found = tokio::select! {
        biased;
        () = bench.cancel.cancelled() => None,
        found = read_desktop(bench.step(CONNECT, bench.until)) => found,
    };
    let Some(found) = found else { return };
    let pending = bench.recorder.begin("network-desktop-proxy", Operation::Proxy, found.value());
    pending.passed(Facts::from_iter([("mode".to_owned(), DesktopProxy::word(&found).into())]));
}

/// The clock against the hosts' own: the middle value, so that one odd host decides nothing.
pub(super) fn clock(mut told: Vec<ToldTime>, recorder: &Recorder) {
    told.sort_by_key(|one| one.skew);
    let Some(middle) = told.get(told.len() / 2) else { return };
    let pending = recorder.begin("clock", Operation::Clock, middle.host.clone());
    if middle.skew.abs() > CLOCK_TOLERANCE {
        pending.failed(Failure::of(FailureKind::ClockSkew).with_detail(middle.skew.to_string()));
    } else {
        pending.passed(Facts::from_iter([
            ("skewSeconds".to_owned(), middle.skew.into()),
            ("hosts".to_owned(), told.len().into()),
        ]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, kind: &str, location: &str, body: &str) -> Reply {
        let mut headers = http::HeaderMap::new();
        if !kind.is_empty() {
            headers.insert(http::header::CONTENT_TYPE, kind.parse().unwrap());
        }
        if !location.is_empty() {
            headers.insert(http::header::LOCATION, location.parse().unwrap());
        }
        Reply { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn only_a_page_in_place_of_the_text_is_a_sign_in_page() {
        let kind = |reply: Reply, windows| judge(&reply, windows).map(|failure| (failure.kind, failure.detail));
        assert_eq!(kind(reply(200, "text/plain", "", "Microsoft Connect Test"), true), None);
        assert_eq!(kind(reply(204, "", "", ""), false), None);
        let portal = |detail: &str| Some((FailureKind::CaptivePortal, detail.to_owned()));
        assert_eq!(kind(reply(302, "", "http://portal.hotel.example/", ""), true), portal("portal.hotel.example"));
        assert_eq!(kind(reply(200, "text/html; charset=utf-8", "", "<html>"), false), portal(""));
        assert_eq!(kind(reply(200, "text/plain", "", "Welcome"), true), portal(""));
        assert_eq!(kind(reply(511, "text/html", "", "<html>"), false), portal(""));
        assert_eq!(kind(reply(403, "text/html", "", "<h1>blocked</h1>"), false), portal(""));
        assert_eq!(kind(reply(503, "text/html", "", "<h1>down</h1>"), false).unwrap().0, FailureKind::HttpStatus);
    }

    #[test]
    fn one_odd_clock_decides_nothing() {
        let recorder = Recorder::default();
        let told = [2, -3_600, 1].map(|skew| ToldTime { host: format!("h{skew}.example"), skew });
        clock(told.to_vec(), &recorder);
        let all = recorder.observations();
        assert!(matches!(&all[0].outcome, inbox_model::Outcome::Passed { facts } if facts["skewSeconds"] == 1));
        let recorder = Recorder::default();
        clock([900, 901].map(|skew| ToldTime { host: "h.example".to_owned(), skew }).to_vec(), &recorder);
        assert!(matches!(&recorder.observations()[0].outcome,
            inbox_model::Outcome::Failed { failure } if failure.kind == FailureKind::ClockSkew));
    }
}
