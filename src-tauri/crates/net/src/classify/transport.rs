//! Errors of an HTTP exchange.

use std::error::Error;

use inbox_model::{Failure, FailureKind};

use super::{chain, io::socket_kind, tls::tls_kind};
use crate::http_client::{ResolveFailure, StageReached};

/// Which part of the exchange failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Before the status line.
    Head,
    /// While reading the body.
    Body,
}

/// What an error of an exchange means: by type first, by words last.
pub(crate) fn transport_failure(error: reqwest::Error, phase: Phase, stage: StageReached, proxied: bool) -> Failure {
    let connecting = error.is_connect();
    let timed_out = error.is_timeout();
    let error = error.without_url();
    let links = chain::links(&error);
    let mut failure = by_type(&links, phase)
        .or_else(|| by_words(&links))
        .unwrap_or_else(|| Failure::of(fallback(connecting, timed_out, phase, stage)));
    // A wait that ran out is told by where it ran out: a name, a connection, an answer.
    if timed_out && matches!(failure.kind, FailureKind::ConnectTimeout | FailureKind::TooSlow) {
        failure.kind = timeout_kind(stage);
    }
    let through_tunnel = links.iter().any(|link| link.to_string().starts_with("tunnel error"));
    if proxied && connecting && is_before_tls(failure.kind) && (through_tunnel || phase == Phase::Head) {
        // The proxy's own name or port failed, or it would not open the way: the provider was never reached.
        failure = Failure::of(FailureKind::ProxyRefused);
    }
    if failure.detail.is_empty() {
        failure.detail = chain::words(&links);
    }
    failure
}

/// The kind of a wait that ran out at a stage.
pub(crate) fn timeout_kind(stage: StageReached) -> FailureKind {
    match stage {
        StageReached::Resolving => FailureKind::DnsTimeout,
        StageReached::Connecting => FailureKind::ConnectTimeout,
        StageReached::Idle | StageReached::Connected => FailureKind::TooSlow,
    }
}

fn by_type(links: &[&(dyn Error + 'static)], phase: Phase) -> Option<Failure> {
    // The innermost error is the most exact, but a TLS or name failure says more than the socket error around it.
    if let Some(resolve) = links.iter().find_map(|link| link.downcast_ref::<ResolveFailure>()) {
        return Some(resolve.0.clone());
    }
    if let Some(tls) = links.iter().find_map(|link| link.downcast_ref::<rustls::Error>()) {
        return Some(Failure::of(tls_kind(tls)));
    }
    links.iter().rev().find_map(|link| {
        if let Some(io) = link.downcast_ref::<std::io::Error>() {
            return Some(Failure::of(match (socket_kind(io)?, phase) {
                // Before the end of the body, the end of the connection is a cut answer, not a refused one.
                (FailureKind::ConnectionReset, Phase::Body) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
                    FailureKind::BodyIncomplete
                }
                (kind, _) => kind,
            }));
        }
        if let Some(hyper) = link.downcast_ref::<hyper::Error>() {
            return hyper_kind(hyper, phase).map(Failure::of);
        }
        if let Some(h2) = link.downcast_ref::<h2::Error>() {
            return (h2.is_go_away() || h2.is_reset()).then(|| Failure::of(cut_off(phase)));
        }
        None
    })
}

fn hyper_kind(error: &hyper::Error, phase: Phase) -> Option<FailureKind> {
    if error.is_timeout() {
        Some(FailureKind::TooSlow)
    } else if error.is_parse() || error.is_parse_too_large() {
        Some(FailureKind::BodyMalformed)
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Some(cut_off(phase))
    } else {
        None
    }
}

fn cut_off(phase: Phase) -> FailureKind {
    match phase {
        Phase::Head => FailureKind::ConnectionReset,
        Phase::Body => FailureKind::BodyIncomplete,
    }
}

/// The HTTP library keeps the type of a failed CONNECT to itself; its words are
/// "tunnel error: proxy authorization required" and "tunnel error: unsuccessful" (hyper-util 0.1).
fn by_words(links: &[&(dyn Error + 'static)]) -> Option<Failure> {
    links.iter().find_map(|link| {
        let words = link.to_string();
        let rest = words.strip_prefix("tunnel error: ")?;
        Some(Failure::of(if rest.contains("authorization required") {
            FailureKind::ProxyAuthentication
        } else {
            FailureKind::ProxyRefused
        }))
    })
}

fn fallback(connecting: bool, timed_out: bool, phase: Phase, stage: StageReached) -> FailureKind {
    if timed_out {
        timeout_kind(stage)
    } else if connecting {
        FailureKind::ConnectUnreachable
    } else {
        cut_off(phase)
    }
}

fn is_before_tls(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::DnsNotFound
            | FailureKind::DnsServerFailed
            | FailureKind::DnsTimeout
            | FailureKind::DnsUnusable
            | FailureKind::ConnectRefused
            | FailureKind::ConnectTimeout
            | FailureKind::ConnectUnreachable
    )
}
