//! What a mail server offers before any sign-in, and whether it takes one. No mail is sent, no client id is told.

mod imap;
mod pop;
mod sign_in;
mod smtp;

use std::time::Duration;

use inbox_model::{
    CodeFamily, Facts, Failure, FailureKind, MailProtocol, MailSecurity, MailServer, Operation, Outcome, SkipReason,
};
use inbox_net::{Dialogue, Limits, Net, Place, Transcript, line::shown};
use serde::Serialize;
use serde_json::json;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Recorder, report::name_of, servers::ServerAnswer};

pub(crate) use sign_in::{Credentials, sign_in};
pub use sign_in::{Means, SignInAnswer};

/// Time for one server. A healthy one needs under a second.
const LIMIT: Duration = Duration::from_secs(5);
/// Time for one command with its answer.
const COMMAND_LIMIT: Duration = Duration::from_secs(4);

/// What a server offers. What could not be read is `None`, never an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Names of its capabilities, once encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<String>>,
    /// Ways to sign in (SASL), once encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mechanisms: Option<Vec<String>>,
    /// Names of its capabilities before TLS, where the connection begins in clear text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capabilities_before_tls: Option<Vec<String>>,
    /// Whether a plain LOGIN is refused (IMAP's LOGINDISABLED), once encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_disabled: Option<bool>,
    /// The same before TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_disabled_before_tls: Option<bool>,
}

impl Offer {
    /// Whether anybody could sign in at all; `None` when the server did not tell.
    #[must_use]
    pub fn takes_sign_ins(&self) -> Option<bool> {
        let mechanisms = self.mechanisms.as_ref()?;
        Some(!mechanisms.is_empty() || self.login_disabled == Some(false))
    }
}

fn probe_of(protocol: MailProtocol) -> (&'static str, Operation) {
    match protocol {
        MailProtocol::Imap => ("imap-server", Operation::ImapCommand),
        MailProtocol::Smtp => ("smtp-server", Operation::SmtpCommand),
        MailProtocol::Pop => ("pop-server", Operation::PopCommand),
    }
}

/// Records that a server is not asked.
pub(crate) fn skip(server: &MailServer, recorder: &Recorder, because: SkipReason) {
    let (probe, operation) = probe_of(server.protocol);
    recorder.skip(probe, operation, target(server), because);
}

fn target(server: &MailServer) -> String {
    format!("{}:{}", server.host, server.port)
}

/// Asks a server and records what came of it.
pub(crate) async fn ask(
    server: &MailServer,
    net: &Net,
    recorder: &Recorder,
    until: Instant,
    cancel: &CancellationToken,
) -> ServerAnswer {
    let (probe, operation) = probe_of(server.protocol);
    let pending = recorder.begin(probe, operation, target(server));
    let whole = until.saturating_duration_since(Instant::now()).min(LIMIT);
    if whole.is_zero() {
        let because = SkipReason::OutOfTime;
        pending.finish(Outcome::Skipped { because });
        return ServerAnswer::NotTried { because };
    }
    let limits = Limits { command: COMMAND_LIMIT.min(whole), whole };
    let mut transcript = Transcript::default();
    let asked = async {
        let dialogue = net.lines.open(&place(server), limits, cancel).await?;
        transcript = dialogue.transcript();
        let start_tls = server.security == MailSecurity::StartTls;
        match server.protocol {
            MailProtocol::Imap => imap::ask(dialogue, start_tls).await,
            MailProtocol::Smtp => smtp::ask(dialogue, start_tls).await,
            MailProtocol::Pop => pop::ask(dialogue, start_tls).await,
        }
    };
    let asked = asked.await;
    let pending = pending.saying(transcript.lines());
    match asked {
        Ok(offer) => {
            pending.passed(facts(server, &offer));
            ServerAnswer::Answers(offer)
        }
        Err(failure) if failure.kind == FailureKind::Cancelled => {
            let because = SkipReason::Cancelled;
            pending.finish(Outcome::Skipped { because });
            ServerAnswer::NotTried { because }
        }
        Err(failure) => ServerAnswer::Failed { failure: pending.failed(failure) },
    }
}

fn place(server: &MailServer) -> Place {
    Place {
        host: server.host.clone(),
        port: server.port,
        implicit_tls: server.security == MailSecurity::Tls,
        public_only: true,
    }
}

fn facts(server: &MailServer, offer: &Offer) -> Facts {
    let mut facts = Facts::new();
    facts.insert("host".to_owned(), json!(server.host));
    facts.insert("port".to_owned(), json!(server.port));
    facts.insert("security".to_owned(), json!(name_of(&server.security)));
    facts.insert("source".to_owned(), json!(name_of(&server.source)));
    facts.insert("user".to_owned(), json!(name_of(&server.user)));
    if let Ok(serde_json::Value::Object(read)) = serde_json::to_value(offer) {
        facts.extend(read);
    }
    facts
}

/// A refusal in the server's own words.
fn refused(family: CodeFamily, code: Option<String>, text: &str) -> Failure {
    let failure = Failure::of(FailureKind::ProviderRefused).with_detail(shown(text));
    match code {
        Some(code) => failure.with_code(family, shown(&code)),
        None => failure,
    }
}

/// Something else than the protocol: another service on this port, or a filter in the way.
fn other_protocol(line: &str) -> Failure {
    Failure::of(FailureKind::BodyMalformed).with_detail(shown(line))
}

/// The server does not offer to encrypt; nothing is ever said to it in clear text beyond that question.
fn no_start_tls() -> Failure {
    Failure::of(FailureKind::TlsProtocol).with_detail("starttls-not-offered")
}

/// The next line, or the failure of the dialogue.
async fn next(dialogue: &mut Dialogue) -> Result<String, Failure> {
    dialogue.line().await
}
