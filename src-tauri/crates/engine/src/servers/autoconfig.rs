//! The configuration file that mail programs fetch from a domain
//! (<https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/config-file-format.html>).
//!
//! Over HTTPS only, from the domain itself only, without the address of the person, no redirect followed.

use inbox_model::{
    Domain, Facts, Failure, FailureKind, MailProtocol, MailSecurity, MailServer, MailUser, ServerSource,
};
use inbox_net::{Expected, Request};
use roxmltree::Node;
use serde_json::json;
use url::Url;

use super::{
    host_name,
    xml::{XmlError, document},
};
use crate::discovery::ask::Asker;

/// Largest file. Those of the big hosts have some kilobytes.
const MAX_FILE: usize = 64 * 1024;
/// The most servers of a file that are kept.
const MAX_SERVERS: usize = 12;

/// Fetches both usual places side by side; the first that has servers counts.
pub(crate) async fn ask(domain: &Domain, asker: Asker<'_>) -> Vec<MailServer> {
    let name = domain.as_ascii();
    let own = format!("https://autoconfig.{name}/mail/config-v1.1.xml");
    let well_known = format!("https://{name}/.well-known/autoconfig/mail/config-v1.1.xml");
    let (first, second) = tokio::join!(fetch(&own, domain, asker), fetch(&well_known, domain, asker));
    if first.is_empty() { second } else { first }
}

/// Fetches one file.
pub(super) async fn fetch(address: &str, domain: &Domain, asker: Asker<'_>) -> Vec<MailServer> {
    fetch_as("servers-autoconfig", address, domain, asker).await
}

/// Fetches one file, recorded under this name.
pub(super) async fn fetch_as(probe: &'static str, address: &str, domain: &Domain, asker: Asker<'_>) -> Vec<MailServer> {
    let Ok(url) = Url::parse(address) else { return Vec::new() };
    let mut request = Request::get(url);
    request.expected = Expected::Anything;
    request.body_limit = MAX_FILE;
    request.public_only = true;
    let Ok((pending, response)) = asker.http(probe, request).await else { return Vec::new() };
    if let Some(host) = response.redirect_host() {
        pending.failed(Failure::of(FailureKind::RedirectRefused).with_detail(host));
        return Vec::new();
    }
    let mut facts = Facts::new();
    facts.insert("status".to_owned(), json!(response.status));
    if response.status != 200 {
        // There is no such file, which is no fault.
        pending.passed(facts);
        return Vec::new();
    }
    let read = std::str::from_utf8(&response.body)
        .map_err(|error| XmlError::Xml(error.to_string()))
        .and_then(|text| parse(text, domain, address));
    match read {
        Ok(servers) => {
            let listed: Vec<String> = servers.iter().map(|server| format!("{}:{}", server.host, server.port)).collect();
            facts.insert("servers".to_owned(), json!(listed));
            pending.passed(facts);
            servers
        }
        Err(error) => {
            // Many web servers answer every address with their own page.
            pending.failed(Failure::of(FailureKind::BodyMalformed).with_detail(error.to_string()));
            Vec::new()
        }
    }
}

/// The servers of a file, in its order.
///
/// # Errors
/// When it is no such file. A DTD is refused: entities may grow without end, or read files.
pub fn parse(text: &str, domain: &Domain, evidence: &str) -> Result<Vec<MailServer>, XmlError> {
    let document = document(text)?;
    let root = document.root_element();
    if root.tag_name().name() != "clientConfig" {
        return Err(XmlError::OtherKind);
    }
    let servers = root
        .children()
        .filter(|node| node.has_tag_name("emailProvider"))
        .flat_map(|provider| provider.children())
        .filter_map(|node| server(node, domain, evidence));
    Ok(servers.take(MAX_SERVERS).collect())
}

fn server(node: Node<'_, '_>, domain: &Domain, evidence: &str) -> Option<MailServer> {
    let protocol = match (node.tag_name().name(), node.attribute("type")?) {
        ("incomingServer", "imap") => MailProtocol::Imap,
        ("incomingServer", "pop3") => MailProtocol::Pop,
        ("outgoingServer", "smtp") => MailProtocol::Smtp,
        _ => return None,
    };
    let value = |name: &str| {
        let child = node.children().find(|child| child.has_tag_name(name))?;
        child.text().map(str::trim)
    };
    let security = match value("socketType")? {
        "SSL" => MailSecurity::Tls,
        "STARTTLS" => MailSecurity::StartTls,
        "plain" => MailSecurity::None,
        _ => return None,
    };
    let user = match value("username") {
        Some("%EMAILADDRESS%") | None => MailUser::Address,
        Some("%EMAILLOCALPART%") => MailUser::LocalPart,
        Some(_) => MailUser::Other,
    };
    Some(MailServer {
        protocol,
        source: ServerSource::Autoconfig,
        security,
        host: host_name(&value("hostname")?.replace("%EMAILDOMAIN%", domain.as_ascii()))?,
        port: value("port")?.parse().ok().filter(|port| *port != 0)?,
        user,
        evidence: evidence.to_owned(),
    })
}
