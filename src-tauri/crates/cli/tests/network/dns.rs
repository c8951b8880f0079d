//! Names that a real name server does not give, or gives wrongly.

use std::net::SocketAddr;

use crate::{Internet, Space, World, program};

/// unbound at port 53 of the namespace, with these lines in its `server:` clause and these clauses after it.
pub fn unbound(space: &mut Space, server: &str, clauses: &str) {
    unbound_at(space, "127.0.0.1", server, clauses);
}

fn unbound_at(space: &mut Space, address: &str, server: &str, clauses: &str) {
    let name = format!("unbound-{address}");
    let folder = space.folder.path().join(&name);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("unbound.conf");
    // With an own clause for modules the lines come first: unbound takes the last one.
    let modules = if server.contains("module-config") { "" } else { " module-config: \"iterator\"\n" };
    let root = if server.contains("no-root") { "" } else { " local-zone: \".\" static\n" };
    let server = server.replace("no-root\n", "");
    let text = format!(
        "server:\n interface: {address}\n port: 53\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n pidfile: \"\"\n directory: \"{folder}\"\n use-syslog: no\n logfile: \"\"\n do-not-query-localhost: no\n access-control: 0.0.0.0/0 allow\n do-ip6: no\n outbound-msg-retry: 1\n{modules}{root}{server}{clauses}\nremote-control:\n control-enable: no\n",
        folder = folder.display(),
    );
    std::fs::write(&file, text).unwrap();
    let mut command = space.command(&program("unbound", "unbound"));
    command.arg("-d").arg("-c").arg(&file);
    let place: SocketAddr = format!("{address}:53").parse().unwrap();
    space.start(&name, command, &[place]);
}

#[test]
fn a_name_that_the_name_server_denies_is_filtered() {
    let world = World::new(Internet::default(), " local-zone: \"graph.microsoft.com.\" always_nxdomain\n");
    let report = world.self_test();
    report.is_only("network-dns", "filtered");
    assert_eq!((report.exit, report.state("reach-graph"), report.state("reach-microsoft")), (1, "failed", "passed"));
    assert_eq!(report.finding("network-dns")["parameters"]["other"], "graph.microsoft.com");
}

#[test]
fn an_address_inside_the_private_network_is_a_lie_and_is_not_contacted() {
    let zone = " local-zone: \"accounts.google.com.\" redirect\n local-data: \"accounts.google.com. A 10.0.0.1\"\n";
    let mut space = Space::connected();
    // Only the lie: a second line for the same name would be a second address.
    unbound(
        &mut space,
        &format!("{zone}{}", Internet::names().replace(" local-data: \"accounts.google.com. A 198.51.100.20\"\n", "")),
        "",
    );
    let roots = Internet::default().start(&space);
    let report = World::of(space, roots).self_test();
    report.is_only("network-dns", "private-address");
    let tried = report.document["observations"].as_array().unwrap().iter().any(|o| {
        o["probe"] == "network-ipv4" && o["target"] == "accounts.google.com:443" && o["outcome"]["result"] != "skipped"
    });
    assert!(!tried, "a private address was contacted");
}

#[test]
fn the_hosts_file_of_this_computer_is_told_from_the_name_server() {
    let world = World::new(Internet::default(), "");
    world.space.hosts("127.0.0.1 graph.microsoft.com\n");
    world.self_test().is_only("network-dns", "this-computer");
}

