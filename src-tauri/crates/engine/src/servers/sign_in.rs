//! Signing in at what was found, and what a refusal means.

use std::time::Duration;

use inbox_catalogue::{DiagnosisContext, diagnose};
use inbox_model::{Discovery, EmailAddress, Finding, MailProtocol, MailUser, Observation};
use inbox_net::Net;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{FoundServer, Means, ServerAnswer, SignInAnswer, Survey};
use crate::{
    Engine, EngineError, Recorder, Watcher,
    discovery::ask::Asker,
    probe::{
        caldav, exchange,
        mail_server::{self, Credentials},
    },
};

/// Time for the sign-ins over HTTP together.
const SIGN_IN_BUDGET: Duration = Duration::from_secs(30);

/// Who signs in at the servers, and with what.
#[derive(Debug, Clone)]
pub struct MailSignIn {
    /// The name, where it is not what the server usually wants (the whole address).
    pub user: Option<String>,
    /// Password or token.
    pub means: Means,
}

/// With what somebody signs in.
#[derive(Clone, Copy)]
pub(super) enum SignInBy<'a> {
    Nothing,
    Typed(&'a MailSignIn),
    Grant(&'a dyn Watcher),
}

impl Engine {
    /// What the observations of the sign-ins mean; the search before them is shown, not judged.
    pub(super) fn findings_of_sign_in(
        &self,
        found: &Discovery,
        address: Option<&EmailAddress>,
        observations: &[Observation],
    ) -> Result<Vec<Finding>, EngineError> {
        let context = DiagnosisContext {
            address,
            app: self.app(None)?,
            discovery: Some(found),
            account: None,
            today: crate::today(),
        };
        let about = |finding: &Finding| {
            finding.evidence.iter().any(|id| {
                let of = observations.iter().find(|observation| observation.id == *id);
                of.is_some_and(|observation| is_sign_in(&observation.probe))
            })
        };
        Ok(diagnose(observations, &context).findings.into_iter().filter(about).collect())
    }
}

fn is_sign_in(probe: &str) -> bool {
    let exchange = matches!(probe, "ews-inbox" | "ews-calendar");
    exchange
        || probe.starts_with("sign-in-")
        || probe.starts_with("caldav-")
        || matches!(probe, "imap-sign-in" | "imap-inbox" | "smtp-sign-in")
}

/// Signs in at the first server of IMAP and of SMTP that answers. Not at more: wrong tries lock accounts.
pub(crate) async fn sign_in(
    survey: &mut Survey,
    sign_in: &MailSignIn,
    address: Option<&EmailAddress>,
    net: &Net,
    recorder: &Recorder,
    cancel: &CancellationToken,
) {
    let asker = Asker { net, recorder, until: Instant::now() + SIGN_IN_BUDGET, cancel };
    let name = sign_in.user.clone().or_else(|| user_name(MailUser::Address, address));
    if let (Some(offer), Some(name)) = (&survey.exchange, &name) {
        exchange::folders(offer, name, &sign_in.means, asker).await;
    }
    if let (Some(server), Some(name), Means::Password(password)) = (&survey.calendar, &name, &sign_in.means) {
        caldav::calendars(server, name, password, asker).await;
    }
    let servers = &mut survey.servers;
    for protocol in [MailProtocol::Imap, MailProtocol::Smtp] {
        let fits = |found: &&mut FoundServer| {
            found.server.protocol == protocol && matches!(found.answer, ServerAnswer::Answers(_))
        };
        let Some(found) = servers.iter_mut().find(fits) else { continue };
        let Some(user) = sign_in.user.clone().or_else(|| user_name(found.server.user, address)) else { continue };
        for only in mechanisms(found, &sign_in.means) {
            let credentials = Credentials { user: &user, means: &sign_in.means, server: &found.server, only };
            let answer = mail_server::sign_in(&credentials, net, recorder, cancel).await;
            let accepted = matches!(answer, SignInAnswer::Accepted { .. });
            found.sign_in = Some(answer);
            if accepted || cancel.is_cancelled() {
                break;
            }
        }
    }
}

/// What to try one after the other: a token is shown in each form that the server knows, a password once, as the best way allows.
fn mechanisms(found: &FoundServer, means: &Means) -> Vec<Option<&'static str>> {
    let ServerAnswer::Answers(offer) = &found.answer else { return Vec::new() };
    let offered = offer.mechanisms.as_deref().unwrap_or_default();
    let known: Vec<Option<&'static str>> = ["XOAUTH2", "OAUTHBEARER"]
        .into_iter()
        .filter(|name| matches!(means, Means::Bearer(_)) && offered.iter().any(|mechanism| mechanism == name))
        .map(Some)
        .collect();
    if known.is_empty() { vec![None] } else { known }
}

/// The name to sign in with.
#[must_use]
pub fn user_name(user: MailUser, address: Option<&EmailAddress>) -> Option<String> {
    let address = address?;
    match user {
        MailUser::Address => Some(address.to_string()),
        MailUser::LocalPart => Some(address.local().to_owned()),
        MailUser::Other => None,
    }
}
