//! `inbox-doctor servers DOMAIN|ADDRESS [--password | --password-stdin]`.

use inbox_catalogue::{phrase, server_remarks};
use inbox_engine::{
    report::{self, name_of},
    servers::{FoundServer, MailServers, ServerAnswer, SignInAnswer, user_name},
    today,
};
use inbox_model::{EmailAddress, ExplainedFinding, FailureKind, MailProtocol, MailSecurity, MailUser, ServerSource};
use serde_json::{Value, json};

use super::{Session, mail_password};
use crate::{
    arguments::ServersArguments,
    browser::Browser,
    output::{self, Exit},
    terminal::Terminal,
};

/// Finds the servers and prints the values to copy.
pub async fn run(session: &Session, arguments: ServersArguments) -> Exit {
    let target = arguments.target.as_str();
    let sign_in = match mail_password::read(session, &arguments.sign_in, target) {
        Ok(sign_in) => sign_in,
        Err(exit) => return exit,
    };
    let (engine, cancel) = (&session.engine, &session.cancel);
    let found = if arguments.oauth {
        if EmailAddress::parse(target).is_err() {
            output::complain(&phrase(session.language, "road.password-wants-address", &[]));
            return Exit::Usage;
        }
        let browser = Browser::of(session.common.browser.as_deref(), false);
        let terminal = Terminal::new(session.language, !session.common.quiet && output::is_watched(), browser, None);
        engine.servers_with_grant(target, &terminal, cancel).await
    } else {
        engine.servers_with(target, sign_in.as_ref(), cancel).await
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return output::error(&error, session.common.json),
    };
    let findings = match in_words(session, &found) {
        Ok(findings) => findings,
        Err(error) => return output::error(&error, session.common.json),
    };
    let remarks = remarks(session, &found);
    if session.common.json {
        match serde_json::to_value(&found) {
            Ok(mut document) => {
                let told: Vec<Value> = remarks.iter().map(|(id, text)| json!({"id": id, "text": text})).collect();
                if let Some(fields) = document.as_object_mut() {
                    fields.insert("remarks".to_owned(), told.into());
                    fields.insert("findings".to_owned(), json!(findings));
                    fields.insert("schema".to_owned(), json!(inbox_model::SCHEMA));
                }
                if let Ok(address) = EmailAddress::parse(target) {
                    name_users(&mut document, &address);
                }
                output::document(&document, true);
            }
            Err(error) => return output::error(&error.into(), true),
        }
    } else {
        words(session, &found, EmailAddress::parse(target).ok().as_ref(), &remarks);
        for finding in &findings {
            let mut text = String::new();
            report::finding(&mut text, finding, session.language);
            output::say("");
            output::say(text.trim_end());
        }
    }
    exit(&found)
}

fn in_words(session: &Session, found: &MailServers) -> Result<Vec<ExplainedFinding>, inbox_engine::EngineError> {
    let app = session.engine.app(None)?;
    let words = |finding: &inbox_model::Finding| {
        session.engine.in_words(finding.clone(), app, Some(&found.domain), session.language)
    };
    Ok(found.findings.iter().map(words).collect())
}

/// 0 where mail can be read and sent, 1 where not, 3 where nothing could be asked. A refused sign-in counts as not.
fn exit(found: &MailServers) -> Exit {
    let refused = |server: &FoundServer| matches!(server.sign_in, Some(SignInAnswer::Failed { .. }));
    let answers = |protocol| {
        let answering = |server: &FoundServer| matches!(server.answer, ServerAnswer::Answers(_)) && !refused(server);
        found.of(protocol).any(answering) && !found.of(protocol).any(refused)
    };
    if answers(MailProtocol::Imap) && answers(MailProtocol::Smtp) {
        Exit::Works
    } else if found.receives
        && found.servers.iter().all(|server| matches!(server.answer, ServerAnswer::NotTried { .. }))
    {
        Exit::NotExamined
    } else {
        Exit::Found
    }
}

/// Id and words of what must be said about this host today.
fn remarks(session: &Session, found: &MailServers) -> Vec<(String, String)> {
    let keys = found.host.as_deref().map(|host| server_remarks(host, today())).unwrap_or_default();
    keys.into_iter()
        .map(|key| {
            let text = phrase(session.language, &key, &[]);
            (key.trim_start_matches("road.").to_owned(), text)
        })
        .collect()
}

fn name_users(document: &mut Value, address: &EmailAddress) {
    let servers = document.get_mut("servers").and_then(Value::as_array_mut).into_iter().flatten();
    for server in servers {
        let user = server.get("user").cloned().and_then(|user| serde_json::from_value(user).ok());
        if let (Some(name), Some(fields)) =
            (user.and_then(|user| user_name(user, Some(address))), server.as_object_mut())
        {
            fields.insert("userName".to_owned(), json!(name));
        }
    }
}

