//! A provider of identities that answers whatever a test wants, and a person with a browser.

use std::{collections::BTreeMap, time::Duration};

use inbox_engine::{
    GoogleAddresses, MicrosoftAddresses, Recorder,
    signin::{Granted, IdentityProvider, SignInContext, SignInRequest, Stopped, extend, sign_in},
};
use inbox_model::{EmailAddress, Failure, Observation, Outcome, Secret, Stage};
use inbox_net::{Http, Net, NetOptions};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    key::SHARED_KEY,
    person::{Browser, Person},
    server::{Reply, Server},
};

pub const TENANT: &str = "11111111-2222-3333-4444-555555555555";
pub const CLIENT: &str = "client-1";
pub const ADDRESS: &str = "ana@contoso.example";
/// Each secret that a test gives away holds this; it must never be seen again.
pub const CANARY: &str = "c4n4ry";
pub const SECRET: &str = "c4n4ry-client-secret";

/// What the authorize address was asked, and what came to the token endpoint.
pub type Parameters = BTreeMap<String, String>;

/// Everything that a test needs.
pub struct Bench {
    pub server: Server,
    pub http: Http,
    pub recorder: Recorder,
    pub cancel: CancellationToken,
}

impl Bench {
    pub async fn new() -> Self {
        let server = Server::start().await;
        let host = format!("127.0.0.1:{}", server.port());
        let options = NetOptions { local_hosts: vec![host], ..NetOptions::default() };
        let http = Net::new(&options).unwrap().http;
        Self { server, http, recorder: Recorder::default(), cancel: CancellationToken::new() }
    }

    pub fn microsoft(&self, authority: &str) -> IdentityProvider {
        let base = self.server.base("microsoft");
        let addresses = MicrosoftAddresses { login: base.clone(), graph: base.clone(), autodiscover: base };
        IdentityProvider::microsoft(&addresses, authority, CLIENT)
    }

    pub fn google(&self) -> IdentityProvider {
        let base = self.server.base("google");
        let addresses = GoogleAddresses {
            accounts: base.clone(),
            oauth2: base.clone(),
            openid: base.clone(),
            gmail: base.clone(),
            apis: base,
        };
        IdentityProvider::google(&addresses, CLIENT, Some(Secret::new(SECRET.to_owned())))
    }

    pub fn person(&self, browser: Browser) -> Person {
        Person::new(browser, self.server.asked.clone())
    }

    pub fn context<'a>(&'a self, person: &'a Person) -> SignInContext<'a> {
        SignInContext { http: &self.http, recorder: &self.recorder, watcher: person, cancel: &self.cancel }
    }

    /// Signs in with the browser; whatever comes out, no secret may be in it.
    pub async fn sign_in(&self, provider: &IdentityProvider, person: &Person) -> Result<Granted, Stopped> {
        let result = sign_in(self.context(person), provider, &request(Stage::Identity, &identity_scopes())).await;
        self.assert_no_canary(&result, person);
        result
    }

    pub async fn extend(
        &self,
        provider: &IdentityProvider,
        person: &Person,
        granted: &Granted,
        scopes: &[&str],
    ) -> Result<Granted, Stopped> {
        let request = request(Stage::AppScopes, scopes);
        let result = extend(self.context(person), provider, &granted.grant, &request).await;
        self.assert_no_canary(&result, person);
        result
    }

