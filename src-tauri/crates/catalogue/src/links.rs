//! The links that texts may name, from `data/links.toml`; and which addresses may be opened at all.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use inbox_model::{AppProfile, Cloud, Language, Link};
use serde::Deserialize;
use url::Url;

use crate::consent::{self, login_host, percent_encode};
use crate::explain::ExplainContext;
use crate::packed::{Documents, Packed};

// The rows of the file as JSON, by id, made by the build script.
include!(concat!(env!("OUT_DIR"), "/links.rs"));

/// One row of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkRow {
    /// Name in the texts.
    pub id: String,
    /// Kind for the window (`admin-consent`, `admin-centre`, `provider-code`, `vendor-article`, `guide`).
    pub kind: String,
    /// Address with placeholders; `consent:short`, `consent:full`, `app:<key>` are built or taken from the target app.
    pub url: String,
    /// The Japanese page, where it has an address of its own.
    pub url_ja: Option<String>,
    /// The address when a placeholder has no value. Without it there is no link then.
    pub url_without: Option<String>,
    /// The address per national cloud (`us-government`, `us-defense`, `china`). A Microsoft admin centre without an
    /// address for a cloud gives no link there: the worldwide one would not know the organisation.
    #[serde(default)]
    pub cloud: BTreeMap<String, String>,
    /// The link that does the same at Google, for findings there.
    pub google: Option<String>,
    /// English label.
    pub en: String,
    /// Japanese label.
    pub ja: String,
    /// When somebody looked it up.
    #[cfg_attr(not(test), allow(dead_code, reason = "kept for those who maintain the links; tests require it"))]
    pub checked_on: jiff::civil::Date,
    /// Where the address was read.
    #[cfg_attr(not(test), allow(dead_code, reason = "kept for those who maintain the links; tests require it"))]
    pub source: String,
}

/// All rows, by id.
pub(crate) fn rows() -> BTreeMap<String, LinkRow> {
    let rows = LINKS.texts().filter_map(|text| serde_json::from_str::<LinkRow>(text).ok());
    rows.map(|row| (row.id.clone(), row)).collect()
}

fn row(id: &str) -> Option<LinkRow> {
    serde_json::from_str(LINKS.find(id)?).ok()
}

/// Values for the placeholders of one link.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LinkValues<'a> {
    /// A code without its letters (`50105`).
    pub code: Option<&'a str>,
    /// Object id of the app's entry in the organisation, where somebody with the right looked it up.
    pub object_id: Option<&'a str>,
    /// The mail is kept at Google.
    pub at_google: bool,
}

/// Builds a link for this organisation and app. `None` where it cannot lead anywhere.
pub(crate) fn build(
    id: &str,
    context: &ExplainContext<'_>,
    values: LinkValues<'_>,
    language: Language,
) -> Option<Link> {
    let mut row = row(id)?;
    if values.at_google
        && let Some(other) = row.google.as_deref().and_then(self::row)
    {
        row = other;
    }
    let label = match language {
        Language::En => &row.en,
        Language::Ja => &row.ja,
    };
    // Japanese sets a blank after a name in Latin letters, and none after words of its own.
    let label = match app_words(context.app, language) {
        name if name.is_ascii() => label.replace("{app}", name),
        words => label.replace("{app} ", words).replace("{app}", words),
    };
    let label = label.replace("{code}", values.code.unwrap_or_default());
    let link = |url: String| Link { kind: row.kind.clone(), label, url };
    if let Some(key) = row.url.strip_prefix("app:") {
        return app_link(context.app, key, language).map(|url| link(url.to_owned()));
    }
    let cloud = context.tenant.map(|tenant| tenant.cloud).unwrap_or_default();
    if row.url.starts_with("consent:") {
        let links = consent::consent_links(context.app, &consent_tenant(context), cloud, context.login)?;
        let url = if row.url == "consent:short" { Some(links.short) } else { links.full };
        return url.map(link);
    }
    let template = match (cloud_key(cloud), language, &row.url_ja) {
        (Some(key), _, _) if row.cloud.contains_key(key) => row.cloud.get(key)?,
        (Some(_), _, _) if row.kind == "admin-centre" && row.url.contains("microsoft") => return None,
        (_, Language::Ja, Some(japanese)) => japanese,
        _ => &row.url,
    };
    fill(template, context, values, cloud)
        .or_else(|| fill(row.url_without.as_deref()?, context, values, cloud))
        .map(link)
}

/// The app's name in a running sentence.
fn app_words(app: &AppProfile, language: Language) -> &str {
    app.wording.get(language.tag()).map_or(&app.name, String::as_str)
}

