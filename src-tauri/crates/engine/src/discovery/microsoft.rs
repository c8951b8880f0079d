//! What Microsoft tells anybody about a domain: its tenant, who checks its passwords, and where a typed address is.

use inbox_model::{
    Autodiscover, Cloud, CodeFamily, Domain, EmailAddress, Evidence, EvidenceKind, Facts, Failure, FailureKind,
    Operation, Realm,
};
use inbox_net::{Expected, Request, Response, clock_skew, retry_after};
use serde_json::{Value, json};
use url::Url;

use super::{
    ask::{Asker, fail, shorten},
    records::{reason, weight},
};
use crate::join;

/// The local part for questions about a domain: no person is named.
const NEUTRAL: &str = "x";
/// A clock further off than this breaks sign-ins: Microsoft lets tokens be five minutes off
/// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens>).
const CLOCK_TOLERANCE: i64 = 300;

/// Whether Microsoft knows the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Organisation {
    /// It belongs to this tenant.
    Known { id: String, cloud: Cloud },
    /// It belongs to none that this cloud knows.
    Unknown,
    /// Could not be asked.
    NotChecked,
}

/// The realm with the name on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RealmAnswer {
    pub(super) realm: Realm,
    pub(super) brand: Option<String>,
}

/// Asks for the OpenID configuration of a domain
/// (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document>).
pub(super) async fn organisation(domain: &Domain, login: &Url, asker: Asker<'_>) -> (Organisation, Evidence) {
    let url = join(login, &[domain.as_ascii(), "v2.0", ".well-known", "openid-configuration"]);
    let asked = shown(&url);
    let (pending, response) = match asker.http("discovery-openid", Request::get(url)).await {
        Ok(both) => both,
        Err(failure) => {
            return (Organisation::NotChecked, silent(EvidenceKind::OpenidConfiguration, asked, reason(&failure)));
        }
    };
    note_clock(&response, asker);
    let body = response.json().unwrap_or(Value::Null);
    if response.status == 200
        && let Some(id) = body.get("issuer").and_then(Value::as_str).and_then(tenant_of_issuer)
    {
        let cloud = cloud_of(&body);
        let mut facts = Facts::new();
        facts.insert("tenant".to_owned(), json!(id));
        facts.insert("cloud".to_owned(), json!(cloud));
        for (field, fact) in [
            ("tenant_region_scope", "tenantRegionScope"),
            ("tenant_region_sub_scope", "tenantRegionSubScope"),
            ("cloud_instance_name", "cloudInstanceName"),
            ("msgraph_host", "msgraphHost"),
        ] {
            if let Some(text) = body.get(field).and_then(Value::as_str) {
                facts.insert(fact.to_owned(), json!(shorten(text, 100)));
            }
        }
        pending.passed(facts);
        let evidence = Evidence {
            kind: EvidenceKind::OpenidConfiguration,
            asked,
            answer: format!("tenant {id}"),
            points_to: Some("microsoft-365".to_owned()),
            weight: weight::TENANT,
        };
        return (Organisation::Known { id, cloud }, evidence);
    }
    let failure = fail(pending, refusal(&response, &body));
    let unknown = failure.codes.iter().any(|code| is_unknown_tenant(&code.value));
    let answer = failure.codes.first().map_or_else(|| reason(&failure), |code| code.value.clone());
    let organisation = if unknown { Organisation::Unknown } else { Organisation::NotChecked };
    (organisation, silent(EvidenceKind::OpenidConfiguration, asked, answer))
}

