//! The administrator's check: how the target app stands in the organisation, by an administrator's own sign-in.
//!
//! Reads only, keeps no sign-in, and says for each part whether it was looked at. The calls and what each needs:
//! <https://learn.microsoft.com/graph/api/serviceprincipal-get>,
//! <https://learn.microsoft.com/graph/api/oauth2permissiongrant-list>,
//! <https://learn.microsoft.com/graph/api/user-list-approleassignments>.

mod directory;

use std::time::Duration;

use inbox_model::{
    AppProfile, AppReference, Cause, CodeFamily, Confidence, EmailAddress, ExplainedFinding, Finding, Language,
    Observation, Operation, Severity, SignInProvider, SkipReason, Stage, Verdict,
};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, EngineError, Recorder, Watcher,
    examine::SIGN_IN_SECONDS,
    probe::Asker,
    signin::{self, SignInContext, SignInRequest},
};

/// Who is it, and the two permissions that only read the directory. Both need an administrator's consent, once.
const SCOPES: &[&str] =
    &["openid", "profile", "email", "offline_access", "User.Read", "Application.Read.All", "Directory.Read.All"];

/// What to look up.
#[derive(Debug, Clone)]
pub struct AdminCheckRequest {
    /// The administrator's own address.
    pub admin: String,
    /// The person whose assignment is in question.
    pub user: Option<String>,
    /// Short name of the target app; the first one for `None`.
    pub app: Option<String>,
    /// Language of the words.
    pub language: Language,
}

/// How the target app stands in the organisation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdminCheck {
    /// The target app.
    pub app: AppReference,
    /// Who looked.
    pub admin: String,
    /// Whose assignment was looked up.
    pub user: Option<String>,
    /// Tenant id.
    pub tenant: Option<String>,
    /// What the directory says; `None` where it could not be asked.
    pub standing: Option<AppStanding>,
    /// Over everything.
    pub verdict: Verdict,
    /// What keeps people from connecting, in words.
    pub findings: Vec<ExplainedFinding>,
    /// Everything that was tried.
    pub observations: Vec<Observation>,
}

/// What the directory says about the app. `None`: not looked at, or not told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppStanding {
    /// The app is known in the organisation.
    pub known: bool,
    /// People may sign in to it.
    pub enabled: Option<bool>,
    /// Microsoft has switched it off.
    pub disabled_by_microsoft: Option<bool>,
    /// Only assigned people may.
    pub assignment_required: Option<bool>,
    /// The publisher is verified.
    pub publisher_verified: Option<bool>,
    /// Permissions that are approved for everybody.
    pub granted_for_all: Option<Vec<String>>,
    /// Permissions that the app asks for and that are not approved for everybody.
    pub missing_for_all: Option<Vec<String>>,
    /// Approvals of single people.
    pub granted_by_people: Option<usize>,
    /// Whether the person in question is assigned, directly or by a group.
    pub user_assigned: Option<bool>,
}

