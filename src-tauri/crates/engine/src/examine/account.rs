//! The part of a check that needs a sign-in.

use std::time::Duration;

use inbox_model::{Cloud, CodeFamily, Operation, Secret, SignInProvider, SkipReason, Stage, Step};

use super::{Run, sign_in_at};
use crate::{
    EngineError, GoogleAddresses, MicrosoftAddresses,
    probe::{
        Asker, check_permissions, google, graph,
        write_test::{Place, WriteTest},
    },
    signin::{self, Granted, Identity, IdentityProvider, SignInContext, SignInRequest, Stopped},
};

/// Stage 1 at Microsoft: who is it, with a permission that every organisation lets its people give
/// (<https://learn.microsoft.com/graph/permissions-reference#userread>).
const MICROSOFT_IDENTITY: &[&str] = &["openid", "profile", "email", "offline_access", "User.Read"];
/// Stage 1 at Google.
const GOOGLE_IDENTITY: &[&str] = &["openid", "email"];
/// Stage 2 at Microsoft for a target app whose scopes are not known: what mail and calendar connections commonly ask for.
const MICROSOFT_USUAL: &[&str] = &["offline_access", "User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite"];
/// Stage 2 at Google when the target app's scopes are not known: the narrowest that tell whether mailbox and calendar are
/// there. `gmail.labels` is in the non-sensitive class (<https://developers.google.com/workspace/gmail/api/auth/scopes>).
const GOOGLE_NARROW: &[&str] =
    &["https://www.googleapis.com/auth/gmail.labels", "https://www.googleapis.com/auth/calendar.calendarlist.readonly"];

