//! Table of domains and verdicts.

use inbox_model::{Autodiscover, Cloud, Confidence, MailReception, Provider, Realm};
use serde_json::json;

use super::{World, dns_server::Zone, played::Played};

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const MICROSOFT_SPF: &str = "v=spf1 include:spf.protection.outlook.com -all";

fn managed() -> serde_json::Value {
    json!({ "NameSpaceType": "Managed", "FederationBrandName": "Contoso\u{7}", "CloudInstanceName": "microsoftonline.com" })
}

fn zone() -> Zone {
    Zone::default()
        .mx("contoso.example", 0, "contoso-example.mail.protection.outlook.com")
        .txt("contoso.example", MICROSOFT_SPF)
        .cname("autodiscover.contoso.example", "autodiscover.outlook.com")
        .txt("sales.contoso.example", "no mail of its own")
        .mx("tokyo.contoso.example", 0, "tokyo.mail.protection.outlook.com")
        .mx("gone.example", 0, "gone-example.mail.protection.outlook.com")
        .mx("dane.example", 0, "dane-example.r-v1.mx.microsoft")
        .mx("china.example", 0, "china-example.mail.protection.partner.outlook.cn")
        .mx("navy.example", 0, "navy-example.mail.protection.office365.us")
        // Filters: with hints behind, with a weak one, with none, with contradicting ones.
        .mx("proseware.example", 10, "mxa-0011.gslb.pphosted.com")
        .txt("proseware.example", MICROSOFT_SPF)
        .cname(
            "selector1._domainkey.proseware.example",
            "selector1-proseware-example._domainkey.proseware.onmicrosoft.com",
        )
        .cname("autodiscover.proseware.example", "autodiscover.outlook.com")
        .mx("filtered.example", 10, "eu-smtp-inbound-1.mimecast.com")
        .txt("filtered.example", "v=spf1 include:_spf.google.com ~all")
        .mx("hidden.example", 10, "eu-smtp-inbound-1.mimecast.com")
        .mx("tenantonly.example", 10, "eu-smtp-inbound-1.mimecast.com")
        .mx("moved.example", 10, "eu-smtp-inbound-1.mimecast.com")
        .txt("moved.example", "v=spf1 include:_spf.google.com include:spf.protection.outlook.com ~all")
        .mx("googlebehind.example", 10, "mxa-0011.gslb.pphosted.com")
        .txt("google._domainkey.googlebehind.example", "v=DKIM1; k=rsa; p=MIIB")
        .mx("forwarded.example", 10, "route1.mx.cloudflare.net")
        // A filter first and the host itself second.
        .mx("both.example", 10, "mxa-0011.gslb.pphosted.com")
        .mx("both.example", 20, "aspmx.l.google.com")
        .mx("twohosts.example", 10, "aspmx.l.google.com")
        .mx("twohosts.example", 10, "twohosts.mail.protection.outlook.com")
        // Google
        .mx("fabrikam.example", 1, "smtp.google.com")
        .mx("lamna.example", 5, "ALT1.ASPMX.L.GOOGLE.COM")
        .mx("lamna.example", 1, "ASPMX.L.GOOGLE.COM")
        .cname("chain.example", "hop.example")
        .cname("hop.example", "end.example")
        .mx("end.example", 1, "smtp.google.com")
        // Others
        .mx("northwind.example", 10, "www1234.sakura.ne.jp")
        .mx("tamago.example", 0, "tamago.example")
        .a("tamago.example", "198.51.100.41")
        .mx("relay.example", 0, "mx.relay.example")
        .a("mx.relay.example", "198.51.100.42")
        .mx("strange.example", 0, "mx.elsewhere.invalid")
        .mx("xn--r8jz45g.example", 0, "smtp.google.com")
        .mx("nullmx.example", 0, ".")
        .mx("nullmx.below.example", 0, ".")
        .mx("below.example", 0, "smtp.google.com")
        .a("nomx.example", "192.0.2.50")
        .txt("nothing.example", "hello")
        // Consumer domains
        .mx("gmail.com", 5, "gmail-smtp-in.l.google.com")
        .mx("outlook.jp", 5, "outlook-jp.olc.protection.outlook.com")
        .mx("hotmail.gr", 5, "smtp.google.com")
}

fn played() -> Played {
    let none = json!({});
    Played::default()
        .tenant("contoso.example", TENANT, &none, &managed())
        .tenant("dane.example", TENANT, &none, &managed())
        .tenant("proseware.example", TENANT, &none, &managed())
        .tenant("tenantonly.example", TENANT, &none, &managed())
        .tenant("northwind.example", TENANT, &none, &managed())
        .tenant("relay.example", TENANT, &none, &managed())
        .tenant("navy.example", TENANT, &json!({ "tenant_region_sub_scope": "DOD" }), &managed())
}

