//! Certificates and protocols that are wrong, each in its own way, against a right or a wrong clock.

use std::net::SocketAddr;

use crate::{Internet, World, internet, program};

const LOGIN: &str = "login.microsoftonline.com";

#[test]
fn every_fault_of_a_certificate_is_named_with_its_issuer() {
    for (internet, cause, variant) in [
        (Internet::default().with(LOGIN, |made| made.years = (2020, 2021)), "network-tls", "expired"),
        (Internet::default().with(LOGIN, |made| made.years = (2058, 2060)), "network-tls", "not-yet-valid"),
        (
            Internet::default().with(LOGIN, |made| made.names = vec!["filter.example".to_owned()]),
            "network-tls",
            "wrong-host",
        ),
        (Internet::default().with(LOGIN, |made| made.unknown = true), "network-tls", "inspected"),
    ] {
        let report = World::new(internet, "").self_test();
        report.is_only(cause, variant);
        let found = report.finding(cause);
        let issuer = found["parameters"]["issuer"].as_str().unwrap();
        assert!(issuer.contains("test root"), "{variant}: {issuer}");
        let words = found["whatHappened"].as_str().unwrap();
        assert!(words.contains(LOGIN), "{variant}: {words}");
        assert_eq!(report.state("reach-microsoft"), "failed", "{variant}");
    }
}

#[test]
fn a_wrong_clock_is_told_from_wrong_certificates() {
    // All hosts agree that it is 32 years later, and by their time the certificate is good.
    let ahead = 32 * 365 * 86_400;
    let internet = Internet { ahead, ..Internet::default() }.with(LOGIN, |made| made.years = (2056, 2060));
    let report = World::new(internet, "").self_test();
    report.is_only("clock-wrong", "");
    assert_eq!(report.state("clock"), "failed");
    // An hour off, and nothing else wrong.
    let report = World::new(Internet { ahead: -3600, ..Internet::default() }, "").self_test();
    report.is_only("clock-wrong", "");
    let detail = report.row("clock")["detail"].as_str().unwrap();
    assert!(detail.starts_with("3599") || detail.starts_with("3600") || detail.starts_with("3601"), "{detail}");
}

#[test]
fn a_server_that_speaks_only_old_tls_is_named_with_its_version() {
    for (flag, version) in [("-tls1", "1.0"), ("-tls1_1", "1.1")] {
        let mut world = World::new(Internet::default().without("graph.microsoft.com"), "");
        let (key, certificate) = internet::old_certificate(world.space.folder.path(), "graph.microsoft.com", "sha256");
        openssl(&mut world, &key, &certificate, &[flag, "-cipher", "ALL:@SECLEVEL=0"]);
        let report = world.self_test();
        report.is_only("network-tls", "too-old");
        assert_eq!(report.finding("network-tls")["parameters"]["version"], version);
    }
}

#[test]
fn a_signature_with_sha_1_is_named() {
    let mut world = World::new(Internet::default().without("graph.microsoft.com"), "");
    let (key, certificate) = internet::old_certificate(world.space.folder.path(), "graph.microsoft.com", "sha1");
    openssl(&mut world, &key, &certificate, &["-cipher", "ALL:@SECLEVEL=0"]);
    let report = world.self_test();
    report.is_only("network-tls", "weak-signature");
    let issuer = report.finding("network-tls")["parameters"]["issuer"].clone();
    assert_eq!(issuer, "Old Filter (Old Filter Ltd)");
}

/// OpenSSL in place of graph.microsoft.com.
fn openssl(world: &mut World, key: &std::path::Path, certificate: &std::path::Path, more: &[&str]) {
    let place: SocketAddr = format!("{}:443", internet::address("graph.microsoft.com")).parse().unwrap();
    let mut command = world.space.command(&program("openssl", "openssl"));
    command.args(["s_server", "-quiet", "-www", "-accept", &place.to_string()]).args(more);
    command.arg("-key").arg(key).arg("-cert").arg(certificate);
    world.space.start("openssl", command, &[place]);
}

#[test]
fn a_check_tells_who_reads_the_connection() {
    let zone = " local-data: \"contoso.example. MX 0 contoso-example.mail.protection.outlook.com.\"\n";
    let world = World::new(Internet::default().with(LOGIN, |made| made.unknown = true), zone);
    let report = world.run(&["check", "ana@contoso.example", "--no-sign-in"]);
    assert_eq!(report.exit, 1);
    let found = report.finding("network-tls");
    assert_eq!(found["variant"], "inspected");
    assert_eq!(found["parameters"]["issuer"], "Nobody Knows Ltd test root (Nobody Knows Ltd)");
}
