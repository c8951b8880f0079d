//! Autodiscover of a domain's own server, in all its forms (JSON, POX, SOAP, HTTP redirect, SRV), without credentials.
//!
//! In 2021 programs that climbed from `autodiscover.contoso.com` to `autodiscover.com` gave passwords to strangers
//! (<https://www.akamai.com/blog/security-research/autodiscovering-the-great-leak>). Here nothing above the registrable domain is
//! asked, no credential is sent, and a redirect or record that leads elsewhere is shown and not followed.

pub mod pox;
pub mod soap;
#[cfg(test)]
pub(crate) mod tests;

use std::time::Duration;

use http::{HeaderValue, Method, header};
use inbox_model::{Domain, EmailAddress, Facts, Failure, FailureKind, MailServer, Operation};
use inbox_net::{DnsRecord, Expected, Limits, Place, RecordKind, Request, Response, line::shown};
use serde_json::json;
use tokio::time::Instant;
use url::Url;

use super::is_inside;
use crate::{
    discovery::ask::{Asker, fail, record_text},
    probe::exchange::challenges,
};

/// Largest answer. Real ones have some kilobytes.
const MAX_ANSWER: usize = 128 * 1024;
/// The most lines of a head that are read for its redirect.
const MAX_HEAD: usize = 64;
/// Time for the question over plain HTTP.
const PLAIN_LIMIT: Duration = Duration::from_secs(4);

/// What Autodiscover told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Told {
    /// Servers for IMAP, SMTP, POP3.
    pub(crate) servers: Vec<MailServer>,
    /// Addresses of Exchange Web Services inside the domain, the best first.
    pub(crate) ews: Vec<Url>,
    /// Hosts that want a sign-in for Autodiscover, as an Exchange server does.
    pub(crate) guarded: Vec<String>,
}

/// Asks a domain's own hosts in all forms side by side.
pub(crate) async fn ask(domain: &Domain, address: Option<&EmailAddress>, asker: Asker<'_>) -> Told {
    let name = domain.as_ascii();
    let (own, bare) = (format!("autodiscover.{name}"), name.to_owned());
    let (told, other, (), record) = tokio::join!(
        at_host(&own, address, domain, asker),
        at_host(&bare, address, domain, asker),
        plain_redirect(&own, 80, domain, asker),
        by_record(domain, asker),
    );
    let mut all = told;
    all.add(other);
    if let Some(host) = record.filter(|host| *host != own && *host != bare) {
        all.add(at_host(&host, address, domain, asker).await);
    }
    all
}

impl Told {
    fn add(&mut self, other: Told) {
        self.servers.extend(other.servers);
        self.ews.extend(other.ews.into_iter().filter(|url| !self.ews.contains(url)).collect::<Vec<_>>());
        self.guarded.extend(other.guarded);
    }
}

async fn at_host(host: &str, address: Option<&EmailAddress>, domain: &Domain, asker: Asker<'_>) -> Told {
    match Url::parse(&format!("https://{host}")) {
        Ok(base) => at(&base, address, domain, asker).await,
        Err(_) => Told::default(),
    }
}

/// All forms at one base address.
pub(super) async fn at(base: &Url, address: Option<&EmailAddress>, domain: &Domain, asker: Asker<'_>) -> Told {
    let address = address.map(ToString::to_string);
    let (json, plain, soap) = tokio::join!(
        by_json(base, address.as_deref(), domain, asker),
        by_pox(base, address.as_deref(), domain, asker),
        by_soap(base, address.as_deref(), domain, asker),
    );
    let mut all = json;
    all.add(plain);
    all.add(soap);
    all
}

fn request(base: &Url, path: &str, body: Option<String>, kind: &'static str) -> Request {
    let mut url = base.clone();
    url.set_path(path);
    let mut request = Request::get(url);
    request.expected = Expected::Anything;
    request.body_limit = MAX_ANSWER;
    request.public_only = true;
    if let Some(body) = body {
        request.method = Method::POST;
        request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        request.body = Some(body.into_bytes());
    }
    request
}

