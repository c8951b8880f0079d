//! Errors of the TLS handshake.

use inbox_model::FailureKind;
use rustls::{CertificateError, Error};

/// What an error of rustls means.
pub(crate) fn tls_kind(error: &Error) -> FailureKind {
    match error {
        Error::InvalidCertificate(reason) => certificate_kind(reason),
        Error::NoCertificatesPresented => FailureKind::TlsUntrusted,
        _ => FailureKind::TlsProtocol,
    }
}

fn certificate_kind(reason: &CertificateError) -> FailureKind {
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => FailureKind::TlsExpired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => FailureKind::TlsNotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            FailureKind::TlsWrongHost
        }
        // Unknown issuer, bad signature, revoked, wrong purpose, no reading it: whatever else, it is not trusted.
        _ => FailureKind::TlsUntrusted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_certificate_fault_has_its_kind() {
        let rows = [
            (CertificateError::Expired, FailureKind::TlsExpired),
            (CertificateError::NotValidYet, FailureKind::TlsNotYetValid),
            (CertificateError::NotValidForName, FailureKind::TlsWrongHost),
            (CertificateError::UnknownIssuer, FailureKind::TlsUntrusted),
            (CertificateError::Revoked, FailureKind::TlsUntrusted),
            (CertificateError::BadSignature, FailureKind::TlsUntrusted),
        ];
        for (reason, kind) in rows {
            assert_eq!(tls_kind(&Error::InvalidCertificate(reason.clone())), kind, "{reason:?}");
        }
    }

    #[test]
    fn alerts_and_garbage_are_protocol_faults() {
        for error in [
            Error::AlertReceived(rustls::AlertDescription::ProtocolVersion),
            Error::AlertReceived(rustls::AlertDescription::HandshakeFailure),
            Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType),
        ] {
            assert_eq!(tls_kind(&error), FailureKind::TlsProtocol, "{error:?}");
        }
    }
}
