//! Dovecot and Exim as they are installed, each with a configuration of the test's own in a temporary folder.

use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Where the servers listen. Not 127.0.0.1: Dovecot takes a connection whose two ends are the same address for a safe one,
/// and would not show what it shows to everybody else.
pub const PLACE: &str = "127.0.0.2";
/// A server that does not listen by then is broken.
const LIMIT: Duration = Duration::from_secs(20);

/// A certificate authority and a certificate for one host name.
pub struct Certificates {
    pub root: PathBuf,
    chain: PathBuf,
    key: PathBuf,
}

impl Certificates {
    pub fn write(folder: &Path, host: &str) -> Self {
        let root_key = rcgen::KeyPair::generate().unwrap();
        let mut root = rcgen::CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        root.distinguished_name.push(rcgen::DnType::CommonName, "test root");
        let root_certificate = root.self_signed(&root_key).unwrap();
        let issuer = rcgen::Issuer::from_params(&root, &root_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let leaf = rcgen::CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = leaf.signed_by(&key, &issuer).unwrap();
        let write = |name: &str, text: String| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        Self {
            root: write("root.pem", root_certificate.pem()),
            chain: write("chain.pem", certificate.pem()),
            key: write("key.pem", key.serialize_pem()),
        }
    }
}

/// A running server; it ends with the value.
pub struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// `None` where it ended at once although a port was taken meanwhile.
    fn start(mut command: Command, log: PathBuf, ports: &[u16]) -> Option<Self> {
        let name = format!("{:?}", command.get_program());
        let output = log.with_extension("output");
        let file = std::fs::File::create(&output).unwrap();
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        let begun = Instant::now();
        while !ports.iter().all(|port| TcpStream::connect((PLACE, *port)).is_ok()) {
            let ended = child.try_wait().unwrap();
            let said = std::fs::read_to_string(&output).unwrap_or_default()
                + &std::fs::read_to_string(&log).unwrap_or_default();
            if ended.is_some() && said.contains("in use") {
                return None;
            }
            assert!(ended.is_none() && begun.elapsed() < LIMIT, "{name} does not listen ({ended:?}): {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { child, log })
    }

    /// What it wrote down so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(3) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The installed program; the test fails loudly without it.
fn program(name: &str, package: &str) -> PathBuf {
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("`{name}` is missing: this test drives the real one (Debian: apt-get install {package})")
    })
}

/// Ports that were free a moment ago.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let listeners: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind((PLACE, 0)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

fn id(flag: &str) -> String {
    let output = Command::new("id").arg(flag).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Ports of Dovecot.
pub struct DovecotPorts {
    pub imap: u16,
    pub imaps: u16,
    pub pop3: u16,
    pub pop3s: u16,
}

/// The account `nobody` of Debian.
const NOBODY: u32 = 65534;
/// How often a start is repeated because somebody took a port that was free a moment before.
const STARTS: usize = 5;

/// What is special about a Dovecot.
#[derive(Debug, Clone, Default)]
pub struct Mailboxes {
    /// Passwords may travel in clear text before TLS.
    pub plain: bool,
    /// Address at which it asks whose a token is; the token is appended.
    pub token_info: Option<String>,
    /// The permission that a token must have.
    pub scope: Option<&'static str>,
    /// In place of `plain login xoauth2 oauthbearer`.
    pub mechanisms: Option<&'static str>,
}

/// The password of everybody at these servers. It is long enough to be looked for in everything that is written down.
pub const PASSWORD: &str = "canary-pässword \"quoted\" 7";
/// Whose mailbox may not be opened by IMAP. The server says what Gmail says
/// (<https://support.google.com/mail/thread/4031126>).
pub const IMAP_OFF: &str = "off@lucerne.example";

/// Dovecot with IMAP and POP3.
pub fn dovecot(folder: &Path, certificates: &Certificates, mailboxes: &Mailboxes) -> (Server, DovecotPorts) {
    (0..STARTS)
        .find_map(|number| one_dovecot(&folder.join(format!("dovecot{number}")), certificates, mailboxes))
        .unwrap_or_else(|| panic!("every port that was free is taken"))
}

fn one_dovecot(folder: &Path, certificates: &Certificates, mailboxes: &Mailboxes) -> Option<(Server, DovecotPorts)> {
    let [imap, imaps, pop3, pop3s] = free_ports();
    let ports = DovecotPorts { imap, imaps, pop3, pop3s };
    std::fs::create_dir_all(folder.join("run")).unwrap();
    let log = folder.join("log");
    // As root Dovecot wants other accounts for its parts (the package brings them); as anybody else it can only be that one.
    let me = id("-un");
    let is_root = id("-u") == "0";
    let (users, chroot) = if is_root {
        (String::new(), "")
    } else {
        let group = id("-gn");
        (
            format!("default_internal_user = {me}\ndefault_login_user = {me}\ndefault_internal_group = {group}\n"),
            "chroot =\n",
        )
    };
    let text = format!(
        "protocols = imap pop3
base_dir = {base}
log_path = {log}
listen = {PLACE}
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
disable_plaintext_auth = {disable}
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
{users}mail_location = maildir:~/mail
first_valid_uid = 1
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {passwords}
}}
passdb {{
  driver = checkpassword
  mechanisms = plain login
  args = {check}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {oauth2}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
service anvil {{
  {chroot}}}
service imap-login {{
  {chroot}  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  {chroot}  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
",
        base = folder.join("run").display(),
        log = log.display(),
        chain = certificates.chain.display(),
        key = certificates.key.display(),
        disable = if mailboxes.plain { "no" } else { "yes" },
        mechanisms = mailboxes.mechanisms.unwrap_or("plain login xoauth2 oauthbearer"),
        passwords = folder.join("passwords").display(),
        oauth2 = folder.join("oauth2.conf").display(),
        uid = if is_root { NOBODY.to_string() } else { id("-u") },
        gid = if is_root { NOBODY.to_string() } else { id("-g") },
        home = folder.join("home").display(),
        check = folder.join("check").display(),
    );
    // Without an address to ask at, tokens are only offered.
    let scope = mailboxes.scope.unwrap_or("https://mail.google.com/");
    let asked = match &mailboxes.token_info {
        Some(address) => format!("tokeninfo_url = {address}\nusername_attribute = email\nscope = {scope}\n"),
        None => "introspection_url = http://127.0.0.1:1/\nintrospection_mode = post\n".to_owned(),
    };
    std::fs::write(folder.join("oauth2.conf"), asked).unwrap();
    std::fs::write(folder.join("passwords"), format!("ana@lucerne.example:{{PLAIN}}{PASSWORD}\n")).unwrap();
    // A reason has blanks, which only this kind of password check can give.
    let check = folder.join("check");
    let script = format!(
        "#!/bin/sh\n[ \"$(tr '\\0' '\\n' <&3 | head -n 1)\" = {IMAP_OFF} ] || exit 1\nexport USER={IMAP_OFF} EXTRA='nologin reason' \
         nologin=y reason='Your account is not enabled for IMAP use.'\nexec \"$@\"\n"
    );
    std::fs::write(&check, script).unwrap();
    std::fs::set_permissions(&check, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    // Root never owns mail there.
    let home = folder.join("home");
    std::fs::create_dir_all(&home).unwrap();
    if is_root {
        std::os::unix::fs::chown(&home, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let file = folder.join("dovecot.conf");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(program("dovecot", "dovecot-imapd dovecot-pop3d"));
    command.arg("-F").arg("-c").arg(&file);
    let server = Server::start(command, log, &[imap, imaps, pop3, pop3s])?;
    Some((server, ports))
}

/// Ports of Exim.
pub struct EximPorts {
    pub submission: u16,
    pub submissions: u16,
}

/// Exim for submission: AUTH only once the connection is encrypted, as RFC 4954 wants it; or no AUTH at all.
pub fn exim(folder: &Path, certificates: &Certificates, takes_sign_ins: bool) -> (Server, EximPorts) {
    (0..STARTS)
        .find_map(|number| one_exim(&folder.join(format!("exim{number}")), certificates, takes_sign_ins))
        .unwrap_or_else(|| panic!("every port that was free is taken"))
}

fn one_exim(folder: &Path, certificates: &Certificates, takes_sign_ins: bool) -> Option<(Server, EximPorts)> {
    let [submission, submissions] = free_ports();
    std::fs::create_dir_all(folder.join("spool")).unwrap();
    let log = folder.join("main.log");
    let text = format!(
        "primary_hostname = mail.lucerne.example
exim_user = {user}
exim_group = {group}
spool_directory = {spool}
log_file_path = {folder}/%s.log
pid_file_path = {folder}/pid
log_selector = +smtp_connection +smtp_no_mail
local_interfaces = {PLACE}
daemon_smtp_ports = {submission} : {submissions}
daemon_startup_retries = 0
tls_on_connect_ports = {submissions}
tls_advertise_hosts = *
tls_certificate = {chain}
tls_privatekey = {key}
auth_advertise_hosts = {advertise}
host_lookup =
rfc1413_query_timeout = 0s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{inlist{{$auth2}}{{ana@lucerne.example:{IMAP_OFF}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{{{inlist{{$auth1}}{{ana@lucerne.example:{IMAP_OFF}}}}}{{eq{{$auth2}}{{{password}}}}}}}}}
",
        user = id("-un"),
        group = id("-gn"),
        spool = folder.join("spool").display(),
        advertise = if takes_sign_ins { "${if eq{$tls_in_cipher}{}{}{*}}" } else { "" },
        password = PASSWORD,
        folder = folder.display(),
        chain = certificates.chain.display(),
        key = certificates.key.display(),
    );
    let file = folder.join("exim.conf");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(program("exim4", "exim4-daemon-light"));
    command.arg("-C").arg(&file).arg("-bdf");
    let server = Server::start(command, log, &[submission, submissions])?;
    Some((server, EximPorts { submission, submissions }))
}

/// Radicale with one calendar, over TLS. Its port.
pub fn radicale(folder: &Path, certificates: &Certificates) -> (Server, u16) {
    (0..STARTS)
        .find_map(|number| one_radicale(&folder.join(format!("radicale{number}")), certificates))
        .unwrap_or_else(|| panic!("every port that was free is taken"))
}

fn one_radicale(folder: &Path, certificates: &Certificates) -> Option<(Server, u16)> {
    let [port] = free_ports();
    let calendar = folder.join("kept/collection-root/ana@lucerne.example/work");
    std::fs::create_dir_all(&calendar).unwrap();
    std::fs::write(calendar.join(".Radicale.props"), r#"{"tag": "VCALENDAR", "D:displayname": "Work"}"#).unwrap();
    std::fs::write(folder.join("users"), format!("ana@lucerne.example:{PASSWORD}\n")).unwrap();
    let text = format!(
        "[server]
hosts = {PLACE}:{port}
ssl = True
certificate = {chain}
key = {key}
[auth]
type = htpasswd
htpasswd_filename = {users}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {kept}
[web]
type = none
",
        chain = certificates.chain.display(),
        key = certificates.key.display(),
        users = folder.join("users").display(),
        kept = folder.join("kept").display(),
    );
    let file = folder.join("config");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(program("radicale", "radicale"));
    command.arg("--config").arg(&file);
    // It writes its log to standard error, which is kept beside it.
    let server = Server::start(command, folder.join("log"), &[port])?;
    Some((server, port))
}
