//! One answer, many causes: "this mailbox cannot be reached" is split by what else is known.
//!
//! `MailboxNotEnabledForRESTAPI` and its twins come for guests, for accounts without an Exchange plan, for mailboxes on the
//! organisation's own servers, for deleted ones and for accounts whose mail was never at Microsoft
//! (<https://learn.microsoft.com/graph/resolve-auth-errors>,
//! <https://learn.microsoft.com/graph/hybrid-rest-support>).

use inbox_model::{Autodiscover, Cause, CodeFamily, Confidence, Finding, Fixer, Provider, Severity};

use super::view::{Bench, Build, Failed, View, finding};

/// Names under which Graph says that it cannot open the mailbox.
const NOT_REACHABLE: &[&str] = &[
    "MailboxNotEnabledForRESTAPI",
    "MailboxNotSupportedForRESTAPI",
    "MailboxNotHostedInExchangeOnline",
    "RESTAPINotEnabledForComponentSharedMailbox",
];
/// Names under which it says that there is none.
const NONE: &[&str] = &[
    "ErrorNonExistentMailbox",
    "ErrorMissingEmailAddress",
    "ResourceNotFound",
    "ErrorInvalidMailbox",
    "ErrorMailRecipientNotFound",
    "ErrorInvalidUser",
];
/// The organisation as a whole has no Exchange Online.
const NO_EXCHANGE: &str = "OrganizationFromTenantGuidNotFound";
const SHARED: &str = "RESTAPINotEnabledForComponentSharedMailbox";

pub(super) fn judge(view: &View<'_>, bench: &mut Bench) {
    google_without_gmail(view, bench);
    let failed: Vec<Failed<'_>> = view
        .failed()
        .filter(|failed| failed.probe().starts_with("graph-") && failed.probe() != "graph-me")
        .filter(|failed| {
            failed.has_any_code(CodeFamily::Graph, NOT_REACHABLE)
                || failed.has_any_code(CodeFamily::Graph, NONE)
                || failed.has_code(CodeFamily::Graph, NO_EXCHANGE)
        })
        .collect();
    for failed in &failed {
        bench.claim(failed.observation);
    }
    let Some(first) = failed.first() else {
        no_plan(view, bench);
        return;
    };
    let others: Vec<String> = failed.iter().skip(1).map(|failed| failed.observation.id.clone()).collect();
    let case = Case { view, failed: first, others };
    case.split().into_iter().for_each(|finding| bench.add(finding));
}

/// A Google Account without Gmail, while the public records say that Microsoft keeps the mail.
fn google_without_gmail(view: &View<'_>, bench: &mut Bench) {
    let at_microsoft =
        view.discovery().is_some_and(|found| found.provider.is_microsoft() && found.confidence >= Confidence::Likely);
    if !at_microsoft {
        return;
    }
    let codes = ["failedPrecondition", "FAILED_PRECONDITION"];
    for failed in view.failed().filter(|failed| failed.probe().starts_with("gmail-")) {
        if failed.has_any_code(CodeFamily::Google, &codes) {
            bench.claim(failed.observation);
            let found = finding(Cause::ProviderMismatch, Confidence::Likely, Severity::Blocks, "google-without-gmail")
                .shown_by(&failed)
                .variant("microsoft");
            bench.add(match view.provider_name() {
                Some(name) => found.parameter("other", name),
                None => found,
            });
        }
    }
}

/// The mailbox was not looked at (or not yet), but the licences say that there cannot be one.
fn no_plan(view: &View<'_>, bench: &mut Bench) {
    let looked = view.observations.iter().any(|o| {
        matches!(o.probe.as_str(), "graph-inbox" | "graph-messages")
            && !matches!(o.outcome, inbox_model::Outcome::Skipped { .. })
    });
    if looked || exchange_plan(view) != Some(false) || view.personal() || mail_elsewhere(view).is_some() {
        return;
    }
    // A shared mailbox needs no licence, and one on the organisation's own server has none here: not certain by itself.
    bench.add(
        finding(Cause::LicenceMissing, Confidence::Likely, Severity::Blocks, "no-exchange-plan")
            .evidence(view.evidence(&["graph-licences", "graph-me"])),
    );
}

struct Case<'a> {
    view: &'a View<'a>,
    failed: &'a Failed<'a>,
    others: Vec<String>,
}