    /// The kind and detail of the failure that a sign-in with this answer of the token endpoint ends in.
    pub async fn failure_of(&self, provider: &IdentityProvider, reply: Reply) -> Failure {
        self.server.next_token(reply);
        let person = self.person(Browser::returns());
        match self.sign_in(provider, &person).await {
            Err(Stopped::Failed(failure)) => {
                assert_eq!(self.failures("sign-in-identity").last(), Some(&failure), "it is recorded");
                failure
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn observations(&self, probe: &str) -> Vec<Observation> {
        self.recorder.observations().into_iter().filter(|one| one.probe == probe).collect()
    }

    pub fn failures(&self, probe: &str) -> Vec<Failure> {
        let failure = |one: Observation| match one.outcome {
            Outcome::Failed { failure } => Some(failure),
            _ => None,
        };
        self.observations(probe).into_iter().filter_map(failure).collect()
    }

    /// The parameters of the newest authorize address.
    pub fn asked(&self) -> Parameters {
        self.server.asked.lock().unwrap().last().unwrap().clone()
    }

    /// Claims that are right at Microsoft, but for the nonce.
    pub fn claims(&self) -> Value {
        let now = jiff::Timestamp::now().as_second();
        json!({
            "iss": format!("{}{TENANT}/v2.0", self.server.base("microsoft")),
            "aud": CLIENT, "sub": "subject-1", "tid": TENANT,
            "iat": now - 300, "nbf": now - 300, "exp": now + 3600,
            "name": "Ana", "preferred_username": "Ana@contoso.example",
        })
    }

    /// The answer with an ID token of these claims and the right nonce, signed as `sign` does it.
    pub fn id_token(&self, claims: Value, sign: impl FnOnce(&Value) -> String + Send + 'static) -> Reply {
        Reply::Make(Box::new(move |asked| {
            let mut claims = claims;
            if claims.get("nonce").is_none() {
                claims["nonce"] = asked["nonce"].clone().into();
            }
            let mut answer = tokens("User.Read email openid profile");
            answer["id_token"] = sign(&claims).into();
            answer
        }))
    }

    /// A right answer at Microsoft.
    pub fn right(&self) -> Reply {
        self.id_token(self.claims(), |claims| SHARED_KEY.sign(claims))
    }

    /// A right answer at Microsoft to a refresh: its ID token has no nonce.
    pub fn refreshed(&self, scope: &str, number: u32) -> Reply {
        let mut answer = tokens(scope);
        answer["id_token"] = SHARED_KEY.sign(&self.claims()).into();
        answer["access_token"] = format!("{CANARY}-access-{number}").into();
        answer["refresh_token"] = format!("{CANARY}-refresh-{number}").into();
        Reply::Json(200, answer)
    }

    pub fn assert_no_canary(&self, result: &Result<Granted, Stopped>, person: &Person) {
        let observations = self.recorder.observations();
        let texts = [
            format!("{result:?}"),
            format!("{observations:?}"),
            serde_json::to_string(&observations).unwrap(),
            format!("{:?}", person.events()),
        ];
        for text in texts {
            assert!(!text.contains(CANARY), "a secret can be seen: {text}");
        }
    }
}

/// The fields of an answer without an ID token.
pub fn tokens(scope: &str) -> Value {
    json!({
        "token_type": "Bearer", "expires_in": 3599, "scope": scope,
        "access_token": format!("{CANARY}-access-1"), "refresh_token": format!("{CANARY}-refresh-1"),
    })
}

/// A refusal with Microsoft's fields that repeats a secret of the request.
pub fn refusal(error: &str, code: u32, suberror: &str, repeated: &str) -> Reply {
    let description = format!(
        "AADSTS{code}: Words for {CANARY}-{repeated}.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2026-11-24 08:00:00Z"
    );
    Reply::Json(
        400,
        json!({
            "error": error, "error_description": description, "error_codes": [code], "suberror": suberror,
            "trace_id": "t-1", "correlation_id": "c-1", "timestamp": "2026-11-24 08:00:00Z",
        }),
    )
}

pub fn identity_scopes() -> [&'static str; 5] {
    ["openid", "profile", "email", "offline_access", "User.Read"]
}

pub fn request(stage: Stage, scopes: &[&str]) -> SignInRequest {
    SignInRequest {
        stage,
        address: EmailAddress::parse(ADDRESS).unwrap(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        prompt: None,
        wait: Duration::from_secs(20),
    }
}

pub fn parameters(query: &str) -> Parameters {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

pub fn parameters_of(url: &Url) -> Parameters {
    parameters(url.query().unwrap_or_default())
}
