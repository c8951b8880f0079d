//! Which permissions were granted of those asked for.

/// The scopes of `asked` that are not covered by `granted`, as they were asked. Names compare without case and without the
/// prefix of Microsoft Graph; `openid`, `profile`, `email` and `offline_access` are no permissions of an interface and are
/// judged by their effects elsewhere, so they are never missing here.
#[must_use]
pub fn missing_scopes(asked: &[String], granted: &[String]) -> Vec<String> {
    let granted: Vec<String> = granted.iter().map(|scope| plain(scope)).collect();
    asked.iter().filter(|scope| !is_identity(scope) && !granted.contains(&plain(scope))).cloned().collect()
}

/// Prefixes of Graph in the worldwide and the national clouds
/// (<https://learn.microsoft.com/graph/deployments#microsoft-graph-and-graph-explorer-service-root-endpoints>).
const GRAPH: &[&str] = &[
    "https://graph.microsoft.com/",
    "https://graph.microsoft.us/",
    "https://dod-graph.microsoft.us/",
    "https://microsoftgraph.chinacloudapi.cn/",
];

/// One spelling for scopes that mean the same.
pub(crate) fn plain(scope: &str) -> String {
    let scope = scope.trim().to_lowercase();
    let bare = GRAPH.iter().find_map(|prefix| scope.strip_prefix(prefix)).unwrap_or(&scope);
    match bare {
        // Google answers with the long names of these two
        // (https://developers.google.com/identity/protocols/oauth2/scopes#openid-connect).
        "https://www.googleapis.com/auth/userinfo.email" => "email".to_owned(),
        "https://www.googleapis.com/auth/userinfo.profile" => "profile".to_owned(),
        bare => bare.to_owned(),
    }
}

pub(crate) fn is_identity(scope: &str) -> bool {
    matches!(plain(scope).as_str(), "openid" | "profile" | "email" | "offline_access")
}
