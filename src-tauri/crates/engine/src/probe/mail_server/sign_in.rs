//! Signing in at a mail server: with the password that the person typed, or with the access token of a grant.

use std::time::Duration;

use inbox_model::{
    CodeFamily, Facts, Failure, FailureKind, MailProtocol, MailSecurity, MailServer, Outcome, Secret, SkipReason,
};
use inbox_net::{
    Dialogue, Limits, Net, Transcript,
    line::sasl::{self, Challenge},
};
use serde::Serialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Offer, imap, place, probe_of, smtp, target};
use crate::Recorder;

/// Time for one sign-in. Servers answer a wrong password late on purpose: Dovecot after two seconds, others after five.
const LIMIT: Duration = Duration::from_secs(20);
/// Time for one command with its answer.
const COMMAND_LIMIT: Duration = Duration::from_secs(15);

/// What is shown to the server.
#[derive(Debug, Clone)]
pub enum Means {
    /// A password or app password, as the person typed it.
    Password(Secret<String>),
    /// An access token.
    Bearer(Secret<String>),
}

/// Who signs in, and with what.
#[derive(Debug)]
pub(crate) struct Credentials<'a> {
    pub(crate) user: &'a str,
    pub(crate) means: &'a Means,
    pub(crate) server: &'a MailServer,
    /// Only this mechanism.
    pub(crate) only: Option<&'static str>,
}

/// A sign-in that worked.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) mechanism: String,
    /// What the server offers to this person (IMAP).
    pub(super) capabilities: Option<Vec<String>>,
    /// Whether the inbox could be opened, and how many messages it has (IMAP).
    pub(super) inbox: Option<Result<Option<u64>, Failure>>,
}

/// What came of a sign-in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum SignInAnswer {
    /// The server took it.
    Accepted {
        /// How.
        mechanism: String,
    },
    /// It did not.
    Failed {
        /// How it ended.
        failure: Failure,
    },
    /// It was not tried.
    NotTried {
        /// Why not.
        because: SkipReason,
    },
}

impl Credentials<'_> {
    /// The best mechanism for these means among the offered ones.
    pub(super) fn choose(&self, offer: &Offer) -> Result<&'static str, Failure> {
        let offered = offer.mechanisms.clone().unwrap_or_default();
        let has = |name: &str| offered.iter().any(|mechanism| mechanism == name);
        let wanted: &[&'static str] = match self.means {
            Means::Password(_) => &["PLAIN", "LOGIN"],
            Means::Bearer(_) => &["XOAUTH2", "OAUTHBEARER"],
        };
        let fits = |name: &&'static str| has(name) && self.only.is_none_or(|only| only == *name);
        if let Some(name) = wanted.iter().copied().find(|name| fits(name)) {
            return Ok(name);
        }
        let is_imap = self.server.protocol == MailProtocol::Imap;
        let takes_login = is_imap && offer.login_disabled == Some(false) && self.only.is_none();
        match self.means {
            Means::Password(_) if takes_login => Ok("LOGIN"),
            Means::Password(_) if offered.is_empty() && !is_imap => Err(not_offered("auth-not-offered")),
            Means::Password(_) => Err(not_offered("password-not-offered")),
            Means::Bearer(_) => Err(not_offered("oauth-not-offered")),
        }
    }

    /// The first answer of a mechanism, and what ends it when the server says no. Both are masked from now on.
    pub(super) fn first(&self, mechanism: &str, means: &Means, dialogue: &Dialogue) -> (Secret<String>, &'static str) {
        let (first, end) = match (mechanism, means) {
            ("OAUTHBEARER", Means::Bearer(token)) => {
                (sasl::oauthbearer(self.user, &self.server.host, self.server.port, token), sasl::END_OF_OAUTHBEARER)
            }
            (_, Means::Bearer(token)) => (sasl::xoauth2(self.user, token), ""),
            (_, Means::Password(password)) => (sasl::plain(self.user, password), "*"),
        };
        dialogue.transcript().hide(first.clone());
        (first, end)
    }
}

fn not_offered(code: &str) -> Failure {
    Failure::of(FailureKind::ProviderRefused).with_code(CodeFamily::Vendor, code).with_detail(code)
}

/// The refusal with what the challenge before it told.
pub(super) fn with_challenge(mut failure: Failure, challenge: Option<&Challenge>) -> Failure {
    if let Some(read) = challenge {
        failure.detail = format!("{} [{}]", failure.detail, read.words()).trim().to_owned();
    }
    failure
}

