//! What the organisation's settings do to words, reports and choices.

use std::path::{Path, PathBuf};

use inbox_catalogue::{ExplainContext, explain, fixer, message};
use inbox_model::{
    Cloud, Examination, ExplainedFinding, Finding, Fixer, Language, Link, LogLevel, Message, RedactionLevel,
    SignInProvider,
};

use crate::{
    Engine, EngineError, ReportFormat,
    report::{self, Branding, Helpdesk},
};

/// Kind of the link to the helpdesk's page.
const HELPDESK: &str = "helpdesk";

impl Engine {
    /// How much a report masks when `wanted` was asked for: a mandatory policy is the least, any other setting only the usual.
    #[must_use]
    pub fn redaction(&self, wanted: Option<RedactionLevel>) -> RedactionLevel {
        let usual = self.settings.values.redaction.unwrap_or_default();
        if self.settings.is_locked("redaction") { wanted.unwrap_or(usual).max(usual) } else { wanted.unwrap_or(usual) }
    }

    /// An examination as a file: masked, with the organisation's logo and helpdesk.
    ///
    /// # Errors
    /// Only when the examination cannot be written as JSON, which no examination of ours can cause.
    pub fn report(
        &self,
        examination: &Examination,
        format: ReportFormat,
        wanted: Option<RedactionLevel>,
    ) -> Result<String, EngineError> {
        Ok(report::render_for(examination, format, self.redaction(wanted), &self.branding())?)
    }

    /// Where a report with this name goes: a bare file name into the folder of the settings, anything else as it is.
    #[must_use]
    pub fn report_path(&self, name: &Path) -> PathBuf {
        let bare = name.parent().is_none_or(|parent| parent.as_os_str().is_empty());
        match self.report_folder().filter(|_| bare) {
            Some(folder) => folder.join(name),
            None => name.to_owned(),
        }
    }

    /// The folder for reports of the settings.
    #[must_use]
    pub fn report_folder(&self) -> Option<PathBuf> {
        self.settings.values.report_folder.as_deref().map(crate::places::full_path)
    }

    /// Whether the program may sign in there.
    #[must_use]
    pub fn may_sign_in(&self, provider: SignInProvider) -> bool {
        self.settings.values.allowed_providers.as_ref().is_none_or(|allowed| allowed.contains(&provider))
    }

    /// Whether this app exists and a policy keeps it from being chosen.
    pub(crate) fn is_forbidden_app(&self, id: &str) -> bool {
        self.settings.values.allowed_apps.as_ref().is_some_and(|allowed| !allowed.iter().any(|name| name == id))
    }

    /// The Microsoft cloud that is asked first.
    #[must_use]
    pub fn home_cloud(&self) -> Cloud {
        self.settings.values.microsoft_cloud.unwrap_or_default()
    }

    /// How much to log: the wish of one run (`INBOX_DOCTOR_LOG`), unless a mandatory policy says otherwise.
    #[must_use]
    pub fn log_level(&self, wish: Option<LogLevel>) -> LogLevel {
        let set = self.settings.values.log_level.unwrap_or_default();
        if self.settings.is_locked("logLevel") { set } else { wish.unwrap_or(set) }
    }

    /// Whether this is the helpdesk's own page, which may be opened though the catalogue does not name it.
    #[must_use]
    pub fn is_helpdesk_page(&self, url: &str) -> bool {
        self.settings.values.helpdesk_url.as_deref() == Some(url)
    }

    /// A finding in words, with what the organisation adds.
    pub(crate) fn words_of(
        &self,
        mut finding: Finding,
        context: &ExplainContext<'_>,
        language: Language,
    ) -> ExplainedFinding {
        finding.fixer = fixer(&finding);
        let mut explanation = explain(&finding, context, language);
        if explanation.message.is_some() {
            // Whoever mends it at the organisation reads the helpdesk's language; the vendor the person's.
            let theirs = self.settings.values.helpdesk_language.filter(|_| is_theirs(&finding));
            explanation.message = self.message_of(&finding, context, theirs.unwrap_or(language));
        }
        if let Some(url) = self.settings.values.helpdesk_url.clone().filter(|_| is_theirs(&finding)) {
            let label = self.settings.values.helpdesk_name.clone().unwrap_or_else(|| url.clone());
            explanation.links.push(Link { kind: HELPDESK.to_owned(), label, url });
        }
        ExplainedFinding { finding, explanation }
    }

    /// The message to whoever can mend it, with the organisation's addition.
    pub(crate) fn message_of(
        &self,
        finding: &Finding,
        context: &ExplainContext<'_>,
        language: Language,
    ) -> Option<Message> {
        let mut message = message(finding, context, language)?;
        let values = &self.settings.values;
        let addition = match language {
            Language::En => values.message_addition.as_deref(),
            Language::Ja => values.message_addition_ja.as_deref().or(values.message_addition.as_deref()),
        };
        if let Some(addition) = addition.filter(|_| is_theirs(finding)) {
            message.body = format!("{}\n\n{}\n", message.body.trim_end(), addition.trim());
        }
        Some(message)
    }

    fn branding(&self) -> Branding {
        let values = &self.settings.values;
        let named =
            values.helpdesk_name.is_some() || values.helpdesk_address.is_some() || values.helpdesk_url.is_some();
        Branding {
            logo: values.report_logo.as_deref().and_then(|path| {
                report::read_logo(&crate::places::full_path(path))
                    .inspect_err(|reason| tracing::warn!(%reason, "the logo is left out"))
                    .ok()
            }),
            helpdesk: named.then(|| Helpdesk {
                name: values.helpdesk_name.clone(),
                address: values.helpdesk_address.clone(),
                url: values.helpdesk_url.clone(),
            }),
        }
    }
}

/// Whether the organisation's helpdesk has to do with it: the vendor's support does not sit there, and nobody can hurry time.
fn is_theirs(finding: &Finding) -> bool {
    !matches!(fixer(finding), Fixer::Vendor | Fixer::Wait)
}
