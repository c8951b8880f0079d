//! What the address alone tells: no mail at this domain, mail kept by a provider that the app cannot be connected to so.

use inbox_model::{Cause, Confidence, FailureKind, MailReception, Observation, Outcome, Provider, Severity};

use super::view::{Bench, Build, View, finding};

pub(super) fn judge(view: &View<'_>, bench: &mut Bench) {
    silence_plain_answers(view, bench);
    let Some(discovery) = view.discovery() else { return };
    let ids = view.observations.iter().filter(|o| o.probe == "discovery-mx").map(|o| o.id.clone());
    let asked = discovery.domain.to_unicode();
    let (variant, confidence) = match discovery.reception {
        MailReception::NoSuchDomain => ("no-such-domain", Confidence::Certain),
        MailReception::NullMx => ("domain-takes-no-mail", Confidence::Certain),
        // No MX and no address: nothing can be delivered (RFC 5321 section 5.1); a slip of the keyboard is the usual reason.
        MailReception::Nothing => ("domain-takes-no-mail", Confidence::Likely),
        MailReception::Mx | MailReception::AddressOnly | MailReception::NotChecked => {
            if let Provider::Other { host, name } = &discovery.provider
                && view.side().is_none()
            {
                let mut found = finding(Cause::ProviderMismatch, discovery.confidence, Severity::Limits, "other-host")
                    .variant("other-host")
                    .parameter("other", name.clone())
                    .parameter("other_host", host.clone())
                    .evidence(ids);
                if let (Some((imap, first)), Some((smtp, second))) =
                    (answering(view, "imap-server"), answering(view, "smtp-server"))
                {
                    found = found
                        .parameter("mail_servers", format!("IMAP {imap}, SMTP {smtp}"))
                        .evidence([first.id.clone(), second.id.clone()]);
                }
                bench.add(found);
            }
            return;
        }
    };
    // Somebody who signed in and opened the mailbox has one, whatever the public records say.
    if view.any_passed(&["graph-inbox", "graph-messages", "gmail-labels", "gmail-profile", "gmail-messages"]) {
        return;
    }
    bench.add(
        finding(Cause::AccountNotFound, confidence, Severity::Blocks, variant)
            .variant(variant)
            .parameter("domain", asked.clone())
            .parameter("other", asked)
            .evidence(ids),
    );
}

/// The best encrypted server of a kind that somebody named (no guess), that answered, and that takes the whole address as user
/// name: as `host:port (SSL/TLS)`, with its observation.
fn answering<'a>(view: &View<'a>, probe: &str) -> Option<(String, &'a Observation)> {
    view.observations.iter().filter(|observation| observation.probe == probe).find_map(|observation| {
        let Outcome::Passed { facts } = &observation.outcome else { return None };
        let text = |name: &str| facts.get(name).and_then(serde_json::Value::as_str);
        let security = match text("security")? {
            "tls" => "SSL/TLS",
            "start-tls" => "STARTTLS",
            _ => return None,
        };
        let is_named = matches!(text("source")?, "table" | "autoconfig" | "autodiscover" | "srv" | "database");
        let port = facts.get("port")?.as_u64()?;
        (is_named && text("user")? == "address")
            .then(|| Some((format!("{}:{port} ({security})", text("host")?), observation)))?
    })
}

/// Answers of discovery that are facts (kept in `Discovery`) and no faults.
fn silence_plain_answers(view: &View<'_>, bench: &mut Bench) {
    for failed in view.failed().filter(|failed| failed.probe().starts_with("discovery-")) {
        let plain = matches!(
            failed.failure.kind,
            FailureKind::DnsNotFound
                | FailureKind::ProviderRefused
                | FailureKind::HttpStatus
                | FailureKind::RedirectRefused
                | FailureKind::AccountCondition
        );
        if plain {
            bench.claim(failed.observation);
        }
    }
}
