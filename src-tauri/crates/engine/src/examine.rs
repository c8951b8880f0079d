//! One whole check: discovery, staged sign-in, probes, judgement, words.

mod account;
mod look;
mod steps;

use std::{sync::Arc, time::Duration};

use inbox_model::{
    AppProfile, AppReference, CheckEvent, Discovery, EmailAddress, Examination, Language, Operation, Provider,
    RedactionLevel, SignInProvider, SkipReason, Step, StepState, Verdict,
};
use inbox_net::Net;
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, EngineError, MicrosoftAddresses, Recorder, Watcher,
    discovery::{self, Target},
    servers,
    signin::{IdentityProvider, TokenStore},
};

pub(crate) use steps::summarise;

/// Time for everything that is found without a sign-in. DNS and three requests side by side take about a second; a resolver
/// that drops packets must not keep a person waiting longer than this.
pub(crate) const DISCOVERY_BUDGET: Duration = Duration::from_secs(15);
/// After this a step that still runs says what it waits for.
const SLOW: Duration = Duration::from_secs(5);

/// How long a sign-in waits for the browser when the settings do not say, in seconds. People look for their phone, read the
/// page, ask a colleague; after five minutes they have left.
pub const SIGN_IN_SECONDS: u64 = 300;

/// What to check.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The address as typed.
    pub address: String,
    /// Short name of the target app; the first one for `None`.
    pub app: Option<String>,
    /// Language of the words.
    pub language: Language,
    /// Whether to sign in.
    pub sign_in: bool,
    /// Whether to run the write test.
    pub write_test: bool,
}

/// A run under way.
pub(crate) struct Run<'a> {
    pub engine: &'a Engine,
    pub net: &'a Net,
    pub watcher: &'a dyn Watcher,
    pub cancel: &'a CancellationToken,
    pub recorder: Recorder,
    pub app: &'a AppProfile,
    pub address: EmailAddress,
    pub write_test: bool,
    pub store: Arc<dyn TokenStore>,
    /// Whether the directory confirmed that who signed in is who was asked about.
    pub confirmed: bool,
    /// The sign-in at Microsoft's worldwide cloud, where a client is registered.
    pub microsoft: Option<IdentityProvider>,
    pub examination: Examination,
    /// What was seen of the network while a step waited.
    pub meanwhile: look::Meanwhile,
}

impl Engine {
    /// Checks an address.
    ///
    /// # Errors
    /// A wrong address or app, a forbidden write test, or `Cancelled`. A refusal of the world is a finding.
    pub async fn check(
        &self,
        request: &CheckRequest,
        watcher: &dyn Watcher,
        cancel: &CancellationToken,
    ) -> Result<Examination, EngineError> {
        Box::pin(self.check_with(request, None, watcher, cancel)).await
    }

    /// The same, and signs in at the mail servers with what the person typed, where the host has no interface of its own.
    ///
    /// # Errors
    /// As [`Engine::check`].
    pub async fn check_with(
        &self,
        request: &CheckRequest,
        mail: Option<&servers::MailSignIn>,
        watcher: &dyn Watcher,
        cancel: &CancellationToken,
    ) -> Result<Examination, EngineError> {
        let address = EmailAddress::parse(&request.address)?;
        let app = self.app(request.app.as_deref())?;
        if request.write_test && self.settings.values.allow_write_test == Some(false) {
            return Err(EngineError::Policy("allowWriteTest"));
        }
        for step in Step::ALL {
            watcher.tell(CheckEvent::Step { step: *step, state: StepState::Waiting, note: None });
        }
        let recorder = Recorder::default();
        let examination = blank(&address, app, request.language);
        let store = self.store(&recorder, request.sign_in).await;
        let mut run = Run {
            engine: self,
            net: self.net()?,
            watcher,
            cancel,
            recorder,
            app,
            address,
            write_test: request.write_test,
            store,
            confirmed: false,
            microsoft: self
                .microsoft_provider(self.home_cloud())
                .filter(|_| request.sign_in && self.may_sign_in(SignInProvider::Microsoft)),
            examination,
            meanwhile: look::Meanwhile::default(),
        };
        // Keys are fetched beside discovery and browser, so that the sign-in need not wait for them. The task ends with the run.
        let mut ahead = tokio::task::JoinSet::new();
        if let Some(provider) = run.microsoft.clone() {
            let (http, cancel) = (run.net.http.clone(), cancel.child_token());
            ahead.spawn(async move { provider.prefetch(&http, &cancel).await });
        }
        run.tell(Step::Address);
        // Each part in a box of its own: the state of all of them in one is more than a thread's stack holds.
        Box::pin(run.discover()).await?;
        Box::pin(run.other_roads(mail)).await?;
        if request.sign_in {
            Box::pin(run.account()).await?;
        } else {
            run.without_account(SkipReason::NoSignIn);
        }
        Box::pin(run.look_at_network()).await;
        let examination = run.finish();
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let examination = self.judge(examination, request.language);
        for step in &examination.steps {
            watcher.tell(CheckEvent::Step { step: step.step, state: step.state, note: step.note.clone() });
        }
        if let Err(error) = self.history.keep(&examination) {
            tracing::warn!(%error, "the history could not be written");
        }
        self.lay_aside(&examination);
        Ok(examination)
    }

