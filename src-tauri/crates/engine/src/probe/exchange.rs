//! Exchange Web Services of an organisation's own server: whether they are there, which sign-in they offer, and whether inbox
//! and calendar open. Never asked of Exchange Online, where they end
//! (<https://techcommunity.microsoft.com/blog/exchange/exchange-online-ews-your-time-is-almost-up/4492361>).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Method, header};
use inbox_model::{CodeFamily, Facts, Failure, FailureKind, Operation, Secret, SkipReason};
use inbox_net::{Expected, Request, Response, line::shown};
use serde::Serialize;
use serde_json::json;
use url::Url;

use super::mail_server::Means;
use crate::{
    discovery::{
        ask::{Asker, fail},
        is_microsoft,
    },
    servers::xml::{XmlError, document, find, text},
};

/// Largest answer. One folder has under two kilobytes.
const MAX_ANSWER: usize = 64 * 1024;
/// The longest value of a challenge that is kept, in characters.
const MAX_VALUE: usize = 200;

/// What a server asks for, from its `WWW-Authenticate` headers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenges {
    /// Ways to sign in: `Basic`, `Bearer`, `NTLM`, `Negotiate`.
    pub schemes: Vec<String>,
    /// Where a token comes from, for `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_uri: Option<String>,
}

/// Reads the challenges (RFC 9110 section 11.6.1): several headers, or several in one.
#[must_use]
pub fn challenges(headers: &HeaderMap) -> Challenges {
    let mut found = Challenges::default();
    for value in headers.get_all(header::WWW_AUTHENTICATE).iter().take(16).filter_map(|value| value.to_str().ok()) {
        for part in value.split(',').map(str::trim) {
            let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
            let is_scheme = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let parameter = if is_scheme {
                let known = ["Basic", "Bearer", "NTLM", "Negotiate", "Digest"];
                let name = known.iter().find(|name| name.eq_ignore_ascii_case(word)).copied().unwrap_or("other");
                if !found.schemes.iter().any(|known| known == name) {
                    found.schemes.push(name.to_owned());
                }
                rest
            } else {
                part
            };
            if let Some(("authorization_uri", uri)) = parameter.trim().split_once('=') {
                let uri: String = uri.trim_matches('"').chars().filter(|c| !c.is_control()).take(MAX_VALUE).collect();
                found.authorization_uri = Some(uri);
            }
        }
    }
    found
}

/// Where the services are, and what they ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeOffer {
    /// Address of the services.
    pub url: String,
    /// What they ask for.
    #[serde(flatten)]
    pub challenges: Challenges,
}

/// Asks which sign-in the services offer, with an empty token: a server that takes tokens answers it with their issuer
/// (<https://learn.microsoft.com/exchange/hybrid-deployment/configure-exchange-server-for-hybrid-modern-authentication>).
pub(crate) async fn offer(url: &Url, asker: Asker<'_>) -> Option<ExchangeOffer> {
    let host = url.host_str().unwrap_or_default();
    if is_microsoft(host) {
        asker.recorder.skip("ews-offer", Operation::Http, host, SkipReason::NotApplicable);
        return None;
    }
    let mut request = request(url, None);
    request.bearer = Some(Secret::new(String::new()));
    let (pending, response) = asker.http("ews-offer", request).await.ok()?;
    let challenges = challenges(&response.headers);
    if response.status != 401 || challenges.schemes.is_empty() {
        let mut failure = Failure::of(FailureKind::HttpStatus);
        failure.status = Some(response.status);
        if let Some(host) = response.redirect_host() {
            failure = Failure { kind: FailureKind::RedirectRefused, ..failure }.with_detail(shown(&host));
        }
        fail(pending, failure);
        return None;
    }
    let mut facts =
        Facts::from_iter([("url".to_owned(), json!(url.as_str())), ("schemes".to_owned(), json!(challenges.schemes))]);
    if let Some(uri) = &challenges.authorization_uri {
        facts.insert("authorizationUri".to_owned(), json!(uri));
    }
    pending.passed(facts);
    Some(ExchangeOffer { url: url.to_string(), challenges })
}

/// A standard folder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Folder {
    Inbox,
    Calendar,
}

impl Folder {
    fn probe(self) -> &'static str {
        match self {
            Folder::Inbox => "ews-inbox",
            Folder::Calendar => "ews-calendar",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Folder::Inbox => "inbox",
            Folder::Calendar => "calendar",
        }
    }
}

/// Opens inbox and calendar, read-only. What was typed goes only to a server that offers that way.
pub(crate) async fn folders(offer: &ExchangeOffer, user: &str, means: &Means, asker: Asker<'_>) {
    let Ok(url) = Url::parse(&offer.url) else { return };
    for folder in [Folder::Inbox, Folder::Calendar] {
        // A second refused sign-in would only bring the account closer to being locked.
        if !open(&url, folder, offer, user, means, asker).await {
            break;
        }
    }
}