fn words(session: &Session, found: &MailServers, address: Option<&EmailAddress>, remarks: &[(String, String)]) {
    let domain = found.domain.to_unicode();
    let say = |key: &str| phrase(session.language, &format!("road.{key}"), &[("domain", &domain)]);
    if !found.servers.iter().any(is_confirmed) {
        output::say(&say(if found.receives { "none" } else { "no-mail" }));
    } else {
        output::say(&say("copy"));
    }
    for protocol in MailProtocol::ALL {
        let mut servers = found.of(*protocol);
        let Some(first) = servers.next() else { continue };
        output::say("");
        output::say(&say(&name_of(protocol)));
        let mut others: Vec<&FoundServer> = servers.collect();
        if is_confirmed(first) {
            one(session, first, address, &domain);
        } else {
            // Values that nobody named and that do not work are not for copying.
            output::say(&format!("  {}", say("tried")));
            others.insert(0, first);
        }
        if is_confirmed(first) && !others.is_empty() {
            output::say(&format!("  {}", say("alternatives")));
        }
        for other in others {
            let server = &other.server;
            output::say(&format!(
                "    {}:{}, {} – {}; {}",
                server.host,
                server.port,
                say(security_key(server.security)),
                say(source_key(server.source)),
                answer(session, other, &domain)
            ));
        }
    }
    if !remarks.is_empty() {
        output::say("");
    }
    for (_, text) in remarks {
        output::say(&format!("• {text}"));
    }
}

/// Somebody named it, or it answered.
fn is_confirmed(found: &FoundServer) -> bool {
    found.server.source != ServerSource::Guess || matches!(found.answer, ServerAnswer::Answers(_))
}

fn one(session: &Session, found: &FoundServer, address: Option<&EmailAddress>, domain: &str) {
    let say = |key: &str| phrase(session.language, &format!("road.{key}"), &[]);
    let row = |key: &str, value: &str| output::say(&format!("  {}: {value}", say(key)));
    let server = &found.server;
    row("host", &server.host);
    row("port", &server.port.to_string());
    row("security", &say(security_key(server.security)));
    row("user", &user_name(server.user, address).unwrap_or_else(|| say(user_key(server.user))));
    output::say(&format!("  ({})", say(source_key(server.source))));
    let mark = if matches!(found.answer, ServerAnswer::Answers(_)) { "✓" } else { "–" };
    output::say(&format!("  {mark} {}", answer(session, found, domain)));
    match &found.sign_in {
        Some(SignInAnswer::Accepted { mechanism }) => {
            output::say(&format!("  ✓ {}", phrase(session.language, "road.signed-in", &[("mechanism", mechanism)])));
        }
        Some(SignInAnswer::Failed { failure }) => {
            let codes: Vec<&str> = failure.codes.iter().map(|code| code.value.as_str()).collect();
            let reason = format!("{} {}", codes.join(" "), failure.detail);
            output::say(&format!(
                "  ✗ {}",
                phrase(session.language, "road.sign-in-refused", &[("reason", reason.trim())])
            ));
        }
        Some(SignInAnswer::NotTried { .. }) => output::say(&format!("  – {}", say("sign-in-not-tried"))),
        None => {}
    }
}

fn answer(session: &Session, found: &FoundServer, domain: &str) -> String {
    let say = |key: &str, values: &[(&str, &str)]| phrase(session.language, &format!("road.{key}"), values);
    match &found.answer {
        ServerAnswer::Answers(offer) => match (offer.takes_sign_ins(), &offer.mechanisms) {
            (Some(true), Some(names)) if !names.is_empty() => say("offers", &[("mechanisms", &names.join(", "))]),
            (Some(true), _) => say("offers", &[("mechanisms", "LOGIN")]),
            (Some(false), _) => say("offers-nothing", &[]),
            (None, _) => say("offers-unknown", &[]),
        },
        ServerAnswer::Failed { failure } => {
            let codes: Vec<&str> = failure.codes.iter().map(|code| code.value.as_str()).collect();
            let reason = format!("{} {} {}", name_of(&failure.kind), codes.join(" "), failure.detail);
            let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
            let why = say(why_key(failure.kind), &[]);
            say("no-answer", &[("why", &why), ("reason", &reason)])
        }
        ServerAnswer::Outside => say("not-contacted", &[("domain", domain)]),
        ServerAnswer::NotTried { .. } => say("not-tried", &[]),
    }
}

fn why_key(kind: FailureKind) -> &'static str {
    use FailureKind as K;
    match kind {
        K::DnsNotFound | K::DnsServerFailed | K::DnsTimeout | K::DnsUnusable => "why-name",
        K::PrivateAddressRefused => "why-private",
        K::ConnectRefused | K::ConnectTimeout | K::ConnectUnreachable | K::ConnectionReset => "why-connect",
        K::TooSlow => "why-silent",
        K::TlsUntrusted => "why-certificate",
        K::TlsExpired | K::TlsNotYetValid => "why-expired",
        K::TlsWrongHost => "why-other-host",
        K::TlsProtocol => "why-tls",
        K::ProviderRefused => "why-refused",
        _ => "why-other",
    }
}

fn security_key(security: MailSecurity) -> &'static str {
    match security {
        MailSecurity::Tls => "tls",
        MailSecurity::StartTls => "start-tls",
        MailSecurity::None => "plain",
    }
}

fn source_key(source: ServerSource) -> &'static str {
    match source {
        ServerSource::Table => "source-table",
        ServerSource::Autoconfig => "source-autoconfig",
        ServerSource::Autodiscover => "source-autodiscover",
        ServerSource::Srv => "source-srv",
        ServerSource::Database => "source-database",
        ServerSource::Guess => "source-guess",
    }
}

fn user_key(user: MailUser) -> &'static str {
    match user {
        MailUser::Address => "user-address",
        MailUser::LocalPart => "user-local",
        MailUser::Other => "user-other",
    }
}