/// The organisation for a consent address: tenant id, else the mail domain, else `organizations` (which means: that of
/// the administrator who signs in). Never `common`, which Microsoft refuses there.
/// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
pub(crate) fn consent_tenant(context: &ExplainContext<'_>) -> String {
    context
        .tenant
        .map(|tenant| tenant.id.clone())
        .or_else(|| mail_domain(context).map(ToOwned::to_owned))
        .unwrap_or_else(|| consent::ANY_ORGANISATION.to_owned())
}

/// The mail domain, from wherever it is known.
pub(crate) fn mail_domain<'a>(context: &ExplainContext<'a>) -> Option<&'a str> {
    context.domain.or(context.address.map(|address| address.domain())).map(|domain| domain.as_ascii())
}

/// An article of the target app's vendor, in this language, else in English.
pub(crate) fn app_link<'a>(app: &'a AppProfile, key: &str, language: Language) -> Option<&'a str> {
    let link = app.links.iter().find(|link| link.key == key)?;
    link.url.get(language.tag()).or_else(|| link.url.get(Language::En.tag())).map(String::as_str)
}

fn cloud_key(cloud: Cloud) -> Option<&'static str> {
    match cloud {
        Cloud::Worldwide => None,
        Cloud::UsGovernment => Some("us-government"),
        Cloud::UsDefense => Some("us-defense"),
        Cloud::China => Some("china"),
    }
}

fn fill(template: &str, context: &ExplainContext<'_>, values: LinkValues<'_>, cloud: Cloud) -> Option<String> {
    let mut url = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        let value = match name {
            "login" => login_host(cloud, context.login).to_owned(),
            "tenant" => percent_encode(&context.tenant?.id),
            "domain" => percent_encode(mail_domain(context)?),
            "app_id" => percent_encode(&context.app.microsoft.as_ref()?.client_id),
            "code" => percent_encode(values.code?),
            "object_id" => percent_encode(values.object_id?),
            _ => return None,
        };
        url.push_str(before);
        url.push_str(&value);
        rest = tail;
    }
    url.push_str(rest);
    Some(url)
}

/// Whether the program may open this address: https, no user name in it, the usual port, and a host that the
/// catalogue's links, the built-in target apps or Microsoft's sign-in hosts name.
#[must_use]
pub fn is_allowed_link(url: &str) -> bool {
    let Some(host) = https_host(url) else {
        return false;
    };
    listed_hosts().binary_search(&host).is_ok()
}

/// The same, and also the pages of this target app (one that an organisation added) and the sign-in address of the
/// settings: https, or http on this computer for a practice cloud.
#[must_use]
pub fn is_allowed_link_for(url: &str, app: &AppProfile, login: Option<&str>) -> bool {
    if is_allowed_link(url) {
        return true;
    }
    if let Some(host) = https_host(url)
        && app_hosts(app).any(|other| other == host)
    {
        return true;
    }
    let (Some(url), Some(login)) = (parse_plain(url), login.and_then(parse_plain)) else {
        return false;
    };
    let trusted = login.scheme() == "https" || (login.scheme() == "http" && is_loopback(&login));
    trusted && url.origin() == login.origin()
}

fn parse_plain(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn https_host(text: &str) -> Option<String> {
    let url = parse_plain(text)?;
    (url.scheme() == "https" && url.port().is_none()).then(|| url.host_str().map(ToOwned::to_owned))?
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn app_hosts(app: &AppProfile) -> impl Iterator<Item = String> {
    app.links.iter().flat_map(|link| link.url.values()).filter_map(|url| https_host(url))
}

/// Sorted, for the search above.
fn listed_hosts() -> &'static [String] {
    static HOSTS: OnceLock<Vec<String>> = OnceLock::new();
    HOSTS.get_or_init(|| {
        let mut hosts: Vec<String> = rows()
            .values()
            .flat_map(|row| {
                [Some(&row.url), row.url_ja.as_ref(), row.url_without.as_ref()]
                    .into_iter()
                    .flatten()
                    .chain(row.cloud.values())
            })
            .filter_map(|template| https_host(&template.replace(['{', '}'], "")))
            .chain(crate::builtin_apps().iter().flat_map(app_hosts))
            .chain(
                [Cloud::Worldwide, Cloud::UsGovernment, Cloud::UsDefense, Cloud::China]
                    .into_iter()
                    .filter_map(|cloud| https_host(login_host(cloud, None))),
            )
            .collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    })
}