#[test]
fn a_name_server_that_fails_is_no_filter() {
    // A domain whose own server refuses (lame), one whose signatures are wrong (bogus), one whose server is silent.
    for (name, zone, clauses) in [
        (
            "lame",
            "no-root\n local-zone: \"com.\" transparent\n",
            "stub-zone:\n name: \"graph.microsoft.com\"\n stub-addr: 127.0.0.3\n",
        ),
        (
            "bogus",
            "no-root\n module-config: \"validator iterator\"\n trust-anchor: \"graph.microsoft.com. DS 12345 8 2 49FD46E6C4B45C55D4AC69CBD3CD34AC1AFE51DEAD49FD46E6C4B45C55D4AC69\"\n",
            "stub-zone:\n name: \"graph.microsoft.com\"\n stub-addr: 127.0.0.4\n",
        ),
        ("silent", "no-root\n", "stub-zone:\n name: \"graph.microsoft.com\"\n stub-addr: 203.0.113.9\n"),
    ] {
        let mut space = Space::connected();
        unbound_at(&mut space, "127.0.0.3", " access-control: 127.0.0.0/8 refuse\n", "");
        unbound_at(&mut space, "127.0.0.4", " local-data: \"graph.microsoft.com. A 198.51.100.13\"\n", "");
        let names = Internet::names().replace(" local-data: \"graph.microsoft.com. A 198.51.100.13\"\n", "");
        unbound(&mut space, &format!("{zone}{names}"), clauses);
        let roots = Internet::default().start(&space);
        let report = World::of(space, roots).self_test();
        assert_eq!(report.causes(), [("network-dns".to_owned(), String::new())], "{name}: {:#}", report.document);
        assert_eq!(report.state("reach-microsoft"), "passed", "{name}");
    }
}

#[test]
fn an_answer_that_does_not_fit_into_a_packet_is_fetched_over_tcp() {
    let many: String =
        (100..180).map(|last| format!(" local-data: \"graph.microsoft.com. A 198.51.100.{last}\"\n")).collect();
    let world = World::new(Internet::default(), &format!(" max-udp-size: 512\n{many}"));
    let report = world.self_test();
    let all = report.document["observations"].as_array().unwrap();
    let found = all.iter().find(|o| o["probe"] == "network-name-dns" && o["target"] == "graph.microsoft.com").unwrap();
    assert_eq!(found["outcome"]["facts"]["addresses"].as_array().unwrap().len(), 16, "all, cut for showing: {found:#}");
    assert_ne!(report.causes().first().map(|(cause, _)| cause.as_str()), Some("network-dns"));
}

#[test]
fn the_cause_of_a_check_becomes_exact() {
    let world = World::new(
        Internet::default(),
        " local-zone: \"login.microsoftonline.com.\" always_nxdomain\n local-data: \"contoso.example. MX 0 contoso-example.mail.protection.outlook.com.\"\n",
    );
    let report = world.run(&["check", "ana@contoso.example", "--no-sign-in"]);
    assert_eq!(report.exit, 1, "{:#}", report.document);
    assert_eq!(
        report.causes(),
        [("network-dns".to_owned(), "filtered".to_owned())],
        "{:#}",
        report.document["findings"]
    );
}

#[test]
fn a_second_opinion_over_https_shows_that_a_name_is_hidden() {
    let mut world = World::new(Internet::default(), " local-zone: \"graph.microsoft.com.\" always_nxdomain\n");
    let file = |name: &str| world.space.folder.path().join(name).display().to_string();
    let outside = format!(
        " interface: 198.51.100.60@443\n https-port: 443\n tls-service-pem: \"{}\"\n tls-service-key: \"{}\"\n access-control: 198.51.100.0/24 allow\n{}",
        file("dns.pem"),
        file("dns.key"),
        Internet::names()
    );
    unbound_at(&mut world.space, "127.0.0.5", &outside, "");
    let asked = |report: &crate::Report| {
        let all = report.document["observations"].as_array().unwrap();
        all.iter().any(|o| o["probe"] == "network-name-https")
    };
    let report = world.self_test();
    assert!(!asked(&report), "nobody outside is asked without the setting");
    assert_eq!(report.finding("network-dns")["confidence"], "likely");
    world.settings["dnsOverHttps"] = format!("https://{}/dns-query", crate::internet::DNS_OVER_HTTPS).into();
    let report = world.self_test();
    assert!(asked(&report));
    report.is_only("network-dns", "filtered");
    assert_eq!(report.finding("network-dns")["confidence"], "certain", "{:#}", report.document["observations"]);
}
