//! Probes of Microsoft Graph v1.0: the account, its licences, mailbox, calendar.
//!
//! Requests and least scopes: <https://learn.microsoft.com/graph/permissions-reference>.

use inbox_model::{Facts, Failure, Operation, SkipReason};
use serde_json::{Value, json};
use url::Url;

use super::Asker;
use crate::join;

/// What `/me` says that later steps build on.
#[derive(Debug, Clone, Default)]
pub struct Me {
    /// `mail`.
    pub mail: Option<String>,
    /// `userPrincipalName`.
    pub principal: Option<String>,
    /// Further addresses of the account.
    pub aliases: Vec<String>,
}

/// `GET /me`: who is this, a guest, synced from the organisation's own servers, with which plans.
///
/// # Errors
/// The recorded failure.
pub async fn me(asker: &Asker<'_>, graph: &Url, personal: bool) -> Result<Me, Failure> {
    // Personal accounts know only the basic properties (learn.microsoft.com/graph/api/resources/user).
    let select = if personal {
        "id,displayName,mail,userPrincipalName"
    } else {
        "id,displayName,mail,userPrincipalName,userType,accountEnabled,onPremisesSyncEnabled,proxyAddresses,assignedPlans"
    };
    let url = with_query(join(graph, &["v1.0", "me"]), &[("$select", select)]);
    let body = asker.get("graph-me", url, |body| me_facts(body, personal)).await?;
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(Me { mail: text("mail"), principal: text("userPrincipalName"), aliases: aliases(&body) })
}

fn me_facts(body: &Value, personal: bool) -> Facts {
    let mut facts = Facts::new();
    for key in ["mail", "userPrincipalName", "userType", "onPremisesSyncEnabled", "accountEnabled"] {
        if let Some(value) = body.get(key).filter(|value| !value.is_null()) {
            facts.insert(key.to_owned(), value.clone());
        }
    }
    let principal = body.get("userPrincipalName").and_then(Value::as_str).unwrap_or_default();
    facts.insert("guest".to_owned(), json!(principal.contains("#EXT#")));
    facts.insert("personal".to_owned(), json!(personal));
    facts.insert("proxyAddresses".to_owned(), json!(aliases(body)));
    if let Some(plans) = body.get("assignedPlans").and_then(Value::as_array) {
        let plans: Vec<Value> = plans
            .iter()
            .take(100)
            .map(|plan| json!({"service": plan.get("service"), "capabilityStatus": plan.get("capabilityStatus")}))
            .collect();
        facts.insert("assignedPlans".to_owned(), Value::Array(plans));
    }
    facts
}

fn aliases(body: &Value) -> Vec<String> {
    let proxies = body.get("proxyAddresses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    proxies
        .iter()
        .take(200)
        .filter_map(Value::as_str)
        .filter_map(|text| text.split_once(':').filter(|(kind, _)| kind.eq_ignore_ascii_case("smtp")))
        .map(|(_, address)| address.to_owned())
        .collect()
}

/// `GET /me/licenseDetails`: is there an Exchange plan that is switched on. Accepts `User.Read`
/// (<https://learn.microsoft.com/graph/api/user-list-licensedetails>).
///
/// # Errors
/// The recorded failure.
pub async fn licences(asker: &Asker<'_>, graph: &Url) -> Result<(), Failure> {
    let url = with_query(join(graph, &["v1.0", "me", "licenseDetails"]), &[("$select", "skuPartNumber,servicePlans")]);
    asker.get("graph-licences", url, licence_facts).await.map(|_| ())
}

fn licence_facts(body: &Value) -> Facts {
    let mut names = Vec::new();
    let mut exchange = false;
    let licences = body.get("value").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for licence in licences.iter().take(100) {
        let plans = licence.get("servicePlans").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for plan in plans {
            let name = plan.get("servicePlanName").and_then(Value::as_str).unwrap_or_default();
            // Names such as EXCHANGE_S_ENTERPRISE, EXCHANGE_S_DESKLESS; EXCHANGE_S_FOUNDATION is no mailbox
            // (learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
            if name.starts_with("EXCHANGE_") && name != "EXCHANGE_S_FOUNDATION" {
                names.push(name.to_owned());
                exchange |= plan.get("provisioningStatus").and_then(Value::as_str) == Some("Success");
            }
        }
    }
    Facts::from_iter([
        ("exchange".to_owned(), json!(exchange)),
        ("plans".to_owned(), json!(names)),
        ("licences".to_owned(), json!(licences.len())),
    ])
}

/// Inbox and one page of messages.
///
/// # Errors
/// The first recorded failure; the second probe is skipped then.
pub async fn mailbox(asker: &Asker<'_>, graph: &Url) -> Result<(), Failure> {
    let inbox = with_query(join(graph, &["v1.0", "me", "mailFolders", "inbox"]), &[("$select", "id,displayName")]);
    let messages = with_query(join(graph, &["v1.0", "me", "messages"]), &[("$top", "1"), ("$select", "id")]);
    let (first, second) = tokio::join!(
        asker.get("graph-inbox", inbox, |_| Facts::new()),
        asker.get("graph-messages", messages, |body| counted(body, "value")),
    );
    first.and(second).map(|_| ())
}

/// The calendar and a view of its next days.
///
/// # Errors
/// The first recorded failure.
pub async fn calendar(asker: &Asker<'_>, graph: &Url, now: jiff::Timestamp) -> Result<(), Failure> {
    let calendar = with_query(join(graph, &["v1.0", "me", "calendar"]), &[("$select", "id,name,canEdit,owner")]);
    let end = now.checked_add(jiff::SignedDuration::from_hours(24 * 7)).unwrap_or(now);
    let view = with_query(
        join(graph, &["v1.0", "me", "calendarView"]),
        &[
            ("startDateTime", &now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ("endDateTime", &end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ("$top", "1"),
            ("$select", "id"),
        ],
    );
    let (first, second) = tokio::join!(
        asker.get("graph-calendar", calendar, |body| {
            let mut facts = Facts::new();
            if let Some(address) = body.pointer("/owner/address").filter(|value| value.is_string()) {
                facts.insert("ownerAddress".to_owned(), address.clone());
            }
            if let Some(edit) = body.get("canEdit").filter(|value| value.is_boolean()) {
                facts.insert("canEdit".to_owned(), edit.clone());
            }
            facts
        }),
        asker.get("graph-calendar-view", view, |body| counted(body, "value")),
    );
    first.and(second).map(|_| ())
}

/// Records that mailbox and calendar were not looked at.
pub fn skip(recorder: &crate::Recorder, because: SkipReason) {
    for probe in ["graph-inbox", "graph-messages", "graph-calendar", "graph-calendar-view"] {
        recorder.skip(probe, Operation::Http, "", because);
    }
}

fn counted(body: &Value, list: &str) -> Facts {
    let count = body.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    Facts::from_iter([("count".to_owned(), json!(count))])
}

pub(crate) fn with_query(mut url: Url, pairs: &[(&str, &str)]) -> Url {
    url.query_pairs_mut().extend_pairs(pairs);
    url
}
