//! Real proxies: squid with a sign-in, and mitmproxy, which reads what goes through it.

use std::net::SocketAddr;

use crate::{Internet, World, program};

const PASSWORD: &str = "c4nary-proxy-pw";

/// squid at port 3128, for whoever signs in as ana.
fn squid(world: &mut World) {
    let folder = world.space.folder.path().join("squid");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let hash = std::process::Command::new("openssl").args(["passwd", "-apr1", PASSWORD]).output().unwrap();
    let hash = String::from_utf8(hash.stdout).unwrap();
    let users = folder.join("users");
    std::fs::write(&users, format!("ana:{hash}")).unwrap();
    let helper = "/usr/lib/squid/basic_ncsa_auth";
    assert!(std::path::Path::new(helper).exists(), "{helper} is missing (Debian: apt-get install squid)");
    let text = format!(
        "http_port 127.0.0.1:3128
visible_hostname proxy.contoso.example
pid_filename {folder}/pid
coredump_dir {folder}
cache_log {folder}/cache.log
access_log stdio:{folder}/access.log
cache deny all
cache_mem 8 MB
shutdown_lifetime 0 seconds
pinger_enable off
dns_nameservers 127.0.0.1
auth_param basic program {helper} {users}
auth_param basic children 1 startup=1
auth_param basic realm contoso
acl signed proxy_auth REQUIRED
acl open port 443
http_access deny CONNECT !open
http_access allow signed
http_access deny all
",
        folder = folder.display(),
        users = users.display(),
    );
    let file = folder.join("squid.conf");
    std::fs::write(&file, text).unwrap();
    let mut command = world.space.command(&program("squid", "squid"));
    command.arg("-N").arg("-f").arg(&file);
    world.space.start("squid", command, &["127.0.0.1:3128".parse::<SocketAddr>().unwrap()]);
}

#[test]
fn a_proxy_with_a_sign_in_is_told_apart_by_what_it_refuses() {
    let mut world = World::new(Internet::default(), "");
    squid(&mut world);
    world.settings["proxy"] = "http://127.0.0.1:3128".into();
    let report = world.self_test();
    report.is_only("network-proxy", "authentication");
    let found = report.finding("network-proxy");
    assert_eq!((found["parameters"]["schemes"].as_str(), report.exit), (Some("Basic"), 1));
    assert_eq!(found["parameters"]["proxy"], "127.0.0.1:3128");
    assert!(found["whatHappened"].as_str().unwrap().contains("Basic"));

    world.settings["proxy"] = "http://ana:wr0ng-canary@127.0.0.1:3128".into();
    let report = world.self_test();
    report.is_only("network-proxy", "sign-in-refused");
    assert!(!report.document.to_string().contains("canary"));

    // Signed in. Only the ports of mail programs are closed, and that is said and blocks nothing.
    world.settings["proxy"] = format!("http://ana:{PASSWORD}@127.0.0.1:3128").into();
    let report = world.self_test();
    report.is_only("network-proxy", "place-refused");
    let found = report.finding("network-proxy");
    assert_eq!(found["severity"], "note");
    assert_eq!(
        (report.state("proxy"), report.state("reach-microsoft"), report.state("reach-google")),
        ("passed", "passed", "passed")
    );
    assert!(["993", "587", "465"].contains(&found["parameters"]["port"].as_str().unwrap()));
    assert!(!report.document.to_string().contains("c4nary"));
    let shown = world.run(&["policy", "show"]).document.to_string();
    assert!(shown.contains("***@127.0.0.1") && !shown.contains("c4nary"), "{shown}");
}

#[test]
fn a_proxy_of_the_environment_that_is_gone_is_named() {
    let mut world = World::new(Internet::default(), "");
    world.environment.push(("HTTPS_PROXY", "http://127.0.0.1:3199".to_owned()));
    let report = world.self_test();
    report.is_only("network-proxy", "not-there");
    assert_eq!(report.finding("network-proxy")["parameters"]["proxy"], "127.0.0.1:3199");
}

#[test]
fn a_script_for_the_proxy_is_shown_and_needed_only_where_nothing_answers_directly() {
    let mut world = World::new(Internet::default(), "");
    world.environment.push(("auto_proxy", "http://wpad.contoso.example/secret-path/proxy.pac".to_owned()));
    let report = world.self_test();
    assert_eq!(report.causes(), Vec::new());
    assert!(report.row("proxy")["detail"].as_str().unwrap().contains("wpad.contoso.example"));
    world.space.filter(&["ip daddr 198.51.100.0/24 tcp dport 1-65535 reject with tcp reset"]);
    world.self_test().is_only("network-proxy", "script");
}

/// mitmproxy at port 3129: it opens every connection with a certificate of its own.
fn mitmproxy(world: &mut World) -> std::path::PathBuf {
    let folder = world.space.folder.path().join("mitm");
    let mut command = world.space.command("env");
    // The proxy is pointed at the same name server as everybody in the namespace.
    command.arg(format!("HOME={}", folder.display())).arg(program("mitmdump", "mitmproxy"));
    command.args(["--quiet", "--listen-host", "127.0.0.1", "--listen-port", "3129", "--ssl-insecure"]);
    command.arg("--set").arg(format!("confdir={}", folder.display()));
    world.space.start("mitmproxy", command, &["127.0.0.1:3129".parse::<SocketAddr>().unwrap()]);
    folder.join("mitmproxy-ca-cert.pem")
}

#[test]
fn an_inspecting_filter_is_refused_or_accepted_as_the_computer_trusts_it() {
    let mut world = World::new(Internet::default(), "");
    let root = mitmproxy(&mut world);
    world.settings["proxy"] = "http://127.0.0.1:3129".into();
    let report = world.self_test();
    report.is_only("network-tls", "inspected");
    let issuer = report.finding("network-tls")["parameters"]["issuer"].as_str().unwrap().to_owned();
    assert!(issuer.contains("mitmproxy"), "{issuer}");
    assert_eq!(report.state("reach-microsoft"), "failed");

    // Its root among the extra roots of the settings.
    world.settings["trustedRootFiles"] = vec![root.display().to_string()].into();
    let accepted = world.self_test();
    // Its root in the computer's own store.
    world.settings["trustedRootFiles"] = serde_json::Value::Array(Vec::new());
    world.roots = root;
    for report in [accepted, world.self_test()] {
        report.is_only("network-tls", "inspected-trusted");
        let found = report.finding("network-tls");
        assert_eq!((found["severity"].as_str(), found["confidence"].as_str()), (Some("note"), Some("certain")));
        assert!(found["whatHappened"].as_str().unwrap().contains("mitmproxy"));
        assert_eq!((report.state("reach-microsoft"), report.state("reach-google")), ("passed", "passed"));
    }
}
