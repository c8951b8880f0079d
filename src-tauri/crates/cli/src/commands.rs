//! The commands, one file each.

mod accounts;
mod admin_check;
mod check;
mod consent_link;
mod discover;
mod documents;
mod explain;
mod lists;
mod mail_password;
mod policy;
mod replay;
mod self_test;
mod servers;

use inbox_engine::{Engine, EngineError, SettingsSources};
use inbox_model::Language;
use tokio_util::sync::CancellationToken;

use crate::{
    arguments::{Arguments, CausesCommand, Command, Common, PolicyCommand},
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

/// Runs the command that was asked for. What needs no network comes without a runtime, because it must come at once.
pub fn run(arguments: Arguments) -> Exit {
    let Arguments { common, command } = arguments;
    // Lists need not even settings.
    match &command {
        Command::Causes { command: CausesCommand::List } => return lists::causes(&common),
        Command::Causes { command: CausesCommand::Patterns } => return lists::patterns(&common),
        Command::Policy { command: PolicyCommand::List } => return policy::list(&common),
        Command::Completions { shell } => return documents::completions(*shell),
        Command::Manual { folder } => return documents::manual(folder),
        _ => {}
    }
    let engine = match Engine::start(&SettingsSources::of_this_computer(common.settings.clone())) {
        Ok(engine) => engine,
        Err(error) => {
            let exit = output::error(&error, common.json);
            return if matches!(error, EngineError::Settings(_)) { Exit::Usage } else { exit };
        }
    };
    crate::log::start(&engine);
    if !common.quiet {
        for problem in engine.problems() {
            let key = problem.key.as_deref().map(|key| format!(", {key}")).unwrap_or_default();
            output::complain(&format!("inbox-doctor: {}{key}: {} (ignored)", problem.file, problem.reason));
        }
    }
    let language = common.language(engine.settings().values.language);
    let session = Session { engine, common, language, cancel: CancellationToken::new() };
    match command {
        Command::Explain(arguments) => explain::run(&session, arguments),
        Command::Replay { file, save, details } => replay::run(&session, &file, save.as_deref(), details),
        Command::Apps { command } => lists::apps(&session, command),
        Command::Causes { command: CausesCommand::Show { id, app } } => lists::cause(&session, &id, app.as_deref()),
        Command::Causes { .. } | Command::Policy { .. } => policy::show(&session),
        command => with_runtime(&session, command),
    }
}

fn with_runtime(session: &Session, command: Command) -> Exit {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::complain(&format!("inbox-doctor: the program cannot start: {error}"));
            return Exit::NotExamined;
        }
    };
    let exit = runtime.block_on(async {
        let on_signal = session.cancel.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                on_signal.cancel();
            }
        });
        match command {
            Command::Check(arguments) => check::run(session, arguments).await,
            Command::Discover(arguments) => discover::run(session, arguments).await,
            Command::Servers(arguments) => servers::run(session, arguments).await,
            Command::ConsentLink(arguments) => consent_link::run(session, arguments).await,
            Command::SelfTest(arguments) => self_test::run(session, arguments).await,
            Command::AdminCheck(arguments) => admin_check::run(session, arguments).await,
            Command::Accounts { command } => accounts::run(session, command).await,
            _ => Exit::Usage,
        }
    });
    // A thread may still wait for a line from the keyboard; it must not keep the program alive.
    runtime.shutdown_background();
    exit
}

impl Session {
    /// Cancels on Ctrl-C where no runtime listens for it: long scans.
    pub fn watch_interrupt(&self) {
        let cancel = self.cancel.clone();
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
                cancel.cancel();
            }
        });
    }
}
