//! Errors of a line dialogue over TCP and TLS.

use inbox_model::{Failure, FailureKind};

use super::{chain, io::socket_kind, tls::tls_kind};

/// The failure for an error of connecting, of the TLS handshake, or of reading and writing.
///
/// A TLS error travels inside the error of the socket; it says more than that.
pub(crate) fn dialogue_failure(error: &std::io::Error) -> Failure {
    let links = chain::links(error);
    let tls = links.iter().find_map(|link| link.downcast_ref::<rustls::Error>()).map(tls_kind);
    let kind = tls.or_else(|| socket_kind(error)).unwrap_or(match error.kind() {
        std::io::ErrorKind::InvalidData => FailureKind::TlsProtocol,
        _ => FailureKind::ConnectionReset,
    });
    Failure::of(kind).with_detail(chain::words(&links))
}
