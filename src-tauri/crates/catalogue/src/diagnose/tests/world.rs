//! Builds lists of observations as sign-in and probes write them.

use inbox_model::{
    Account, AppProfile, Autodiscover, Cause, Cloud, CodeFamily, Confidence, Diagnosis, Discovery, EmailAddress, Facts,
    Failure, FailureKind, MailReception, NamedService, Observation, Operation, Outcome, Provider, Realm, SkipReason,
    Tenant,
};
use serde_json::Value;

use crate::{DiagnosisContext, diagnose};

pub(super) struct World {
    pub(super) observations: Vec<Observation>,
    pub(super) discovery: Option<Discovery>,
    pub(super) account: Option<Account>,
    address: EmailAddress,
    google: bool,
    next: usize,
}

pub(super) fn app() -> &'static AppProfile {
    crate::builtin_app("hubspot").unwrap()
}

pub(super) fn causes(diagnosis: &Diagnosis) -> Vec<(Cause, Option<String>, Confidence)> {
    diagnosis.findings.iter().map(|f| (f.cause, f.variant.clone(), f.confidence)).collect()
}

fn family(name: &str) -> CodeFamily {
    serde_json::from_value(Value::String(name.to_owned())).unwrap()
}

impl World {
    fn new(address: &str, provider: Provider, google: bool) -> Self {
        let address = EmailAddress::parse(address).unwrap();
        let tenant = Tenant {
            id: "8a9b0c1d-0000-4000-8000-000000000001".to_owned(),
            cloud: Cloud::Worldwide,
            realm: Realm::Managed,
            brand: Some("Contoso".to_owned()),
        };
        let discovery = Discovery {
            domain: address.domain().clone(),
            decided_by: None,
            tenant: matches!(provider, Provider::Microsoft365 { .. }).then_some(tenant),
            provider,
            confidence: Confidence::Certain,
            gateway: None,
            forwarder: None,
            reception: MailReception::Mx,
            autodiscover: Autodiscover::NotChecked,
            evidence: Vec::new(),
        };
        Self { observations: Vec::new(), discovery: Some(discovery), account: None, address, google, next: 1 }
    }

    pub(super) fn microsoft() -> Self {
        Self::new("ana@contoso.example", Provider::Microsoft365 { cloud: Cloud::Worldwide }, false)
    }

    pub(super) fn outlook_com() -> Self {
        Self::new("ana@outlook.com", Provider::OutlookCom, false)
    }

    pub(super) fn google() -> Self {
        Self::new("ana@fabrikam.example", Provider::GoogleWorkspace, true)
    }

    pub(super) fn gmail() -> Self {
        Self::new("ana@gmail.com", Provider::Gmail, true)
    }

    fn found(&mut self) -> &mut Discovery {
        self.discovery.as_mut().unwrap()
    }

    pub(super) fn at(mut self, provider: Provider, reception: MailReception) -> Self {
        self.found().provider = provider;
        self.found().reception = reception;
        self
    }

    pub(super) fn at_other(self, host: &str, name: &str) -> Self {
        self.at(Provider::Other { host: host.to_owned(), name: name.to_owned() }, MailReception::Mx)
    }

    pub(super) fn autodiscover(mut self, result: Autodiscover) -> Self {
        self.found().autodiscover = result;
        self
    }

    pub(super) fn behind_gateway(mut self) -> Self {
        self.found().provider = Provider::Unknown;
        self.found().gateway = Some(NamedService {
            host: "proofpoint".to_owned(),
            name: "Proofpoint".to_owned(),
            record: "mxa-00123401.gslb.pphosted.com".to_owned(),
        });
        self
    }

    pub(super) fn asked(mut self, address: &str) -> Self {
        self.address = EmailAddress::parse(address).unwrap();
        self
    }

    pub(super) fn signed_in_as(mut self, address: &str) -> Self {
        self.account = Some(Account {
            provider: if self.google { "google" } else { "microsoft" }.to_owned(),
            address: address.to_owned(),
            tenant: None,
            granted: Vec::new(),
            missing: Vec::new(),
            kept: false,
        });
        self
    }

    fn observe(&mut self, probe: &str, operation: Operation, target: &str, outcome: Outcome) -> &mut Self {
        self.observations.push(Observation {
            id: format!("o{}", self.next),
            probe: probe.to_owned(),
            operation,
            target: target.to_owned(),
            started: "2026-11-24T09:00:00.000Z".to_owned(),
            took_ms: 120,
            outcome,
            said: Vec::new(),
        });
        self.next += 1;
        self
    }

    pub(super) fn passed(&mut self, probe: &str, facts: &[(&str, Value)]) -> &mut Self {
        let facts: Facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.observe(probe, Operation::Http, "graph.microsoft.com", Outcome::Passed { facts })
    }