impl Run<'_> {
    /// Signs in and looks at the account, or records why not.
    pub(super) async fn account(&mut self) -> Result<(), EngineError> {
        let Some(discovery) = &self.examination.discovery else {
            self.without_account(SkipReason::DependencyFailed);
            return Ok(());
        };
        let cloud = match &discovery.provider {
            inbox_model::Provider::Microsoft365 { cloud } => *cloud,
            _ => discovery.tenant.as_ref().map(|tenant| tenant.cloud).unwrap_or_default(),
        };
        match sign_in_at(discovery) {
            Some("microsoft") if !self.engine.may_sign_in(SignInProvider::Microsoft) => {
                self.without_account(SkipReason::Policy);
            }
            Some("microsoft") => Box::pin(self.at_microsoft(cloud)).await,
            Some(_) if !self.engine.may_sign_in(SignInProvider::Google) => self.without_account(SkipReason::Policy),
            Some(_) => Box::pin(self.at_google()).await,
            None => self.without_account(SkipReason::NotApplicable),
        }
        if self.cancel.is_cancelled() { Err(EngineError::Cancelled) } else { Ok(()) }
    }

    async fn at_microsoft(&mut self, cloud: Cloud) {
        let ready = self.microsoft.clone().filter(|_| cloud == self.engine.home_cloud());
        let Some(provider) = ready.or_else(|| self.engine.microsoft_provider(cloud)) else {
            self.without_account(SkipReason::NoClientRegistered);
            return;
        };
        let addresses = self.engine.microsoft(cloud);
        let Some(granted) = Box::pin(self.identity(&provider, MICROSOFT_IDENTITY)).await else { return };
        // Both need the first token only. `/me` tells who it is; where the sign-in name left that open, the second stage waits
        // for it, so that no permission is asked for in somebody else's name.
        let open = matches!(granted.identity, Identity::Unconfirmed(_));
        let wanted = app_scopes(self.app.microsoft.as_ref().map(|app| app.scopes.as_slice()), MICROSOFT_USUAL);
        let extended = if open {
            let known = Box::pin(self.who_is_it(&addresses, &granted)).await;
            Box::pin(self.confirm(&provider, &granted, known)).await;
            Box::pin(self.ask_app_scopes(&provider, &granted, &wanted)).await
        } else {
            let (known, extended) =
                tokio::join!(self.who_is_it(&addresses, &granted), self.ask_app_scopes(&provider, &granted, &wanted));
            Box::pin(self.confirm(&provider, &granted, known)).await;
            extended
        };
        let Some(granted) = Box::pin(self.take_app_scopes(&provider, extended, &wanted)).await else {
            graph::skip(&self.recorder, SkipReason::DependencyFailed);
            return;
        };
        Box::pin(self.look_at_microsoft(&addresses, &granted)).await;
    }

    /// `/me` and the licences side by side; gives the addresses of the account, where they could be read.
    async fn who_is_it(&self, addresses: &MicrosoftAddresses, granted: &Granted) -> Option<Vec<String>> {
        let personal = granted.grant.personal;
        let asker = self.asker(&granted.grant.access_token, CodeFamily::Graph);
        let (me, _) = tokio::join!(graph::me(&asker, &addresses.graph, personal), async {
            if personal {
                self.recorder.skip("graph-licences", Operation::Http, "", SkipReason::NotApplicable);
                Ok(())
            } else {
                graph::licences(&asker, &addresses.graph).await
            }
        });
        me.ok().map(|me| me.mail.into_iter().chain(me.principal).chain(me.aliases).collect())
    }

    /// Settles whether it is the asked person, and keeps the sign-in once it is.
    async fn confirm(&mut self, provider: &IdentityProvider, granted: &Granted, known: Option<Vec<String>>) {
        if let Some(known) = known {
            let request = self.request(Stage::Identity, MICROSOFT_IDENTITY);
            self.confirmed = signin::confirm_identity(&self.recorder, &request, granted, &known);
            self.keep(provider, granted, Vec::new()).await;
        }
        self.tell(Step::SignIn);
    }

    async fn look_at_microsoft(&mut self, addresses: &MicrosoftAddresses, granted: &Granted) {
        self.running(Step::Mailbox);
        self.running(Step::Calendar);
        let asker = self.asker(&granted.grant.access_token, CodeFamily::Graph);
        let host = addresses.graph.host_str().unwrap_or_default();
        let look = async {
            tokio::join!(
                graph::mailbox(&asker, &addresses.graph),
                graph::calendar(&asker, &addresses.graph, jiff::Timestamp::now()),
            )
        };
        let (mailbox, _) = self.patiently(Step::Mailbox, host, Box::pin(look)).await;
        if mailbox.is_ok() {
            Box::pin(self.write(Place::Graph(&addresses.graph), asker, granted)).await;
        }
        self.tell(Step::Mailbox);
        self.tell(Step::Calendar);
    }

    async fn at_google(&mut self) {
        let values = &self.engine.settings.values;
        let Some(client) = values.google_client_id.clone() else {
            self.without_account(SkipReason::NoClientRegistered);
            return;
        };
        let Ok(addresses) = GoogleAddresses::resolve(values.endpoints.as_ref()) else {
            self.without_account(SkipReason::NoClientRegistered);
            return;
        };
        let secret = values.google_client_secret.clone().map(Secret::new);
        let provider = IdentityProvider::google(&addresses, &client, secret);
        let Some(granted) = Box::pin(self.identity(&provider, GOOGLE_IDENTITY)).await else { return };
        let asker = self.asker(&granted.grant.access_token, CodeFamily::Google);
        let _ = google::userinfo(&asker, &addresses).await;
        self.tell(Step::SignIn);
        let named = self.app.google.as_ref().map(|app| app.scopes.as_slice());
        let wanted = app_scopes(named.filter(|scopes| !scopes.is_empty()), GOOGLE_NARROW);
        let extended = Box::pin(self.ask_app_scopes(&provider, &granted, &wanted)).await;
        let Some(granted) = Box::pin(self.take_app_scopes(&provider, extended, &wanted)).await else {
            google::skip(&self.recorder, SkipReason::DependencyFailed);
            return;
        };
        self.running(Step::Mailbox);
        self.running(Step::Calendar);
        let asker = self.asker(&granted.grant.access_token, CodeFamily::Google);
        let scopes = &granted.grant.granted;
        let look = async {
            tokio::join!(google::mailbox(&asker, &addresses, scopes), google::calendar(&asker, &addresses, scopes))
        };
        let host = addresses.gmail.host_str().unwrap_or_default();
        let (mailbox, _) = self.patiently(Step::Mailbox, host, Box::pin(look)).await;
        if mailbox.is_ok() {
            Box::pin(self.write(Place::Google(&addresses), asker, &granted)).await;
        }
        self.tell(Step::Mailbox);
        self.tell(Step::Calendar);
    }

    /// Stage 1: by the kept sign-in where there is one, else in the browser. `None` ends the account's part.
    async fn identity(&mut self, provider: &IdentityProvider, scopes: &[&str]) -> Option<Granted> {
        self.running(Step::SignIn);
        let request = self.request(Stage::Identity, scopes);
        let context = self.sign_in_context();
        let kept = self.store.load(&provider.binding(), &self.address.to_string()).await.ok().flatten();
        let silently = match &kept {
            Some(stored) => Box::pin(signin::refresh(context, provider, stored, &request.scopes)).await.ok(),
            None => None,
        };
        let result = match silently {
            Some(granted) => Ok(granted),
            None => Box::pin(signin::sign_in(context, provider, &request)).await,
        };
        match result {
            Ok(granted) => {
                self.keep(provider, &granted, Vec::new()).await;
                self.tell(Step::SignIn);
                Some(granted)
            }
            Err(stopped) => {
                let because = match stopped {
                    Stopped::Skipped(reason) => reason,
                    Stopped::Failed(_) => SkipReason::DependencyFailed,
                };
                if provider.name() == "google" {
                    google::skip(&self.recorder, because);
                } else {
                    graph::skip(&self.recorder, because);
                }
                self.recorder.skip("permissions", Operation::Authorize, "", because);
                self.tell(Step::SignIn);
                None
            }
        }
    }

    /// Stage 2: asks for the target app's own scopes.
    async fn ask_app_scopes(
        &self,
        provider: &IdentityProvider,
        granted: &Granted,
        wanted: &[String],
    ) -> Result<Granted, Stopped> {
        self.running(Step::Permissions);
        let mut request = self.request(Stage::AppScopes, &[]);
        request.scopes = wanted.to_vec();
        if provider.kind() == signin::ProviderKind::Google {
            // Without these the answer would not say whose it is.
            request.scopes.extend(GOOGLE_IDENTITY.iter().map(|scope| (*scope).to_owned()));
        }
        Box::pin(signin::extend(self.sign_in_context(), provider, &granted.grant, &request)).await
    }

    /// Records what of the target app's scopes was granted, and keeps the wider sign-in.
    async fn take_app_scopes(
        &mut self,
        provider: &IdentityProvider,
        extended: Result<Granted, Stopped>,
        wanted: &[String],
    ) -> Option<Granted> {
        let extended = match extended {
            Ok(extended) => {
                let missing = check_permissions(&self.recorder, provider.name(), &extended.grant.granted, wanted);
                self.keep(provider, &extended, missing).await;
                Some(extended)
            }
            Err(_) => {
                self.recorder.skip("permissions", Operation::Authorize, "", SkipReason::DependencyFailed);
                None
            }
        };
        self.tell(Step::Permissions);
        extended
    }

    /// Keeps the sign-in where the settings allow it, and notes who it is.
    async fn keep(&mut self, provider: &IdentityProvider, granted: &Granted, missing: Vec<String>) {
        let mut kept = false;
        // Kept under the address that was typed, so that the next check of it finds it; but only once it is sure that both are
        // the same person. Until then nothing is kept.
        let same = self.confirmed || matches!(granted.identity, Identity::Same);
        if let Some(mut stored) = granted.grant.to_stored(provider).filter(|_| same) {
            stored.address = self.address.to_string();
            kept = self.store.save(&stored).await.is_ok() && self.store.lasts();
        }
        self.examination.account = Some(granted.grant.to_account(&missing, kept));
    }

    /// Cleans up what an earlier write test left behind, and runs a new one where it was asked for.
    async fn write(&self, place: Place<'_>, asker: Asker<'_>, granted: &Granted) {
        let test = WriteTest {
            asker,
            place,
            account: &granted.grant.account,
            granted: &granted.grant.granted,
            journal: &self.engine.journal,
        };
        test.clean_up().await;
        if self.write_test {
            Box::pin(test.run(jiff::Timestamp::now())).await;
        }
    }

    fn asker<'a>(&'a self, token: &'a Secret<String>, family: CodeFamily) -> Asker<'a> {
        Asker { net: self.net, recorder: &self.recorder, token, family, cancel: self.cancel }
    }

    fn sign_in_context(&self) -> SignInContext<'_> {
        SignInContext { http: &self.net.http, recorder: &self.recorder, watcher: self.watcher, cancel: self.cancel }
    }

    fn request(&self, stage: Stage, scopes: &[&str]) -> SignInRequest {
        let seconds = self.engine.settings.values.sign_in_seconds;
        SignInRequest {
            stage,
            address: self.address.clone(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            prompt: None,
            wait: Duration::from_secs(seconds.unwrap_or(super::SIGN_IN_SECONDS)),
        }
    }
}

fn app_scopes(named: Option<&[String]>, usual: &[&str]) -> Vec<String> {
    match named {
        Some(scopes) => scopes.to_vec(),
        None => usual.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}
