//! One request with a token, recorded as one observation, with the provider's wish to wait honoured once.

use std::time::Duration;

use http::Method;
use inbox_model::{CodeFamily, Facts, Failure, FailureKind, Operation, Secret};
use inbox_net::{Net, Request, Response, retry_after};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::Recorder;

/// The longest that a probe waits because the provider asked for it; longer wishes become a finding.
const PATIENCE: Duration = Duration::from_secs(5);
/// Time for one exchange. Graph and Google answer within a few seconds; beyond this the person has left.
const LIMIT: Duration = Duration::from_secs(20);
/// A clock further off than this breaks sign-ins, in seconds: tokens seem not valid yet, or not any more.
const CLOCK_TOLERANCE: i64 = 300;
/// The longest provider text that is kept as evidence, in characters.
const DETAIL: usize = 500;

/// Everything that a probe needs to ask a provider.
#[derive(Debug, Clone)]
pub struct Asker<'a> {
    /// The network.
    pub net: &'a Net,
    /// Where observations go.
    pub recorder: &'a Recorder,
    /// Access token.
    pub token: &'a Secret<String>,
    /// Which provider's error bodies to expect.
    pub family: CodeFamily,
    /// Stops everything.
    pub cancel: &'a CancellationToken,
}

impl Asker<'_> {
    /// Asks by GET and records the facts that `read` takes from the answer.
    ///
    /// # Errors
    /// The recorded failure.
    pub async fn get(
        &self,
        probe: &'static str,
        url: Url,
        read: impl FnOnce(&Value) -> Facts + Send,
    ) -> Result<Value, Failure> {
        self.send(probe, Method::GET, url, None, read).await
    }

    /// Sends any request and records it.
    ///
    /// # Errors
    /// The recorded failure.
    pub async fn send(
        &self,
        probe: &'static str,
        method: Method,
        url: Url,
        body: Option<&Value>,
        read: impl FnOnce(&Value) -> Facts + Send,
    ) -> Result<Value, Failure> {
        let target = format!("{method} {}{}", url.host_str().unwrap_or_default(), url.path());
        let pending = self.recorder.begin(probe, Operation::Http, target);
        match self.exchange(&method, &url, body).await {
            Ok(value) => {
                pending.passed(read(&value));
                Ok(value)
            }
            Err(failure) => Err(pending.failed(failure)),
        }
    }

    /// Deletes something; that it is gone already counts as done. Whether it is gone.
    pub async fn delete(&self, probe: &'static str, method: Method, url: Url) -> bool {
        let target = format!("{method} {}{}", url.host_str().unwrap_or_default(), url.path());
        let pending = self.recorder.begin(probe, Operation::Http, target);
        match self.exchange(&method, &url, None).await {
            Ok(_) => pending.passed(Facts::new()),
            Err(failure) if failure.status == Some(404) => {
                pending.passed(Facts::from_iter([("gone".to_owned(), true.into())]));
            }
            Err(failure) => {
                pending.failed(failure);
                return false;
            }
        }
        true
    }

    async fn exchange(&self, method: &Method, url: &Url, body: Option<&Value>) -> Result<Value, Failure> {
        let mut waited = false;
        loop {
            let response = self.net.http.send(self.request(method, url, body), self.cancel).await?;
            self.compare_clocks(&response, url);
            if (200..300).contains(&response.status) {
                return Ok(response.json().unwrap_or(Value::Null));
            }
            let failure = refusal(&response, self.family);
            let wish = failure.retry_after.map(Duration::from_secs);
            match wish {
                // A second POST could write twice; only reading is repeated.
                Some(wish) if !waited && wish <= PATIENCE && *method == Method::GET => {
                    waited = true;
                    tokio::select! {
                        () = tokio::time::sleep(wish) => {}
                        () = self.cancel.cancelled() => return Err(Failure::of(FailureKind::Cancelled)),
                    }
                }
                _ => return Err(failure),
            }
        }
    }

    /// Compares the clocks once a run, by the first answer that tells its time.
    fn compare_clocks(&self, response: &Response, url: &Url) {
        let Some(skew) = inbox_net::clock_skew(&response.headers, jiff::Timestamp::now()) else { return };
        if self.recorder.has("clock") {
            return;
        }
        let pending = self.recorder.begin("clock", Operation::Clock, url.host_str().unwrap_or_default());
        let seconds = skew.as_secs();
        if seconds.abs() > CLOCK_TOLERANCE {
            pending.failed(Failure::of(FailureKind::ClockSkew).with_detail(seconds.to_string()));
        } else {
            pending.passed(Facts::from_iter([("skewSeconds".to_owned(), seconds.into())]));
        }
    }

    fn request(&self, method: &Method, url: &Url, body: Option<&Value>) -> Request {
        let mut request = Request::get(url.clone());
        request.method = method.clone();
        request.bearer = Some(self.token.clone());
        request.limit = LIMIT;
        if let Some(body) = body {
            request.headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
            request.body = serde_json::to_vec(body).ok();
        }
        if *method == Method::DELETE || url.path().ends_with("/sendMail") {
            // Both answer with no body at all (learn.microsoft.com/graph/api/user-sendmail: 202 Accepted, no body).
            request.expected = inbox_net::Expected::Anything;
        }
        request
    }
}

