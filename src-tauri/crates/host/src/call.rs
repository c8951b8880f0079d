//! Commands by name: JSON in, JSON out. One list for every way in, so that what is tested over one of them holds for all.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::commands::{accounts, check, desk, explain, history, outside, registration, report, settings, start};
use crate::error::{HostError, HostErrorCode};
use crate::host::Host;

/// Where a command tells its news while it runs.
pub type News = Arc<dyn Fn(Value) + Send + Sync>;

/// Every command that the window may call.
pub const COMMANDS: &[&str] = &[
    "start_state",
    "check",
    "reply",
    "cancel",
    "explain",
    "message",
    "reword",
    "recent_examination",
    "open_link",
    "open_mail",
    "save_message",
    "save_report",
    "copy_text",
    "set_language",
    "accounts",
    "forget_account",
    "open_report",
    "save_text",
    "delete_recent",
    "restore_recent",
    "purge_recent",
    "discover_many",
    "self_test",
    "settings",
    "set_setting",
    "test_registration",
    "preview_report",
    "browsers",
    "choose_browser",
    "choose_report",
    "zoom",
    "quit",
    "listen",
];

impl Host {
    /// Runs a command. A fault in it (a panic) fails this command only: the window stays, and the promise in it is
    /// settled.
    ///
    /// # Errors
    /// Whatever the command fails with; `Engine` for a fault, arguments that do not fit and a name that is none.
    pub async fn call(&self, name: &str, arguments: Value, news: News) -> Result<Value, HostError> {
        let (host, name) = (self.clone(), name.to_owned());
        match tokio::spawn(async move { host.dispatch(&name, arguments, news).await }).await {
            Ok(outcome) => outcome,
            Err(fault) => Err(HostErrorCode::Engine.with(fault)),
        }
    }

    async fn dispatch(&self, name: &str, arguments: Value, news: News) -> Result<Value, HostError> {
        let given = Arguments { name, value: arguments };
        match name {
            "start_state" => answer(start::start_state(self).await),
            "set_language" => answer(start::set_language(self, given.read()?).await),
            "check" => answer(check::check(self, given.read()?, news).await),
            "reply" => answer(check::reply(self, given.read()?)),
            "cancel" => answer(check::cancel(self, given.read()?)),
            "explain" => answer(explain::explain(self, given.read()?).await),
            "message" => answer(explain::message(self, given.read()?).await),
            "reword" => answer(explain::reword(self, given.read()?).await),
            "open_link" => answer(outside::open_link(self, given.read()?).await),
            "open_mail" => answer(outside::open_mail(self, given.read()?).await),
            "save_message" => answer(outside::save_message(self, given.read()?).await),
            "copy_text" => answer(outside::copy_text(self, given.read()?).await),
            "browsers" => answer(outside::browsers().await),
            "choose_browser" => answer(outside::choose_browser(self, given.read()?).await),
            "zoom" => answer(outside::zoom(self, given.read()?).await),
            "quit" => answer(outside::quit(self)),
            "listen" => answer(outside::listen(self, news)),
            "save_report" => answer(report::save_report(self, given.read()?).await),
            "preview_report" => answer(report::preview_report(self, given.read()?).await),
            "open_report" => answer(report::open_report(self, given.read()?).await),
            "choose_report" => answer(report::choose_report(self).await),
            "save_text" => answer(report::save_text(self, given.read()?).await),
            "recent_examination" => answer(history::recent_examination(self, given.read()?).await),
            "delete_recent" => answer(history::delete_recent(self, given.read()?).await),
            "restore_recent" => answer(history::restore_recent(self).await),
            "purge_recent" => answer(history::purge_recent(self).await),
            "discover_many" => answer(desk::discover_many(self, given.read()?, news).await),
            "self_test" => answer(desk::self_test(self).await),
            "accounts" => answer(accounts::accounts(self).await),
            "forget_account" => answer(accounts::forget_account(self, given.read()?).await),
            "settings" => answer(settings::settings(self, given.read()?).await),
            "set_setting" => answer(settings::set_setting(self, given.read()?).await),
            "test_registration" => answer(registration::test_registration(self, given.read()?).await),
            _ => Err(HostErrorCode::Engine.with(format!("there is no command `{name}`"))),
        }
    }
}

/// What a command was called with.
struct Arguments<'a> {
    name: &'a str,
    value: Value,
}

impl Arguments<'_> {
    fn read<T: DeserializeOwned>(self) -> Result<T, HostError> {
        serde_json::from_value(self.value)
            .map_err(|error| HostErrorCode::Engine.with(format!("the arguments of `{}`: {error}", self.name)))
    }
}

fn answer<T: Serialize>(outcome: Result<T, HostError>) -> Result<Value, HostError> {
    serde_json::to_value(outcome?).map_err(|error| HostErrorCode::Engine.with(error))
}
