//! What is wrong on this computer itself, and pages of the network.

use crate::{Internet, World};

#[test]
fn a_sign_in_page_of_the_network_is_told_from_a_filter() {
    // A portal: it answers for every host, with a certificate of its own, and sends plain HTTP to its page.
    let mut internet = Internet {
        portal: Some("HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/login\r\nContent-Length: 0\r\n\r\n"),
        ..Internet::default()
    };
    for (host, ..) in crate::internet::HOSTS {
        internet = internet.with(host, |made| {
            made.unknown = true;
            made.names = vec!["portal.hotel.example".to_owned()];
        });
    }
    let report = World::new(internet, "").self_test();
    report.is_only("network-captive-portal", "");
    assert_eq!(report.finding("network-captive-portal")["confidence"], "certain");
    assert_eq!(report.row("portal")["state"], "failed");
    assert!(report.row("portal")["detail"].as_str().unwrap().contains("portal.hotel.example"));
}

#[test]
fn a_firewall_inside_the_computer_closes_the_way_back_from_the_browser() {
    let world = World::new(Internet::default(), "");
    // From one port that the system chose to another: nobody but the way back connects so.
    world.space.filter(&["tcp sport 32768-60999 tcp dport 32768-60999 oifname \"lo\" drop"]);
    let report = world.self_test();
    report.is_only("loopback-blocked", "");
    assert_eq!((report.state("loopback"), report.state("reach-microsoft")), ("failed", "passed"));
}

#[test]
fn a_browser_that_is_not_there_is_said_before_any_sign_in() {
    let world = World::new(Internet::default(), "");
    let mut report = world.run(&["self-test", "--browser", "no-such-browser"]);
    report.is_only("sign-in-cancelled", "no-browser");
    report = world.run(&["self-test", "--browser", "no-such-browser", "--hosts", "microsoft-china,google"]);
    assert!(report.document["tests"].as_array().unwrap().iter().any(|row| row["id"] == "reach-microsoft-china-login"));
}
