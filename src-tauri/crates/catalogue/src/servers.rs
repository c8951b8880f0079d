//! The published mail servers of known hosts (`data/servers.tsv`), and what must be said about their sign-in on a day
//! (`data/server-remarks.tsv`). Only values that a public source confirms are in the tables; each row names it.

use std::sync::OnceLock;

use inbox_model::{Domain, MailProtocol, MailSecurity, MailServer, MailUser, ServerSource};
use jiff::civil::Date;

use crate::mx::pattern::{self, Pattern};

struct Row {
    host: String,
    /// The exchange that shows this row to be the right one; `None` where the host alone decides.
    exchange: Option<Pattern>,
    domains: Domains,
    protocol: MailProtocol,
    /// `{mx}` stands for the exchange itself.
    server: String,
    port: u16,
    security: MailSecurity,
    user: MailUser,
    source: String,
}

/// For which mail domains a row is meant: some hosts have other servers for their own domains than for customers' ones.
enum Domains {
    Any,
    Only(Vec<String>),
    Except(Vec<String>),
}

impl Domains {
    fn parse(text: &str) -> Self {
        let list = |text: &str| text.split(',').map(str::to_owned).collect();
        match text.strip_prefix('!') {
            Some(rest) => Self::Except(list(rest)),
            None if text == "-" => Self::Any,
            None => Self::Only(list(text)),
        }
    }

    fn hold(&self, domain: &Domain) -> bool {
        let among = |list: &[String]| list.iter().any(|name| name == domain.as_ascii());
        match self {
            Self::Any => true,
            Self::Only(list) => among(list),
            Self::Except(list) => !among(list),
        }
    }
}

struct Remark {
    host: String,
    key: String,
    from: Option<Date>,
    to: Option<Date>,
    source: String,
    verified: bool,
}

/// What must be said about a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostRemark {
    /// Stable name; its words stand under `road.`.
    pub(crate) key: String,
    /// Where it is documented.
    pub(crate) source: String,
    /// Whether somebody read it there.
    pub(crate) verified: bool,
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| include_str!("../data/servers.tsv").lines().skip(1).filter_map(row).collect())
}

fn remarks() -> &'static [Remark] {
    static ROWS: OnceLock<Vec<Remark>> = OnceLock::new();
    ROWS.get_or_init(|| include_str!("../data/server-remarks.tsv").lines().skip(1).filter_map(remark).collect())
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.split('\t');
    Some(Row {
        host: cells.next()?.to_owned(),
        exchange: cells.next().map(|text| (text != "-").then(|| Pattern::parse(text)))?,
        domains: Domains::parse(cells.next()?),
        protocol: match cells.next()? {
            "imap" => MailProtocol::Imap,
            "smtp" => MailProtocol::Smtp,
            "pop" => MailProtocol::Pop,
            _ => return None,
        },
        server: cells.next()?.to_owned(),
        port: cells.next()?.parse().ok()?,
        security: match cells.next()? {
            "tls" => MailSecurity::Tls,
            "starttls" => MailSecurity::StartTls,
            _ => return None,
        },
        user: match cells.next()? {
            "address" => MailUser::Address,
            "local-part" => MailUser::LocalPart,
            _ => return None,
        },
        source: cells.next()?.to_owned(),
    })
}

fn remark(line: &str) -> Option<Remark> {
    let mut cells = line.split('\t');
    let (host, key) = (cells.next()?.to_owned(), cells.next()?.to_owned());
    let mut day = || match cells.next()? {
        "-" => Some(None),
        text => text.parse::<Date>().ok().map(Some),
    };
    let (from, to) = (day()?, day()?);
    let (source, checked) = (cells.next()?.to_owned(), cells.next()?);
    Some(Remark { host, key, from, to, source, verified: checked != "unverified" })
}

/// The published servers of a host, by its short name in the table of exchanges, for a mail domain with these MX names.
#[must_use]
pub fn known_servers(host: &str, domain: &Domain, exchanges: &[&str]) -> Vec<MailServer> {
    let mut found: Vec<MailServer> = Vec::new();
    for row in rows().iter().filter(|row| row.host == host && row.domains.hold(domain)) {
        let exchange = match &row.exchange {
            None => exchanges.first(),
            Some(wanted) => {
                let fits = |name: &&&str| pattern::labels(name).is_some_and(|labels| wanted.matches(&labels));
                let Some(name) = exchanges.iter().find(fits) else { continue };
                Some(name)
            }
        };
        let server = MailServer {
            protocol: row.protocol,
            source: ServerSource::Table,
            security: row.security,
            host: row.server.replace("{mx}", exchange.copied().unwrap_or_default()).to_ascii_lowercase(),
            port: row.port,
            user: row.user,
            evidence: row.source.clone(),
        };
        if !server.host.is_empty() && !found.contains(&server) {
            found.push(server);
        }
    }
    found
}

