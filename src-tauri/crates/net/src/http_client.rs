//! HTTP requests: no redirect is followed, every body has a limit, every wait an end.

mod body;
#[cfg(test)]
mod hostile_tests;
mod message;
mod resolve;
mod stage;
#[cfg(test)]
mod tests;
mod tls;

use std::{collections::BTreeSet, net::IpAddr, sync::Arc, time::Duration};

use http::header;
use inbox_model::{Failure, FailureKind};
use tokio_util::sync::CancellationToken;
use url::Url;

use self::stage::{STAGE, Stage, StageLayer};
use crate::{
    Dns, NetError, NetOptions,
    classify::{Phase, timeout_kind, transport_failure},
    proxy::Proxies,
};

pub(crate) use body::redirect_host;
pub use message::{Expected, Request, Response};
pub(crate) use resolve::{HostResolver, ResolveFailure, Targets, check as check_addresses};
pub(crate) use stage::StageReached;
pub use tls::read_pem_certificates;
pub(crate) use tls::{client_config, trust};

/// The longest wait for a connection, TLS included. A healthy one takes under a second; after ten nobody answers any more.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long a connection without work is kept: long enough for the probes of one run.
const KEEP_IDLE: Duration = Duration::from_secs(60);
/// Connections without work that are kept per host.
const KEEP_PER_HOST: usize = 8;

/// A classified failure as an error type, for libraries that want one (`oauth2`).
#[derive(Debug, Clone, thiserror::Error)]
#[error("the request failed: {:?}", .0.kind)]
pub struct SendError(pub Failure);

/// The client; cheap to clone. All clones share their connections.
#[derive(Debug, Clone)]
pub struct Http(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// For the providers' hosts.
    ordinary: reqwest::Client,
    /// For hosts that were learnt from an answer. It has its own connections, so that no unchecked one is used again.
    public: reqwest::Client,
    public_resolver: HostResolver,
    targets: Targets,
    /// `host:port` that may be plain HTTP and local.
    local_hosts: BTreeSet<String>,
    proxies: Arc<Proxies>,
}

impl Http {
    #[cfg(test)]
    pub(crate) fn new(options: &NetOptions, dns: &Dns) -> Result<Self, NetError> {
        Self::with_extra_roots(options, dns, &[])
    }

    #[cfg(test)]
    pub(crate) fn with_extra_roots(
        options: &NetOptions,
        dns: &Dns,
        extra_roots: &[rustls::pki_types::CertificateDer<'static>],
    ) -> Result<Self, NetError> {
        let proxies = Arc::new(Proxies::of(options.proxy.as_ref()));
        Self::with_tls(options, dns, client_config(trust(extra_roots)?)?, proxies)
    }

    pub(crate) fn with_tls(
        options: &NetOptions,
        dns: &Dns,
        tls: rustls::ClientConfig,
        proxies: Arc<Proxies>,
    ) -> Result<Self, NetError> {
        let local: BTreeSet<String> = options.local_hosts.iter().filter_map(|pair| host_of(pair)).collect();
        let targets = Targets::default();
        let ordinary_resolver = HostResolver {
            dns: dns.clone(),
            own_server: options.dns_server.is_some(),
            local: Arc::new(local),
            targets: targets.clone(),
            public_only: false,
        };
        let public_resolver = HostResolver { public_only: true, ..ordinary_resolver.clone() };
        Ok(Self(Arc::new(Inner {
            ordinary: client(options, tls.clone(), ordinary_resolver)?,
            public: client(options, tls, public_resolver.clone())?,
            public_resolver,
            targets,
            local_hosts: options.local_hosts.iter().map(|pair| pair.to_ascii_lowercase()).collect(),
            proxies,
        })))
    }

    /// Sends. With [`Expected::Anything`] every HTTP status but 407 is an `Ok`, 3xx too (never followed). With
    /// [`Expected::Json`] a web page in place of the provider's answer and a redirect to another host are failures; 4xx, 5xx
    /// (429 among them) are an `Ok` for the caller to read.
    ///
    /// # Errors
    /// The classified failure of name, connection, TLS, proxy, body or time; `Cancelled`.
    pub async fn send(&self, request: Request, cancel: &CancellationToken) -> Result<Response, Failure> {
        let stage = Stage::default();
        let limit = request.limit;
        let work = STAGE.scope(stage.clone(), self.exchange(request, stage.clone()));
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Failure::of(FailureKind::Cancelled)),
            result = tokio::time::timeout(limit, work) => result.unwrap_or_else(|_| {
                Err(Failure::of(timeout_kind(stage.reached())).with_detail(format!("limit {} ms", limit.as_millis())))
            }),
        }
    }

    /// Sends a request of the `http` crate for JSON with the usual limits: what `oauth2` calls through a closure.
    ///
    /// # Errors
    /// As [`Http::send`].
    pub async fn send_http(
        &self,
        request: http::Request<Vec<u8>>,
        cancel: &CancellationToken,
    ) -> Result<http::Response<Vec<u8>>, SendError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|_| SendError(Failure::of(FailureKind::DnsUnusable).with_detail("invalid-address")))?;
        let body = (!body.is_empty()).then_some(body);
        let ours = Request { method: parts.method, headers: parts.headers, body, ..Request::get(url) };
        let answer = self.send(ours, cancel).await.map_err(SendError)?;
        let mut response = http::Response::new(answer.body);
        *response.status_mut() = http::StatusCode::from_u16(answer.status)
            .map_err(|_| SendError(Failure::of(FailureKind::BodyMalformed).with_detail("invalid-status")))?;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    async fn exchange(&self, request: Request, stage: Stage) -> Result<Response, Failure> {
        let inner = &*self.0;
        let host = inner.admit(&request)?;
        let proxied = inner.proxies.is_proxied(&request.url);
        let is_local = inner.is_local(&request.url);
        let guarded = request.public_only && !is_local;
        if guarded && proxied {
            // Behind a proxy the name is looked up there; look here first, as far as this network lets us.
            if let Err(failure) = inner.public_resolver.addresses(&host).await
                && failure.kind == FailureKind::PrivateAddressRefused
            {
                return Err(failure);
            }
        }
        let (expected, body_limit) = (request.expected, request.body_limit);
        let client = if guarded { &inner.public } else { &inner.ordinary };
        let response = client
            .execute(build(request)?)
            .await
            .map_err(|error| transport_failure(error, Phase::Head, stage.reached(), proxied))?;
        stage.set(StageReached::Connected);
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = body::read(response, body_limit, proxied).await?;
        body::judge(Response { status, headers, body }, expected, &host)
    }
}