/// Asks who checks the passwords of a domain. Microsoft does not document this address; its fields are as
/// <https://github.com/netwrix/pingcastle> (`UserRealmSRF.cs`) reads them.
pub(super) async fn realm(domain: &Domain, login: &Url, asker: Asker<'_>) -> (RealmAnswer, Evidence) {
    let mut url = join(login, &["getuserrealm.srf"]);
    let asked = shown(&url);
    url.query_pairs_mut().append_pair("login", &format!("{NEUTRAL}@{domain}")).append_pair("json", "1");
    let unasked = RealmAnswer { realm: Realm::NotChecked, brand: None };
    let (pending, response) = match asker.http("discovery-realm", Request::get(url)).await {
        Ok(both) => both,
        Err(failure) => return (unasked, silent(EvidenceKind::RealmLookup, asked, reason(&failure))),
    };
    let body = response.json().unwrap_or(Value::Null);
    let word = body.get("NameSpaceType").and_then(Value::as_str).unwrap_or_default();
    let host = body
        .get("AuthURL")
        .and_then(Value::as_str)
        .and_then(|text| Url::parse(text).ok())
        .and_then(|url| url.host_str().map(|host| shorten(host, 253)));
    let realm = match word {
        "Managed" => Realm::Managed,
        "Federated" => Realm::Federated { host: host.clone() },
        "Unknown" => Realm::Unknown,
        _ => {
            let failure = fail(pending, refusal(&response, &body));
            return (unasked, silent(EvidenceKind::RealmLookup, asked, reason(&failure)));
        }
    };
    let brand = body.get("FederationBrandName").and_then(Value::as_str).and_then(clean_name);
    let mut facts = Facts::new();
    facts.insert("realm".to_owned(), json!(word.to_ascii_lowercase()));
    if let Some(host) = &host {
        facts.insert("host".to_owned(), json!(host));
    }
    if let Some(brand) = &brand {
        facts.insert("brand".to_owned(), json!(brand));
    }
    pending.passed(facts);
    let known = realm != Realm::Unknown;
    let evidence = Evidence {
        kind: EvidenceKind::RealmLookup,
        asked,
        answer: host.map_or_else(|| word.to_owned(), |host| format!("{word}, {host}")),
        points_to: known.then(|| "microsoft-365".to_owned()),
        weight: if known { weight::REALM } else { weight::NONE },
    };
    (RealmAnswer { realm, brand }, evidence)
}

/// Asks Microsoft's own Autodiscover where an address is. Only for an address that was typed, and only at Microsoft; another
/// host that the answer names is shown and not contacted. That another host hints at a mailbox outside of the cloud is inferred,
/// not documented (form of the request: <https://github.com/microsoft/CSS-Exchange>, `Hybrid/Test-HMAEAS.ps1`).
pub(super) async fn autodiscover(address: &EmailAddress, base: &Url, asker: Asker<'_>) -> (Autodiscover, Evidence) {
    let mut url = join(base, &["autodiscover", "autodiscover.json", "v1.0", &address.to_string()]);
    url.query_pairs_mut().append_pair("Protocol", "AutodiscoverV1");
    let own = url.host_str().unwrap_or_default().to_owned();
    let asked = format!("{own}/autodiscover/autodiscover.json");
    let mut request = Request::get(url);
    // A redirect is an answer here, even with a page beside it.
    request.expected = Expected::Anything;
    let kind = EvidenceKind::AutodiscoverJson;
    let (pending, response) = match asker.http("discovery-autodiscover", request).await {
        Ok(both) => both,
        Err(failure) => return (Autodiscover::Failed, silent(kind, asked, reason(&failure))),
    };
    let body = response.json().unwrap_or(Value::Null);
    let place = match response.status {
        200 => body
            .get("Url")
            .and_then(Value::as_str)
            .and_then(|text| Url::parse(text).ok())
            .and_then(|url| url.host_str().map(str::to_owned)),
        300..=399 => response.redirect_host(),
        _ => None,
    };
    match (response.status, place) {
        (200, Some(host)) if host == own || is_microsoft(&host) => {
            let mut facts = Facts::new();
            facts.insert("host".to_owned(), json!(host));
            pending.passed(facts);
            let evidence = Evidence {
                kind,
                asked,
                answer: host,
                points_to: Some("microsoft-365".to_owned()),
                weight: weight::AUTODISCOVER_JSON,
            };
            (Autodiscover::AtMicrosoft, evidence)
        }
        (_, Some(host)) if host != own && !is_microsoft(&host) => {
            let mut failure = Failure::of(FailureKind::RedirectRefused).with_detail(shorten(&host, 253));
            failure.status = Some(response.status);
            fail(pending, failure);
            let evidence =
                Evidence { kind, asked, answer: host.clone(), points_to: None, weight: weight::AUTODISCOVER_JSON };
            (Autodiscover::Elsewhere { host }, evidence)
        }
        // From one host of Microsoft's to another: says nothing about the mailbox.
        (300..=399, Some(host)) => {
            let mut facts = Facts::new();
            facts.insert("redirectHost".to_owned(), json!(host));
            pending.passed(facts);
            (Autodiscover::Failed, silent(kind, asked, format!("redirect to {host}")))
        }
        (status, _) => {
            let failure = fail(pending, refusal(&response, &body));
            let result = if matches!(status, 400 | 404) && body.get("ErrorCode").is_some() {
                Autodiscover::NotFound
            } else {
                Autodiscover::Failed
            };
            (result, silent(kind, asked, reason(&failure)))
        }
    }
}

