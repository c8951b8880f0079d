//! A TLS handshake that keeps what the server presented, whether it is trusted or not. The decision is the operating
//! system's own, as everywhere in the program; a connection that is not trusted is given up.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use inbox_model::{Failure, FailureKind};
use rustls::{
    ClientConfig, DigitallySignedStruct, ProtocolVersion, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use super::{Certificate, Way, Ways, bounded, read_certificate};
use crate::{classify::dialogue_failure, pipe::Pipe};

/// The most certificates of a chain that are kept.
const MAX_CHAIN: usize = 8;

/// How a handshake ended, and what was seen of the other side.
#[derive(Debug)]
pub struct Handshake {
    /// What the server presented, its own first; empty where it came to nothing before that.
    pub chain: Vec<Certificate>,
    /// `1.2` or `1.3`, once agreed.
    pub version: Option<&'static str>,
    /// Bytes that came from the server.
    pub received: u64,
    /// The connection, or why there is none.
    pub outcome: Result<Way, Failure>,
}

impl Ways {
    /// Shakes hands, and keeps what was presented.
    pub async fn handshake(&self, way: Way, host: &str, limit: Duration, cancel: &CancellationToken) -> Handshake {
        let witness = Arc::new(Witness { inner: self.0.verifier.clone(), seen: Mutex::default() });
        let received = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: way.pipe, received: received.clone() };
        let made = self.shake(counted, host, witness.clone(), limit, cancel).await;
        let seen = witness.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (version, outcome) = match made {
            Ok((pipe, version)) => (version, Ok(Way { pipe })),
            Err(failure) => (None, Err(failure)),
        };
        Handshake { chain: seen, version, received: received.load(Ordering::Relaxed), outcome }
    }

    async fn shake(
        &self,
        stream: Counted,
        host: &str,
        witness: Arc<Witness>,
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<(Pipe, Option<&'static str>), Failure> {
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|_| Failure::of(FailureKind::DnsUnusable).with_detail("invalid-name"))?;
        let fault = |error: rustls::Error| Failure::of(FailureKind::TlsProtocol).with_detail(error.to_string());
        let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(fault)?
            .dangerous()
            .with_custom_certificate_verifier(witness)
            .with_no_client_auth();
        // Without a ticket of an earlier connection: the certificate must be presented each time.
        config.resumption = rustls::client::Resumption::disabled();
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = bounded(limit, cancel, FailureKind::TooSlow, connecting)
            .await?
            .map_err(|error| dialogue_failure(&error))?;
        let version = match stream.get_ref().1.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => Some("1.2"),
            Some(ProtocolVersion::TLSv1_3) => Some("1.3"),
            _ => None,
        };
        Ok((Box::new(stream), version))
    }
}

/// Asks the operating system's verifier, and remembers what it was shown.
#[derive(Debug)]
struct Witness {
    inner: Arc<dyn ServerCertVerifier>,
    seen: Mutex<Vec<Certificate>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).take(MAX_CHAIN);
        let read: Vec<Certificate> = chain.filter_map(|der| read_certificate(der)).collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = read;
        self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Counts what comes in.
struct Counted {
    inner: Pipe,
    received: Arc<AtomicU64>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.inner).poll_read(context, buffer);
        let count = buffer.filled().len().saturating_sub(before);
        self.received.fetch_add(count as u64, Ordering::Relaxed);
        result
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
