//! `inbox-doctor accounts list|forget`.

use inbox_catalogue::phrase;
use serde_json::json;

use super::Session;
use crate::{
    arguments::AccountsCommand,
    output::{self, Exit},
};

/// Lists or forgets kept sign-ins.
pub async fn run(session: &Session, command: AccountsCommand) -> Exit {
    let json = session.common.json;
    let accounts = match session.engine.accounts().await {
        Ok(accounts) => accounts,
        Err(error) => return output::error(&error, json),
    };
    match command {
        AccountsCommand::List => {
            if json {
                output::document(&json!({ "accounts": accounts }), true);
            } else if accounts.is_empty() {
                output::say(&phrase(session.language, "cli.no-accounts", &[]));
            } else {
                for account in accounts {
                    output::say(&format!("{:<10} {}", account.provider, account.address));
                }
            }
            Exit::Works
        }
        AccountsCommand::Forget { address, all } => {
            let chosen: Vec<_> = accounts
                .into_iter()
                .filter(|account| all || address.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(&account.address)))
                .collect();
            if chosen.is_empty() && !all {
                let address = address.unwrap_or_default();
                output::complain(&phrase(session.language, "cli.no-such-account", &[("address", &address)]));
                return Exit::Usage;
            }
            let mut forgotten = Vec::new();
            for account in chosen {
                match session.engine.forget(&account.provider, &account.address, &session.cancel).await {
                    Ok(revoked) => forgotten.push(json!({"address": account.address, "revoked": revoked})),
                    Err(error) => return output::error(&error, json),
                }
            }
            if json {
                output::document(&json!({ "forgotten": forgotten }), true);
            } else {
                let count = forgotten.len().to_string();
                output::say(&phrase(session.language, "cli.forgotten", &[("count", &count)]));
            }
            Exit::Works
        }
    }
}
