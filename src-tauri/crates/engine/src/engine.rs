//! The program without its surface: what command line and window call.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use inbox_catalogue::{
    ConsentLinks, DiagnosisContext, ExplainContext, Recognition, RoadContext, SupportId, TextContext, app_from_toml,
    builtin_apps, consent_links, diagnose, phrase, recognise, redact_secrets,
};
use inbox_model::{
    AppProfile, Cloud, Domain, EmailAddress, Examination, ExplainedFinding, Finding, Language, Message, Tenant,
};
use inbox_net::{Net, NetOptions};
use serde::{Deserialize, Serialize};

use crate::{
    SettingsError, SettingsInForce, SettingsProblem, SettingsSources, handover::Spool, history::History, local_hosts,
    probe::journal::Journal, signin::TokenStore,
};

/// Largest text that is examined in one piece, in bytes. Larger ones are streamed (`explain FILE`).
pub const MAX_TEXT: usize = 4 * 1024 * 1024;

/// Why the engine could not do its work: our own fault or a wrong request, never a sick world.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The network part cannot start.
    #[error(transparent)]
    Network(#[from] inbox_net::NetError),
    /// The address or domain is none.
    #[error("this is no e-mail address: {0}")]
    Address(#[from] inbox_model::AddressError),
    /// No target app has this short name.
    #[error("there is no target app called `{0}`")]
    UnknownApp(String),
    /// The organisation's policy forbids it.
    #[error("your organisation's policy does not allow this: {0}")]
    Policy(&'static str),
    /// The text is too long to be examined in one piece.
    #[error("the text has {0} bytes; at most {MAX_TEXT} can be examined in one piece")]
    TooLong(usize),
    /// The bytes are no text.
    #[error("this is no text; it looks like: {0}")]
    NotText(&'static str),
    /// A report file cannot be read.
    #[error("this is no report of Inbox Doctor: {0}")]
    NotAReport(String),
    /// A local file could not be written or read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// A document could not be written as JSON.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The person stopped it.
    #[error("stopped")]
    Cancelled,
    /// The computer's password store refused.
    #[error("the computer's password store: {0}")]
    Keychain(String),
}

/// What a pasted text says, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedText {
    /// Best first.
    pub findings: Vec<ExplainedFinding>,
    /// Questions that would settle between causes.
    pub questions: Vec<ExplainedQuestion>,
    /// Ids and times that support needs.
    pub ids: Vec<SupportId>,
    /// What is worth knowing about addresses in the text, beside the causes.
    #[serde(default)]
    pub notes: Vec<ExplainedNote>,
    /// The text without secrets; places refer to it.
    pub redacted_text: String,
}

/// A remark on an address in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedNote {
    /// `prompt-consent`, `common-in-consent`, `tenant-mismatch`, `other-app`, `extra-scopes`, `consent-granted`.
    pub id: String,
    /// In words.
    pub text: String,
}

/// A question in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedQuestion {
    /// Id.
    pub id: String,
    /// The question.
    pub text: String,
    /// Possible answers.
    pub answers: Vec<ExplainedAnswer>,
}

/// An answer in words, with the finding that it settles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedAnswer {
    /// Id.
    pub id: String,
    /// The words on the button.
    pub text: String,
    /// What it settles.
    pub finding: ExplainedFinding,
}

