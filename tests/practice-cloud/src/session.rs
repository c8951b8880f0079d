//! The browser's session: who signed in last at a provider. Cookies do not tell ports apart (RFC 6265 section 8.5), so each
//! provider's has a name of its own.

use http::header;
use url::form_urlencoded;

use crate::reply::{Incoming, Reply};

/// Name of Microsoft's cookie.
pub(crate) const MICROSOFT: &str = "practice-microsoft";
/// Name of Google's cookie.
pub(crate) const GOOGLE: &str = "practice-google";

/// Whether the browser is signed in as this person.
pub(crate) fn is(incoming: &Incoming, name: &str, address: &str) -> bool {
    incoming
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(key, value)| key == name && decoded(value).eq_ignore_ascii_case(address))
}

/// The answer that signs the browser in.
pub(crate) fn begin(reply: Reply, name: &str, address: &str) -> Reply {
    let value: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    reply.with("set-cookie", &format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax"))
}

/// The answer that signs it out.
pub(crate) fn end(reply: Reply, name: &str) -> Reply {
    reply.with("set-cookie", &format!("{name}=; Path=/; Max-Age=0"))
}

fn decoded(value: &str) -> String {
    form_urlencoded::parse(value.as_bytes()).map(|(key, _)| key.into_owned()).collect()
}
