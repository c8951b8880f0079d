//! CalDAV for the calendar of a host without a cloud interface: found as RFC 6764 says, opened as RFC 4791 says, read-only.

use http::{HeaderValue, Method, header};
use inbox_model::{CodeFamily, Domain, Facts, Failure, FailureKind, Secret};
use inbox_net::{DnsRecord, Expected, RecordKind, Request, Response, line::shown};
use serde::Serialize;
use serde_json::json;
use url::Url;

use super::exchange::{basic, challenges};
use crate::{
    discovery::ask::{Asker, fail},
    servers::{
        host_name, is_inside,
        xml::{XmlError, children, document, find, text},
    },
};

/// Largest answer: a list of calendars has some kilobytes each.
const MAX_ANSWER: usize = 256 * 1024;
/// The most redirects from the well-known address to where the calendars are.
const MAX_REDIRECTS: usize = 3;
/// The usual address (RFC 6764 section 5).
const WELL_KNOWN: &str = "/.well-known/caldav";

/// Where a calendar server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarServer {
    /// Address to give to an app.
    pub url: String,
    /// Ways to sign in.
    pub schemes: Vec<String>,
}

/// Finds the calendar server of a domain, without a sign-in.
pub(crate) async fn discover(domain: &Domain, asker: Asker<'_>) -> Option<CalendarServer> {
    let name = format!("_caldavs._tcp.{}", domain.as_ascii());
    let (record, path) = tokio::join!(
        asker.dns("servers-caldav-srv", &name, RecordKind::Srv, false),
        asker.dns("servers-caldav-srv", &name, RecordKind::Txt, false),
    );
    let place = record.ok().and_then(|answer| {
        answer.records.iter().find_map(|record| match record {
            DnsRecord::Srv { port, target, .. } if *port != 0 => Some((host_name(target)?, *port)),
            _ => None,
        })
    });
    let path = path.ok().and_then(|answer| {
        answer.records.iter().find_map(|record| match record {
            DnsRecord::Txt(text) => text.strip_prefix("path=").filter(|path| path.starts_with('/')).map(str::to_owned),
            _ => None,
        })
    });
    let (host, port) = match place {
        // A record may name any host in the world; it is shown, and asked only inside the domain.
        Some((host, _)) if !is_inside(&host, domain) => return None,
        Some(place) => place,
        None => (domain.as_ascii().to_owned(), 443),
    };
    let url = Url::parse(&format!("https://{host}:{port}{}", path.as_deref().unwrap_or(WELL_KNOWN))).ok()?;
    at(url, domain, asker).await
}

/// Looks whether a calendar server is at an address, or where that address leads to inside the domain.
pub(crate) async fn at(mut url: Url, domain: &Domain, asker: Asker<'_>) -> Option<CalendarServer> {
    for _ in 0..=MAX_REDIRECTS {
        let request = request(&url, PRINCIPAL, "0", None);
        let (pending, response) = asker.http("servers-caldav", request).await.ok()?;
        let schemes = challenges(&response.headers).schemes;
        let mut facts = Facts::from_iter([
            ("status".to_owned(), json!(response.status)),
            ("path".to_owned(), json!(shown(url.path()))),
        ]);
        match response.status {
            401 | 207 => {
                // An open one answers at once; both are there.
                facts.insert("schemes".to_owned(), json!(schemes));
                facts.insert("url".to_owned(), json!(url.as_str()));
                pending.passed(facts);
                return Some(CalendarServer { url: url.to_string(), schemes });
            }
            301 | 302 | 303 | 307 | 308 => {
                let target = location(&response, &url);
                match target.filter(|target| is_allowed(target, &url, domain)) {
                    // This is how the well-known address is meant to work (RFC 6764 section 5), and nothing secret is sent.
                    Some(target) => {
                        facts.insert("redirect".to_owned(), json!(shown(target.path())));
                        pending.passed(facts);
                        url = target;
                    }
                    None => {
                        let host = response.redirect_host().unwrap_or_default();
                        fail(pending, Failure::of(FailureKind::RedirectRefused).with_detail(shown(&host)));
                        return None;
                    }
                }
            }
            _ => {
                // There is none, which is no fault.
                pending.passed(facts);
                return None;
            }
        }
    }
    None
}

fn location(response: &Response, url: &Url) -> Option<Url> {
    url.join(response.headers.get(header::LOCATION)?.to_str().ok()?).ok()
}

/// The same origin, or another HTTPS host inside the domain; never with a name and password in the address.
fn is_allowed(target: &Url, from: &Url, domain: &Domain) -> bool {
    let bare = target.username().is_empty() && target.password().is_none();
    let same = target.origin() == from.origin();
    let inside = target.scheme() == "https" && target.host_str().is_some_and(|host| is_inside(host, domain));
    bare && (same || inside)
}