/// The probe of the sign-in.
fn sign_in_probe(protocol: MailProtocol) -> &'static str {
    if protocol == MailProtocol::Imap { "imap-sign-in" } else { "smtp-sign-in" }
}

/// Signs in and records what came of it; for IMAP also whether the inbox opens.
pub(crate) async fn sign_in(
    credentials: &Credentials<'_>,
    net: &Net,
    recorder: &Recorder,
    cancel: &CancellationToken,
) -> SignInAnswer {
    let server = credentials.server;
    let (probe, operation) = (sign_in_probe(server.protocol), probe_of(server.protocol).1);
    // Nothing secret goes over a connection that stays in clear text, and fetching by POP3 is no road of a target app.
    if server.security == MailSecurity::None || server.protocol == MailProtocol::Pop {
        let because = SkipReason::NotApplicable;
        recorder.skip(probe, operation, target(server), because);
        return SignInAnswer::NotTried { because };
    }
    let pending = recorder.begin(probe, operation, target(server));
    let mut transcript = Transcript::default();
    let limits = Limits { command: COMMAND_LIMIT, whole: LIMIT };
    let work = async {
        let dialogue = net.lines.open(&place(server), limits, cancel).await?;
        transcript = dialogue.transcript();
        transcript.hide(secret(credentials.means).clone());
        let start_tls = server.security == MailSecurity::StartTls;
        match server.protocol {
            MailProtocol::Imap => imap::sign_in(dialogue, start_tls, credentials).await,
            _ => smtp::sign_in(dialogue, start_tls, credentials).await,
        }
    };
    let result = work.await;
    let pending = pending.saying(transcript.lines());
    match result {
        Ok(signed_in) => {
            let mut facts = facts(credentials, &signed_in.mechanism);
            if let Some(names) = &signed_in.capabilities {
                facts.insert("capabilities".to_owned(), json!(names));
            }
            pending.passed(facts);
            if let Some(inbox) = signed_in.inbox {
                let pending = recorder.begin("imap-inbox", operation, target(server));
                match inbox {
                    Ok(messages) => {
                        let facts = messages.map(|count| ("messages".to_owned(), json!(count)));
                        pending.passed(facts.into_iter().collect());
                    }
                    Err(failure) => {
                        pending.failed(masked(failure, &transcript));
                    }
                }
            }
            SignInAnswer::Accepted { mechanism: signed_in.mechanism }
        }
        Err(failure) if failure.kind == FailureKind::Cancelled => {
            let because = SkipReason::Cancelled;
            pending.finish(Outcome::Skipped { because });
            SignInAnswer::NotTried { because }
        }
        Err(failure) => {
            // That a server takes no tokens is no fault of the mailbox.
            if failure.codes.iter().any(|code| code.value == "oauth-not-offered") {
                let because = SkipReason::NotApplicable;
                pending.finish(Outcome::Skipped { because });
                return SignInAnswer::NotTried { because };
            }
            let mut failure = masked(failure, &transcript);
            // What a no means depends on what was shown.
            failure = failure.with_code(CodeFamily::Vendor, means_name(credentials.means));
            SignInAnswer::Failed { failure: pending.failed(failure) }
        }
    }
}

fn facts(credentials: &Credentials<'_>, mechanism: &str) -> Facts {
    let server = credentials.server;
    let security = crate::report::name_of(&server.security);
    Facts::from_iter([
        ("host".to_owned(), json!(server.host)),
        ("port".to_owned(), json!(server.port)),
        ("security".to_owned(), json!(security)),
        ("mechanism".to_owned(), json!(mechanism)),
        ("means".to_owned(), json!(means_name(credentials.means))),
    ])
}

fn means_name(means: &Means) -> &'static str {
    match means {
        Means::Password(_) => "password",
        Means::Bearer(_) => "oauth",
    }
}

fn secret(means: &Means) -> &Secret<String> {
    match means {
        Means::Password(secret) | Means::Bearer(secret) => secret,
    }
}

/// A hostile server may repeat what it was told.
fn masked(mut failure: Failure, transcript: &Transcript) -> Failure {
    failure.detail = transcript.mask(&failure.detail);
    for code in &mut failure.codes {
        code.value = transcript.mask(&code.value);
    }
    failure
}
