//! Autodiscover in plain XML
//! (<https://learn.microsoft.com/exchange/client-developer/web-service-reference/pox-autodiscover-web-service-reference-for-exchange>).

use inbox_model::{MailProtocol, MailSecurity, MailServer, MailUser, ServerSource};
use roxmltree::Node;

use crate::servers::{
    host_name,
    xml::{XmlError, children, document, escape, find, text},
};

/// The most servers of an answer that are kept.
const MAX_SERVERS: usize = 12;

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PoxAnswer {
    /// Servers for IMAP, SMTP, POP3.
    pub servers: Vec<MailServer>,
    /// Addresses of Exchange Web Services.
    pub ews: Vec<String>,
    /// Another address or place to ask instead. It is shown, never followed.
    pub redirect: Option<String>,
    /// Why it gives no settings: the server's number and words.
    pub error: Option<String>,
}

/// The question about an address.
pub(crate) fn question(address: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\"><Request>\
         <EMailAddress>{}</EMailAddress><AcceptableResponseSchema>\
         http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>\
         </Request></Autodiscover>",
        escape(address)
    )
}

/// Reads an answer.
///
/// # Errors
/// When it is no such answer.
pub fn parse(answer: &str, evidence: &str) -> Result<PoxAnswer, XmlError> {
    let document = document(answer)?;
    let root = document.root_element();
    if root.tag_name().name() != "Autodiscover" {
        return Err(XmlError::OtherKind);
    }
    let mut read = PoxAnswer::default();
    for response in children(root, "Response") {
        if let Some(error) = find(response, "Error") {
            let parts = [text(error, "ErrorCode"), text(error, "Message")];
            read.error = Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
        }
        for account in children(response, "Account") {
            read.redirect = text(account, "RedirectUrl").or_else(|| text(account, "RedirectAddr")).or(read.redirect);
            for protocol in children(account, "Protocol") {
                read.ews.extend(text(protocol, "EwsUrl").filter(|url| !read.ews.contains(url)));
                read.servers.extend(server(protocol, evidence));
            }
        }
    }
    read.servers.truncate(MAX_SERVERS);
    read.ews.truncate(4);
    Ok(read)
}

fn server(node: Node<'_, '_>, evidence: &str) -> Option<MailServer> {
    let protocol = match text(node, "Type")?.as_str() {
        "IMAP" => MailProtocol::Imap,
        "SMTP" => MailProtocol::Smtp,
        "POP3" => MailProtocol::Pop,
        _ => return None,
    };
    let port: u16 = text(node, "Port")?.parse().ok().filter(|port| *port != 0)?;
    // `Encryption` says more than `SSL`; without both, `SSL` counts as on
    // (https://learn.microsoft.com/exchange/client-developer/web-service-reference/ssl-pox).
    let security = match text(node, "Encryption").as_deref() {
        Some("TLS") => MailSecurity::StartTls,
        Some("None") => MailSecurity::None,
        Some("SSL") => MailSecurity::Tls,
        _ if text(node, "SSL").is_some_and(|ssl| ssl.eq_ignore_ascii_case("off")) => MailSecurity::StartTls,
        _ if matches!(port, 143 | 110 | 587 | 25) => MailSecurity::StartTls,
        _ => MailSecurity::Tls,
    };
    let user = match text(node, "LoginName") {
        None => MailUser::Address,
        Some(name) if name.contains('@') => MailUser::Address,
        Some(_) => MailUser::Other,
    };
    Some(MailServer {
        protocol,
        source: ServerSource::Autodiscover,
        security,
        host: host_name(&text(node, "Server")?)?,
        port,
        user,
        evidence: evidence.to_owned(),
    })
}