/// Version 2: the place of one protocol as JSON, without a sign-in. Its form is known from what Microsoft's own scripts ask
/// (<https://github.com/microsoft/CSS-Exchange>, `Test-HMAEAS`); there is no reference page.
async fn by_json(base: &Url, address: Option<&str>, domain: &Domain, asker: Asker<'_>) -> Told {
    let mut told = Told::default();
    let Some(address) = address else { return told };
    let mut question = request(base, "/autodiscover/autodiscover.json", None, "");
    question.url.query_pairs_mut().append_pair("Email", address).append_pair("Protocol", "EWS");
    let Ok((pending, response)) = asker.http("servers-autodiscover-json", question).await else { return told };
    if let Some(failure) = redirected(&response) {
        fail(pending, failure);
        return told;
    }
    let mut facts = Facts::from_iter([("status".to_owned(), json!(response.status))]);
    let place = response.json().filter(|_| response.status == 200);
    let place = place.as_ref().and_then(|body| body.get("Url")).and_then(serde_json::Value::as_str);
    if let Some(text) = place {
        told.ews.extend(ews_inside(text, domain, &mut facts));
    }
    pending.passed(facts);
    told
}

async fn by_pox(base: &Url, address: Option<&str>, domain: &Domain, asker: Asker<'_>) -> Told {
    let mut told = Told::default();
    let question =
        request(base, "/autodiscover/autodiscover.xml", address.map(pox::question), "text/xml; charset=utf-8");
    let Some((pending, response, mut facts)) = answered("servers-autodiscover-pox", question, &mut told, asker).await
    else {
        return told;
    };
    let evidence = response.1;
    match pox::parse(&response.0, &evidence) {
        Ok(answer) => {
            for url in &answer.ews {
                told.ews.extend(ews_inside(url, domain, &mut facts));
            }
            let listed: Vec<String> =
                answer.servers.iter().map(|server| format!("{}:{}", server.host, server.port)).collect();
            facts.insert("servers".to_owned(), json!(listed));
            notes(&mut facts, answer.redirect.as_deref(), answer.error.as_deref());
            told.servers = answer.servers;
            pending.passed(facts);
        }
        Err(error) => {
            pending.failed(Failure::of(FailureKind::BodyMalformed).with_detail(error.to_string()));
        }
    }
    told
}

async fn by_soap(base: &Url, address: Option<&str>, domain: &Domain, asker: Asker<'_>) -> Told {
    let mut told = Told::default();
    let Some(address) = address else { return told };
    let mut place = base.clone();
    place.set_path("/autodiscover/autodiscover.svc");
    let body = soap::question(address, place.as_str());
    let question = request(base, "/autodiscover/autodiscover.svc", Some(body), "text/xml; charset=utf-8");
    let Some((pending, response, mut facts)) = answered("servers-autodiscover-soap", question, &mut told, asker).await
    else {
        return told;
    };
    match soap::parse(&response.0) {
        Ok(answer) => {
            for url in &answer.ews {
                told.ews.extend(ews_inside(url, domain, &mut facts));
            }
            notes(&mut facts, answer.redirect.as_deref(), answer.error.as_deref());
            pending.passed(facts);
        }
        Err(error) => {
            pending.failed(Failure::of(FailureKind::BodyMalformed).with_detail(error.to_string()));
        }
    }
    told
}

/// A 200 with a text, its address, and the facts so far; everything else is recorded here.
async fn answered(
    probe: &'static str,
    question: Request,
    told: &mut Told,
    asker: Asker<'_>,
) -> Option<(crate::observe::Pending, (String, String), Facts)> {
    let (host, evidence) = (
        question.url.host_str().unwrap_or_default().to_owned(),
        format!("{}{}", question.url.origin().ascii_serialization(), question.url.path()),
    );
    let (pending, response) = asker.http(probe, question).await.ok()?;
    if let Some(failure) = redirected(&response) {
        fail(pending, failure);
        return None;
    }
    let mut facts = Facts::from_iter([("status".to_owned(), json!(response.status))]);
    let schemes = challenges(&response.headers).schemes;
    if response.status == 401 && !schemes.is_empty() {
        facts.insert("schemes".to_owned(), json!(schemes));
        told.guarded.push(host);
    }
    if response.status != 200 {
        // No such service there, or one that wants a sign-in: no fault, and no credential is sent.
        pending.passed(facts);
        return None;
    }
    Some((pending, (String::from_utf8_lossy(&response.body).into_owned(), evidence), facts))
}