/// Hosts of Microsoft's that Autodiscover may name.
pub(crate) fn is_microsoft(host: &str) -> bool {
    const OWN: [&str; 6] =
        ["outlook.com", "office365.com", "office.com", "office365.us", "partner.outlook.cn", "cloud.microsoft"];
    OWN.iter().any(|own| host == *own || host.strip_suffix(own).is_some_and(|head| head.ends_with('.')))
}

/// An answer that is no success: its codes and status.
fn refusal(response: &Response, body: &Value) -> Failure {
    let text = |field: &str| body.get(field).and_then(Value::as_str);
    let mut failure = Failure::of(match response.status {
        429 => FailureKind::Throttled,
        500.. => FailureKind::ProviderUnavailable,
        200..=299 => {
            if body.is_null() {
                FailureKind::BodyMalformed
            } else {
                FailureKind::HttpStatus
            }
        }
        _ if text("error").is_some() || text("ErrorCode").is_some() => FailureKind::ProviderRefused,
        _ => FailureKind::HttpStatus,
    });
    failure.status = Some(response.status);
    failure.retry_after = retry_after(&response.headers);
    let description = text("error_description").or_else(|| text("ErrorMessage")).unwrap_or_default();
    if let Some(code) = aadsts(description) {
        failure = failure.with_code(CodeFamily::Aadsts, code);
    }
    if let Some(code) = text("error") {
        failure = failure.with_code(CodeFamily::Oauth, shorten(code, 60));
    }
    if let Some(code) = text("ErrorCode") {
        failure = failure.with_code(CodeFamily::Vendor, shorten(code, 60));
    }
    for (field, id) in [("trace_id", "trace-id"), ("correlation_id", "correlation-id"), ("timestamp", "timestamp")] {
        if let Some(value) = text(field) {
            failure.ids.insert(id.to_owned(), shorten(value, 60));
        }
    }
    failure.with_detail(shorten(&inbox_catalogue::redact_secrets(description), 200))
}

/// `AADSTS` with the digits that follow.
fn aadsts(text: &str) -> Option<String> {
    let start = text.find("AADSTS")?;
    let digits: String = text.get(start + 6..)?.chars().take_while(char::is_ascii_digit).take(8).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

/// Codes for "no such tenant": <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
fn is_unknown_tenant(code: &str) -> bool {
    matches!(code, "AADSTS90002" | "AADSTS50059" | "AADSTS900021" | "AADSTS900023" | "invalid_tenant")
}

/// The tenant id in an issuer; a template or a name is none.
fn tenant_of_issuer(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    url.path_segments()?.find(|segment| is_guid(segment)).map(str::to_ascii_lowercase)
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// The cloud, by what tells most exactly: GCC High and DoD share their sign-in host and differ in the sub-scope (`DODCON`, `DOD`:
/// not documented, seen in public documents) and in the Graph host
/// (<https://learn.microsoft.com/graph/deployments#microsoft-graph-and-graph-explorer-service-root-endpoints>). GCC is worldwide.
fn cloud_of(body: &Value) -> Cloud {
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    match (text("tenant_region_sub_scope"), text("msgraph_host"), text("cloud_instance_name")) {
        ("DOD", ..) | (_, "dod-graph.microsoft.us", _) => Cloud::UsDefense,
        ("DODCON", ..) | (_, "graph.microsoft.us", _) | (_, _, "microsoftonline.us") => Cloud::UsGovernment,
        (_, "microsoftgraph.chinacloudapi.cn", _) | (_, _, "partner.microsoftonline.cn" | "chinacloudapi.cn") => {
            Cloud::China
        }
        _ => Cloud::Worldwide,
    }
}

/// A name for people: no control characters, not endless.
fn clean_name(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| shorten(clean, 100))
}

/// An address without its query.
fn shown(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path())
}