    pub(super) fn failed(&mut self, probe: &str, kind: FailureKind, target: &str) -> &mut Self {
        self.observe(probe, Operation::Http, target, Outcome::Failed { failure: Failure::of(kind) })
    }

    pub(super) fn failed_with(&mut self, probe: &str, kind: FailureKind, detail: &str) -> &mut Self {
        let failure = Failure::of(kind).with_detail(detail);
        self.observe(probe, Operation::Authorize, "login.microsoftonline.com", Outcome::Failed { failure })
    }

    pub(super) fn skipped(&mut self, probe: &str, because: SkipReason) -> &mut Self {
        self.observe(probe, Operation::Http, "", Outcome::Skipped { because })
    }

    pub(super) fn refused(&mut self, probe: &str, status: Option<u16>, codes: &[&str], detail: &str) -> &mut Self {
        self.refused_by(probe, Operation::Http, status, codes, detail)
    }

    pub(super) fn refused_by(
        &mut self,
        probe: &str,
        operation: Operation,
        status: Option<u16>,
        codes: &[&str],
        detail: &str,
    ) -> &mut Self {
        let mut failure = Failure::of(FailureKind::ProviderRefused).with_detail(detail);
        for code in codes {
            let (kind, value) = code.split_once(':').unwrap();
            failure = failure.with_code(family(kind), value);
        }
        failure.status = status;
        failure.ids.insert("request-id".to_owned(), "6f1b0c8e-0000-4000-8000-00000000000a".to_owned());
        self.observe(probe, operation, "graph.microsoft.com", Outcome::Failed { failure })
    }

    pub(super) fn reported(&mut self, probe: &str, page: &str, text: &str) -> &mut Self {
        let failure = Failure::of(FailureKind::PersonReported).with_detail(text).with_code(CodeFamily::Vendor, page);
        self.observe(probe, Operation::Authorize, "login.microsoftonline.com", Outcome::Failed { failure })
    }

    /// Stage 1 went well.
    pub(super) fn sign_in(&mut self) -> &mut Self {
        let pass = || Outcome::Passed { facts: Facts::new() };
        self.observe("sign-in-identity", Operation::Authorize, "login.microsoftonline.com", pass());
        self.observe("sign-in-identity", Operation::ExchangeCode, "login.microsoftonline.com", pass())
    }

    /// Stage 2 needs consent when it is tried silently.
    pub(super) fn silent_consent_required(&mut self) -> &mut Self {
        let codes = ["oauth:invalid_grant", "suberror:consent_required", "aadsts:AADSTS65001"];
        self.refused_by("sign-in-app", Operation::Refresh, Some(400), &codes, "AADSTS65001: consent is missing")
    }

    pub(super) fn healthy(mut self) -> Self {
        self.sign_in();
        let pass = || Outcome::Passed { facts: Facts::new() };
        self.observe("sign-in-app", Operation::Refresh, "login.microsoftonline.com", pass());
        if self.google {
            self.passed(
                "google-userinfo",
                &[("email", "ana@fabrikam.example".into()), ("hd", "fabrikam.example".into())],
            );
            self.passed("gmail-labels", &[]).passed("google-calendar-list", &[]);
        } else {
            self.passed(
                "graph-me",
                &[
                    ("mail", "ana@contoso.example".into()),
                    ("userType", "Member".into()),
                    ("guest", false.into()),
                    ("personal", false.into()),
                    ("accountEnabled", true.into()),
                    ("onPremisesSyncEnabled", true.into()),
                ],
            );
            self.passed("graph-licences", &[("exchange", true.into())]);
            self.passed("graph-inbox", &[]).passed("graph-messages", &[]);
            self.passed("graph-calendar", &[("canEdit", true.into()), ("ownerAddress", "ana@contoso.example".into())]);
            self.passed("graph-calendar-view", &[]);
        }
        self.passed(
            "permissions",
            &[("granted", vec!["Mail.ReadWrite"].into()), ("missing", Value::Array(Vec::new()))],
        );
        self
    }

    /// Puts a failure before the first observation of a probe.
    pub(super) fn insert_before(&mut self, place: &str, probe: &str, kind: FailureKind) {
        let at = self.observations.iter().position(|o| o.probe == place).unwrap();
        self.failed(probe, kind, "graph.microsoft.com");
        let last = self.observations.pop().unwrap();
        self.observations.insert(at, last);
    }

    pub(super) fn last_id(&self) -> String {
        self.observations.last().unwrap().id.clone()
    }

    pub(super) fn judge(&self) -> Diagnosis {
        let context = DiagnosisContext {
            address: Some(&self.address),
            app: app(),
            discovery: self.discovery.as_ref(),
            account: self.account.as_ref(),
            today: jiff::civil::date(2026, 11, 24),
        };
        diagnose(&self.observations, &context)
    }
}
