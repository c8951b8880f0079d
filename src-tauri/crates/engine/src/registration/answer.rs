//! What an answer of a provider says.

use inbox_net::Response;
use url::Url;

/// Longest words that are kept, in characters.
const MOST: usize = 300;

/// Whether a redirect leads to the redirect address of the request, by whatever port.
pub(super) fn came_back(answer: &Response, redirect: &str) -> bool {
    let target = location(answer);
    let wanted = Url::parse(redirect).ok();
    (300..400).contains(&answer.status)
        && target.as_ref().zip(wanted.as_ref()).is_some_and(|(target, wanted)| {
            target.scheme() == wanted.scheme() && target.host_str() == wanted.host_str()
        })
}

fn location(answer: &Response) -> Option<Url> {
    Url::parse(answer.headers.get("location")?.to_str().ok()?).ok()
}

/// The first `AADSTS` code of a page, an error document or a redirect; else the word of the redirect.
pub(super) fn code_in(answer: &Response) -> Option<String> {
    let target = location(answer);
    let sent = |name: &str| {
        let target = target.as_ref()?;
        target.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let described = sent("error_description");
    let body = String::from_utf8_lossy(&answer.body);
    first_code(described.as_deref().unwrap_or_default())
        .or_else(|| first_code(&body))
        .or_else(|| sent("error"))
        .or_else(|| Some(answer.json()?.get("error")?.as_str()?.to_owned()))
}

fn first_code(text: &str) -> Option<String> {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).take(8).collect::<String>();
    text.split("AADSTS").skip(1).map(digits).find(|code| code.len() >= 5).map(|code| format!("AADSTS{code}"))
}

/// Google's word for the error.
pub(super) fn google_code(answer: &Response) -> Option<String> {
    Some(answer.json()?.get("error")?.as_str()?.to_owned())
}

/// The provider's own words, without what only its support reads, shortened.
pub(super) fn words_of(answer: &Response) -> String {
    let described = answer
        .json()
        .and_then(|json| Some(json.get("error_description")?.as_str()?.to_owned()))
        .or_else(|| {
            let target = location(answer)?;
            target.query_pairs().find(|(key, _)| key == "error_description").map(|(_, value)| value.into_owned())
        })
        .unwrap_or_default();
    let first = described.lines().next().unwrap_or_default();
    let first = first.split_once(" Trace ID:").map_or(first, |(words, _)| words);
    inbox_catalogue::redact_secrets(first).chars().take(MOST).collect()
}
