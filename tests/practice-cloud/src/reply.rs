//! What comes in and what goes out, in the few forms that the handlers need.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use url::form_urlencoded;

/// A request, read completely.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn new(method: &str, path: &str, query: &str, headers: HeaderMap, body: Bytes) -> Self {
        Self { method: method.to_owned(), path: decode_path(path), query: pairs(query.as_bytes()), headers, body }
    }

    /// Path segments, percent-decoded, without empty ones.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// A field of the query; empty counts as absent.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The body as a form.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        pairs(&self.body)
    }

    /// The bearer token.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let text = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = text.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()).then(|| token.trim())
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

fn pairs(text: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// Decodes percent-encoded octets of a path; `+` stays.
fn decode_path(path: &str) -> String {
    let escaped = path.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).map(|(key, _)| key.into_owned()).collect()
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The connection breaks off in place of an answer.
    pub(crate) dropped: bool,
    /// Added to the `Date` header, in seconds.
    pub(crate) clock_offset: i64,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            body: body.into(),
            dropped: false,
            clock_offset: 0,
        }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", value.to_string())
    }

    pub(crate) fn html(status: u16, page: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", page)
    }

    pub(crate) fn empty(status: u16) -> Self {
        let mut reply = Self::new(status, "text/plain", "");
        reply.headers.remove(header::CONTENT_TYPE);
        reply
    }

    pub(crate) fn redirect(target: &str) -> Self {
        let mut reply = Self::empty(302);
        if let Ok(value) = HeaderValue::from_str(target) {
            reply.headers.insert(header::LOCATION, value);
        }
        reply
    }

    /// The connection breaks off.
    pub(crate) fn drop_connection() -> Self {
        let mut reply = Self::empty(500);
        reply.dropped = true;
        reply
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn shifted(mut self, seconds: i64) -> Self {
        self.clock_offset = seconds;
        self
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "text/plain; charset=utf-8", "not found")
    }
}

/// Appends fields to an address, in its query or in its fragment.
pub(crate) fn with_fields(address: &str, fields: &[(&str, &str)], fragment: bool) -> String {
    let mut line = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        line.append_pair(name, value);
    }
    let line = line.finish();
    let separator = match (fragment, address.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    format!("{address}{separator}{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_and_a_plus_stays() {
        assert_eq!(decode_path("/a%40b/c+d=e"), "/a@b/c+d=e");
    }

    #[test]
    fn fields_join_an_existing_query() {
        assert_eq!(with_fields("http://localhost:1/?a=b", &[("c", "d e")], false), "http://localhost:1/?a=b&c=d+e");
    }
}