/// What must be said about the sign-in at a host's servers on a day: keys of phrases, in the order of the file.
#[must_use]
pub fn server_remarks(host: &str, today: Date) -> Vec<String> {
    host_remarks(host, today).into_iter().map(|remark| format!("road.{}", remark.key)).collect()
}

/// The same with the sources.
pub(crate) fn host_remarks(host: &str, today: Date) -> Vec<HostRemark> {
    remarks()
        .iter()
        .filter(|row| row.host == host)
        .filter(|row| row.from.is_none_or(|from| from <= today) && row.to.is_none_or(|to| today <= to))
        .map(|row| HostRemark { key: row.key.clone(), source: row.source.clone(), verified: row.verified })
        .collect()
}

/// The hosts that have remarks.
#[cfg(test)]
pub(crate) fn remark_hosts() -> std::collections::BTreeSet<String> {
    remarks().iter().map(|row| row.host.clone()).collect()
}

#[cfg(test)]
mod tests {
    use inbox_model::Language;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_row_is_read_and_has_its_source() {
        for (file, read, cells) in [
            (include_str!("../data/servers.tsv"), rows().len(), 10),
            (include_str!("../data/server-remarks.tsv"), remarks().len(), 6),
        ] {
            assert_eq!(file.lines().skip(1).count(), read);
            for line in file.lines().skip(1) {
                let all: Vec<&str> = line.split('\t').collect();
                assert_eq!(all.len(), cells, "{line}");
                assert!(all[cells - 2].starts_with("https://"), "{line}");
                // What nobody has read at its source is marked so.
                let checked = all[cells - 1];
                assert!(checked == "unverified" || checked.parse::<Date>().is_ok(), "{line}");
                assert!(crate::host_entry(all[0]).is_some(), "{line}");
            }
        }
    }

    #[test]
    fn every_remark_has_words() {
        for row in remarks() {
            let key = format!("road.{}", row.key);
            for language in Language::ALL {
                assert_ne!(crate::phrase(*language, &key, &[]), key);
            }
        }
    }

    #[test]
    fn a_host_with_several_places_is_told_by_its_exchange() {
        let of = |domain: &str, exchange: &str| -> Vec<String> {
            let domain = Domain::parse(domain).unwrap();
            known_servers("zoho", &domain, &[exchange]).into_iter().map(|server| server.host).collect()
        };
        assert!(of("zoho.eu", "mx.zoho.eu").contains(&"imap.zoho.eu".to_owned()));
        assert!(!of("zoho.eu", "mx.zoho.eu").contains(&"imap.zoho.com".to_owned()));
        // A customer's domain has other servers than the host's own.
        assert!(of("contoso.example", "mx.zoho.com").contains(&"imappro.zoho.com".to_owned()));
        assert!(!of("contoso.example", "mx.zoho.com").contains(&"imap.zoho.com".to_owned()));
        assert!(of("contoso.example", "mx.elsewhere.example").is_empty(), "the table does not know that place");
        let contoso = Domain::parse("contoso.example").unwrap();
        let own = known_servers("xserver", &contoso, &["SV1234.xserver.jp"]);
        assert!(own.iter().all(|server| server.host == "sv1234.xserver.jp") && !own.is_empty());
        assert!(known_servers("xserver", &contoso, &[]).is_empty());
    }

    #[test]
    fn remarks_change_with_the_day() {
        let before = server_remarks("microsoft-365", date(2026, 12, 31));
        let after = server_remarks("microsoft-365", date(2027, 1, 1));
        assert!(before.contains(&"road.microsoft-smtp-until-2026-12".to_owned()), "{before:?}");
        assert!(after.contains(&"road.microsoft-smtp-off".to_owned()), "{after:?}");
        assert!(!after.contains(&"road.microsoft-smtp-until-2026-12".to_owned()));
        assert_eq!(server_remarks("no-such-host", date(2026, 11, 24)), Vec::<String>::new());
    }
}
