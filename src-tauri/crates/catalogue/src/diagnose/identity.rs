//! Who signed in: somebody else, a guest, a personal account with a foreign primary alias.

use std::sync::OnceLock;

use inbox_model::{Cause, Confidence, EmailAddress, FailureKind, Provider, Severity};
use regex::Regex;

use super::view::{Bench, Build, Side, View, finding};

pub(super) fn judge(view: &View<'_>, bench: &mut Bench) {
    for failed in view.failed().filter(|failed| failed.failure.kind == FailureKind::IdentityMismatch) {
        bench.claim(failed.observation);
        bench.add(
            finding(Cause::WrongOrganisation, Confidence::Certain, Severity::Blocks, "identity-mismatch")
                .variant("wrong-account")
                .shown_by(&failed)
                .parameter("other", failed.failure.detail.clone()),
        );
    }
    other_account(view, bench);
    guest(view, bench);
    foreign_alias(view, bench);
}

/// The account that answers is not the address that was asked, under none of its names.
fn other_account(view: &View<'_>, bench: &mut Bench) {
    let (Some(asked), Some(account)) = (view.address(), view.context.account) else { return };
    let Some(signed_in) = account.email() else { return };
    let aliases = view.list("graph-me", "proxyAddresses");
    let named = [
        view.text("graph-me", "mail"),
        view.text("graph-me", "userPrincipalName"),
        view.text("google-userinfo", "email"),
    ];
    let known = aliases.iter().copied().chain(named.into_iter().flatten());
    let mut names: Vec<EmailAddress> = known.filter_map(|text| EmailAddress::parse(strip_smtp(text)).ok()).collect();
    names.push(signed_in.clone());
    if names.iter().any(|name| same_person(name, asked)) {
        return;
    }
    // Without the list of aliases another name of the same mailbox cannot be ruled out.
    let confidence = if aliases.is_empty() { Confidence::Likely } else { Confidence::Certain };
    bench.add(
        finding(Cause::WrongOrganisation, confidence, Severity::Blocks, "other-account")
            .variant("wrong-account")
            .parameter("other", signed_in.to_string())
            .evidence(view.evidence(&["graph-me", "google-userinfo", "sign-in-identity"])),
    );
}

fn strip_smtp(text: &str) -> &str {
    text.split_once(':').map_or(text, |(_, address)| address)
}

/// Dots and the old domain do not count at Gmail (<https://support.google.com/mail/answer/7436150>).
fn same_person(one: &EmailAddress, other: &EmailAddress) -> bool {
    let gmail = |address: &EmailAddress| matches!(address.domain().as_ascii(), "gmail.com" | "googlemail.com");
    if gmail(one) && gmail(other) {
        let plain = |address: &EmailAddress| {
            let local = address.local().to_lowercase().replace('.', "");
            local.split('+').next().unwrap_or_default().to_owned()
        };
        return plain(one) == plain(other);
    }
    one.same_mailbox(other)
}

fn guest(view: &View<'_>, bench: &mut Bench) {
    let marked = view.flag("graph-me", "guest") == Some(true);
    let typed = view.text("graph-me", "userType").is_some_and(|kind| kind.eq_ignore_ascii_case("guest"));
    if !marked && !typed {
        return;
    }
    // A guest may still have a mailbox of its own in rare cases; one that opens is proof enough.
    if view.any_passed(&["graph-inbox", "graph-messages"]) {
        return;
    }
    let other = view.discovery().and_then(|d| d.tenant.as_ref()).and_then(|tenant| tenant.brand.clone());
    let mut guest = finding(Cause::WrongOrganisation, Confidence::Certain, Severity::Blocks, "guest")
        .variant("guest")
        .evidence(view.evidence(&["graph-me"]));
    if let Some(name) = other.or_else(|| view.text("graph-me", "mail").map(str::to_owned)) {
        guest = guest.parameter("other", name);
    }
    bench.add(guest);
}

/// `outlook_<hex>@outlook.com`: the send-only address of a personal account whose primary alias is not a Microsoft address.
pub(super) fn is_internal_address(text: &str) -> bool {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| Regex::new(r"(?i)^outlook_[0-9a-f]{8,}@outlook\.com$").ok());
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text.trim()))
}

fn foreign_alias(view: &View<'_>, bench: &mut Bench) {
    let asked = view.address().map(ToString::to_string);
    let shown = [
        view.text("graph-calendar", "ownerAddress").map(str::to_owned),
        view.text("graph-me", "mail").map(str::to_owned),
        view.context.account.map(|account| account.address.clone()),
        asked,
    ];
    let alias = |confidence, severity, rule: &str| {
        finding(Cause::PrimaryAliasForeign, confidence, severity, rule)
            .evidence(view.evidence(&["graph-me", "graph-calendar"]))
    };
    if let Some(internal) = shown.iter().flatten().find(|text| is_internal_address(text)) {
        bench
            .add(alias(Confidence::Certain, Severity::Limits, "internal-address").parameter("other", internal.clone()));
        return;
    }
    if view.side() != Some(Side::Microsoft) || !view.personal() || view.flag("graph-me", "personal").is_none() {
        return;
    }
    let primary = view.text("graph-me", "mail").or_else(|| view.text("graph-me", "userPrincipalName"));
    let Some(primary) = primary.and_then(|text| EmailAddress::parse(text).ok()) else { return };
    let at_outlook =
        view.discovery().is_some_and(|d| d.provider == Provider::OutlookCom && d.domain == *primary.domain());
    if is_consumer_domain(primary.domain().as_ascii()) || at_outlook {
        return;
    }
    bench.add(
        alias(Confidence::Likely, Severity::Limits, "foreign-primary-alias").parameter("other", primary.to_string()),
    );
}

/// Domains that Microsoft itself gives to personal accounts: outlook.*, hotmail.*, live.*, msn.com and a few old ones.
fn is_consumer_domain(domain: &str) -> bool {
    let first = domain.split('.').next().unwrap_or_default();
    matches!(first, "outlook" | "hotmail" | "live") || matches!(domain, "msn.com" | "passport.com" | "windowslive.com")
}
