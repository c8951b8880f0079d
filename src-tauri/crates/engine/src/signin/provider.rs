//! Where the program signs in, and as which registered client.

use std::sync::Arc;

use inbox_model::Secret;
use inbox_net::{Http, loopback::LoopbackHost};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::keys::{Keys, Metadata};
use crate::{GoogleAddresses, MicrosoftAddresses, join};

/// Whose rules the provider follows where the standard leaves a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProviderKind {
    /// The Microsoft identity platform, version 2.0.
    Microsoft,
    /// Google.
    Google,
    /// Any other provider that keeps to OpenID Connect.
    Oidc,
}

/// What the sign-in page is asked to do even where a session exists (OpenID Connect Core 3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Ask for the account.
    SelectAccount,
    /// Ask for the permissions again.
    Consent,
    /// Ask for the password again.
    Login,
    /// Show nothing; fail where something would have to be shown.
    Silent,
}

impl Prompt {
    pub(crate) fn as_parameter(self) -> &'static str {
        match self {
            Prompt::SelectAccount => "select_account",
            Prompt::Consent => "consent",
            Prompt::Login => "login",
            Prompt::Silent => "none",
        }
    }
}

/// What a kept sign-in is tied to: another client or other addresses must not use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// `microsoft`, `google`, or the name given to [`IdentityProvider::discover`].
    pub provider: String,
    /// OAuth client id.
    pub client_id: String,
    /// Address of the authorize page.
    pub authorize: String,
    /// Address of the token endpoint.
    pub token: String,
}

/// A provider of identities with the program's own registration there; cheap to clone.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    pub(crate) kind: ProviderKind,
    pub(crate) name: String,
    pub(crate) authorize: Url,
    pub(crate) token: Url,
    pub(crate) revoke: Option<Url>,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Secret<String>>,
    pub(crate) host: LoopbackHost,
    pub(crate) redirect_path: &'static str,
    pub(crate) keys: Arc<Keys>,
}

impl IdentityProvider {
    /// Microsoft. `authority` is a tenant id, a domain, `organizations`, `common` or `consumers`.
    ///
    /// The registration must be a "mobile and desktop" one with the redirect address `http://localhost`: its port does not
    /// count, its path does (<https://learn.microsoft.com/entra/identity-platform/reply-url>).
    #[must_use]
    pub fn microsoft(addresses: &MicrosoftAddresses, authority: &str, client_id: &str) -> Self {
        let login = &addresses.login;
        Self {
            kind: ProviderKind::Microsoft,
            name: "microsoft".to_owned(),
            authorize: join(login, &[authority, "oauth2", "v2.0", "authorize"]),
            token: join(login, &[authority, "oauth2", "v2.0", "token"]),
            revoke: None,
            client_id: client_id.to_owned(),
            client_secret: None,
            host: LoopbackHost::Localhost,
            redirect_path: "",
            keys: Arc::new(Keys::new(join(login, &[authority, "v2.0", ".well-known", "openid-configuration"]))),
        }
    }

    /// Google, with a "desktop app" registration. Its client secret is sent, though Google itself does not count it as one
    /// (<https://developers.google.com/identity/protocols/oauth2/native-app>).
    #[must_use]
    pub fn google(addresses: &GoogleAddresses, client_id: &str, client_secret: Option<Secret<String>>) -> Self {
        Self {
            kind: ProviderKind::Google,
            name: "google".to_owned(),
            authorize: join(&addresses.accounts, &["o", "oauth2", "v2", "auth"]),
            token: join(&addresses.oauth2, &["token"]),
            revoke: Some(join(&addresses.oauth2, &["revoke"])),
            client_id: client_id.to_owned(),
            client_secret,
            host: LoopbackHost::Ipv4,
            redirect_path: "",
            keys: Arc::new(Keys::new(join(&addresses.accounts, &[".well-known", "openid-configuration"]))),
        }
    }

    /// Any OpenID provider: its addresses are read from its configuration (OpenID Connect Discovery 1.0). The redirect
    /// address is `http://127.0.0.1:PORT/callback`.
    ///
    /// # Errors
    /// The classified failure of fetching the configuration; `BodyMalformed` where it names another issuer or no addresses.
    pub async fn discover(
        name: &str,
        issuer: &Url,
        client_id: &str,
        http: &Http,
        cancel: &CancellationToken,
    ) -> Result<Self, inbox_model::Failure> {
        let keys = Keys::new(join(issuer, &[".well-known", "openid-configuration"]));
        let metadata = keys.metadata(http, cancel).await?;
        let (authorize, token, revoke) = metadata.addresses_of(issuer)?;
        Ok(Self {
            kind: ProviderKind::Oidc,
            name: name.to_owned(),
            authorize,
            token,
            revoke,
            client_id: client_id.to_owned(),
            client_secret: None,
            host: LoopbackHost::Ipv4,
            redirect_path: "/callback",
            keys: Arc::new(keys),
        })
    }

    /// Fetches the configuration and the signing keys ahead of the sign-in that needs them. What fails here is tried again, and
    /// recorded, where it is needed.
    pub async fn prefetch(&self, http: &Http, cancel: &CancellationToken) {
        let _ = self.keys.signing_keys(http, cancel, false).await;
    }

    /// `microsoft`, `google`, or the name given to [`IdentityProvider::discover`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose rules it follows.
    #[must_use]
    pub fn kind(&self) -> ProviderKind {
        self.kind
    }

    /// What a kept sign-in at this provider is tied to.
    #[must_use]
    pub fn binding(&self) -> Binding {
        Binding {
            provider: self.name.clone(),
            client_id: self.client_id.clone(),
            authorize: self.authorize.to_string(),
            token: self.token.to_string(),
        }
    }

    /// The issuers that an ID token of this provider may name, for the given tenant id.
    ///
    /// Microsoft's `common` and `organizations` configuration names a template, `https://…/{tenantid}/v2.0`
    /// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>). Google's tokens may leave the
    /// scheme out (<https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken>).
    pub(crate) fn issuers(&self, metadata: &Metadata, tenant: Option<&str>) -> Vec<String> {
        match self.kind {
            ProviderKind::Microsoft => match tenant {
                Some(tenant) => vec![metadata.issuer.replace("{tenantid}", tenant)],
                None => Vec::new(),
            },
            ProviderKind::Google => {
                let bare = metadata.issuer.strip_prefix("https://").map(str::to_owned);
                std::iter::once(metadata.issuer.clone()).chain(bare).collect()
            }
            ProviderKind::Oidc => vec![metadata.issuer.clone()],
        }
    }
}
