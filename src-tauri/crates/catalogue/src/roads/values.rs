//! The values to copy.

use inbox_model::{MailSecurity, MailServer, MailUser, Observation, Outcome, RoadValue};
use serde_json::Value;

use super::RoadContext;
use crate::phrase;

/// A server with what matters for copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u64,
    pub(super) security: &'static str,
    pub(super) user: MailUser,
    /// It answered, with a certificate that is trusted.
    pub(super) answered: bool,
    pub(super) evidence: Option<String>,
}

impl Server {
    pub(super) fn published(server: &MailServer) -> Self {
        Self {
            host: server.host.clone(),
            port: server.port.into(),
            security: if server.security == MailSecurity::Tls { "SSL/TLS" } else { "STARTTLS" },
            user: server.user,
            answered: false,
            evidence: None,
        }
    }
}

/// The server that took a sign-in; else the first encrypted one that answered, a named one before a guess.
pub(super) fn best_server(observations: &[Observation], sign_in: &str, survey: &str) -> Option<Server> {
    let answered = |probe: &'_ str| -> Vec<(Server, bool)> {
        let all = observations.iter().filter(|one| one.probe == probe);
        all.filter_map(|one| {
            let Outcome::Passed { facts } = &one.outcome else { return None };
            let text = |name: &str| facts.get(name).and_then(Value::as_str);
            let server = Server {
                host: text("host")?.to_owned(),
                port: facts.get("port")?.as_u64()?,
                security: match text("security")? {
                    "tls" => "SSL/TLS",
                    "start-tls" => "STARTTLS",
                    _ => return None,
                },
                user: match text("user") {
                    Some("local-part") => MailUser::LocalPart,
                    Some("other") => MailUser::Other,
                    _ => MailUser::Address,
                },
                answered: true,
                evidence: Some(one.id.clone()),
            };
            Some((server, text("source") == Some("guess")))
        })
        .collect()
    };
    let surveyed = answered(survey);
    if let Some((taken, _)) = answered(sign_in).into_iter().next() {
        // What the user name is, only the survey knows.
        let same = surveyed.iter().find(|(server, _)| server.host == taken.host && server.port == taken.port);
        let user = same.map_or(taken.user, |(server, _)| server.user);
        return Some(Server { user, ..taken });
    }
    let named = surveyed.iter().find(|(_, is_guess)| !is_guess);
    named.or(surveyed.first()).map(|(server, _)| server.clone())
}

/// Host, port and security of both servers, and the user name.
pub(super) fn mail_values(imap: Option<&Server>, smtp: Option<&Server>, context: &RoadContext<'_>) -> Vec<RoadValue> {
    let mut values = Vec::new();
    for (kind, server) in [("imap", imap), ("smtp", smtp)] {
        let Some(server) = server else { continue };
        values.push(value(&format!("{kind}-host"), server.host.clone(), context));
        values.push(value(&format!("{kind}-port"), server.port.to_string(), context));
        values.push(value(&format!("{kind}-security"), server.security.to_owned(), context));
    }
    let user = imap.or(smtp).map_or(MailUser::Address, |server| server.user);
    let name = context.address.and_then(|address| match user {
        MailUser::Address => Some(address.to_string()),
        MailUser::LocalPart => Some(address.local().to_owned()),
        MailUser::Other => None,
    });
    if !values.is_empty() {
        values.extend(name.map(|name| value("user-name", name, context)));
    }
    values
}

pub(super) fn exchange_values(url: &str, context: &RoadContext<'_>) -> Vec<RoadValue> {
    let mut values = vec![value("ews-url", url.to_owned(), context)];
    values.extend(context.address.map(|address| value("user-name", address.to_string(), context)));
    values
}

pub(super) fn calendar_values(url: &str, context: &RoadContext<'_>) -> Vec<RoadValue> {
    let mut values = vec![value("caldav-url", url.to_owned(), context)];
    values.extend(context.address.map(|address| value("user-name", address.to_string(), context)));
    values
}

fn value(name: &str, value: String, context: &RoadContext<'_>) -> RoadValue {
    let label = phrase(context.language, &format!("road.value-{name}"), &[]);
    RoadValue { name: name.to_owned(), label, value }
}
