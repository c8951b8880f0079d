//! Packets that do not arrive: a family, a port, a host, or only the large ones.

use std::time::Duration;

use crate::{Internet, World};

#[test]
fn ipv6_that_leads_nowhere_is_told_while_everything_works_over_ipv4() {
    let zone = " local-data: \"graph.microsoft.com. AAAA 2001:db8:2::13\"\n";
    let world = World::new(Internet::default(), zone);
    world.space.ip(&["-6", "addr", "add", "2001:db8:1::2/64", "dev", "out", "nodad"]);
    world.space.ip(&["-6", "route", "add", "default", "via", "2001:db8:1::1"]);
    world.space.filter(&["ip6 daddr 2001:db8:2::/48 tcp dport 443 drop"]);
    let report = world.self_test();
    report.is_only("network-unreachable", "ipv6");
    assert_eq!(report.finding("network-unreachable")["severity"], "note");
    assert_eq!((report.state("ipv6"), report.state("reach-graph")), ("failed", "passed"));
}

#[test]
fn a_blocked_port_is_told_from_a_host_that_is_down() {
    let world = World::new(Internet::default(), "");
    world.space.filter(&["tcp dport 993 drop"]);
    let report = world.self_test();
    report.is_only("network-unreachable", "port-blocked");
    assert_eq!(report.finding("network-unreachable")["parameters"]["port"], "993");
    assert_eq!((report.state("reach-microsoft-imap"), report.state("reach-microsoft-outlook")), ("failed", "passed"));
    let world = World::new(Internet::default().without("graph.microsoft.com"), "");
    let report = world.self_test();
    report.is_only("network-unreachable", "");
    assert_eq!(report.finding("network-unreachable")["parameters"]["other"], "graph.microsoft.com");
}

#[test]
fn a_dead_host_keeps_nobody_else_waiting_and_the_whole_ends_in_time() {
    let world = World::new(Internet::default(), "");
    world.space.filter(&["ip daddr 198.51.100.13 drop", "ip daddr 198.51.100.20 drop"]);
    let report = world.self_test();
    let took = |id: &str| report.row(id)["tookMs"].as_u64().unwrap();
    for id in ["reach-graph", "reach-google"] {
        assert_eq!(report.state(id), "failed");
        assert!((4_000..7_000).contains(&took(id)), "{id} {}", took(id));
    }
    for id in ["reach-microsoft", "reach-google-gmail", "reach-hubspot-app"] {
        assert_eq!(report.state(id), "passed");
        assert!(took(id) < 3_000, "{id} waited {} ms", took(id));
    }
    // Both dead hosts wait at the same time: one limit, not two, and the rest of the program.
    assert!(report.took < Duration::from_secs(12), "{:?}", report.took);
}

#[test]
fn a_check_with_a_dead_host_names_it_and_waits_for_nobody_twice() {
    let zone = " local-data: \"contoso.example. MX 0 contoso-example.mail.protection.outlook.com.\"\n";
    let check = |filter: &[&str]| {
        let world = World::new(Internet::default(), zone);
        world.space.filter(filter);
        world.run(&["check", "ana@contoso.example", "--no-sign-in"])
    };
    let healthy = check(&[]);
    let dead = check(&["ip daddr 198.51.100.10 drop"]);
    let found = dead.finding("network-unreachable");
    assert_eq!(found["parameters"]["other"], "login.microsoftonline.com", "{found:#}");
    let looked = dead.document["observations"].as_array().unwrap().iter().any(|o| o["probe"] == "network-ipv4");
    assert!(looked, "the way was looked at");
    // Everything without a sign-in has 15 s; the look runs beside it.
    assert!(dead.took < healthy.took + Duration::from_secs(17), "{:?} against {:?}", dead.took, healthy.took);
}

#[test]
fn large_answers_that_get_lost_are_told_from_silence() {
    let world = World::new(Internet::default(), "");
    // What a tunnel with a smaller packet size does where its messages are filtered too.
    world.space.filter(&["ip saddr 198.51.100.13 tcp sport 443 ip length > 576 drop"]);
    let report = world.self_test();
    report.is_only("network-unreachable", "stalls");
    assert_eq!(report.state("reach-graph"), "failed");
}

#[test]
fn a_stop_ends_the_test_at_once() {
    let world = World::new(Internet::default(), "");
    world.space.filter(&["ip daddr 198.51.100.0/24 drop"]);
    let begun = std::time::Instant::now();
    let child = world.command(&["--json", "self-test"]).spawn().unwrap();
    // Until it asks the names it has not begun; the first packet that is dropped shows that it has.
    let deadline = begun + Duration::from_secs(20);
    let dropped = || {
        let output = world.space.command("ss").args(["-Htn", "state", "syn-sent"]).output().unwrap();
        !output.stdout.is_empty()
    };
    while !dropped() {
        assert!(std::time::Instant::now() < deadline, "it never began to connect");
        std::thread::sleep(Duration::from_millis(20));
    }
    let stopped = std::time::Instant::now();
    let _ = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(stopped.elapsed() < Duration::from_secs(2), "{:?}", stopped.elapsed());
}
