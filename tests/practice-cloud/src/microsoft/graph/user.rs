//! The person and the licences.

use serde_json::{Value, json};

use super::{Call, error};
use crate::{reply::Reply, world::guid_for};

/// `GET /oidc/userinfo` (<https://learn.microsoft.com/entra/identity-platform/userinfo>).
pub(super) fn userinfo(call: &Call<'_>) -> Reply {
    if !call.may(&["openid"]) {
        return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }
    let mut body = json!({
        "sub": guid_for(&format!("{} sub", call.identity.oid)).replace('-', ""),
        "name": call.identity.name,
        "picture": "https://graph.microsoft.com/v1.0/me/photo/$value",
    });
    if let (Some(fields), Some(mail)) = (body.as_object_mut(), &call.identity.mail) {
        fields.insert("email".to_owned(), Value::from(mail.as_str()));
    }
    Reply::json(200, &body)
}

/// `GET /me` (<https://learn.microsoft.com/graph/api/user-get>,
/// <https://learn.microsoft.com/graph/api/resources/user#properties>).
pub(super) fn me(call: &Call<'_>) -> Reply {
    if !call.may(&["User.Read"]) {
        return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }
    let identity = &call.identity;
    let mut fields = json!({
        "@odata.context": call.context("users/$entity"),
        "businessPhones": [],
        "displayName": identity.name,
        "givenName": identity.name.split(' ').next(),
        "jobTitle": null,
        "mail": identity.mail,
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": "en-US",
        "surname": "Practice",
        "userPrincipalName": identity.upn,
        "id": if identity.is_personal() { "28cabf904928312d".to_owned() } else { identity.oid.clone() },
    });
    // Only with `$select`: the default set of a user is short.
    if call.incoming.query("$select").is_some()
        && !identity.is_personal()
        && let Some(object) = fields.as_object_mut()
    {
        let addresses: Vec<String> = identity.mail.iter().map(|mail| format!("SMTP:{mail}")).collect();
        object.extend([
            ("userType".to_owned(), json!(if identity.guest { "Guest" } else { "Member" })),
            ("accountEnabled".to_owned(), json!(true)),
            ("proxyAddresses".to_owned(), json!(addresses)),
            ("otherMails".to_owned(), json!([])),
            ("onPremisesSyncEnabled".to_owned(), if identity.synced { json!(true) } else { Value::Null }),
            (
                "onPremisesImmutableId".to_owned(),
                if identity.synced { json!("cHJhY3RpY2UtaW1tdXRhYmxl") } else { Value::Null },
            ),
            ("assignedPlans".to_owned(), json!(assigned_plans(call))),
        ]);
    }
    Reply::json(200, &call.selected(fields))
}

/// Id of the service plan "Exchange Online (Plan 1)" and of its product, and of a product without Exchange
/// (<https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference>).
const EXCHANGE_PLAN: &str = "9aaf7827-d63c-4b61-89c3-182f06f82e5c";
const BUSINESS_BASIC: &str = "3b555118-da6a-4418-894f-7df1e2096870";
const POWER_BI: &str = "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235";
const POWER_BI_PLAN: &str = "2049e525-b859-401b-b2a0-e0a31c4b1fe4";

fn has_exchange(call: &Call<'_>) -> bool {
    !matches!(call.scenario.cause, "licence-missing" | "provider-mismatch") && !call.identity.guest
}

fn assigned_plans(call: &Call<'_>) -> Vec<Value> {
    let (service, plan) = if has_exchange(call) { ("exchange", EXCHANGE_PLAN) } else { ("PowerBI", POWER_BI_PLAN) };
    if call.identity.guest {
        return Vec::new();
    }
    vec![json!({
        "assignedDateTime": "2026-01-15T08:00:00Z",
        "capabilityStatus": "Enabled",
        "service": service,
        "servicePlanId": plan,
    })]
}

/// `GET /me/licenseDetails` (<https://learn.microsoft.com/graph/api/user-list-licensedetails>).
pub(super) fn licences(call: &Call<'_>) -> Reply {
    if !call.may(&["User.Read", "Directory.Read.All"]) {
        return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }
    if call.identity.is_personal() {
        // Work and school accounts only (same page, "Delegated (personal Microsoft account)"); the words are unverified.
        return error(400, "BadRequest", "This API is not supported for MSA accounts.");
    }
    let plan = |name: &str, id: &str| {
        json!({
            "servicePlanId": id,
            "servicePlanName": name,
            "provisioningStatus": "Success",
            "appliesTo": "User",
        })
    };
    let licences = if call.identity.guest {
        Vec::new()
    } else if has_exchange(call) {
        vec![json!({
            "id": "cHJhY3RpY2UtbGljZW5jZS1l",
            "skuId": BUSINESS_BASIC,
            "skuPartNumber": "O365_BUSINESS_ESSENTIALS",
            "servicePlans": [plan("EXCHANGE_S_STANDARD", EXCHANGE_PLAN)],
        })]
    } else {
        vec![json!({
            "id": "cHJhY3RpY2UtbGljZW5jZS1w",
            "skuId": POWER_BI,
            "skuPartNumber": "POWER_BI_STANDARD",
            "servicePlans": [plan("BI_AZURE_P0", POWER_BI_PLAN)],
        })]
    };
    Reply::json(
        200,
        &json!({
            "@odata.context": call.context(&format!("users('{}')/licenseDetails", call.identity.oid)),
            "value": licences,
        }),
    )
}
