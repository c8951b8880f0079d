//! `inbox-doctor discover DOMAIN…`.

use std::io::Read as _;

use futures_util::StreamExt as _;
use inbox_catalogue::phrase;
use inbox_model::{Discovery, MailReception, Provider, Realm};

use super::Session;
use crate::{
    arguments::DiscoverArguments,
    output::{self, Exit},
};

/// Domains that are looked up at the same time.
const AT_ONCE: usize = 32;
/// Largest list of domains, in bytes.
const MAX_LIST: u64 = 64 * 1024 * 1024;

/// Looks domains up, in the order given.
pub async fn run(session: &Session, arguments: DiscoverArguments) -> Exit {
    let mut targets = arguments.targets;
    if let Some(path) = arguments.input {
        match read(&path) {
            Ok(text) => targets.extend(
                text.lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty() && !line.starts_with('#'))
                    .map(str::to_owned),
            ),
            Err(error) => {
                output::complain(&format!("inbox-doctor: {}: {error}", path.display()));
                return Exit::Usage;
            }
        }
    }
    let several = targets.len() > 1;
    let mut exit = Exit::Works;
    let lookups = targets.into_iter().map(|target| async move {
        let result = session.engine.discover(&target, &session.cancel).await;
        (target, result)
    });
    let mut lookups = std::pin::pin!(futures_util::stream::iter(lookups).buffered(AT_ONCE));
    while let Some((target, result)) = lookups.next().await {
        match result {
            Ok(discovery) => {
                if session.common.json {
                    output::document(&discovery, !several);
                } else {
                    words(session, &discovery);
                }
                if discovery.reception == MailReception::NotChecked && exit == Exit::Works {
                    exit = Exit::NotExamined;
                }
            }
            Err(error) => {
                if session.common.json && several {
                    let detail = error.to_string();
                    output::document(&serde_json::json!({"target": target, "error": {"detail": detail}}), false);
                } else {
                    output::error(&error, session.common.json);
                }
                exit = Exit::of_error(&error);
                if exit == Exit::Cancelled {
                    break;
                }
            }
        }
    }
    exit
}

fn read(path: &std::path::Path) -> std::io::Result<String> {
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(MAX_LIST).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(path)?.take(MAX_LIST).read_to_string(&mut text)?;
    }
    Ok(text)
}

fn words(session: &Session, discovery: &Discovery) {
    let language = session.language;
    let say = |key: &str, value: &str| output::say(&format!("  {}: {value}", phrase(language, key, &[])));
    output::say(&discovery.domain.to_unicode());
    say("cli.provider", &provider(session, &discovery.provider));
    if let Some(gateway) = &discovery.gateway {
        say("cli.gateway", &gateway.name);
    }
    if let Some(forwarder) = &discovery.forwarder {
        say("cli.forwarder", &forwarder.name);
    }
    if let Some(tenant) = &discovery.tenant {
        let brand = tenant.brand.as_deref().unwrap_or_default();
        say("cli.tenant", format!("{} {brand}", tenant.id).trim());
        match &tenant.realm {
            Realm::Managed => say("cli.realm", "managed"),
            Realm::Federated { host } => {
                say("cli.realm", &format!("federated {}", host.as_deref().unwrap_or_default()));
            }
            Realm::Unknown | Realm::NotChecked => {}
        }
    }
    for item in &discovery.evidence {
        let points = item.points_to.as_deref().map(|host| format!(" → {host}")).unwrap_or_default();
        output::say(&format!("    {:>3}  {} = {}{points}", item.weight, item.asked, item.answer));
    }
}

fn provider(session: &Session, provider: &Provider) -> String {
    match provider {
        Provider::Microsoft365 { .. } => "Microsoft 365".to_owned(),
        Provider::OutlookCom => "Outlook.com".to_owned(),
        Provider::GoogleWorkspace => "Google Workspace".to_owned(),
        Provider::Gmail => "Gmail".to_owned(),
        Provider::Other { name, .. } => name.clone(),
        Provider::None => phrase(session.language, "host.none", &[]),
        Provider::Unknown => phrase(session.language, "host.unknown", &[]),
    }
}
