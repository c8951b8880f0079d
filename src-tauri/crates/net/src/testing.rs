//! Small servers on loopback for the tests: each answers in one wrong way.

pub(crate) mod dns_server;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::{Dns, Http, NetOptions};

/// Accepts for ever and hands each connection to `answer`. Ends with the test's runtime.
pub(crate) async fn accept<F, Fut>(answer: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    address
}

/// Reads one request up to the end of its head; gives the head.
pub(crate) async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Answers every request with these bytes and closes.
pub(crate) async fn answering(bytes: impl Into<Vec<u8>>) -> SocketAddr {
    let bytes = Arc::new(bytes.into());
    accept(move |mut stream| {
        let bytes = bytes.clone();
        async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

/// A whole answer with a content length.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// A client for which `address` is a local host of the settings.
pub(crate) fn client_for(address: SocketAddr) -> Http {
    client(NetOptions { local_hosts: vec![address.to_string()], ..NetOptions::default() })
}

/// A client with these options.
pub(crate) fn client(options: NetOptions) -> Http {
    let dns = Dns::new(&options).unwrap();
    Http::new(&options, &dns).unwrap()
}

/// `http://` at this address.
pub(crate) fn plain(address: SocketAddr, path: &str) -> Url {
    Url::parse(&format!("http://{address}{path}")).unwrap()
}

/// A proxy of the settings at this address.
pub(crate) fn proxy_at(address: SocketAddr) -> crate::ProxySetting {
    crate::ProxySetting::parse(&format!("http://{address}")).unwrap()
}

/// A certificate authority of the test and a certificate of it.
pub(crate) struct Certificates {
    pub(crate) root: CertificateDer<'static>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Certificates {
    /// For `localhost` and 127.0.0.1 unless `names` says others; valid from and to these years.
    pub(crate) fn new(names: &[&str], years: (i32, i32)) -> Self {
        let root_key = rcgen::KeyPair::generate().unwrap();
        let mut root = rcgen::CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        root.distinguished_name.push(rcgen::DnType::CommonName, "test root");
        let issuer_certificate = root.self_signed(&root_key).unwrap();
        let issuer = rcgen::Issuer::from_params(&root, &root_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let mut leaf =
            rcgen::CertificateParams::new(names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap();
        leaf.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        leaf.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let certificate = leaf.signed_by(&key, &issuer).unwrap();
        Self {
            root: issuer_certificate.der().clone(),
            chain: vec![certificate.der().clone()],
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        }
    }

    /// Serves these bytes over TLS.
    pub(crate) async fn serve(self, bytes: impl Into<Vec<u8>>) -> SocketAddr {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain, self.key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let bytes = Arc::new(bytes.into());
        accept(move |stream| {
            let (acceptor, bytes) = (acceptor.clone(), bytes.clone());
            async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    read_head(&mut stream).await;
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                }
            }
        })
        .await
    }
}

/// Writes for as long as the other side takes it: `piece`, and after each piece a pause.
pub(crate) async fn drip<S: AsyncWrite + Unpin>(stream: &mut S, piece: &[u8], pause: Duration) {
    while stream.write_all(piece).await.is_ok() {
        tokio::time::sleep(pause).await;
    }
}