/// Signs in and looks for the calendars: who am I, where is my home, what is in it. Everything stays at one origin.
pub(crate) async fn calendars(server: &CalendarServer, user: &str, password: &Secret<String>, asker: Asker<'_>) {
    let Ok(start) = Url::parse(&server.url) else { return };
    let Some(sign_in) = basic(user, password).filter(|_| server.schemes.iter().any(|scheme| scheme == "Basic")) else {
        return;
    };
    let steps = [("caldav-principal", PRINCIPAL, "current-user-principal"), ("caldav-home", HOME, "calendar-home-set")];
    let mut place = start.clone();
    for (probe, question, element) in steps {
        let Ok((pending, response)) = asker.http(probe, request(&place, question, "0", Some(&sign_in))).await else {
            return;
        };
        let next = read(&response, |body| href(body, element)).and_then(|href| {
            let next = place.join(&href).ok().filter(|next| next.origin() == start.origin());
            next.ok_or_else(|| Failure::of(FailureKind::RedirectRefused).with_detail("another-host"))
        });
        match next {
            Ok(next) => {
                pending.passed(Facts::from_iter([("found".to_owned(), json!(true))]));
                place = next;
            }
            Err(failure) => {
                fail(pending, failure);
                return;
            }
        }
    }
    let Ok((pending, response)) = asker.http("caldav-calendars", request(&place, CALENDARS, "1", Some(&sign_in))).await
    else {
        return;
    };
    match read(&response, count_calendars) {
        Ok(count) => pending.passed(Facts::from_iter([("calendars".to_owned(), json!(count))])),
        Err(failure) => {
            fail(pending, failure);
        }
    }
}

fn read<T>(response: &Response, parse: impl FnOnce(&str) -> Result<T, XmlError>) -> Result<T, Failure> {
    if response.status == 207 {
        let body = String::from_utf8_lossy(&response.body);
        return parse(&body).map_err(|error| Failure::of(FailureKind::BodyMalformed).with_detail(error.to_string()));
    }
    let kind = match response.status {
        300..=399 => FailureKind::RedirectRefused,
        429 => FailureKind::Throttled,
        500.. => FailureKind::ProviderUnavailable,
        _ => FailureKind::ProviderRefused,
    };
    let mut failure = Failure::of(kind).with_code(CodeFamily::Vendor, "password");
    failure.status = Some(response.status);
    Err(failure.with_detail(challenges(&response.headers).schemes.join(" ")))
}

const PRINCIPAL: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\"><d:prop><d:current-user-principal/></d:prop></d:propfind>";
const HOME: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\" \
     xmlns:c=\"urn:ietf:params:xml:ns:caldav\"><d:prop><c:calendar-home-set/></d:prop></d:propfind>";
const CALENDARS: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\"><d:prop><d:resourcetype/></d:prop></d:propfind>";

fn request(url: &Url, body: &'static str, depth: &'static str, sign_in: Option<&HeaderValue>) -> Request {
    let mut request = Request::get(url.clone());
    request.method = Method::from_bytes(b"PROPFIND").unwrap_or_default();
    request.expected = Expected::Anything;
    request.body_limit = MAX_ANSWER;
    request.public_only = true;
    request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    request.headers.insert("depth", HeaderValue::from_static(depth));
    if let Some(sign_in) = sign_in {
        request.headers.insert(header::AUTHORIZATION, sign_in.clone());
    }
    request.body = Some(body.as_bytes().to_vec());
    request
}

/// The address inside a property of a multistatus answer.
///
/// # Errors
/// When it is no such answer, or has no such property.
pub fn href(answer: &str, property: &str) -> Result<String, XmlError> {
    let document = document(answer)?;
    let root = document.root_element();
    if root.tag_name().name() != "multistatus" {
        return Err(XmlError::OtherKind);
    }
    find(root, property).and_then(|node| text(node, "href")).ok_or(XmlError::OtherKind)
}

/// How many calendars a multistatus answer lists.
///
/// # Errors
/// When it is no such answer.
pub fn count_calendars(answer: &str) -> Result<usize, XmlError> {
    let document = document(answer)?;
    let root = document.root_element();
    if root.tag_name().name() != "multistatus" {
        return Err(XmlError::OtherKind);
    }
    let is_calendar = |response: &roxmltree::Node<'_, '_>| {
        find(*response, "resourcetype").is_some_and(|kind| children(kind, "calendar").next().is_some())
    };
    Ok(children(root, "response").filter(is_calendar).count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_are_read_and_others_refused() {
        let principal = "<multistatus xmlns=\"DAV:\"><response><href>/</href><propstat><prop><current-user-principal>\
             <href>/ana/</href></current-user-principal></prop></propstat></response></multistatus>";
        assert_eq!(href(principal, "current-user-principal").unwrap(), "/ana/");
        assert!(href(principal, "calendar-home-set").is_err());
        let list = "<m:multistatus xmlns:m=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\
             <m:response><m:propstat><m:prop><m:resourcetype><m:collection/><C:calendar/></m:resourcetype></m:prop></m:propstat></m:response>\
             <m:response><m:propstat><m:prop><m:resourcetype><m:collection/></m:resourcetype></m:prop></m:propstat></m:response></m:multistatus>";
        assert_eq!(count_calendars(list), Ok(1));
        for other in ["<html/>", "", "<!DOCTYPE x [<!ENTITY a \"b\">]><multistatus>&a;</multistatus>"] {
            assert!(count_calendars(other).is_err() && href(other, "x").is_err(), "{other}");
        }
    }

    #[test]
    fn a_redirect_stays_in_the_house() {
        let domain = Domain::parse("contoso.example").unwrap();
        let from = Url::parse("https://contoso.example/.well-known/caldav").unwrap();
        for (to, allowed) in [
            ("https://contoso.example/dav/", true),
            ("https://cal.contoso.example/", true),
            ("http://contoso.example/dav/", false),
            ("https://contoso.example.evil.example/", false),
            ("https://evil.example/", false),
            ("https://ana:secret@contoso.example/", false),
            ("https://192.0.2.1/", false),
        ] {
            assert_eq!(is_allowed(&Url::parse(to).unwrap(), &from, &domain), allowed, "{to}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "(<[a-zA-Z!?/& ;:\"=]{0,20}>|\\PC{0,10}){0,20}") {
            let _ = (href(&text, "href"), count_calendars(&text));
        }
    }
}