/// The program without its surface; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) settings: Arc<SettingsInForce>,
    pub(crate) apps: Arc<Vec<AppProfile>>,
    pub(crate) network: Arc<NetOptions>,
    pub(crate) net: Arc<OnceLock<Net>>,
    pub(crate) store: Arc<tokio::sync::Mutex<Option<Arc<dyn TokenStore>>>>,
    pub(crate) history: History,
    pub(crate) journal: Journal,
    pub(crate) spool: Option<Spool>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Reads the settings. Network part and password store start with their first use.
    ///
    /// # Errors
    /// When the named settings file cannot be read.
    pub fn start(sources: &SettingsSources) -> Result<Self, EngineError> {
        let mut settings = SettingsInForce::read(sources)?;
        let apps = read_apps(&mut settings);
        let extra_roots = read_roots(&mut settings);
        let values = &settings.values;
        let network = NetOptions {
            dns_server: values.dns_server.as_deref().and_then(|text| text.parse::<SocketAddr>().ok()),
            proxy: values.proxy.as_deref().and_then(inbox_net::ProxySetting::parse),
            extra_roots,
            local_hosts: local_hosts(values.endpoints.as_ref())
                .into_iter()
                .chain(values.handover_collector.as_deref().and_then(crate::handover::host))
                .collect(),
        };
        let keep_history = sources.instead_of_user.is_none() && values.keep_history.unwrap_or(true);
        let history = History::in_folder(sources.state.as_deref().filter(|_| keep_history));
        // What was set aside before the program ended is past being brought back.
        if let Err(error) = history.purge() {
            tracing::warn!(%error, "checks that were deleted could not be removed");
        }
        Ok(Self {
            apps: Arc::new(apps),
            network: Arc::new(network),
            net: Arc::default(),
            store: Arc::default(),
            history,
            journal: Journal::in_folder(sources.state.as_deref()),
            spool: Spool::in_folder(sources.state.as_deref()),
            settings: Arc::new(settings),
        })
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &SettingsInForce {
        &self.settings
    }

    /// What was ignored in the settings and target-app files.
    #[must_use]
    pub fn problems(&self) -> &[SettingsProblem] {
        &self.settings.problems
    }

    /// The history of checks.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The network part. It starts with its first use: explaining a text needs none, and must come at once.
    ///
    /// # Errors
    /// When TLS or DNS cannot be set up on this computer.
    pub fn net(&self) -> Result<&Net, EngineError> {
        if let Some(net) = self.net.get() {
            return Ok(net);
        }
        let net = Net::new(&self.network)?;
        Ok(self.net.get_or_init(|| net))
    }

    /// The target apps: the one of the settings first.
    #[must_use]
    pub fn apps(&self) -> Vec<&AppProfile> {
        let mut apps: Vec<&AppProfile> = self.apps.iter().collect();
        if let Some(first) = &self.settings.values.app {
            apps.sort_by_key(|app| app.id != *first);
        }
        apps
    }

    /// The target app with this short name; the first one for `None`.
    ///
    /// # Errors
    /// When there is none.
    pub fn app(&self, id: Option<&str>) -> Result<&AppProfile, EngineError> {
        let apps = self.apps();
        match id {
            Some(id) => apps.into_iter().find(|app| app.id == id),
            None => apps.into_iter().next(),
        }
        .ok_or_else(|| match id {
            Some(id) if !self.is_forbidden_app(id) => EngineError::UnknownApp(id.to_owned()),
            _ => EngineError::Policy("allowedApps"),
        })
    }

    /// The sign-in host of the settings, where they name one.
    pub(crate) fn login_override(&self) -> Option<&str> {
        self.settings.values.endpoints.as_ref()?.microsoft.login.as_deref()
    }

    /// The consent addresses for a tenant.
    #[must_use]
    pub fn consent_links(&self, app: &AppProfile, tenant: &str, cloud: Cloud) -> Option<ConsentLinks> {
        consent_links(app, tenant, cloud, self.login_override())
    }

    /// Names the causes in a text, in words.
    ///
    /// # Errors
    /// `TooLong` for texts that must be streamed.
    pub fn explain_text(
        &self,
        text: &str,
        app: &AppProfile,
        domain: Option<&Domain>,
        language: Language,
    ) -> Result<ExplainedText, EngineError> {
        if text.len() > MAX_TEXT {
            return Err(EngineError::TooLong(text.len()));
        }
        let redacted = redact_secrets(text);
        let recognition = self.recognise(&redacted, app, domain);
        let context = self.words_context(app, None, domain, None);
        let questions = recognition
            .questions
            .iter()
            .map(|question| ExplainedQuestion {
                id: question.id.clone(),
                text: phrase(language, &format!("question.{}", question.id), &[("app", &app.name)]),
                answers: question
                    .answers
                    .iter()
                    .map(|(id, cause)| {
                        let mut settled = Finding::of(*cause, inbox_model::Confidence::Likely);
                        if let Some(first) = recognition.findings.first() {
                            settled.codes.clone_from(&first.codes);
                            settled.parameters.clone_from(&first.parameters);
                            settled.places.clone_from(&first.places);
                        }
                        ExplainedAnswer {
                            id: id.clone(),
                            text: phrase(language, &format!("answer.{}-{id}", question.id), &[("app", &app.name)]),
                            finding: self.words_of(settled, &context, language),
                        }
                    })
                    .collect(),
            })
            .collect();
        Ok(ExplainedText {
            findings: recognition.findings.into_iter().map(|f| self.words_of(f, &context, language)).collect(),
            questions,
            ids: recognition.ids,
            notes: recognition
                .notes
                .into_iter()
                .map(|id| ExplainedNote { text: phrase(language, &format!("note.{id}"), &[("app", &app.name)]), id })
                .collect(),
            redacted_text: redacted,
        })
    }

    /// Names the causes in a text, without words.
    #[must_use]
    pub fn recognise(&self, text: &str, app: &AppProfile, domain: Option<&Domain>) -> Recognition {
        recognise(text, &TextContext { today: today(), domain, app: Some(app) })
    }

    /// A finding in words.
    #[must_use]
    pub fn in_words(
        &self,
        finding: Finding,
        app: &AppProfile,
        domain: Option<&Domain>,
        language: Language,
    ) -> ExplainedFinding {
        self.words_of(finding, &self.words_context(app, None, domain, None), language)
    }

    /// The message to whoever can mend a finding, in any language.
    #[must_use]
    pub fn message(
        &self,
        finding: &Finding,
        app: &AppProfile,
        address: Option<&EmailAddress>,
        tenant: Option<&Tenant>,
        language: Language,
    ) -> Option<Message> {
        let domain = address.map(EmailAddress::domain);
        self.message_of(finding, &self.words_context(app, address, domain, tenant), language)
    }

    /// The same examination with its words in another language.
    #[must_use]
    pub fn reword(&self, examination: &Examination, language: Language) -> Examination {
        self.judge(examination.clone(), language)
    }

    /// Judges a saved examination again with today's knowledge.
    ///
    /// # Errors
    /// When the text is no examination of ours.
    pub fn replay(&self, text: &str, language: Language) -> Result<Examination, EngineError> {
        let examination: Examination =
            serde_json::from_str(text).map_err(|error| EngineError::NotAReport(error.to_string()))?;
        if examination.schema != inbox_model::SCHEMA {
            return Err(EngineError::NotAReport(format!(
                "it has schema {}, this program reads schema {}",
                examination.schema,
                inbox_model::SCHEMA
            )));
        }
        Ok(self.judge(examination, language))
    }

    /// Diagnoses the observations of an examination and puts the findings into words.
    pub(crate) fn judge(&self, mut examination: Examination, language: Language) -> Examination {
        let fallback = crate::examine::nameless_app(&examination.app);
        let app = self.apps.iter().find(|app| app.id == examination.app.id).unwrap_or(&fallback);
        let address = EmailAddress::parse(&examination.address).ok();
        let diagnosis = diagnose(
            &examination.observations,
            &DiagnosisContext {
                address: address.as_ref(),
                app,
                discovery: examination.discovery.as_ref(),
                account: examination.account.as_ref(),
                today: today(),
            },
        );
        let domain = examination.discovery.as_ref().map(|discovery| discovery.domain.clone());
        let tenant = examination.discovery.as_ref().and_then(|discovery| discovery.tenant.clone());
        let domain = domain.as_ref().or(address.as_ref().map(EmailAddress::domain));
        let context = self.words_context(app, address.as_ref(), domain, tenant.as_ref());
        examination.findings =
            diagnosis.findings.into_iter().map(|finding| self.words_of(finding, &context, language)).collect();
        if let Some(discovery) = &examination.discovery {
            let roads = RoadContext { app, address: address.as_ref(), discovery, today: today(), language };
            examination.roads = inbox_catalogue::roads(&examination.observations, &roads);
        }
        examination.verdict = diagnosis.verdict;
        examination.suppressed = diagnosis.suppressed;
        examination.language = language;
        examination.catalogue = inbox_catalogue::CATALOGUE_DATE.to_owned();
        examination.steps = crate::examine::summarise(&examination);
        examination
    }

    pub(crate) fn words_context<'a>(
        &'a self,
        app: &'a AppProfile,
        address: Option<&'a EmailAddress>,
        domain: Option<&'a Domain>,
        tenant: Option<&'a Tenant>,
    ) -> ExplainContext<'a> {
        ExplainContext {
            app,
            address,
            domain,
            tenant,
            helpdesk: self.settings.values.helpdesk_address.as_deref(),
            login: self.login_override(),
            today: today(),
        }
    }
}

