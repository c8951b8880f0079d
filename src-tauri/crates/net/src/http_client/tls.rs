//! TLS as this computer trusts it.

use std::sync::Arc;

use rustls::{ClientConfig, pki_types::CertificateDer};

use crate::NetError;

/// The TLS settings: ring, TLS 1.2 and 1.3, and the operating system's own trust (corporate roots included).
pub(crate) fn client_config(extra_roots: &[CertificateDer<'static>]) -> Result<ClientConfig, NetError> {
    let fault = |error: rustls::Error| NetError::Tls(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        rustls_platform_verifier::Verifier::new_with_extra_roots(extra_roots.iter().cloned(), provider.clone())
            .map_err(fault)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(fault)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
