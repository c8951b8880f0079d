//! The questions to the directory.

use inbox_model::{EmailAddress, Facts, MicrosoftApp};
use serde_json::Value;
use url::Url;

use super::{AppStanding, is_not_there};
use crate::{join, probe::Asker};

/// The app as the organisation has it.
pub(super) const APP: &str = "admin-app";
/// Approvals.
pub(super) const GRANTS: &str = "admin-grants";
/// Assignments of one person.
pub(super) const ASSIGNMENTS: &str = "admin-assignments";
/// More pages of approvals than this are not read: an organisation where ten thousand people approved by themselves.
const MOST_PAGES: usize = 100;

/// Looks the app up; `None` when the directory does not answer that.
pub(super) async fn look(
    asker: &Asker<'_>,
    graph: &Url,
    app: &MicrosoftApp,
    user: Option<&EmailAddress>,
) -> Option<AppStanding> {
    let principal = match principal(asker, graph, &app.client_id).await {
        Ok(principal) => principal,
        Err(failure) if is_not_there(&failure) => return Some(AppStanding::default()),
        Err(_) => return None,
    };
    let id = principal.get("id").and_then(Value::as_str)?.to_owned();
    let flag = |name: &str| principal.get(name).and_then(Value::as_bool);
    let mut standing = AppStanding {
        known: true,
        enabled: flag("accountEnabled"),
        // Absent or null where Microsoft has nothing against it
        // (https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties).
        disabled_by_microsoft: principal
            .get("disabledByMicrosoftStatus")
            .map(|status| status.as_str().is_some_and(|status| status.starts_with("Disabled"))),
        assignment_required: flag("appRoleAssignmentRequired"),
        publisher_verified: principal
            .get("verifiedPublisher")
            .map(|publisher| publisher.get("verifiedPublisherId").is_some_and(|id| !id.is_null())),
        ..AppStanding::default()
    };
    let (grants, assigned) = tokio::join!(grants(asker, graph, &id), async {
        match user {
            Some(user) => assigned(asker, graph, &id, user).await,
            None => None,
        }
    });
    if let Some((for_all, people)) = grants {
        standing.missing_for_all = Some(missing(&app.scopes, &for_all));
        standing.granted_for_all = Some(for_all);
        standing.granted_by_people = Some(people);
    }
    standing.user_assigned = assigned;
    Some(standing)
}

async fn principal(asker: &Asker<'_>, graph: &Url, client: &str) -> Result<Value, inbox_model::Failure> {
    let mut url = join(graph, &["v1.0", &format!("servicePrincipals(appId='{}')", client.replace('\'', "''"))]);
    url.query_pairs_mut().append_pair(
        "$select",
        "id,appId,displayName,accountEnabled,appRoleAssignmentRequired,verifiedPublisher,disabledByMicrosoftStatus",
    );
    asker
        .get(APP, url, |value| {
            let fact = |name: &str| value.get(name).cloned().unwrap_or(Value::Null);
            ["accountEnabled", "appRoleAssignmentRequired", "disabledByMicrosoftStatus"]
                .map(|name| (name.to_owned(), fact(name)))
                .into_iter()
                .collect()
        })
        .await
}

/// The permissions approved for everybody, and how many people approved for themselves. `None` unless all pages were read.
async fn grants(asker: &Asker<'_>, graph: &Url, id: &str) -> Option<(Vec<String>, usize)> {
    let mut url = join(graph, &["v1.0", "oauth2PermissionGrants"]);
    url.query_pairs_mut().append_pair("$filter", &format!("clientId eq '{id}'"));
    let (mut for_all, mut people) = (Vec::new(), 0);
    for _ in 0..MOST_PAGES {
        let page = asker
            .get(GRANTS, url.clone(), |value| {
                let count = value.get("value").and_then(Value::as_array).map_or(0, Vec::len);
                Facts::from_iter([("grants".to_owned(), count.into())])
            })
            .await
            .ok()?;
        for grant in page.get("value")?.as_array()? {
            if grant.get("consentType").and_then(Value::as_str) == Some("AllPrincipals") {
                let scopes = grant.get("scope").and_then(Value::as_str).unwrap_or_default();
                for_all.extend(scopes.split_whitespace().map(ToOwned::to_owned));
            } else {
                people += 1;
            }
        }
        let Some(next) = page.get("@odata.nextLink").and_then(Value::as_str) else {
            for_all.sort();
            for_all.dedup();
            return Some((for_all, people));
        };
        // The token goes to Graph only, wherever the page points.
        url = Url::parse(next).ok().filter(|next| next.origin() == graph.origin())?;
    }
    None
}

/// Whether a person is assigned; groups that they are a direct member of count
/// (<https://learn.microsoft.com/graph/api/user-list-approleassignments>).
async fn assigned(asker: &Asker<'_>, graph: &Url, id: &str, user: &EmailAddress) -> Option<bool> {
    let mut url = join(graph, &["v1.0", "users", &user.to_string(), "appRoleAssignments"]);
    url.query_pairs_mut().append_pair("$filter", &format!("resourceId eq {id}"));
    let answer = asker
        .get(ASSIGNMENTS, url, |value| {
            let count = value.get("value").and_then(Value::as_array).map_or(0, Vec::len);
            Facts::from_iter([("assignments".to_owned(), count.into())])
        })
        .await
        .ok()?;
    Some(!answer.get("value")?.as_array()?.is_empty())
}

/// What the app asks for and is not approved. The names of the sign-in itself (`openid`, `profile`, `email`) need no
/// approval of their own to be told here.
fn missing(wanted: &[String], granted: &[String]) -> Vec<String> {
    let short = |scope: &str| scope.rsplit('/').next().unwrap_or(scope).to_ascii_lowercase();
    let granted: Vec<String> = granted.iter().map(|scope| short(scope)).collect();
    let basic = ["openid", "profile", "email"];
    wanted
        .iter()
        .filter(|scope| !basic.contains(&short(scope).as_str()) && !granted.contains(&short(scope)))
        .cloned()
        .collect()
}
