//! A sign-in in the browser for mail alone, and where the big providers' mail servers are.

use std::time::Duration;

use inbox_model::{
    Cloud, Discovery, EmailAddress, MailProtocol, MailSecurity, MailServer, Operation, Provider, ServerSource,
    SignInProvider, SkipReason, Stage,
};
use inbox_net::Net;
use tokio_util::sync::CancellationToken;

use super::{MailSignIn, Means};
use crate::{
    Engine, GoogleAddresses, Recorder, Watcher,
    examine::{SIGN_IN_SECONDS, sign_in_at},
    signin::{self, Identity, IdentityProvider, SignInContext, SignInRequest},
};

/// <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>
const MICROSOFT: &[&str] = &[
    "openid",
    "email",
    "profile",
    "https://outlook.office.com/IMAP.AccessAsUser.All",
    "https://outlook.office.com/SMTP.Send",
];
/// <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>
const GOOGLE: &[&str] = &["openid", "email", "https://mail.google.com/"];

impl Engine {
    /// Signs in for the mail servers. `None` where that is not possible; what came of it is recorded.
    pub(super) async fn mail_grant(
        &self,
        found: &Discovery,
        address: &EmailAddress,
        net: &Net,
        recorder: &Recorder,
        watcher: &dyn Watcher,
        cancel: &CancellationToken,
    ) -> Option<MailSignIn> {
        let skip = |because| recorder.skip("sign-in-identity", Operation::Authorize, "", because);
        let (provider, scopes, who) = match sign_in_at(found) {
            Some("microsoft") => {
                let cloud = match &found.provider {
                    Provider::Microsoft365 { cloud } => *cloud,
                    _ => Cloud::Worldwide,
                };
                (self.microsoft_provider(cloud), MICROSOFT, SignInProvider::Microsoft)
            }
            Some(_) => (self.google_provider(), GOOGLE, SignInProvider::Google),
            None => {
                skip(SkipReason::NotApplicable);
                return None;
            }
        };
        if !self.may_sign_in(who) {
            skip(SkipReason::Policy);
            return None;
        }
        let Some(provider) = provider else {
            skip(SkipReason::NoClientRegistered);
            return None;
        };
        let request = SignInRequest {
            stage: Stage::Identity,
            address: address.clone(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            prompt: None,
            wait: Duration::from_secs(self.settings.values.sign_in_seconds.unwrap_or(SIGN_IN_SECONDS)),
        };
        let context = SignInContext { http: &net.http, recorder, watcher, cancel };
        let granted = signin::sign_in(context, &provider, &request).await.ok()?;
        // Somebody else's token says nothing about this mailbox.
        if matches!(granted.identity, Identity::Other(_)) {
            return None;
        }
        Some(MailSignIn { user: None, means: Means::Bearer(granted.grant.access_token.clone()) })
    }

    fn google_provider(&self) -> Option<IdentityProvider> {
        let values = &self.settings.values;
        let client = values.google_client_id.as_deref()?;
        let addresses = GoogleAddresses::resolve(values.endpoints.as_ref()).ok()?;
        let secret = values.google_client_secret.clone().map(inbox_model::Secret::new);
        Some(IdentityProvider::google(&addresses, client, secret))
    }

    /// The big providers' servers as the settings name them, in place of the published ones.
    pub(super) fn named_servers(&self, provider: &Provider) -> Vec<MailServer> {
        let Some(endpoints) = &self.settings.values.endpoints else { return Vec::new() };
        let (imap, smtp, security) = if provider.is_microsoft() {
            (&endpoints.microsoft.imap, &endpoints.microsoft.smtp, MailSecurity::StartTls)
        } else if provider.is_google() {
            (&endpoints.google.imap, &endpoints.google.smtp, MailSecurity::Tls)
        } else {
            return Vec::new();
        };
        let server = |pair: &Option<String>, protocol, security| {
            let (host, port) = pair.as_deref()?.rsplit_once(':')?;
            Some(MailServer {
                protocol,
                source: ServerSource::Table,
                security,
                host: super::host_name(host)?,
                port: port.parse().ok().filter(|port| *port != 0)?,
                user: inbox_model::MailUser::Address,
                evidence: "the settings".to_owned(),
            })
        };
        let both = [server(imap, MailProtocol::Imap, MailSecurity::Tls), server(smtp, MailProtocol::Smtp, security)];
        both.into_iter().flatten().collect()
    }
}
