//! The organisation's own admin-consent addresses.
//!
//! Both forms are described at <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent> and
//! <https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent>.

use inbox_model::{AppProfile, Cloud, Domain};

/// Stands for the organisation of whoever signs in. `common` is not allowed at these addresses.
pub(crate) const ANY_ORGANISATION: &str = "organizations";

/// The two forms of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentLinks {
    /// `/{tenant}/adminconsent?client_id=…`: grants what the registration lists.
    pub short: String,
    /// `/{tenant}/v2.0/adminconsent` with all scopes, redirect address and state, where the vendor's are known.
    pub full: Option<String>,
}

/// Builds the addresses for a tenant in a cloud. `login` replaces the cloud's sign-in host (another cloud, the practice
/// cloud).
///
/// `tenant` is a GUID, a verified domain, or `organizations` (that of the administrator who signs in). `None` for
/// anything else (`common` is refused by Microsoft there), and when the app has no registration at Microsoft.
/// Each national cloud has registrations of its own: the worldwide client id may be unknown in another one.
#[must_use]
pub fn consent_links(app: &AppProfile, tenant: &str, cloud: Cloud, login: Option<&str>) -> Option<ConsentLinks> {
    let registration = app.microsoft.as_ref()?;
    let tenant = tenant_segment(tenant)?;
    let host = login_host(cloud, login);
    let client = percent_encode(&registration.client_id);
    let short = format!("{host}/{tenant}/adminconsent?client_id={client}");
    let full = registration.consent.as_ref().map(|consent| {
        let scopes: Vec<String> = consent.scopes.iter().map(|scope| scope_in_cloud(scope, cloud)).collect();
        let mut url = format!(
            "{host}/{tenant}/v2.0/adminconsent?client_id={client}&scope={}&redirect_uri={}",
            percent_encode(&scopes.join(" ")),
            percent_encode(&consent.redirect_uri),
        );
        if let Some(state) = &consent.state {
            url.push_str("&state=");
            url.push_str(&percent_encode(state));
        }
        url
    });
    Some(ConsentLinks { short, full })
}

/// The sign-in host of a cloud, or the one that replaces it; without a trailing slash.
/// <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
pub(crate) fn login_host(cloud: Cloud, login: Option<&str>) -> &str {
    match (login, cloud) {
        (Some(login), _) => login.trim_end_matches('/'),
        (None, Cloud::Worldwide) => "https://login.microsoftonline.com",
        (None, Cloud::UsGovernment | Cloud::UsDefense) => "https://login.microsoftonline.us",
        (None, Cloud::China) => "https://login.partner.microsoftonline.cn",
    }
}

/// The tenant as one path segment, when it is one that this address takes.
fn tenant_segment(tenant: &str) -> Option<String> {
    let tenant = tenant.trim();
    if is_guid(tenant) {
        return Some(tenant.to_ascii_lowercase());
    }
    if tenant == ANY_ORGANISATION {
        return Some(tenant.to_owned());
    }
    Domain::parse(tenant).ok().map(|domain| domain.as_ascii().to_owned())
}

/// Graph's own host stands in the scopes, and each cloud has its own.
fn scope_in_cloud(scope: &str, cloud: Cloud) -> String {
    let host = match cloud {
        Cloud::Worldwide => return scope.to_owned(),
        Cloud::UsGovernment => "https://graph.microsoft.us/",
        Cloud::UsDefense => "https://dod-graph.microsoft.us/",
        Cloud::China => "https://microsoftgraph.chinacloudapi.cn/",
    };
    scope.strip_prefix("https://graph.microsoft.com/").map_or_else(|| scope.to_owned(), |name| format!("{host}{name}"))
}

