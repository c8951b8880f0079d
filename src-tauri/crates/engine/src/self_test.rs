//! Tests this computer and its network before any sign-in: way back from the browser, password store, browser, and the way to
//! every host that the providers and the target app need.

mod rows;

use std::{collections::BTreeMap, time::Duration};

use inbox_catalogue::{DiagnosisContext, diagnose, host_groups, phrase};
use inbox_model::{Cloud, Finding, Language, Observation};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    Engine, EngineError, Recorder,
    network::{self, LookOptions},
    signin,
};

/// Time for the password store: asking one may open a window, which nobody need answer.
const KEYCHAIN: Duration = Duration::from_secs(10);

/// What to test.
#[derive(Debug, Clone, Default)]
pub struct SelfTestRequest {
    /// Groups of hosts (`microsoft`, `microsoft-us-government`, `google`, the short name of a target app). Empty: the
    /// Microsoft cloud of the settings, Google, and the target app.
    pub groups: Vec<String>,
    /// Command that opens the browser, where one was asked for.
    pub browser: Option<String>,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestState {
    /// It worked.
    Passed,
    /// It did not.
    Failed,
    /// It could not be tried, or there is nothing to try.
    Skipped,
}

/// One test of this computer or its network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SelfTest {
    /// `route`, `dns`, `ipv6`, `proxy`, `portal`, `clock`, `browser`, `loopback`, `keychain`, and one for each place:
    /// `reach-microsoft`, `reach-graph`, `reach-google`, `reach-<group>-<role>`.
    pub id: String,
    /// How it ended.
    pub state: TestState,
    /// What was seen, for technicians.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The place, for those that try one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The group that needs the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Which of the findings it led to, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<usize>,
    /// Key of the words for what was seen, and their values.
    #[serde(skip)]
    note: Option<(&'static str, BTreeMap<String, String>)>,
}

impl SelfTest {
    /// What is tested, in words.
    #[must_use]
    pub fn name(&self, language: Language) -> String {
        let key = format!("test.{}", self.id);
        let named = phrase(language, &key, &[]);
        match &self.host {
            Some(host) if named == key => phrase(language, "test.place", &[("host", host)]),
            Some(host) => format!("{named} ({host})"),
            None => named,
        }
    }

    /// What was seen, in words; `None` where only the technical detail says it.
    #[must_use]
    pub fn note(&self, language: Language) -> Option<String> {
        let (key, values) = self.note.as_ref()?;
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Some(phrase(language, &format!("test-note.{key}"), &values))
    }
}

/// Everything that a test of this computer found.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfTestReport {
    /// The tests in their order.
    pub tests: Vec<SelfTest>,
    /// What they mean together, most urgent first.
    pub findings: Vec<Finding>,
    /// What was tried, one by one.
    pub observations: Vec<Observation>,
}

impl SelfTestReport {
    /// Whether a test failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.tests.iter().any(|test| test.state == TestState::Failed)
    }
}

impl Engine {
    /// Runs all tests side by side, within [`network::TEST_BUDGET`]. Stopped, it gives what was found so far.
    ///
    /// # Errors
    /// For a group that is not known, and where the network part cannot start on this computer.
    pub async fn self_test(
        &self,
        request: &SelfTestRequest,
        cancel: &CancellationToken,
    ) -> Result<SelfTestReport, EngineError> {
        let groups = if request.groups.is_empty() { self.own_groups()? } else { request.groups.clone() };
        if let Some(unknown) = groups.iter().find(|group| !host_groups().contains(&group.as_str())) {
            return Err(EngineError::UnknownApp(unknown.clone()));
        }
        let endpoints = self.settings.values.endpoints.as_ref();
        let places = network::of_groups(&groups, endpoints);
        let recorder = Recorder::default();
        let net = self.net()?;
        let options = self.look_options();
        let keychain = async {
            let checked = tokio::time::timeout(KEYCHAIN, signin::check_keychain(&recorder));
            tokio::select! {
                biased;
                () = cancel.cancelled() => {}
                _ = checked => {}
            }
        };
        tokio::join!(
            network::look(&places, net, &options, &recorder, network::TEST_BUDGET, cancel),
            async {
                signin::check_loopback(&recorder, cancel).await;
            },
            keychain,
            network::look_for_browser(request.browser.as_deref(), &recorder),
        );
        let observations = recorder.observations();
        let context = DiagnosisContext {
            address: None,
            app: self.app(None)?,
            discovery: None,
            account: None,
            today: crate::today(),
        };
        let findings = diagnose(&observations, &context).findings;
        let tests = rows::rows(&places, &observations, &findings);
        Ok(SelfTestReport { tests, findings, observations })
    }

    /// The hosts that matter here when nobody says which.
    fn own_groups(&self) -> Result<Vec<String>, EngineError> {
        let cloud = self.settings.values.microsoft_cloud.unwrap_or_default();
        let app = self.app(None)?.id.clone();
        let mut groups = vec![group_of(cloud).to_owned(), "google".to_owned()];
        groups.extend(host_groups().contains(&app.as_str()).then_some(app));
        Ok(groups)
    }

    /// What the settings say about the look at the network.
    pub(crate) fn look_options(&self) -> LookOptions {
        let values = &self.settings.values;
        let elsewhere = values.endpoints.as_ref().is_some_and(|endpoints| *endpoints != Default::default());
        let probe = match values.portal_probe.as_deref() {
            Some(probe) => Some(probe),
            // Where the settings lead to another cloud, Microsoft's public probe has no business there.
            None => (!elsewhere).then_some(network::PORTAL_PROBE),
        };
        LookOptions {
            dns_over_https: values.dns_over_https.as_deref().and_then(|text| Url::parse(text).ok()),
            portal: probe.and_then(|text| Url::parse(text).ok()),
        }
    }
}

/// The group of hosts of a Microsoft cloud.
#[must_use]
pub fn group_of(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Worldwide => "microsoft",
        Cloud::UsGovernment => "microsoft-us-government",
        Cloud::UsDefense => "microsoft-us-defense",
        Cloud::China => "microsoft-china",
    }
}
