//! TLS as this computer trusts it.

use std::sync::Arc;

use rustls::{
    ClientConfig,
    client::danger::ServerCertVerifier,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::NetError;

/// The operating system's own trust (corporate roots included), and the roots of the settings.
pub(crate) fn trust(extra_roots: &[CertificateDer<'static>]) -> Result<Arc<dyn ServerCertVerifier>, NetError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    // With none, the system's own store is asked the plain way: the other one builds a second chain engine on Windows, for
    // nothing, and Wine cannot make one.
    let verifier = if extra_roots.is_empty() {
        rustls_platform_verifier::Verifier::new(provider)
    } else {
        rustls_platform_verifier::Verifier::new_with_extra_roots(extra_roots.iter().cloned(), provider)
    };
    let verifier = verifier.map_err(|error| NetError::Tls(error.to_string()))?;
    Ok(Arc::new(verifier))
}

/// The TLS settings: ring, TLS 1.2 and 1.3, and this trust.
pub(crate) fn client_config(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, NetError> {
    let fault = |error: rustls::Error| NetError::Tls(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(fault)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates (DER) in a PEM file. `None` where there is none that can be read.
#[must_use]
pub fn read_pem_certificates(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let read: Vec<Vec<u8>> =
        CertificateDer::pem_slice_iter(bytes).filter_map(|found| found.ok().map(|der| der.to_vec())).collect();
    let all_whole = !read.is_empty() && read.iter().all(|der| crate::way::read_certificate(der).is_some());
    all_whole.then_some(read)
}