fn silent(kind: EvidenceKind, asked: String, answer: String) -> Evidence {
    Evidence { kind, asked, answer, points_to: None, weight: weight::NONE }
}

/// Compares this computer's clock with the answer's date; an answer from a cache (`Age`) tells nothing.
fn note_clock(response: &Response, asker: Asker<'_>) {
    if response.headers.contains_key(http::header::AGE) {
        return;
    }
    let Some(skew) = clock_skew(&response.headers, jiff::Timestamp::now()) else { return };
    let pending = asker.recorder.begin("clock", Operation::Clock, "");
    let seconds = skew.as_secs();
    if seconds.abs() > CLOCK_TOLERANCE {
        fail(pending, Failure::of(FailureKind::ClockSkew).with_detail(seconds.to_string()));
    } else {
        let mut facts = Facts::new();
        facts.insert("skewSeconds".to_owned(), json!(seconds));
        pending.passed(facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cloud_is_read_from_the_configuration() {
        let rows = [
            (json!({}), Cloud::Worldwide),
            (json!({"tenant_region_scope": "NA", "tenant_region_sub_scope": "GCC"}), Cloud::Worldwide),
            (json!({"tenant_region_scope": "USGov", "tenant_region_sub_scope": "DODCON"}), Cloud::UsGovernment),
            (json!({"tenant_region_sub_scope": "DOD", "msgraph_host": "graph.microsoft.us"}), Cloud::UsDefense),
            (json!({"msgraph_host": "dod-graph.microsoft.us"}), Cloud::UsDefense),
            (json!({"cloud_instance_name": "microsoftonline.us"}), Cloud::UsGovernment),
            (json!({"cloud_instance_name": "partner.microsoftonline.cn"}), Cloud::China),
        ];
        for (body, cloud) in rows {
            assert_eq!(cloud_of(&body), cloud, "{body}");
        }
    }

    #[test]
    fn only_a_guid_is_a_tenant() {
        let id = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        for issuer in [
            "https://login.microsoftonline.com/72F988BF-86F1-41AF-91AB-2D7CD011DB47/v2.0".to_owned(),
            format!("https://sts.windows.net/{id}/"),
        ] {
            assert_eq!(tenant_of_issuer(&issuer).as_deref(), Some(id), "{issuer}");
        }
        for issuer in ["https://login.microsoftonline.com/{tenantid}/v2.0", "contoso", "https://x.example/a-b-c-d-e/"] {
            assert_eq!(tenant_of_issuer(issuer), None, "{issuer}");
        }
    }

    #[test]
    fn microsofts_hosts_are_told_from_look_alikes() {
        assert!(is_microsoft("outlook.office365.com") && is_microsoft("autodiscover-s.outlook.com"));
        assert!(!is_microsoft("evil-outlook.com") && !is_microsoft("outlook.com.example"));
    }

    #[test]
    fn codes_are_read_from_the_description() {
        assert_eq!(aadsts("AADSTS90002: Tenant 'x' not found.").as_deref(), Some("AADSTS90002"));
        assert_eq!(aadsts("AADSTS: nothing"), None);
    }
}
