//! What the address alone tells: no mail at this domain, mail kept by a provider that the app cannot be connected to so.

use inbox_model::{Cause, Confidence, FailureKind, MailReception, Provider, Severity};

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
                bench.add(
                    finding(Cause::ProviderMismatch, discovery.confidence, Severity::Limits, "other-host")
                        .variant("other-host")
                        .parameter("other", name.clone())
                        .parameter("other_host", host.clone())
                        .evidence(ids),
                );
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
