//! What anybody may ask without a sign-in: OpenID configuration, keys, realm.

use serde_json::{Value, json};

use super::refusal::{Names, UNKNOWN_TENANT};
use crate::{
    Part,
    directory::{self, PERSONAL},
    page::escape,
    reply::{Incoming, Reply},
    scenario::{Provider, find},
    world::World,
};

/// `/{tenant}/v2.0/.well-known/openid-configuration`
/// (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document>).
/// `{tenant}` is an id, a domain, `common`, `organizations` or `consumers`.
pub(super) fn configuration(tenant: &str, v2: bool, world: &World) -> Reply {
    let login = world.addresses.base(Part::MicrosoftLogin);
    let organisation = match tenant {
        "common" | "organizations" => None,
        "consumers" => Some(PERSONAL),
        named => match directory::of_segment(named) {
            Some(organisation) => Some(organisation),
            None => {
                return UNKNOWN_TENANT.tell(Names { tenant: named, ..Names::default() }).json(&login);
            }
        },
    };
    // The issuer is a template where the address serves many tenants; the others name the tenant by its id.
    let id = organisation.map_or_else(|| "{tenantid}".to_owned(), |organisation| organisation.tenant());
    let segment = organisation.map_or_else(|| tenant.to_owned(), |organisation| organisation.tenant());
    let oauth2 = if v2 { format!("{login}/{segment}/oauth2/v2.0") } else { format!("{login}/{segment}/oauth2") };
    let issuer = if v2 { format!("{login}/{id}/v2.0") } else { format!("https://sts.windows.net/{id}/") };
    Reply::json(
        200,
        &json!({
            "token_endpoint": format!("{oauth2}/token"),
            "token_endpoint_auth_methods_supported":
                ["client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth"],
            "jwks_uri": format!("{login}/{segment}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": issuer,
            "request_uri_parameter_supported": false,
            "userinfo_endpoint": format!("{}/oidc/userinfo", world.addresses.base(Part::MicrosoftGraph)),
            "authorization_endpoint": format!("{oauth2}/authorize"),
            "device_authorization_endpoint": format!("{oauth2}/devicecode"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": format!("{oauth2}/logout"),
            "claims_supported": ["sub", "iss", "cloud_instance_name", "cloud_instance_host_name",
                "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce",
                "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"],
            "kerberos_endpoint": format!("{login}/{segment}/kerberos"),
            "tenant_region_scope":
                organisation.map_or(Value::Null, |organisation| Value::from(organisation.region)),
            "cloud_instance_name":
                organisation.map_or("microsoftonline.com", |organisation| organisation.cloud),
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host":
                organisation.map_or("graph.microsoft.com", |organisation| organisation.graph_host()),
            "rbac_url": "https://pas.windows.net",
        }),
    )
}

/// `/{tenant}/discovery/v2.0/keys`
/// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signature>).
pub(super) fn keys(world: &World) -> Reply {
    let issuer = format!("{}/{{tenantid}}/v2.0", world.addresses.base(Part::MicrosoftLogin));
    Reply::json(200, &json!({ "keys": [world.key.jwk(Some(&issuer))] }))
}

/// `/getuserrealm.srf?login=…&json=1`. Not documented by Microsoft; fields as recorded in
/// <https://github.com/toneillcodes/EntraID-API-Library> (`apis/web/recon/user-realm-discovery.md`) and read by
/// <https://github.com/netwrix/pingcastle> (`UserRealmSRF.cs`).
pub(super) fn realm(incoming: &Incoming) -> Reply {
    let login = incoming.query("login").unwrap_or_default();
    let domain = login.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let offset = find(login, Provider::Microsoft).map_or(0, |scenario| scenario.clock_offset());
    let mut fields: Vec<(&str, Value)> = Vec::new();
    match directory::of_domain(&domain) {
        None => fields.extend([
            ("State", json!(4)),
            ("UserState", json!(1)),
            ("Login", json!(login)),
            ("NameSpaceType", json!("Unknown")),
        ]),
        Some(organisation) => {
            let federated = !organisation.federation.is_empty();
            fields.extend([
                ("State", json!(if federated { 3 } else { 4 })),
                ("UserState", json!(if federated { 2 } else { 1 })),
                ("Login", json!(login)),
                ("NameSpaceType", json!(if federated { "Federated" } else { "Managed" })),
                ("DomainName", json!(domain)),
            ]);
            if federated {
                let address = format!(
                    "{}?username={}&wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=",
                    organisation.federation,
                    url::form_urlencoded::byte_serialize(login.as_bytes()).collect::<String>()
                );
                fields.extend([("FederationGlobalVersion", json!(-1)), ("AuthURL", json!(address))]);
            }
            fields.extend([
                ("FederationBrandName", json!(organisation.brand)),
                ("CloudInstanceName", json!(organisation.cloud)),
                ("CloudInstanceIssuerUri", json!("urn:federation:MicrosoftOnline")),
            ]);
        }
    }
    if incoming.query("xml").is_some() {
        let inner: String = fields
            .iter()
            .map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("<{name}>{}</{name}>", escape(&text))
            })
            .collect();
        return Reply::new(200, "text/xml; charset=utf-8", format!("<RealmInfo Success=\"true\">{inner}</RealmInfo>"))
            .shifted(offset);
    }
    Reply::json(200, &Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
        .shifted(offset)
}