/// Whether a text is a GUID in its usual written form.
pub(crate) fn is_guid(text: &str) -> bool {
    let mut lengths = [8, 4, 4, 4, 12].into_iter();
    let mut groups = text.split('-');
    groups
        .by_ref()
        .all(|group| lengths.next() == Some(group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && lengths.next().is_none()
}

/// Percent-encodes everything but the unreserved characters (RFC 3986 section 2.3). A blank becomes `%20`: unlike `+`
/// it means the same in a query, in a path and to a mail program that makes a link of it.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin_app;

    const TENANT: &str = "6F2B3C4D-0000-4000-8000-00000000ABCD";

    fn hubspot() -> &'static AppProfile {
        builtin_app("hubspot").unwrap()
    }

    #[test]
    fn short_form_needs_only_tenant_and_client() {
        let links = consent_links(hubspot(), "contoso.example", Cloud::Worldwide, None).unwrap();
        assert_eq!(
            links.short,
            "https://login.microsoftonline.com/contoso.example/adminconsent?client_id=450987b3-a09a-4f14-9b2c-4f301d1e15f5"
        );
    }

    #[test]
    fn full_form_carries_every_scope_of_the_vendor() {
        let full = consent_links(hubspot(), TENANT, Cloud::Worldwide, None).unwrap().full.unwrap();
        let url = url::Url::parse(&full).unwrap();
        assert_eq!(url.path(), format!("/{}/v2.0/adminconsent", TENANT.to_lowercase()));
        let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["redirect_uri"], "https://app.hubspot.com/oauthor/v1/office365/verify");
        assert_eq!(query["client_id"], "450987b3-a09a-4f14-9b2c-4f301d1e15f5");
        assert_eq!(query["state"], "12345");
        let asked: Vec<&str> = query["scope"].split(' ').collect();
        let registration = hubspot().microsoft.as_ref().unwrap();
        for scope in &registration.scopes {
            assert!(asked.iter().any(|full| full.rsplit('/').next() == Some(scope)), "{scope}");
        }
        // A blank as `+` or an unescaped `:` would break in some mail programs.
        assert!(!full.contains('+') && full.contains("scope=https%3A%2F%2Fgraph.microsoft.com%2FUser.Read%20"));
    }

    #[test]
    fn each_cloud_has_its_own_hosts() {
        let china = consent_links(hubspot(), "contoso.example", Cloud::China, None).unwrap();
        assert!(china.short.starts_with("https://login.partner.microsoftonline.cn/contoso.example/adminconsent?"));
        assert!(china.full.unwrap().contains("https%3A%2F%2Fmicrosoftgraph.chinacloudapi.cn%2FMail.Send"));
        for (cloud, graph) in
            [(Cloud::UsGovernment, "graph.microsoft.us"), (Cloud::UsDefense, "dod-graph.microsoft.us")]
        {
            let links = consent_links(hubspot(), "contoso.example", cloud, None).unwrap();
            assert!(links.short.starts_with("https://login.microsoftonline.us/contoso.example/adminconsent?"));
            assert!(links.full.unwrap().contains(&format!("https%3A%2F%2F{graph}%2FMail.Send")));
        }
    }

    #[test]
    fn login_of_the_settings_replaces_the_host() {
        let links = consent_links(hubspot(), TENANT, Cloud::Worldwide, Some("http://127.0.0.1:8400/")).unwrap();
        assert!(links.short.starts_with(&format!("http://127.0.0.1:8400/{}/adminconsent?", TENANT.to_lowercase())));
    }

    #[test]
    fn common_and_what_is_no_tenant_are_refused() {
        for tenant in ["common", "consumers", "", "contoso", "contoso.example/../common", "a b.example", "{tenant}"] {
            assert_eq!(consent_links(hubspot(), tenant, Cloud::Worldwide, None), None, "{tenant}");
        }
        let any = consent_links(hubspot(), "organizations", Cloud::Worldwide, None).unwrap();
        assert!(any.short.starts_with("https://login.microsoftonline.com/organizations/adminconsent?"));
    }

    #[test]
    fn international_domain_goes_as_a_label() {
        let links = consent_links(hubspot(), "例え.jp", Cloud::Worldwide, None).unwrap();
        assert!(links.short.contains("/xn--r8jz45g.jp/adminconsent"));
    }

    #[test]
    fn app_without_registration_has_no_address() {
        let mut app = hubspot().clone();
        app.microsoft = None;
        assert_eq!(consent_links(&app, "contoso.example", Cloud::Worldwide, None), None);
    }

    #[test]
    fn guid_is_told_from_other_texts() {
        assert!(is_guid(TENANT));
        for text in [
            "",
            "6f2b3c4d",
            "6F2B3C4D-0000-4000-8000-00000000ABC",
            "6F2B3C4D-0000-4000-8000-00000000ABCD-1",
            "6F2B3C4D-0000-4000-8000-00000000ABCG",
        ] {
            assert!(!is_guid(text), "{text}");
        }
    }
}
