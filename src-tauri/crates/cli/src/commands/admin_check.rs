//! `inbox-doctor admin-check`.

use inbox_catalogue::phrase;
use inbox_engine::{AdminCheck, AdminCheckRequest, report};

use super::Session;
use crate::{
    arguments::AdminCheckArguments,
    browser::Browser,
    output::{self, Exit},
    terminal::Terminal,
};

/// Looks up how the target app stands in the administrator's organisation, and prints it.
pub async fn run(session: &Session, arguments: AdminCheckArguments) -> Exit {
    let common = &session.common;
    let browser = Browser::of(common.browser.as_deref(), arguments.no_browser);
    let terminal = Terminal::new(session.language, !common.quiet && output::is_watched(), browser, None);
    let request = AdminCheckRequest {
        admin: arguments.admin.or_else(|| arguments.user.clone()).unwrap_or_default(),
        user: arguments.user,
        app: arguments.app,
        language: session.language,
    };
    let check = match session.engine.admin_check(&request, &terminal, &session.cancel).await {
        Ok(check) => check,
        Err(error) => return output::error(&error, common.json),
    };
    if common.json {
        output::document(&check, true);
    } else {
        print(session, &check);
    }
    Exit::of(check.verdict)
}

fn print(session: &Session, check: &AdminCheck) {
    let user = check.user.as_deref().unwrap_or_default();
    let say = |key: &str, more: &[(&str, &str)]| {
        let mut names = vec![("app", check.app.name.as_str()), ("user", user)];
        names.extend_from_slice(more);
        output::say(&phrase(session.language, &format!("cli.{key}"), &names));
    };
    let Some(standing) = &check.standing else {
        say("admin-not-asked", &[]);
        return;
    };
    if standing.known {
        let off = standing.enabled == Some(false) || standing.disabled_by_microsoft == Some(true);
        say(if off { "admin-off" } else { "admin-on" }, &[]);
        match standing.assignment_required {
            Some(true) => say("admin-assigned-only", &[]),
            Some(false) => say("admin-everybody", &[]),
            None => {}
        }
        if check.user.is_some() {
            match standing.user_assigned {
                Some(true) => say("admin-user-assigned", &[]),
                Some(false) => say("admin-user-missing", &[]),
                None => say("admin-user-unknown", &[]),
            }
        }
        match (&standing.granted_for_all, &standing.missing_for_all) {
            (Some(granted), Some(missing)) => {
                if !granted.is_empty() {
                    say("admin-granted", &[("scopes", &granted.join(", "))]);
                }
                if !missing.is_empty() {
                    say("admin-missing", &[("scopes", &missing.join(", "))]);
                }
                say("admin-people", &[("n", &standing.granted_by_people.unwrap_or_default().to_string())]);
            }
            _ => say("admin-grants-unknown", &[]),
        }
    } else {
        say("admin-unknown", &[]);
    }
    for finding in &check.findings {
        let mut text = String::from("\n");
        report::finding(&mut text, finding, session.language);
        output::say(text.trim_end());
    }
}