impl Engine {
    /// Looks up how the target app stands in the administrator's organisation.
    ///
    /// # Errors
    /// A wrong address or app, a policy against it, or `Cancelled`. What the world refuses is in the result.
    pub async fn admin_check(
        &self,
        request: &AdminCheckRequest,
        watcher: &dyn Watcher,
        cancel: &CancellationToken,
    ) -> Result<AdminCheck, EngineError> {
        if self.settings.values.allow_admin_check == Some(false) {
            return Err(EngineError::Policy("allowAdminCheck"));
        }
        if !self.may_sign_in(SignInProvider::Microsoft) {
            return Err(EngineError::Policy("allowedProviders"));
        }
        let admin = EmailAddress::parse(&request.admin)?;
        let user = request.user.as_deref().map(EmailAddress::parse).transpose()?;
        let app = self.app(request.app.as_deref())?;
        let recorder = Recorder::default();
        let discovery = self.discover(&request.admin, cancel).await?;
        let cloud = discovery.tenant.as_ref().map_or(self.home_cloud(), |tenant| tenant.cloud);
        let mut check = AdminCheck {
            app: AppReference { id: app.id.clone(), name: app.name.clone() },
            admin: admin.to_string(),
            user: user.as_ref().map(ToString::to_string),
            tenant: discovery.tenant.as_ref().map(|tenant| tenant.id.clone()),
            standing: None,
            verdict: Verdict::Inconclusive,
            findings: Vec::new(),
            observations: Vec::new(),
        };
        let because = match (&app.microsoft, self.microsoft_provider(cloud)) {
            (None, _) => Some(SkipReason::NotApplicable),
            (_, None) => Some(SkipReason::NoClientRegistered),
            (Some(registration), Some(provider)) => {
                let context = SignInContext { http: &self.net()?.http, recorder: &recorder, watcher, cancel };
                let asked = SignInRequest {
                    stage: Stage::Identity,
                    address: admin.clone(),
                    scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
                    prompt: None,
                    wait: Duration::from_secs(self.settings.values.sign_in_seconds.unwrap_or(SIGN_IN_SECONDS)),
                };
                match signin::sign_in(context, &provider, &asked).await {
                    Ok(granted) => {
                        check.tenant = granted.grant.tenant.clone().or(check.tenant);
                        let asker = Asker {
                            net: self.net()?,
                            recorder: &recorder,
                            token: &granted.grant.access_token,
                            family: CodeFamily::Graph,
                            cancel,
                        };
                        check.standing =
                            directory::look(&asker, &self.microsoft(cloud).graph, registration, user.as_ref()).await;
                        None
                    }
                    Err(signin::Stopped::Skipped(reason)) => Some(reason),
                    Err(signin::Stopped::Failed(_)) => Some(SkipReason::DependencyFailed),
                }
            }
        };
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        if let Some(because) = because {
            recorder.skip(directory::APP, Operation::Http, "", because);
        }
        check.observations = recorder.observations();
        let (verdict, findings) = judge(check.standing.as_ref(), user.is_some(), app, &check.observations);
        check.verdict = verdict;
        let words = self.words_context(app, user.as_ref(), Some(&discovery.domain), discovery.tenant.as_ref());
        check.findings = findings.into_iter().map(|finding| self.words_of(finding, &words, request.language)).collect();
        Ok(check)
    }
}

/// What the standing means. Nothing that was not looked at counts as fine.
fn judge(
    standing: Option<&AppStanding>,
    asked_about_user: bool,
    app: &AppProfile,
    observations: &[Observation],
) -> (Verdict, Vec<Finding>) {
    let Some(standing) = standing else { return (Verdict::Inconclusive, Vec::new()) };
    let of = |cause: Cause, confidence: Confidence, severity: Severity, probe: &str| {
        let mut finding = Finding::of(cause, confidence);
        finding.severity = severity;
        let seen = observations.iter().filter(|observation| observation.probe == probe);
        finding.evidence = seen.map(|observation| observation.id.clone()).collect();
        finding.parameters.insert("app".to_owned(), app.name.clone());
        finding
    };
    if !standing.known {
        // Nobody has approved it yet: the approval makes it known.
        let nobody = of(Cause::ConsentAdminRequired, Confidence::Likely, Severity::Blocks, directory::APP);
        return (Verdict::Limited, vec![nobody]);
    }
    let mut findings = Vec::new();
    if standing.enabled == Some(false) || standing.disabled_by_microsoft == Some(true) {
        findings.push(of(Cause::AppDisabled, Confidence::Certain, Severity::Blocks, directory::APP));
    }
    if standing.assignment_required == Some(true) && standing.user_assigned == Some(false) {
        findings.push(of(Cause::UserNotAssigned, Confidence::Certain, Severity::Blocks, directory::ASSIGNMENTS));
    }
    let blocked = !findings.is_empty();
    let missing = standing.missing_for_all.as_ref().is_some_and(|missing| !missing.is_empty());
    if missing {
        // Where people may approve for themselves, or have, they can connect all the same.
        findings.push(of(Cause::ConsentAdminRequired, Confidence::Likely, Severity::Limits, directory::GRANTS));
    }
    let assigned = standing.assignment_required == Some(false)
        || (standing.assignment_required == Some(true) && (!asked_about_user || standing.user_assigned == Some(true)));
    let looked_at_all = standing.enabled.is_some() && standing.missing_for_all.is_some() && assigned;
    let verdict = match (blocked, missing, looked_at_all) {
        (true, _, _) => Verdict::Blocked,
        (false, true, _) => Verdict::Limited,
        (false, false, true) => Verdict::Works,
        (false, false, false) => Verdict::Inconclusive,
    };
    (verdict, findings)
}

/// Whether the directory itself said that there is no such thing; a bare 404 may be anybody's
/// (<https://learn.microsoft.com/graph/errors>).
fn is_not_there(failure: &inbox_model::Failure) -> bool {
    failure.status == Some(404) && failure.codes.iter().any(|code| code.value == "Request_ResourceNotFound")
}
