//! The hosts that the providers list as needed, played inside a namespace: their names and ports are the real ones, their
//! certificates are made on the fly.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// Name, last part of the address, ports. The addresses are those of RFC 5737.
pub const HOSTS: &[(&str, u8, &[u16])] = &[
    ("login.microsoftonline.com", 10, &[443]),
    ("aadcdn.msauth.net", 11, &[443]),
    ("aadcdn.msftauth.net", 12, &[443]),
    ("graph.microsoft.com", 13, &[443]),
    ("outlook.office365.com", 14, &[443, 993]),
    ("smtp.office365.com", 15, &[587]),
    ("accounts.google.com", 20, &[443]),
    ("oauth2.googleapis.com", 21, &[443]),
    ("openidconnect.googleapis.com", 22, &[443]),
    ("gmail.googleapis.com", 23, &[443]),
    ("www.googleapis.com", 24, &[443]),
    ("imap.gmail.com", 25, &[993]),
    ("smtp.gmail.com", 26, &[465]),
    ("app.hubspot.com", 30, &[443]),
    ("api.hubapi.com", 31, &[443]),
    ("www.msftconnecttest.com", 40, &[80]),
    // Played by a name server.
    (DNS_OVER_HTTPS, 60, &[]),
];

/// The host of a second opinion about names.
pub const DNS_OVER_HTTPS: &str = "dns.contoso.example";

pub fn address(host: &str) -> String {
    let (_, last, _) = HOSTS.iter().find(|(name, ..)| *name == host).unwrap();
    format!("198.51.100.{last}")
}

/// How a host's certificate is made.
#[derive(Debug, Clone)]
pub struct Made {
    pub names: Vec<String>,
    /// Valid from 1 January of the first year to 1 January of the second.
    pub years: (i32, i32),
    /// By an issuer that nobody trusts.
    pub unknown: bool,
}

/// The internet as it should be, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Internet {
    pub made: BTreeMap<&'static str, Made>,
    /// Hosts that another program plays, or nobody.
    pub absent: Vec<&'static str>,
    /// What all hosts' clocks are ahead of ours, in seconds.
    pub ahead: i64,
    /// Answer of the probe for sign-in pages in place of the right one.
    pub portal: Option<&'static str>,
}

impl Internet {
    pub fn with(mut self, host: &'static str, change: impl FnOnce(&mut Made)) -> Self {
        let mut made = Made { names: vec![host.to_owned()], years: (2020, 2060), unknown: false };
        change(&mut made);
        self.made.insert(host, made);
        self
    }

    pub fn without(mut self, host: &'static str) -> Self {
        self.absent.push(host);
        self
    }

    /// Lines of unbound that name every host.
    pub fn names() -> String {
        let line = |(name, last, _): &(&str, u8, &[u16])| format!(" local-data: \"{name}. A 198.51.100.{last}\"\n");
        HOSTS.iter().map(line).collect()
    }

    /// Starts the hosts inside; gives the file with the roots to trust.
    pub fn start(self, space: &super::space::Space) -> PathBuf {
        let issuers = Issuers::new();
        let roots = space.folder.path().join("roots.pem");
        std::fs::write(&roots, issuers.trusted()).unwrap();
        let (certificate, key) = issuers.microsoft.issue_pem(DNS_OVER_HTTPS);
        std::fs::write(space.folder.path().join("dns.pem"), certificate).unwrap();
        std::fs::write(space.folder.path().join("dns.key"), key).unwrap();
        let keys = Arc::new(Keys::new(&self, &issuers));
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(keys);
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        space.serve(move |ready| self.listen(acceptor, ready));
        roots
    }

    async fn listen(self, acceptor: tokio_rustls::TlsAcceptor, ready: mpsc::Sender<()>) {
        for (host, last, ports) in HOSTS {
            if self.absent.contains(host) {
                continue;
            }
            for port in *ports {
                let listener = TcpListener::bind((format!("198.51.100.{last}"), *port)).await.unwrap();
                let (acceptor, ahead, portal, port) = (acceptor.clone(), self.ahead, self.portal, *port);
                tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        let acceptor = acceptor.clone();
                        tokio::spawn(async move {
                            match port {
                                80 => plain(stream, portal.map(str::to_owned).unwrap_or_else(|| probe(ahead))).await,
                                587 => plain(stream, "220 smtp\r\n".to_owned()).await,
                                _ => {
                                    if let Ok(mut stream) = acceptor.accept(stream).await {
                                        answer(&mut stream, &ok(ahead, "text/html", "<html>hello</html>")).await;
                                    }
                                }
                            }
                        });
                    }
                });
            }
        }
        let _ = ready.send(());
        std::future::pending::<()>().await;
    }
}