/// A redirect is shown and not followed, also one inside the domain: it may be another door of the same house, or a trap.
fn redirected(response: &Response) -> Option<Failure> {
    if !(300..400).contains(&response.status) {
        return None;
    }
    let host = response.redirect_host().unwrap_or_else(|| "the same host".to_owned());
    let mut failure = Failure::of(FailureKind::RedirectRefused).with_detail(shown(&host));
    failure.status = Some(response.status);
    Some(failure)
}

/// An address of Exchange Web Services counts only with HTTPS and inside the domain; any is noted.
fn ews_inside(text: &str, domain: &Domain, facts: &mut Facts) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| url.username().is_empty() && url.password().is_none())?;
    let host = url.host_str()?.to_owned();
    facts.insert("ews".to_owned(), json!(shown(&host)));
    let fits = url.scheme() == "https" && is_inside(&host, domain);
    if !fits {
        facts.insert("ewsOutside".to_owned(), json!(true));
    }
    fits.then_some(url)
}

fn notes(facts: &mut Facts, redirect: Option<&str>, error: Option<&str>) {
    for (name, text) in [("redirect", redirect), ("error", error)] {
        if let Some(text) = text {
            facts.insert(name.to_owned(), json!(shown(text)));
        }
    }
}

/// The unencrypted question whose only good answer is a redirect
/// (<https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-generate-a-list-of-autodiscover-endpoints>).
/// Anybody on the way can write that answer, so it is shown and nothing more. Neither address nor credential is in the question.
pub(super) async fn plain_redirect(host: &str, port: u16, domain: &Domain, asker: Asker<'_>) {
    let pending = asker.recorder.begin("servers-autodiscover-redirect", Operation::Http, host);
    let left = asker.until.saturating_duration_since(Instant::now()).min(PLAIN_LIMIT);
    let limits = Limits { command: left, whole: left };
    let place = Place { host: host.to_owned(), port, implicit_tls: false, public_only: true };
    let asked = async {
        let mut dialogue = asker.net.lines.open(&place, limits, asker.cancel).await?;
        let transcript = dialogue.transcript();
        for line in ["GET /autodiscover/autodiscover.xml HTTP/1.1", &format!("Host: {host}"), "Connection: close", ""] {
            dialogue.send(line).await?;
        }
        let mut location = None;
        for _ in 0..MAX_HEAD {
            let line = dialogue.line().await?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("location")
            {
                location = Some(value.trim().to_owned());
            }
        }
        let status = transcript.lines().into_iter().find_map(|line| line.strip_prefix("S: HTTP/").map(str::to_owned));
        let status = status.and_then(|line| line.split(' ').nth(1)?.parse::<u16>().ok());
        Ok::<_, Failure>((status, location))
    };
    match asked.await {
        Ok((status, location)) => {
            let mut facts = Facts::new();
            if let Some(status) = status {
                facts.insert("status".to_owned(), json!(status));
            }
            let target = location.and_then(|text| Url::parse(&text).ok());
            if let Some(host) = target.as_ref().and_then(Url::host_str) {
                facts.insert("redirectHost".to_owned(), json!(shown(host)));
                facts.insert("inside".to_owned(), json!(is_inside(host, domain)));
            }
            pending.passed(facts);
        }
        // Most domains have nothing there.
        Err(failure) => {
            fail(pending, failure);
        }
    }
}

/// The SRV record; its host is asked only inside the domain.
async fn by_record(domain: &Domain, asker: Asker<'_>) -> Option<String> {
    let name = format!("_autodiscover._tcp.{}", domain.as_ascii());
    let answer = asker.dns("servers-autodiscover-srv", &name, RecordKind::Srv, false).await.ok()?;
    answer.records.iter().find_map(|record| {
        let DnsRecord::Srv { port: 443, target, .. } = record else { return None };
        let host = super::host_name(target)?;
        tracing::debug!(record = record_text(record), "Autodiscover by SRV");
        is_inside(&host, domain).then_some(host)
    })
}
