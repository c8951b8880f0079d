use inbox_model::{Cause as C, Confidence, FailureKind as K, Severity, Verdict};

use super::world::{World, causes};

#[test]
fn every_way_the_network_can_fail_has_its_cause() {
    for (kind, cause, variant) in [
        (K::DnsTimeout, C::NetworkDns, None),
        (K::DnsServerFailed, C::NetworkDns, None),
        (K::DnsNotFound, C::NetworkDns, None),
        (K::DnsUnusable, C::NetworkDns, Some("private-address")),
        (K::PrivateAddressRefused, C::NetworkDns, Some("private-address")),
        (K::ConnectRefused, C::NetworkUnreachable, None),
        (K::ConnectTimeout, C::NetworkUnreachable, None),
        (K::ConnectUnreachable, C::NetworkUnreachable, None),
        (K::ConnectionReset, C::NetworkUnreachable, Some("unstable")),
        (K::TooSlow, C::NetworkUnreachable, Some("unstable")),
        (K::BodyIncomplete, C::NetworkUnreachable, Some("unstable")),
        (K::ProxyAuthentication, C::NetworkProxy, Some("authentication")),
        (K::ProxyRefused, C::NetworkProxy, None),
        (K::TlsUntrusted, C::NetworkTls, Some("inspected")),
        (K::TlsExpired, C::NetworkTls, Some("expired")),
        (K::TlsWrongHost, C::NetworkTls, None),
        (K::TlsProtocol, C::NetworkTls, None),
        (K::TlsNotYetValid, C::ClockWrong, None),
        (K::CaptivePortal, C::NetworkCaptivePortal, None),
        (K::WrongContentType, C::NetworkCaptivePortal, None),
        (K::RedirectRefused, C::NetworkCaptivePortal, None),
        (K::ClockSkew, C::ClockWrong, None),
        (K::LoopbackUnavailable, C::LoopbackBlocked, None),
        (K::Throttled, C::Throttled, None),
        (K::ProviderUnavailable, C::ProviderOutage, None),
        (K::IdTokenInvalid, C::TokenInvalid, None),
        (K::BodyMalformed, C::ProviderOutage, None),
        (K::BodyTooLarge, C::ProviderOutage, None),
    ] {
        let mut world = World::microsoft();
        world.failed("sign-in-identity", kind, "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
        let diagnosis = world.judge();
        let first = &diagnosis.findings[0];
        assert_eq!((first.cause, first.variant.as_deref()), (cause, variant), "{kind:?}");
        assert_eq!(diagnosis.verdict, Verdict::Blocked, "{kind:?}");
        if first.cause.id().starts_with("network") {
            assert_eq!(first.parameters["other"], "login.microsoftonline.com");
        }
    }
}

#[test]
fn what_stands_behind_a_portal_is_left_out_with_the_reason() {
    let mut world = World::microsoft();
    world.failed("discovery-mx", K::DnsTimeout, "contoso.example");
    world.failed("discovery-openid", K::CaptivePortal, "login.microsoftonline.com");
    world.failed("discovery-realm", K::TlsUntrusted, "login.microsoftonline.com");
    let diagnosis = world.judge();
    assert_eq!(causes(&diagnosis), [(C::NetworkCaptivePortal, None, Confidence::Likely)]);
    let left: Vec<_> = diagnosis.suppressed.iter().map(|s| (s.cause, s.because_of)).collect();
    assert!(
        left.contains(&(C::NetworkDns, C::NetworkCaptivePortal))
            && left.contains(&(C::NetworkTls, C::NetworkCaptivePortal))
    );
}

#[test]
fn without_names_nothing_behind_is_judged() {
    let mut world = World::microsoft();
    world.failed("discovery-mx", K::DnsTimeout, "contoso.example");
    world.failed("discovery-openid", K::ConnectTimeout, "login.microsoftonline.com:443");
    let diagnosis = world.judge();
    assert_eq!(diagnosis.findings.len(), 1);
    assert_eq!((diagnosis.findings[0].cause, diagnosis.suppressed[0].cause), (C::NetworkDns, C::NetworkUnreachable));
}

#[test]
fn a_missing_record_is_no_fault() {
    let mut world = World::microsoft();
    world.failed("discovery-dns", K::DnsNotFound, "selector1._domainkey.contoso.example");
    world.refused("discovery-openid", Some(400), &["aadsts:AADSTS90002"], "");
    world.failed("discovery-autodiscover", K::RedirectRefused, "outlook.office365.com");
    assert!(world.judge().findings.is_empty());
}

#[test]
fn a_hint_that_could_not_be_asked_is_a_note() {
    let mut world = World::microsoft().healthy();
    world.failed("discovery-autodiscover", K::ConnectTimeout, "outlook.office365.com");
    let diagnosis = world.judge();
    assert_eq!(diagnosis.findings[0].severity, Severity::Note);
    assert_eq!(diagnosis.verdict, Verdict::Works);
}

#[test]
fn a_locked_password_store_is_a_note() {
    for (kind, variant) in [(K::KeychainLocked, Some("locked")), (K::KeychainMissing, None), (K::KeychainFailed, None)]
    {
        let mut world = World::microsoft().healthy();
        world.failed("keychain", kind, "");
        let diagnosis = world.judge();
        let first = &diagnosis.findings[0];
        assert_eq!((first.cause, first.severity), (C::KeychainUnavailable, Severity::Note));
        assert_eq!((first.variant.as_deref(), diagnosis.verdict), (variant, Verdict::Works));
    }
}

#[test]
fn what_must_be_mended_first_stands_first() {
    let mut world = World::microsoft();
    world.failed("keychain", K::KeychainLocked, "");
    world.sign_in().passed("graph-inbox", &[]);
    world.refused("graph-calendar", Some(404), &["graph:ErrorNoCalendar"], "");
    world.failed_with("permissions", K::ScopesMissing, "Mail.Send");
    world.failed("sign-in-app", K::TlsUntrusted, "login.microsoftonline.com");
    let order: Vec<C> = world.judge().findings.iter().map(|f| f.cause).collect();
    assert_eq!(order, [C::NetworkTls, C::PermissionMissing, C::CalendarMissing, C::KeychainUnavailable]);
}
