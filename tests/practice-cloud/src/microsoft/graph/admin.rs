//! What an administrator can look up about an app in the organisation. Each organisation plays one state:
//! Contoso approved everything and wants people assigned, Adatum approved too little, Relecloud switched the app off,
//! Proseware has never seen it; the others approved everything.

use serde_json::{Value, json};

use super::{Call, error};
use crate::{reply::Reply, world::guid_for};

/// Everything that a connection of mail and calendar asks for.
const EVERYTHING: &str =
    "openid profile email offline_access User.Read Mail.ReadWrite Mail.Send Calendars.Read Calendars.ReadWrite";
/// Too little of it.
const LITTLE: &str = "openid profile email offline_access User.Read";

/// `GET /servicePrincipals(appId='…')` (<https://learn.microsoft.com/graph/api/serviceprincipal-get>).
pub(super) fn app(call: &Call<'_>, segment: &str) -> Reply {
    if !call.may(&["Application.Read.All", "Directory.Read.All"]) {
        return denied();
    }
    let Some(id) = segment.strip_prefix("servicePrincipals(appId='").and_then(|rest| rest.strip_suffix("')")) else {
        return error(400, "BadRequest", "Resource not found for the segment.");
    };
    if call.scenario.domain() == "proseware.example" {
        let message =
            format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        return error(404, "Request_ResourceNotFound", &message);
    }
    let body = json!({
        "@odata.context": call.context("servicePrincipals/$entity"),
        "id": object(call),
        "appId": id,
        "displayName": "Target app",
        "accountEnabled": call.scenario.domain() != "relecloud.example",
        "appRoleAssignmentRequired": call.scenario.domain() == "contoso.example",
        "disabledByMicrosoftStatus": null,
        "verifiedPublisher": { "displayName": "Target app's publisher", "verifiedPublisherId": "0000000", "addedDateTime": null },
    });
    Reply::json(200, &call.selected(body))
}

/// `GET /oauth2PermissionGrants?$filter=clientId eq '…'`
/// (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-list>).
pub(super) fn grants(call: &Call<'_>) -> Reply {
    if !call.may(&["Directory.Read.All", "DelegatedPermissionGrant.Read.All"]) {
        return denied();
    }
    let asked = call.incoming.query("$filter").unwrap_or_default();
    let rows: Vec<Value> = if asked == format!("clientId eq '{}'", object(call)) {
        let scope = if call.scenario.domain() == "adatum.example" { LITTLE } else { EVERYTHING };
        vec![
            json!({"id": "g1", "clientId": object(call), "consentType": "AllPrincipals", "principalId": null,
                "resourceId": guid_for("graph"), "scope": scope}),
            json!({"id": "g2", "clientId": object(call), "consentType": "Principal", "principalId": guid_for("somebody"),
                "resourceId": guid_for("graph"), "scope": EVERYTHING}),
        ]
    } else {
        Vec::new()
    };
    Reply::json(200, &json!({"@odata.context": call.context("oauth2PermissionGrants"), "value": rows}))
}

/// `GET /users/{name}/appRoleAssignments?$filter=resourceId eq …`
/// (<https://learn.microsoft.com/graph/api/user-list-approleassignments>).
pub(super) fn assignments(call: &Call<'_>, user: &str) -> Reply {
    if !call.may(&["Directory.Read.All"]) {
        return denied();
    }
    if !user.ends_with(&format!("@{}", call.scenario.domain())) {
        let message = format!(
            "Resource '{user}' does not exist or one of its queried reference-property objects are not present."
        );
        return error(404, "Request_ResourceNotFound", &message);
    }
    let rows: Vec<Value> = if user.starts_with("user-not-assigned@") {
        Vec::new()
    } else {
        vec![
            json!({"id": "a1", "principalType": "User", "resourceId": object(call), "appRoleId": guid_for("default access")}),
        ]
    };
    Reply::json(200, &json!({"@odata.context": call.context("appRoleAssignments"), "value": rows}))
}

/// The object id of the app in this organisation.
fn object(call: &Call<'_>) -> String {
    guid_for(&format!("{} target app", call.scenario.domain()))
}

/// (<https://learn.microsoft.com/graph/resolve-auth-errors>).
fn denied() -> Reply {
    error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}
