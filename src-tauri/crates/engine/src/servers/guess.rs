//! Usual names, when nobody tells: marked as guesses, and only those that exist in the domain.

use futures_util::future::join_all;
use inbox_model::{Domain, MailProtocol, MailSecurity, MailServer, MailUser, ServerSource};
use inbox_net::RecordKind;

use super::is_inside;
use crate::discovery::ask::Asker;

/// The most hosts that are guessed for one protocol.
const MOST: usize = 2;
/// The most exchanges of the domain's own that are taken as names.
const MOST_EXCHANGES: usize = 2;

/// Looks the names up and gives those that have an address.
pub(super) async fn ask(
    domain: &Domain,
    exchanges: &[&str],
    missing: &[MailProtocol],
    asker: Asker<'_>,
) -> Vec<MailServer> {
    if missing.is_empty() {
        return Vec::new();
    }
    let own =
        exchanges.iter().filter(|name| is_inside(name, domain)).take(MOST_EXCHANGES).map(|name| (*name).to_owned());
    let below = |label: &str| format!("{label}.{}", domain.as_ascii());
    let mut names: Vec<String> = missing.iter().map(|protocol| below(label(*protocol))).collect();
    names.push(below("mail"));
    for name in own {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let questions = names.into_iter().map(|name| async move {
        let exists = asker.dns("servers-guess", &name, RecordKind::A, false).await.is_ok();
        exists.then_some(name)
    });
    let existing: Vec<String> = join_all(questions).await.into_iter().flatten().collect();
    missing.iter().flat_map(|protocol| of(*protocol, domain, &existing)).collect()
}

fn label(protocol: MailProtocol) -> &'static str {
    match protocol {
        MailProtocol::Imap => "imap",
        MailProtocol::Smtp => "smtp",
        MailProtocol::Pop => "pop",
    }
}

/// The existing names that may be for a protocol, with its usual ports (RFC 8314 section 7).
fn of(protocol: MailProtocol, domain: &Domain, existing: &[String]) -> Vec<MailServer> {
    let foreign = |name: &String| {
        MailProtocol::ALL
            .iter()
            .any(|other| *other != protocol && *name == format!("{}.{}", label(*other), domain.as_ascii()))
    };
    let ports: &[(u16, MailSecurity)] = match protocol {
        MailProtocol::Imap => &[(993, MailSecurity::Tls)],
        MailProtocol::Smtp => &[(465, MailSecurity::Tls), (587, MailSecurity::StartTls)],
        MailProtocol::Pop => &[(995, MailSecurity::Tls)],
    };
    let hosts = existing.iter().filter(|name| !foreign(name)).take(MOST);
    hosts
        .flat_map(|host| {
            ports.iter().map(|(port, security)| MailServer {
                protocol,
                source: ServerSource::Guess,
                security: *security,
                host: host.clone(),
                port: *port,
                user: MailUser::Address,
                evidence: "a usual name".to_owned(),
            })
        })
        .collect()
}
