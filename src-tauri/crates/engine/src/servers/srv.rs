//! SRV records of RFC 6186 and RFC 8314.

use futures_util::future::join_all;
use inbox_model::{Domain, MailProtocol, MailSecurity, MailServer, MailUser, ServerSource};
use inbox_net::{DnsRecord, RecordKind};

use super::host_name;
use crate::discovery::ask::{Asker, record_text};

const RECORDS: &[(&str, MailProtocol, MailSecurity)] = &[
    ("_imaps._tcp", MailProtocol::Imap, MailSecurity::Tls),
    ("_imap._tcp", MailProtocol::Imap, MailSecurity::StartTls),
    ("_submissions._tcp", MailProtocol::Smtp, MailSecurity::Tls),
    ("_submission._tcp", MailProtocol::Smtp, MailSecurity::StartTls),
    ("_pop3s._tcp", MailProtocol::Pop, MailSecurity::Tls),
    ("_pop3._tcp", MailProtocol::Pop, MailSecurity::StartTls),
];
/// The most targets of one name that are kept.
const MOST: usize = 4;

/// Asks for all of them side by side.
pub(super) async fn ask(domain: &Domain, asker: Asker<'_>) -> Vec<MailServer> {
    let questions = RECORDS.iter().map(|(label, protocol, security)| async move {
        let name = format!("{label}.{domain}", domain = domain.as_ascii());
        let Ok(answer) = asker.dns("servers-srv", &name, RecordKind::Srv, false).await else { return Vec::new() };
        read(&name, *protocol, *security, answer.records)
    });
    join_all(questions).await.into_iter().flatten().collect()
}

/// The targets of one name, the preferred ones first (RFC 2782). A target of `.` says that there is no such server.
fn read(name: &str, protocol: MailProtocol, security: MailSecurity, mut records: Vec<DnsRecord>) -> Vec<MailServer> {
    records.sort_by_key(|record| match record {
        DnsRecord::Srv { priority, weight, .. } => (*priority, u16::MAX - *weight),
        _ => (u16::MAX, u16::MAX),
    });
    let servers = records.iter().filter_map(|record| {
        let DnsRecord::Srv { port, target, .. } = record else { return None };
        // Port 465 is for TLS from the start (RFC 8314 section 7.3); some publish it under the older name.
        let security = if protocol == MailProtocol::Smtp && *port == 465 { MailSecurity::Tls } else { security };
        Some(MailServer {
            protocol,
            source: ServerSource::Srv,
            security,
            host: host_name(target)?,
            port: *port,
            // RFC 6186 section 4: the address first.
            user: MailUser::Address,
            evidence: format!("{name} {}", record_text(record)),
        })
    });
    servers.filter(|server| server.port != 0).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn srv(priority: u16, weight: u16, port: u16, target: &str) -> DnsRecord {
        DnsRecord::Srv { priority, weight, port, target: target.to_owned() }
    }

    #[test]
    fn preferred_targets_come_first_and_none_means_none() {
        let records = vec![
            srv(20, 0, 993, "late.contoso.example"),
            srv(10, 1, 993, "light.contoso.example"),
            srv(10, 9, 993, "heavy.contoso.example"),
            srv(0, 0, 0, ""),
            srv(0, 0, 993, "192.0.2.1"),
            srv(0, 0, 993, "localhost"),
        ];
        let hosts: Vec<String> =
            read("_imaps._tcp.x", MailProtocol::Imap, MailSecurity::Tls, records).into_iter().map(|s| s.host).collect();
        assert_eq!(hosts, ["heavy.contoso.example", "light.contoso.example", "late.contoso.example"]);
        assert!(read("x", MailProtocol::Imap, MailSecurity::Tls, vec![srv(0, 0, 0, "")]).is_empty());
    }

    #[test]
    fn the_port_of_implicit_tls_counts_more_than_the_older_name() {
        let of = |port| {
            read("x", MailProtocol::Smtp, MailSecurity::StartTls, vec![srv(0, 0, port, "mail.contoso.example")])[0]
                .security
        };
        assert_eq!((of(465), of(587)), (MailSecurity::Tls, MailSecurity::StartTls));
    }
}