#[tokio::test]
async fn each_domain_has_its_verdict() {
    use Confidence::{Certain, Likely, Possible};
    use MailReception as R;
    let microsoft = |cloud| Provider::Microsoft365 { cloud };
    let other = |host: &str| Provider::Other { host: host.to_owned(), name: String::new() };
    let worldwide = Cloud::Worldwide;
    // domain, provider, confidence, reception, gateway or forwarder, tenant, decided by
    let rows = [
        ("contoso.example", microsoft(worldwide), Certain, R::Mx, None, true, None),
        ("sales.contoso.example", microsoft(worldwide), Likely, R::Mx, None, true, Some("contoso.example")),
        ("no.such.contoso.example", microsoft(worldwide), Possible, R::Mx, None, true, Some("contoso.example")),
        ("tokyo.contoso.example", microsoft(worldwide), Likely, R::Mx, None, false, None),
        ("gone.example", microsoft(worldwide), Likely, R::Mx, None, false, None),
        ("dane.example", microsoft(worldwide), Certain, R::Mx, None, true, None),
        ("china.example", microsoft(Cloud::China), Likely, R::Mx, None, false, None),
        ("navy.example", microsoft(Cloud::UsDefense), Likely, R::Mx, None, true, None),
        ("proseware.example", microsoft(worldwide), Likely, R::Mx, Some("proofpoint"), true, None),
        ("filtered.example", Provider::GoogleWorkspace, Possible, R::Mx, Some("mimecast"), false, None),
        ("hidden.example", Provider::Unknown, Possible, R::Mx, Some("mimecast"), false, None),
        ("tenantonly.example", Provider::Unknown, Possible, R::Mx, Some("mimecast"), true, None),
        ("googlebehind.example", Provider::GoogleWorkspace, Likely, R::Mx, Some("proofpoint"), false, None),
        ("forwarded.example", Provider::Unknown, Possible, R::Mx, Some("cloudflare-email-routing"), false, None),
        ("both.example", Provider::GoogleWorkspace, Likely, R::Mx, Some("proofpoint"), false, None),
        ("fabrikam.example", Provider::GoogleWorkspace, Certain, R::Mx, None, false, None),
        ("lamna.example", Provider::GoogleWorkspace, Certain, R::Mx, None, false, None),
        ("chain.example", Provider::GoogleWorkspace, Certain, R::Mx, None, false, None),
        ("例え.example", Provider::GoogleWorkspace, Certain, R::Mx, None, false, None),
        ("northwind.example", other("sakura"), Likely, R::Mx, None, true, None),
        ("tamago.example", other("own-server"), Likely, R::Mx, None, false, None),
        // An own name in front of a tenant may be a relay.
        ("relay.example", Provider::Unknown, Possible, R::Mx, None, true, None),
        ("strange.example", Provider::Unknown, Possible, R::Mx, None, false, None),
        ("nullmx.example", Provider::None, Certain, R::NullMx, None, false, None),
        ("nullmx.below.example", Provider::None, Certain, R::NullMx, None, false, None),
        ("nomx.example", Provider::Unknown, Possible, R::AddressOnly, None, false, None),
        ("nothing.example", Provider::None, Likely, R::Nothing, None, false, None),
        ("missing.example", Provider::None, Certain, R::NoSuchDomain, None, false, None),
        ("deep.missing.example", Provider::None, Certain, R::NoSuchDomain, None, false, None),
        ("gmail.com", Provider::Gmail, Certain, R::Mx, None, false, None),
        ("outlook.jp", Provider::OutlookCom, Certain, R::Mx, None, false, None),
        // The list of consumer domains can be wrong; the MX wins.
        ("hotmail.gr", Provider::GoogleWorkspace, Certain, R::Mx, None, false, None),
    ];
    let world = World::new(zone(), played()).await;
    for (domain, provider, confidence, reception, service, tenant, decided_by) in rows {
        let found = world.discover(domain).await;
        let same = match (&found.provider, &provider) {
            (Provider::Other { host, .. }, Provider::Other { host: expected, .. }) => host == expected,
            (found, expected) => found == expected,
        };
        assert!(same, "{domain}: {found:#?}");
        assert_eq!(found.confidence, confidence, "{domain}: {found:#?}");
        assert_eq!(found.reception, reception, "{domain}");
        let named = found.gateway.as_ref().or(found.forwarder.as_ref()).map(|service| service.host.as_str());
        assert_eq!(named, service, "{domain}");
        assert_eq!(found.tenant.is_some(), tenant, "{domain}");
        assert_eq!(found.decided_by.as_ref().map(inbox_model::Domain::as_ascii), decided_by, "{domain}");
        assert!(found.evidence.is_sorted_by(|a, b| a.weight >= b.weight), "{domain}");
        assert!(!found.evidence.is_empty(), "{domain}");
    }
    // Contradicting hints of the same weight, and two hosts of the same rank: nothing is settled.
    assert_eq!(world.discover("twohosts.example").await.confidence, Possible);
    let moved = world.discover("moved.example").await;
    assert_eq!((moved.provider.is_google(), moved.confidence), (true, Possible), "no tenant: only Google is left");
}

