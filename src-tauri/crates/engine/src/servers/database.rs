//! Thunderbird's central database of mail servers (ISPDB). It is asked only where the settings allow it: whoever runs it learns
//! the mail domain, and nothing else.

use inbox_model::{Domain, MailServer, ServerSource};
use url::Url;

use super::{autoconfig, is_inside};
use crate::{discovery::ask::Asker, endpoints::join};

/// Its public place (<https://wiki.mozilla.org/Thunderbird:Autoconfiguration>).
pub(crate) const PLACE: &str = "https://autoconfig.thunderbird.net/v1.1";

/// Servers by the domain; where it is not known there, by the domain of its mail exchange, as Thunderbird does it.
pub(super) async fn ask(base: &Url, domain: &Domain, exchanges: &[&str], asker: Asker<'_>) -> Vec<MailServer> {
    let above = domain.registrable().unwrap_or_else(|| domain.clone());
    let found = one(base, above.as_ascii(), domain, asker).await;
    if !found.is_empty() {
        return found;
    }
    let exchange = exchanges.iter().find(|name| !is_inside(name, domain)).and_then(|name| Domain::parse(name).ok());
    match exchange.and_then(|exchange| exchange.registrable()) {
        Some(host) => one(base, host.as_ascii(), domain, asker).await,
        None => Vec::new(),
    }
}

async fn one(base: &Url, name: &str, domain: &Domain, asker: Asker<'_>) -> Vec<MailServer> {
    let found = autoconfig::fetch_as("servers-database", join(base, &[name]).as_str(), domain, asker).await;
    found.into_iter().map(|server| MailServer { source: ServerSource::Database, ..server }).collect()
}
