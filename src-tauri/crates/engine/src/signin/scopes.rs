//! Which permissions are asked for, and which were granted of them.

use super::ProviderKind;

/// The scopes of `asked` that are not covered by `granted`, as they were asked. Names compare without case and without the
/// prefix of Microsoft Graph; `Calendars.ReadWrite` covers `Calendars.Read`
/// (<https://learn.microsoft.com/graph/permissions-reference>); `openid`, `profile`, `email` and `offline_access` are no permissions of an interface and are
/// judged by their effects elsewhere, so they are never missing here.
#[must_use]
pub fn missing_scopes(asked: &[String], granted: &[String]) -> Vec<String> {
    let granted: Vec<String> = granted.iter().map(|scope| plain(scope)).collect();
    let covered = |scope: &str| {
        let wider = scope.strip_suffix(".read").map(|family| format!("{family}.readwrite"));
        granted.iter().any(|have| have == scope || Some(have) == wider.as_ref())
    };
    asked.iter().filter(|scope| !is_identity(scope) && !covered(&plain(scope))).cloned().collect()
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

/// Scopes that are asked for beside the app's own, so that the answer tells who signed in and can be renewed. Google needs no
/// `profile` for that, which would be one more line on its page, and has no `offline_access`: a parameter does it there.
fn basic(kind: ProviderKind) -> &'static [&'static str] {
    match kind {
        ProviderKind::Google => &["openid", "email"],
        ProviderKind::Microsoft | ProviderKind::Oidc => &["openid", "profile", "email", "offline_access"],
    }
}

/// The scopes as they go to the provider: the asked ones with the basic ones, without what the provider does not know.
pub(crate) fn with_basic(kind: ProviderKind, asked: &[String]) -> Vec<String> {
    together(kind, asked, basic(kind))
}

/// The scopes as they go to the provider, with what it takes to get an ID token.
pub(crate) fn with_openid(kind: ProviderKind, asked: &[String]) -> Vec<String> {
    together(kind, asked, &["openid"])
}

fn together(kind: ProviderKind, asked: &[String], more: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for scope in asked.iter().map(String::as_str).chain(more.iter().copied()) {
        let unknown = kind == ProviderKind::Google && plain(scope) == "offline_access";
        if !unknown && !all.iter().any(|known| plain(known) == plain(scope)) {
            all.push(scope.to_owned());
        }
    }
    all
}

/// What shows that the scopes of OpenID Connect were granted, beside their names in the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effects {
    /// An ID token came; without one `openid`, `profile` and `email` are not judged.
    pub(crate) identified: bool,
    /// It names the person.
    pub(crate) named: bool,
    /// It carries an address.
    pub(crate) addressed: bool,
    /// There is a refresh token.
    pub(crate) renewable: bool,
}

/// [`missing_scopes`], and the scopes of OpenID Connect judged by their effects.
pub(crate) fn missing_by_effects(asked: &[String], granted: &[String], effects: Effects) -> Vec<String> {
    let listed = |name: &str| granted.iter().any(|scope| plain(scope) == name);
    let absent = |scope: &String| match plain(scope).as_str() {
        "offline_access" => !effects.renewable && !listed("offline_access"),
        "profile" => effects.identified && !effects.named && !listed("profile"),
        "email" => effects.identified && !effects.addressed && !listed("email"),
        "openid" => false,
        _ => !missing_scopes(std::slice::from_ref(scope), granted).is_empty(),
    };
    asked.iter().filter(|scope| absent(scope)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn case_and_the_prefix_of_graph_do_not_count() {
        let granted = list("https://graph.microsoft.com/mail.readwrite https://graph.microsoft.us/User.Read");
        assert_eq!(missing_scopes(&list("Mail.ReadWrite user.read Mail.Send openid"), &granted), ["Mail.Send"]);
    }

    #[test]
    fn a_wider_scope_covers_the_narrower_one_and_not_the_reverse() {
        assert!(missing_scopes(&list("Calendars.Read"), &list("Calendars.ReadWrite")).is_empty());
        assert_eq!(missing_scopes(&list("Calendars.ReadWrite"), &list("Calendars.Read")), ["Calendars.ReadWrite"]);
        assert_eq!(missing_scopes(&list("Mail.Read"), &list("Mail.Read.Shared")), ["Mail.Read"]);
    }

    #[test]
    fn scopes_of_openid_are_judged_by_their_effects() {
        let none = Effects { identified: true, named: false, addressed: false, renewable: false };
        let all = Effects { identified: true, named: true, addressed: true, renewable: true };
        let asked = list("openid profile email offline_access");
        assert_eq!(missing_by_effects(&asked, &[], none), ["profile", "email", "offline_access"]);
        assert!(missing_by_effects(&asked, &[], all).is_empty());
        let google =
            list("https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile");
        assert_eq!(missing_by_effects(&asked, &google, none), ["offline_access"]);
        let unseen = Effects { identified: false, ..none };
        assert_eq!(missing_by_effects(&list("openid profile email"), &[], unseen), Vec::<String>::new());
    }

    #[test]
    fn google_is_not_asked_for_offline_access() {
        assert_eq!(with_basic(ProviderKind::Google, &list("openid offline_access a")), ["openid", "a", "email"]);
        assert_eq!(
            with_basic(ProviderKind::Microsoft, &list("Mail.Send OFFLINE_ACCESS")),
            ["Mail.Send", "OFFLINE_ACCESS", "openid", "profile", "email"]
        );
    }
}