#[tokio::test]
async fn the_tenant_is_read_with_realm_and_brand() {
    let federated = json!({
        "NameSpaceType": "Federated",
        "FederationBrandName": "Adatum",
        "AuthURL": "https://sts.adatum.example/adfs/ls/?username=x%40adatum.example&wa=wsignin1.0",
    });
    let world = World::new(
        zone().mx("adatum.example", 0, "adatum-example.mail.protection.outlook.com"),
        played().tenant("adatum.example", TENANT, &json!({}), &federated),
    )
    .await;
    let tenant = world.discover("adatum.example").await.tenant.unwrap();
    assert_eq!((tenant.id.as_str(), tenant.brand.as_deref()), (TENANT, Some("Adatum")));
    assert_eq!(tenant.realm, Realm::Federated { host: Some("sts.adatum.example".to_owned()) });
    let managed = world.discover("contoso.example").await.tenant.unwrap();
    assert_eq!((managed.realm, managed.brand.as_deref()), (Realm::Managed, Some("Contoso")));
    let written = format!("{:?}", world.recorder.observations());
    assert!(!written.contains("wsignin") && !written.contains("%40"), "only the host of the sign-in server is kept");
}

#[tokio::test]
async fn autodiscover_is_asked_only_about_a_typed_address_that_may_be_at_microsoft() {
    let here =
        json!({ "Protocol": "AutodiscoverV1", "Url": "https://outlook.office365.com/autodiscover/autodiscover.xml" });
    let path = |address: &str| format!("/autodiscover/autodiscover.json/v1.0/{address}?");
    let played = played()
        .json(&path("ana@contoso.example"), "200 OK", &here)
        .raw(
            &path("onprem@contoso.example"),
            "302 Found",
            "Content-Type: text/html\r\nLocation: https://mail.contoso.example/autodiscover/autodiscover.json\r\n",
            "<html>moved</html>",
        )
        .raw(&path("other@contoso.example"), "302 Found", "Location: https://autodiscover-s.outlook.com/x\r\n", "")
        .json(&path("nobody@contoso.example"), "404 Not Found", &json!({ "ErrorCode": "UserNotFound" }))
        .raw(&path("portal@contoso.example"), "200 OK", "Content-Type: text/html\r\n", "<html>Wi-Fi</html>");
    let world = World::new(zone(), played).await;
    let rows = [
        ("contoso.example", Autodiscover::NotChecked),
        ("ana@contoso.example", Autodiscover::AtMicrosoft),
        ("onprem@contoso.example", Autodiscover::Elsewhere { host: "mail.contoso.example".to_owned() }),
        ("other@contoso.example", Autodiscover::Failed),
        ("nobody@contoso.example", Autodiscover::NotFound),
        ("portal@contoso.example", Autodiscover::Failed),
        ("ana@fabrikam.example", Autodiscover::NotChecked),
        ("ana@gmail.com", Autodiscover::NotChecked),
    ];
    for (target, expected) in rows {
        assert_eq!(world.discover(target).await.autodiscover, expected, "{target}");
    }
    let found = world.discover("onprem@contoso.example").await;
    assert_eq!((found.provider.is_microsoft(), found.confidence), (true, Confidence::Likely));
    for head in world.microsoft.asked() {
        assert!(!head.contains("fabrikam.example/") || head.contains("/v2.0/"), "{head}");
        assert!(!head.contains("ana@fabrikam") && !head.contains("ana@gmail"), "{head}");
        assert!(!head.to_ascii_lowercase().contains("authorization:"), "{head}");
    }
    // Neither the redirect's host nor a customer's autodiscover host was looked up.
    let names = world.dns.asked();
    assert!(!names.iter().any(|name| name.starts_with("mail.contoso.example")), "{names:?}");
}

#[tokio::test]
async fn nothing_above_the_registrable_domain_is_looked_up() {
    let world = World::new(zone(), played()).await;
    world.discover("a.b.missing.co.jp").await;
    let names = world.dns.asked();
    assert!(names.iter().any(|name| name == "missing.co.jp MX"), "{names:?}");
    let escaped: Vec<_> =
        names.iter().filter(|name| !name.split(' ').next().is_some_and(|n| n.ends_with("missing.co.jp"))).collect();
    assert!(escaped.is_empty(), "{escaped:?}");
}