async fn plain(mut stream: tokio::net::TcpStream, text: String) {
    answer(&mut stream, &text).await;
}

async fn answer<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(stream: &mut S, text: &str) {
    let mut start = [0_u8; 1024];
    let _ = stream.read(&mut start).await;
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn probe(ahead: i64) -> String {
    ok(ahead, "text/plain", "Microsoft Connect Test")
}

fn ok(ahead: i64, kind: &str, body: &str) -> String {
    let date = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead);
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Authorities named as the public ones are, and one that nobody knows.
pub struct Issuers {
    microsoft: Issuer,
    google: Issuer,
    pub unknown: Issuer,
}

pub struct Issuer {
    parameters: rcgen::CertificateParams,
    key: rcgen::KeyPair,
    pub pem: String,
}

impl Issuer {
    fn new(organisation: &str) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters.distinguished_name = rcgen::DistinguishedName::new();
        parameters.distinguished_name.push(rcgen::DnType::OrganizationName, organisation);
        parameters.distinguished_name.push(rcgen::DnType::CommonName, format!("{organisation} test root"));
        let pem = parameters.self_signed(&key).unwrap().pem();
        Self { parameters, key, pem }
    }

    /// Certificate and key as files of other programs hold them.
    fn issue_pem(&self, host: &str) -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let leaf = rcgen::CertificateParams::new(vec![host.to_owned()]).unwrap();
        let issuer = rcgen::Issuer::from_params(&self.parameters, &self.key);
        (leaf.signed_by(&key, &issuer).unwrap().pem(), key.serialize_pem())
    }

    fn issue(&self, made: &Made) -> CertifiedKey {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut leaf = rcgen::CertificateParams::new(made.names.clone()).unwrap();
        leaf.distinguished_name = rcgen::DistinguishedName::new();
        leaf.distinguished_name.push(rcgen::DnType::CommonName, made.names[0].clone());
        leaf.not_before = rcgen::date_time_ymd(made.years.0, 1, 1);
        leaf.not_after = rcgen::date_time_ymd(made.years.1, 1, 1);
        let issuer = rcgen::Issuer::from_params(&self.parameters, &self.key);
        let certificate = leaf.signed_by(&key, &issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        CertifiedKey::new(chain, rustls::crypto::ring::sign::any_supported_type(&key).unwrap())
    }
}

impl Issuers {
    fn new() -> Self {
        Self {
            microsoft: Issuer::new("DigiCert Inc"),
            google: Issuer::new("Google Trust Services"),
            unknown: Issuer::new("Nobody Knows Ltd"),
        }
    }

    fn trusted(&self) -> String {
        format!("{}{}", self.microsoft.pem, self.google.pem)
    }
}

/// A file with roots to trust where nobody is there to be trusted: without any, TLS cannot start.
pub fn some_roots(folder: &Path) -> PathBuf {
    let file = folder.join("roots.pem");
    std::fs::write(&file, Issuers::new().trusted()).unwrap();
    file
}

/// A certificate for each host, by the name that the client asks for.
#[derive(Debug)]
struct Keys(BTreeMap<String, Arc<CertifiedKey>>);

impl Keys {
    fn new(internet: &Internet, issuers: &Issuers) -> Self {
        let made = |host: &str| {
            let usual = Made { names: vec![host.to_owned()], years: (2020, 2060), unknown: false };
            internet.made.get(host).cloned().unwrap_or(usual)
        };
        let issue = |(host, last, _): &(&str, u8, &[u16])| {
            let made = made(host);
            let issuer = match (made.unknown, *last < 20) {
                (true, _) => &issuers.unknown,
                (_, true) => &issuers.microsoft,
                (_, false) => &issuers.google,
            };
            ((*host).to_owned(), Arc::new(issuer.issue(&made)))
        };
        Self(HOSTS.iter().map(issue).collect())
    }
}

impl ResolvesServerCert for Keys {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.get(hello.server_name()?).cloned()
    }
}

/// A certificate of OpenSSL's, for what the libraries of today refuse to make: an old signature.
pub fn old_certificate(folder: &Path, host: &str, digest: &str) -> (PathBuf, PathBuf) {
    let (key, certificate) = (folder.join("old.key"), folder.join("old.pem"));
    let output = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "365",
            "-subj",
            "/O=Old Filter Ltd/CN=Old Filter",
        ])
        .args(["-addext", &format!("subjectAltName=DNS:{host}"), &format!("-{digest}")])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    (key, certificate)
}
