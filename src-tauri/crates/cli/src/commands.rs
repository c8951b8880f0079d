//! The commands, one file each.

mod accounts;
mod check;
mod consent_link;
mod discover;
mod explain;
mod lists;
mod replay;
mod self_test;

use inbox_engine::{Engine, SettingsSources};
use inbox_model::Language;
use tokio_util::sync::CancellationToken;

use crate::{
    arguments::{Arguments, CausesCommand, Command, Common},
    output::{self, Exit},
};

/// What every command gets.
pub struct Session {
    /// The engine.
    pub engine: Engine,
    /// Options of every command.
    pub common: Common,
    /// Language of the words.
    pub language: Language,
    /// Cancelled by Ctrl-C.
    pub cancel: CancellationToken,
}

/// Runs the command that was asked for.
pub async fn run(arguments: Arguments) -> Exit {
    let Arguments { common, command } = arguments;
    // Lists need neither network nor keychain and must come at once.
    match &command {
        Command::Causes { command: CausesCommand::List } => return lists::causes(&common),
        Command::Causes { command: CausesCommand::Patterns } => return lists::patterns(&common),
        Command::Policy { command: crate::arguments::PolicyCommand::List } => return lists::keys(&common),
        _ => {}
    }
    let engine = match Engine::start(&SettingsSources::of_this_computer(common.settings.clone())) {
        Ok(engine) => engine,
        Err(error) => {
            let exit = output::error(&error, common.json);
            return if matches!(error, inbox_engine::EngineError::Settings(_)) { Exit::Usage } else { exit };
        }
    };
    if !common.quiet {
        for problem in engine.problems() {
            let key = problem.key.as_deref().map(|key| format!(", {key}")).unwrap_or_default();
            output::complain(&format!("inbox-doctor: {}{key}: {} (ignored)", problem.file, problem.reason));
        }
    }
    let cancel = CancellationToken::new();
    let on_signal = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            on_signal.cancel();
        }
    });
    let language = common.language(engine.settings().values.language);
    let session = Session { engine, common, language, cancel };
    match command {
        Command::Check(arguments) => check::run(&session, arguments).await,
        Command::Explain(arguments) => explain::run(&session, arguments),
        Command::Discover(arguments) => discover::run(&session, arguments).await,
        Command::ConsentLink(arguments) => consent_link::run(&session, arguments).await,
        Command::SelfTest => self_test::run(&session).await,
        Command::Replay { file, save, details } => replay::run(&session, &file, save.as_deref(), details),
        Command::Accounts { command } => accounts::run(&session, command).await,
        Command::Apps { command } => lists::apps(&session, command),
        Command::Causes { command: CausesCommand::Show { id, app } } => lists::cause(&session, &id, app.as_deref()),
        Command::Causes { .. } | Command::Policy { .. } => lists::settings(&session),
    }
}