/// Reads a refusal. Graph: `{"error":{"code","message","innerError":{…}}}`
/// (<https://learn.microsoft.com/graph/errors>); Google: `{"error":{"code","status","message","errors":[{"reason"}]}}`
/// (<https://developers.google.com/workspace/gmail/api/guides/handle-errors>).
#[must_use]
pub fn refusal(response: &Response, family: CodeFamily) -> Failure {
    let kind = match response.status {
        429 => FailureKind::Throttled,
        500..=599 => FailureKind::ProviderUnavailable,
        300..=399 => FailureKind::RedirectRefused,
        _ => FailureKind::HttpStatus,
    };
    let mut failure = Failure::of(kind);
    failure.status = Some(response.status);
    failure.retry_after = retry_after(&response.headers);
    for (header, name) in [
        ("request-id", "request-id"),
        ("client-request-id", "client-request-id"),
        ("x-ms-ags-diagnostic", "x-ms-ags-diagnostic"),
        ("date", "date"),
    ] {
        if let Some(value) = response.headers.get(header).and_then(|value| value.to_str().ok()) {
            failure.ids.insert(name.to_owned(), shorten(value));
        }
    }
    let Some(body) = response.json() else { return failure };
    let mut message = String::new();
    let mut node = body.get("error");
    let mut depth = 0;
    while let Some(error) = node {
        for key in ["code", "status", "reason"] {
            if let Some(code) = error.get(key).and_then(Value::as_str) {
                push_code(&mut failure, family, code);
            }
        }
        if let Some(reasons) = error.get("errors").and_then(Value::as_array) {
            for reason in reasons.iter().take(8).filter_map(|entry| entry.get("reason")).filter_map(Value::as_str) {
                push_code(&mut failure, family, reason);
            }
        }
        if let Some(details) = error.get("details").and_then(Value::as_array) {
            for reason in details.iter().take(8).filter_map(|entry| entry.get("reason")).filter_map(Value::as_str) {
                push_code(&mut failure, family, reason);
            }
        }
        if let Some(text) = error.get("message").and_then(Value::as_str).filter(|text| !text.is_empty()) {
            text.clone_into(&mut message);
        }
        for id in ["request-id", "client-request-id", "date"] {
            if let Some(value) = error.get(id).and_then(Value::as_str) {
                failure.ids.insert(id.to_owned(), shorten(value));
            }
        }
        depth += 1;
        node = error.get("innerError").or_else(|| error.get("innererror")).filter(|_| depth < 6);
    }
    if !failure.codes.is_empty() && matches!(kind, FailureKind::HttpStatus) {
        failure.kind = FailureKind::ProviderRefused;
    }
    if let Some(challenge) = response.headers.get("www-authenticate").and_then(|value| value.to_str().ok())
        && challenge.contains("insufficient_claims")
    {
        // learn.microsoft.com/entra/identity-platform/claims-challenge
        push_code(&mut failure, CodeFamily::Oauth, "insufficient_claims");
    }
    failure.detail = shorten(&inbox_catalogue::redact_secrets(&message));
    failure
}

fn push_code(failure: &mut Failure, family: CodeFamily, code: &str) {
    let code = shorten(code);
    if !code.is_empty() && !failure.codes.iter().any(|known| known.value == code) {
        failure.codes.push(inbox_model::ProviderCode { family, value: code });
    }
}

fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(DETAIL).collect()
}
