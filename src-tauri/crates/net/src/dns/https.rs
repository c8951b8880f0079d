//! DNS over HTTPS (RFC 8484): a second opinion, asked only where a setting names the server.

use std::{net::IpAddr, time::Duration};

use hickory_resolver::proto::{
    op::{Message, Query, ResponseCode},
    rr::Name,
};
use http::header;
use inbox_model::{Failure, FailureKind};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{DnsAnswer, RecordKind, answer, wire_name};
use crate::{Expected, Http, Request};

/// The largest answer, in bytes: what fits into a message of DNS over TCP.
const MAX_ANSWER: usize = 65_535;
const MEDIA_TYPE: &str = "application/dns-message";

/// Asks a server for the addresses of a host.
///
/// # Errors
/// As [`super::Dns::lookup`], and the failures of the exchange; a detail `no-dns-over-https` where something else answers.
pub async fn addresses_over_https(
    http: &Http,
    server: &Url,
    host: &str,
    limit: Duration,
    cancel: &CancellationToken,
) -> Result<Vec<IpAddr>, Failure> {
    let (v4, v6) = tokio::join!(
        ask(http, server, host, RecordKind::A, limit, cancel),
        ask(http, server, host, RecordKind::Aaaa, limit, cancel),
    );
    let first = v4.as_ref().err().or(v6.as_ref().err()).cloned();
    let all: Vec<IpAddr> = [v4, v6].into_iter().flatten().flat_map(|answer| answer.addresses()).collect();
    match first {
        Some(failure) if all.is_empty() => Err(failure),
        _ => Ok(all),
    }
}

async fn ask(
    http: &Http,
    server: &Url,
    host: &str,
    kind: RecordKind,
    limit: Duration,
    cancel: &CancellationToken,
) -> Result<DnsAnswer, Failure> {
    let name = wire_name(host)?;
    let mut message = Message::query();
    // RFC 8484 section 4.1: the same question always as the same bytes, so that it can be cached.
    message.metadata.id = 0;
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name.clone(), kind.wire()));
    let unusable = |detail: &str| Failure::of(FailureKind::DnsUnusable).with_detail(detail);
    let body = message.to_vec().map_err(|_| unusable("invalid-name"))?;
    let mut request = Request { body: Some(body), ..Request::get(server.clone()) };
    request.method = http::Method::POST;
    request.headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(MEDIA_TYPE));
    request.headers.insert(header::ACCEPT, header::HeaderValue::from_static(MEDIA_TYPE));
    request.expected = Expected::Anything;
    request.body_limit = MAX_ANSWER;
    request.limit = limit;
    let response = http.send(request, cancel).await?;
    let media_type = response.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if response.status != 200 || !media_type.is_some_and(|text| text.starts_with(MEDIA_TYPE)) {
        let mut failure = Failure::of(FailureKind::WrongContentType).with_detail("no-dns-over-https");
        failure.status = Some(response.status);
        return Err(failure);
    }
    read_message(&name, kind, &response.body)
}

/// Reads a whole message as an answer to a question.
fn read_message(name: &Name, kind: RecordKind, bytes: &[u8]) -> Result<DnsAnswer, Failure> {
    let message =
        Message::from_vec(bytes).map_err(|_| Failure::of(FailureKind::DnsUnusable).with_detail("malformed"))?;
    match message.metadata.response_code {
        ResponseCode::NoError => answer::read(name, kind, &message.answers),
        ResponseCode::NXDomain => Err(Failure::of(FailureKind::DnsNotFound).with_detail("nxdomain")),
        ResponseCode::ServFail => Err(Failure::of(FailureKind::DnsServerFailed).with_detail("servfail")),
        ResponseCode::Refused => Err(Failure::of(FailureKind::DnsServerFailed).with_detail("refused")),
        other => Err(Failure::of(FailureKind::DnsServerFailed).with_detail(format!("rcode-{}", u16::from(other)))),
    }
}

/// Reads any bytes as an answer of each kind about a name: for the fuzz target.
#[must_use]
pub fn read_dns_message(name: &str, bytes: &[u8]) -> Vec<Result<DnsAnswer, Failure>> {
    let Ok(name) = wire_name(name) else { return Vec::new() };
    [RecordKind::Mx, RecordKind::Txt, RecordKind::Cname, RecordKind::Srv, RecordKind::A, RecordKind::Aaaa]
        .into_iter()
        .map(|kind| read_message(&name, kind, bytes))
        .collect()
}