impl Inner {
    /// Looks at a request before anything happens; gives its host.
    fn admit(&self, request: &Request) -> Result<String, Failure> {
        let host = request
            .url
            .host_str()
            .ok_or_else(|| Failure::of(FailureKind::DnsUnusable).with_detail("invalid-address"))?
            .to_owned();
        let is_local = self.is_local(&request.url);
        if request.url.scheme() != "https" && !(request.url.scheme() == "http" && is_local) {
            return Err(Failure::of(FailureKind::TlsProtocol).with_detail("plain-http-refused"));
        }
        if is_local {
            return Ok(host);
        }
        self.targets.add(&host);
        let literal = match request.url.host() {
            Some(url::Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(url::Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        if let Some(address) = literal
            && request.public_only
        {
            check_addresses(&[address], true)?;
        }
        Ok(host)
    }

    fn is_local(&self, url: &Url) -> bool {
        match (url.host_str(), url.port_or_known_default()) {
            (Some(host), Some(port)) => self.local_hosts.contains(&format!("{host}:{port}")),
            _ => false,
        }
    }
}

/// The host of a `host:port` pair; brackets of an IPv6 address stay.
fn host_of(pair: &str) -> Option<String> {
    pair.rsplit_once(':').map(|(host, _)| host.to_ascii_lowercase())
}

fn client(
    options: &NetOptions,
    tls: rustls::ClientConfig,
    resolver: HostResolver,
) -> Result<reqwest::Client, NetError> {
    let fault = |error: reqwest::Error| NetError::Tls(error.without_url().to_string());
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("InboxDoctor/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .pool_idle_timeout(KEEP_IDLE)
        .pool_max_idle_per_host(KEEP_PER_HOST)
        .connector_layer(StageLayer)
        .dns_resolver(resolver);
    if let Some(proxy) = &options.proxy {
        builder = builder.proxy(proxy.to_reqwest().map_err(fault)?);
    }
    builder.build().map_err(fault)
}

fn build(request: Request) -> Result<reqwest::Request, Failure> {
    let mut url = request.url;
    // Credentials in an address would be sent as Basic; nothing here signs in that way.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let mut ours = reqwest::Request::new(request.method, url);
    *ours.headers_mut() = request.headers;
    if request.expected == Expected::Json && !ours.headers().contains_key(header::ACCEPT) {
        ours.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
    }
    if let Some(token) = &request.bearer {
        let mut value = header::HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| Failure::of(FailureKind::BodyMalformed).with_detail("token-not-sendable"))?;
        value.set_sensitive(true);
        ours.headers_mut().insert(header::AUTHORIZATION, value);
    }
    *ours.body_mut() = request.body.map(reqwest::Body::from);
    Ok(ours)
}