    /// Finds out who keeps the mail of a domain or address, without any sign-in.
    ///
    /// # Errors
    /// A wrong domain or address, or `Cancelled`.
    pub async fn discover(&self, target: &str, cancel: &CancellationToken) -> Result<Discovery, EngineError> {
        let target = Target::parse(target)?;
        let addresses = self.microsoft(self.home_cloud());
        let recorder = Recorder::default();
        let search = discovery::discover(&target, self.net()?, &addresses, &recorder, DISCOVERY_BUDGET, cancel);
        let found = Box::pin(search).await;
        if cancel.is_cancelled() { Err(EngineError::Cancelled) } else { Ok(found) }
    }

    /// The sign-in at Microsoft in a cloud; `None` where no client is registered.
    pub(crate) fn microsoft_provider(&self, cloud: inbox_model::Cloud) -> Option<IdentityProvider> {
        let values = &self.settings.values;
        let client = values.microsoft_client_id.as_deref()?;
        // The address tells nothing about the account's kind: an organisation's domain may also be the name of a personal one.
        let authority = values.microsoft_tenant.as_deref().unwrap_or("common");
        Some(IdentityProvider::microsoft(&self.microsoft(cloud), authority, client))
    }

    /// Microsoft's addresses in a cloud. Settings were checked when they were read.
    pub(crate) fn microsoft(&self, cloud: inbox_model::Cloud) -> MicrosoftAddresses {
        let endpoints = self.settings.values.endpoints.as_ref();
        MicrosoftAddresses::resolve(cloud, endpoints)
            .or_else(|_| MicrosoftAddresses::resolve(cloud, None))
            .unwrap_or_else(|_| unreachable!("the built-in addresses are addresses; a test resolves each cloud"))
    }
}