/// Whether going on makes sense.
async fn open(url: &Url, folder: Folder, offer: &ExchangeOffer, user: &str, means: &Means, asker: Asker<'_>) -> bool {
    let target = url.host_str().unwrap_or_default();
    let (scheme, name) = match means {
        Means::Password(_) => ("Basic", "password"),
        Means::Bearer(_) => ("Bearer", "oauth"),
    };
    let offered = offer.challenges.schemes.iter().any(|have| have == scheme);
    if is_microsoft(target) || (!offered && name == "oauth") {
        asker.recorder.skip(folder.probe(), Operation::Http, target, SkipReason::NotApplicable);
        return false;
    }
    if !offered {
        let pending = asker.recorder.begin(folder.probe(), Operation::Http, target);
        let failure = Failure::of(FailureKind::ProviderRefused).with_detail(offer.challenges.schemes.join(" "));
        let failure = failure.with_code(CodeFamily::Vendor, "password-not-offered");
        pending.failed(failure.with_code(CodeFamily::Vendor, name));
        return false;
    }
    let mut request = request(url, Some(question(folder)));
    match means {
        Means::Bearer(token) => request.bearer = Some(token.clone()),
        Means::Password(password) => match basic(user, password) {
            Some(value) => {
                request.headers.insert(header::AUTHORIZATION, value);
            }
            None => return false,
        },
    }
    let Ok((pending, response)) = asker.http(folder.probe(), request).await else { return false };
    match read(&response) {
        Ok(answer) => {
            let mut facts = Facts::from_iter([("means".to_owned(), json!(name))]);
            if let Some(count) = answer.count {
                facts.insert("items".to_owned(), json!(count));
            }
            if let Some(version) = answer.version {
                facts.insert("version".to_owned(), json!(version));
            }
            pending.passed(facts);
            true
        }
        Err(failure) => {
            let refused = failure.status == Some(401);
            fail(pending, failure.with_code(CodeFamily::Vendor, name));
            !refused
        }
    }
}

/// The header of Basic (RFC 7617), never shown.
pub(crate) fn basic(user: &str, password: &Secret<String>) -> Option<HeaderValue> {
    let pair = Secret::new(format!("{user}:{}", password.expose()));
    let text = Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())));
    let mut value = HeaderValue::try_from(text.expose().as_str()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn request(url: &Url, body: Option<String>) -> Request {
    let mut request = Request::get(url.clone());
    request.expected = Expected::Anything;
    request.body_limit = MAX_ANSWER;
    request.public_only = true;
    if let Some(body) = body {
        request.method = Method::POST;
        request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
        request.body = Some(body.into_bytes());
    }
    request
}

/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation>
fn question(folder: Folder) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\" \
         xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">\
         <soap:Header><t:RequestServerVersion Version=\"Exchange2013\"/></soap:Header><soap:Body><m:GetFolder>\
         <m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>\
         <m:FolderIds><t:DistinguishedFolderId Id=\"{}\"/></m:FolderIds></m:GetFolder></soap:Body></soap:Envelope>",
        folder.id()
    )
}

/// What an answer about a folder says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderAnswer {
    /// `NoError`, or why not.
    pub code: String,
    /// The server's own words for a refusal.
    pub words: Option<String>,
    /// How many items are in it.
    pub count: Option<u64>,
    /// The server's version (`15.2.1544`).
    pub version: Option<String>,
}

fn read(response: &Response) -> Result<FolderAnswer, Failure> {
    let body = String::from_utf8_lossy(&response.body);
    let parsed = parse(&body);
    let answer = match (response.status, parsed) {
        (200 | 500, Ok(answer)) => answer,
        (200, Err(error)) => return Err(Failure::of(FailureKind::BodyMalformed).with_detail(error.to_string())),
        (status, _) => {
            let kind = match status {
                300..=399 => FailureKind::RedirectRefused,
                429 => FailureKind::Throttled,
                500.. => FailureKind::ProviderUnavailable,
                _ => FailureKind::ProviderRefused,
            };
            let mut failure = Failure::of(kind);
            failure.status = Some(status);
            failure.retry_after = inbox_net::retry_after(&response.headers);
            return Err(failure.with_detail(challenges(&response.headers).schemes.join(" ")));
        }
    };
    if answer.code == "NoError" {
        return Ok(answer);
    }
    let mut failure = Failure::of(FailureKind::ProviderRefused).with_code(CodeFamily::Ews, answer.code);
    failure.status = Some(response.status);
    Err(failure.with_detail(shown(&answer.words.unwrap_or_default())))
}

/// Reads the answer to GetFolder.
///
/// # Errors
/// When it is none.
pub fn parse(answer: &str) -> Result<FolderAnswer, XmlError> {
    let document = document(answer)?;
    let root = document.root_element();
    if root.tag_name().name() != "Envelope" {
        return Err(XmlError::OtherKind);
    }
    let short = |text: &str| -> String { text.chars().filter(|c| c.is_ascii_alphanumeric()).take(80).collect() };
    let version = find(root, "ServerVersionInfo").and_then(|node| {
        let number = |name: &str| node.attribute(name).and_then(|text| text.parse::<u32>().ok());
        Some(format!("{}.{}.{}", number("MajorVersion")?, number("MinorVersion")?, number("MajorBuildNumber")?))
    });
    if let Some(fault) = find(root, "Fault") {
        let code = find(fault, "ResponseCode").and_then(|node| node.text()).map(short);
        let words = text(fault, "faultstring");
        return Ok(FolderAnswer { code: code.unwrap_or_else(|| "Fault".to_owned()), words, count: None, version });
    }
    let message = find(root, "GetFolderResponseMessage").ok_or(XmlError::OtherKind)?;
    let code = text(message, "ResponseCode").map(|code| short(&code)).ok_or(XmlError::OtherKind)?;
    let count = find(message, "TotalCount").and_then(|node| node.text()?.trim().parse().ok());
    Ok(FolderAnswer { code, words: text(message, "MessageText"), count, version })
}

#[cfg(test)]
mod tests;