/// Today in UTC.
#[must_use]
pub fn today() -> jiff::civil::Date {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// The certificates of `trustedRootFiles`; a file that cannot be used is reported.
fn read_roots(settings: &mut SettingsInForce) -> Vec<Vec<u8>> {
    let mut roots = Vec::new();
    for file in settings.values.trusted_root_files.clone() {
        let read = std::fs::read(&file).map_err(|error| error.to_string());
        match read
            .and_then(|bytes| inbox_net::read_pem_certificates(&bytes).ok_or("it holds no certificate".to_owned()))
        {
            Ok(found) => roots.extend(found),
            Err(reason) => {
                settings.problems.push(SettingsProblem { file, key: Some("trustedRootFiles".to_owned()), reason });
            }
        }
    }
    roots
}

/// Built-in apps and those of the settings' files; a file that cannot be used is reported.
fn read_apps(settings: &mut SettingsInForce) -> Vec<AppProfile> {
    let mut apps: BTreeMap<String, AppProfile> = BTreeMap::new();
    let mut order = Vec::new();
    for app in builtin_apps() {
        order.push(app.id.clone());
        apps.insert(app.id.clone(), app.clone());
    }
    for file in settings.values.app_files.clone() {
        let read = std::fs::read_to_string(&file).map_err(|error| error.to_string());
        match read.and_then(|text| app_from_toml(&text).map_err(|error| error.to_string())) {
            Ok(app) => {
                if !order.contains(&app.id) {
                    order.push(app.id.clone());
                }
                apps.insert(app.id.clone(), app);
            }
            Err(reason) => {
                settings.problems.push(SettingsProblem { file, key: Some("appFiles".to_owned()), reason });
            }
        }
    }
    let allowed = settings.values.allowed_apps.clone();
    // A name that no app has allows nothing, and is more likely a slip than meant.
    for name in allowed.iter().flatten().filter(|name| !apps.contains_key(*name)) {
        settings.problems.push(SettingsProblem {
            file: settings.places.get("allowedApps").cloned().unwrap_or_default(),
            key: Some("allowedApps".to_owned()),
            reason: format!("there is no target app called `{name}`"),
        });
    }
    order.retain(|id| allowed.as_ref().is_none_or(|allowed| allowed.contains(id)));
    order.iter().filter_map(|id| apps.remove(id)).collect()
}
