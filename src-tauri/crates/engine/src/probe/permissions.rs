//! Compares what was granted with what the target app asks for.

use inbox_model::{Facts, Failure, FailureKind, Operation};
use serde_json::json;

use crate::Recorder;

/// Records probe `permissions`. Gives the missing ones.
///
/// A wider permission covers a narrower one of the same family (`Calendars.ReadWrite` covers `Calendars.Read`), as
/// <https://learn.microsoft.com/graph/permissions-reference> describes them.
pub fn check_permissions(recorder: &Recorder, provider: &str, granted: &[String], wanted: &[String]) -> Vec<String> {
    let missing: Vec<String> = wanted.iter().filter(|scope| !covered(scope, granted)).cloned().collect();
    let pending = recorder.begin("permissions", Operation::Authorize, provider);
    if missing.is_empty() {
        pending.passed(Facts::from_iter([("granted".to_owned(), json!(granted))]));
    } else {
        pending.failed(Failure::of(FailureKind::ScopesMissing).with_detail(missing.join(", ")));
    }
    missing
}

fn covered(wanted: &str, granted: &[String]) -> bool {
    let wanted = short(wanted);
    // Standard scopes show in what comes back (a refresh token, an ID token), not always in the list of scopes.
    if matches!(wanted.as_str(), "offline_access" | "openid" | "profile" | "email") {
        return true;
    }
    granted.iter().map(|scope| short(scope)).any(|have| {
        have == wanted || wanted.strip_suffix(".read").is_some_and(|family| have == format!("{family}.readwrite"))
    })
}

fn short(scope: &str) -> String {
    let scope = scope.trim_end_matches('/');
    scope.rsplit('/').next().unwrap_or(scope).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    #[test]
    fn a_wider_permission_covers_the_narrower_one() {
        let granted = strings(&["https://graph.microsoft.com/calendars.readwrite", "User.Read"]);
        let wanted = strings(&["Calendars.Read", "User.Read", "openid"]);
        assert!(check_permissions(&Recorder::default(), "microsoft", &granted, &wanted).is_empty());
    }

    #[test]
    fn a_missing_permission_is_named() {
        let recorder = Recorder::default();
        let missing =
            check_permissions(&recorder, "microsoft", &strings(&["Mail.Read"]), &strings(&["Mail.ReadWrite"]));
        assert_eq!(missing, ["Mail.ReadWrite"]);
        assert!(format!("{:?}", recorder.observations()).contains("Mail.ReadWrite"));
    }
}
