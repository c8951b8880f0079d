//! The hosts that providers and target apps list as needed (`data/hosts.tsv`), and who issues their certificates
//! (`data/issuers.tsv`). Each row names its source.

use std::sync::OnceLock;

/// What a host is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostNeed {
    /// For sign-in, mailbox and calendar.
    Required,
    /// For the pictures and scripts of the sign-in page: the browser needs it, the program does not.
    Pages,
    /// For the road beside the API (IMAP, SMTP).
    Road,
    /// For the target app's own pages.
    App,
}

impl HostNeed {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "required" => Self::Required,
            "pages" => Self::Pages,
            "road" => Self::Road,
            "app" => Self::App,
            _ => return None,
        })
    }
}

/// A host that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededHost {
    /// `microsoft`, `microsoft-us-government`, `microsoft-us-defense`, `microsoft-china`, `google`, or the short name of a
    /// target app.
    pub group: String,
    /// What it is inside the group (`login`, `graph`, `imap`).
    pub role: String,
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What for.
    pub need: HostNeed,
    /// Who runs it, as in the table of issuers.
    pub operator: String,
}

/// All rows, in the order of the table.
fn rows() -> &'static [NeededHost] {
    static ROWS: OnceLock<Vec<NeededHost>> = OnceLock::new();
    ROWS.get_or_init(|| include_str!("../data/hosts.tsv").lines().skip(1).filter_map(row).collect())
}

fn row(line: &str) -> Option<NeededHost> {
    let mut fields = line.split('\t');
    let mut next = || fields.next().map(str::to_owned);
    Some(NeededHost {
        group: next()?,
        role: next()?,
        host: next()?,
        port: next()?.parse().ok()?,
        need: HostNeed::parse(&next()?)?,
        operator: next()?,
    })
}

/// The hosts of a group; empty for one that is not known.
#[must_use]
pub fn needed_hosts(group: &str) -> Vec<&'static NeededHost> {
    rows().iter().filter(|row| row.group == group).collect()
}

/// All groups, in the order of the table.
#[must_use]
pub fn host_groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> = rows().iter().map(|row| row.group.as_str()).collect();
    groups.dedup();
    groups
}

/// The row of a place, where it is one of the hosts that are listed.
#[must_use]
pub fn needed_host(host: &str, port: u16) -> Option<&'static NeededHost> {
    rows().iter().find(|row| row.host.eq_ignore_ascii_case(host) && row.port == port)
}

/// Whether an organisation is known to issue certificates for an operator's hosts; `None` where nothing is known about the
/// operator. Providers change their issuers: what is not in the table is unusual, and no proof.
#[must_use]
pub fn is_known_issuer(operator: &str, organisation: &str) -> Option<bool> {
    static ISSUERS: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    let all = ISSUERS.get_or_init(|| {
        let lines = include_str!("../data/issuers.tsv").lines().skip(1);
        lines
            .filter_map(|line| {
                let mut fields = line.split('\t');
                Some((fields.next()?, fields.next()?))
            })
            .collect()
    });
    let mut of_operator = all.iter().filter(|(name, _)| *name == operator).peekable();
    of_operator.peek()?;
    Some(of_operator.any(|(_, name)| name.eq_ignore_ascii_case(organisation.trim())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_read_has_a_source_and_an_issuer() {
        let text = include_str!("../data/hosts.tsv");
        assert_eq!(rows().len(), text.lines().count() - 1, "a row cannot be read");
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 8, "{line}");
            assert!(fields[6].starts_with("https://"), "{line}");
            assert!(fields[7].parse::<jiff::civil::Date>().unwrap().year() >= 2026, "{line}");
            assert!(is_known_issuer(fields[5], "x").is_some(), "{line}");
        }
        for line in include_str!("../data/issuers.tsv").lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(fields.len() == 4 && fields[2].starts_with("https://"), "{line}");
        }
        let places: BTreeSet<_> = rows().iter().map(|row| (&row.group, &row.host, row.port)).collect();
        assert_eq!(places.len(), rows().len(), "a place is listed twice");
    }

    #[test]
    fn every_cloud_and_every_app_with_hosts_is_a_group() {
        let groups = host_groups();
        for group in ["microsoft", "microsoft-us-government", "microsoft-us-defense", "microsoft-china", "google"] {
            let required = needed_hosts(group).iter().filter(|row| row.need == HostNeed::Required).count();
            assert!(groups.contains(&group) && required >= 3, "{group}");
        }
        assert!(!needed_hosts("hubspot").is_empty());
        assert!(needed_hosts("nobody").is_empty());
    }

    #[test]
    fn issuers_are_compared_by_operator() {
        assert_eq!(is_known_issuer("microsoft", "digicert inc"), Some(true));
        assert_eq!(is_known_issuer("google", "DigiCert Inc"), Some(false));
        assert_eq!(is_known_issuer("microsoft", "Contoso Filter GmbH"), Some(false));
        assert_eq!(is_known_issuer("nobody", "DigiCert Inc"), None);
    }
}