impl Case<'_> {
    fn of(&self, cause: Cause, confidence: Confidence, rule: &str) -> Finding {
        finding(cause, confidence, Severity::Blocks, rule).shown_by(self.failed).evidence(self.others.clone())
    }

    fn facts(&self, finding: Finding) -> Finding {
        finding.evidence(self.view.evidence(&["graph-me", "graph-licences"]))
    }

    fn split(&self) -> Vec<Finding> {
        use Confidence::{Certain, Likely, Possible};
        let view = self.view;
        let elsewhere = mail_elsewhere(view);
        if view.personal() {
            let missing = |confidence| {
                let found = self.of(Cause::MailboxMissing, confidence, "personal-without-mailbox").variant("personal");
                // Nobody administers a personal account but its owner.
                Finding { fixer: Fixer::You, ..self.facts(found) }
            };
            return match elsewhere {
                Some(host) => vec![
                    host.name(self.of(Cause::ProviderMismatch, Likely, "personal-mail-elsewhere")),
                    missing(Possible),
                ],
                None => vec![missing(Likely)],
            };
        }
        if view.flag("graph-me", "guest") == Some(true)
            || view.text("graph-me", "userType").is_some_and(|kind| kind.eq_ignore_ascii_case("guest"))
        {
            return vec![
                self.facts(self.of(Cause::WrongOrganisation, Certain, "guest-without-mailbox")).variant("guest"),
            ];
        }
        let plan = exchange_plan(view);
        if let Some(host) = elsewhere {
            let mut found = vec![host.name(self.of(Cause::ProviderMismatch, Likely, "mail-elsewhere"))];
            if plan != Some(true) {
                found.push(self.facts(self.of(Cause::LicenceMissing, Possible, "mail-elsewhere")));
            }
            return found;
        }
        if self.failed.has_code(CodeFamily::Graph, NO_EXCHANGE) {
            return vec![
                self.of(Cause::LicenceMissing, Likely, "organisation-without-exchange").variant("organisation"),
            ];
        }
        let own_server = own_server(view);
        let hybrid = |confidence| {
            let found = self.facts(self.of(Cause::MailboxNotInCloud, confidence, "hybrid")).variant("hybrid");
            match &own_server {
                Some(host) => found.parameter("other", host.clone()),
                None => found,
            }
        };
        let licence = |confidence| self.facts(self.of(Cause::LicenceMissing, confidence, "no-exchange-plan"));
        let missing = |confidence| self.facts(self.of(Cause::MailboxMissing, confidence, "no-mailbox"));
        let synced = view.flag("graph-me", "onPremisesSyncEnabled") == Some(true);
        match (plan, own_server.is_some(), synced) {
            (Some(false), true, _) => vec![hybrid(Likely), licence(Possible)],
            (Some(false), false, true) => vec![licence(Likely), hybrid(Possible)],
            (Some(false), false, false) => vec![licence(Certain)],
            (_, true, true) => vec![hybrid(Certain)],
            (_, true, false) => vec![hybrid(Likely), missing(Possible)],
            (_, false, true) => vec![hybrid(Likely), missing(Possible)],
            (plan, false, false) => self.unsplit(plan),
        }
    }

    /// Nothing else is known: the words of the code decide, the rest stays possible.
    fn unsplit(&self, plan: Option<bool>) -> Vec<Finding> {
        use Confidence::{Likely, Possible};
        let missing = |confidence| self.facts(self.of(Cause::MailboxMissing, confidence, "mailbox-unsplit"));
        let away = |confidence| self.facts(self.of(Cause::MailboxNotInCloud, confidence, "mailbox-unsplit"));
        let mut found = if self.failed.has_code(CodeFamily::Graph, SHARED) {
            let moving = self.of(Cause::MailboxMoving, Possible, "mailbox-unsplit");
            vec![away(Likely).variant("shared"), moving]
        } else if self.failed.has_any_code(CodeFamily::Graph, NONE) {
            vec![missing(Likely), away(Possible)]
        } else {
            vec![away(Likely), missing(Possible)]
        };
        if plan.is_none() {
            found.push(self.of(Cause::LicenceMissing, Possible, "mailbox-unsplit"));
        }
        found
    }
}

/// Whether an Exchange plan is switched on; `None` when neither licences nor plans could be read.
fn exchange_plan(view: &View<'_>) -> Option<bool> {
    if let Some(exchange) = view.flag("graph-licences", "exchange") {
        return Some(exchange);
    }
    let plans = view.fact("graph-me", "assignedPlans").and_then(|(_, value)| value.as_array())?;
    Some(plans.iter().any(|plan| {
        let text = |key: &str| plan.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        text("service").eq_ignore_ascii_case("exchange") && text("capabilityStatus").eq_ignore_ascii_case("enabled")
    }))
}

/// The organisation's own server, as Microsoft's Autodiscover named it.
fn own_server(view: &View<'_>) -> Option<String> {
    match &view.discovery()?.autodiscover {
        Autodiscover::Elsewhere { host } => Some(host.clone()),
        _ => None,
    }
}

/// Where the public records say that the mail is, when that is not Microsoft.
struct MailHost {
    name: String,
    host: Option<String>,
    variant: &'static str,
}

impl MailHost {
    fn name(self, finding: Finding) -> Finding {
        let finding = finding.variant(self.variant).parameter("other", self.name);
        match self.host {
            Some(host) => finding.parameter("other_host", host),
            None => finding,
        }
    }
}

fn mail_elsewhere(view: &View<'_>) -> Option<MailHost> {
    let discovery = view.discovery().filter(|discovery| discovery.confidence >= Confidence::Likely)?;
    let at = |name: &str, host: Option<&str>, variant| {
        Some(MailHost { name: name.to_owned(), host: host.map(str::to_owned), variant })
    };
    match &discovery.provider {
        Provider::GoogleWorkspace => at("Google Workspace", None, "google"),
        Provider::Gmail => at("Gmail", None, "google"),
        Provider::Other { host, name } => at(name, Some(host), "other-host"),
        Provider::Microsoft365 { .. } | Provider::OutlookCom | Provider::None | Provider::Unknown => None,
    }
}