impl Run<'_> {
    async fn discover(&mut self) -> Result<(), EngineError> {
        self.running(Step::MailHost);
        self.running(Step::Organisation);
        let target = Target { domain: self.address.domain().clone(), address: Some(self.address.clone()) };
        let addresses = self.engine.microsoft(self.engine.home_cloud());
        let found = {
            let search =
                discovery::discover(&target, self.net, &addresses, &self.recorder, DISCOVERY_BUDGET, self.cancel);
            self.patiently(Step::MailHost, self.address.domain().as_ascii(), Box::pin(search)).await
        };
        if self.cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        self.examination.discovery = Some(found);
        self.tell(Step::MailHost);
        self.tell(Step::Organisation);
        Ok(())
    }

    /// Where the host has no cloud interface, or part of the organisation is on a server of its own, IMAP, SMTP and Exchange Web
    /// Services are the other way: looks for those servers, and signs in there where the person typed with what.
    async fn other_roads(&mut self, mail: Option<&servers::MailSignIn>) -> Result<(), EngineError> {
        let has_own = |found: &&Discovery| {
            let named = matches!(found.autodiscover, inbox_model::Autodiscover::Elsewhere { .. });
            matches!(found.provider, Provider::Other { .. }) || (found.provider.is_microsoft() && named)
        };
        let Some(found) = self.examination.discovery.as_ref().filter(has_own) else { return Ok(()) };
        let with = self.engine.search(found, Some(&self.address));
        let search = servers::look(found, &with, self.net, &self.recorder, servers::CHECK_BUDGET, self.cancel);
        let mut survey = self.patiently(Step::MailHost, self.address.domain().as_ascii(), Box::pin(search)).await;
        if let Some(mail) = mail.filter(|_| self.engine.may_sign_in(SignInProvider::Other)) {
            let signing_in =
                servers::sign_in(&mut survey, mail, Some(&self.address), self.net, &self.recorder, self.cancel);
            self.patiently(Step::SignIn, self.address.domain().as_ascii(), Box::pin(signing_in)).await;
        }
        if self.cancel.is_cancelled() { Err(EngineError::Cancelled) } else { Ok(()) }
    }

    /// Waits for a step and says so when it takes long.
    pub(crate) async fn patiently<T>(&self, step: Step, target: &str, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(SLOW) => {}
        }
        self.watcher.tell(CheckEvent::Slow { step, target: target.to_owned() });
        self.beside_a_look(step, work).await
    }

    pub(crate) fn running(&self, step: Step) {
        self.watcher.tell(CheckEvent::Step { step, state: StepState::Running, note: None });
    }

    /// Tells how a step stands by what was collected so far.
    pub(crate) fn tell(&mut self, step: Step) {
        self.examination.observations = self.recorder.observations();
        let summary = steps::summary(step, &self.examination);
        self.watcher.tell(CheckEvent::Step { step, state: summary.state, note: summary.note });
    }

    /// Records that nothing behind the sign-in was looked at.
    pub(crate) fn without_account(&self, because: SkipReason) {
        self.recorder.skip("sign-in-identity", Operation::Authorize, "", because);
        let google = self.examination.discovery.as_ref().is_some_and(|found| found.provider.is_google());
        if google {
            crate::probe::google::skip(&self.recorder, because);
        } else {
            crate::probe::graph::skip(&self.recorder, because);
        }
        self.recorder.skip("permissions", Operation::Authorize, "", because);
    }

    fn finish(self) -> Examination {
        let mut examination = self.examination;
        examination.observations = self.recorder.observations();
        examination.finished = now_text();
        examination
    }
}

fn blank(address: &EmailAddress, app: &AppProfile, language: Language) -> Examination {
    Examination {
        schema: inbox_model::SCHEMA,
        id: format!("{:032x}", rand::random::<u128>()),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        catalogue: inbox_catalogue::CATALOGUE_DATE.to_owned(),
        started: now_text(),
        finished: now_text(),
        address: address.to_string(),
        app: AppReference { id: app.id.clone(), name: app.name.clone() },
        redaction: RedactionLevel::Secrets,
        verdict: Verdict::Inconclusive,
        findings: Vec::new(),
        suppressed: Vec::new(),
        roads: Vec::new(),
        steps: Vec::new(),
        language,
        discovery: None,
        account: None,
        observations: Vec::new(),
    }
}

fn now_text() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A stand-in for a target app that a report names and this computer does not know.
pub(crate) fn nameless_app(reference: &AppReference) -> AppProfile {
    AppProfile {
        id: reference.id.clone(),
        name: reference.name.clone(),
        publisher: reference.name.clone(),
        microsoft: None,
        google: None,
        links: Vec::new(),
        checked_on: inbox_catalogue::CATALOGUE_DATE.to_owned(),
        sources: Vec::new(),
        wording: std::collections::BTreeMap::default(),
        error_strings: Vec::new(),
    }
}

/// Which provider to sign in at, by who keeps the mail; a gateway with a Microsoft organisation behind it counts as such.
pub(crate) fn sign_in_at(discovery: &Discovery) -> Option<&'static str> {
    match &discovery.provider {
        Provider::Microsoft365 { .. } | Provider::OutlookCom => Some("microsoft"),
        Provider::GoogleWorkspace | Provider::Gmail => Some("google"),
        Provider::Unknown if discovery.tenant.is_some() => Some("microsoft"),
        Provider::Other { .. } | Provider::None | Provider::Unknown => None,
    }
}
