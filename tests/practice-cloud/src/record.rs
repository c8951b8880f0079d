//! What was asked, so that a test can say what was sent and where. Secrets are masked when written down.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use url::form_urlencoded;

use crate::{Part, reply::Incoming};

/// Fields of a query or form whose values are never written down.
const SECRET_FIELDS: [&str; 9] = [
    "code",
    "code_verifier",
    "client_secret",
    "client_assertion",
    "refresh_token",
    "access_token",
    "id_token",
    "token",
    "password",
];

/// One request that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedRequest {
    /// The part that was asked.
    pub part: Part,
    /// Method.
    pub method: String,
    /// Path, percent-decoded.
    pub path: String,
    /// Fields of the query, secrets masked.
    pub query: Vec<(String, String)>,
    /// Fields of the form, secrets masked; empty for other bodies.
    pub form: Vec<(String, String)>,
    /// Names of the headers, in lower case.
    pub headers: Vec<String>,
    /// Scheme of the `Authorization` header (`Bearer`, `Basic`), never its value.
    pub authorization: Option<String>,
    /// Length of the body, in bytes.
    pub body_length: usize,
    /// Whether any text of the request that should not hold a token held one: path, query, or a header other than
    /// `Authorization`.
    pub token_out_of_place: bool,
}

/// Requests in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Record {
    kept: Mutex<Vec<RecordedRequest>>,
}

impl Record {
    pub(crate) fn keep(&self, part: Part, incoming: &Incoming) {
        let is_form = incoming
            .headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        let other_headers = incoming
            .headers
            .iter()
            .filter(|(name, _)| **name != http::header::AUTHORIZATION)
            .any(|(_, value)| value.to_str().is_ok_and(holds_token));
        let request = RecordedRequest {
            part,
            method: incoming.method.clone(),
            path: incoming.path.clone(),
            query: incoming.query.iter().map(|(name, value)| (name.clone(), masked(name, value))).collect(),
            form: if is_form {
                form_urlencoded::parse(&incoming.body)
                    .map(|(name, value)| (name.to_string(), masked(&name, &value)))
                    .collect()
            } else {
                Vec::new()
            },
            headers: incoming.headers.keys().map(|name| name.as_str().to_owned()).collect(),
            authorization: incoming
                .headers
                .get(http::header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.split(' ').next())
                .map(str::to_owned),
            body_length: incoming.body.len(),
            token_out_of_place: other_headers
                || holds_token(&incoming.path)
                || incoming.query.values().any(|value| holds_token(value)),
        };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn holds_token(text: &str) -> bool {
    text.contains(crate::ACCESS_CANARY) || text.contains(crate::REFRESH_CANARY)
}

fn masked(name: &str, value: &str) -> String {
    if SECRET_FIELDS.contains(&name) { "***".to_owned() } else { value.to_owned() }
}
