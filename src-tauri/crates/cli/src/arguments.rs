//! The command line's arguments: a contract that scripts depend on.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use inbox_model::Language;

/// Finds out why a mailbox or calendar won't connect, and who can fix it.
#[derive(Debug, Parser)]
#[command(name = "inbox-doctor", version = inbox_model::VERSION, long_version = inbox_model::version_line(), propagate_version = true, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 works (explain: explained; servers: reading and sending answer), 1 a cause was found that \
keeps it from working (explain: nothing settles a cause; servers: they do not answer), 2 wrong usage, 3 could not examine \
enough to say (servers: none found), 4 stopped.";

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Read this settings file in place of your own
    #[arg(long, global = true, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Open the sign-in page with this command; %s stands for the address, else it is appended [env: BROWSER]
    #[arg(long, global = true, value_name = "COMMAND")]
    pub browser: Option<String>,
    /// Print one JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of the words; else the system's
    #[arg(long, global = true, value_name = "en|ja", value_enum)]
    pub lang: Option<LanguageName>,
    /// No progress and no remarks on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LanguageName {
    En,
    Ja,
}

impl Common {
    /// The language asked for, else the system's, else English.
    pub fn language(&self, settings: Option<Language>) -> Language {
        match self.lang {
            Some(LanguageName::En) => Language::En,
            Some(LanguageName::Ja) => Language::Ja,
            None => settings
                .or_else(|| sys_locale::get_locale().and_then(|tag| Language::from_tag(&tag)))
                .unwrap_or_default(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check an address: who keeps the mail, sign-in, mailbox, calendar, permissions
    Check(CheckArguments),
    /// Name the cause of an error text: a page's words, a log, a JSON body, a redirect address
    Explain(ExplainArguments),
    /// Find out who keeps the mail of a domain or address, without any sign-in
    Discover(DiscoverArguments),
    /// Find the mail servers (IMAP, SMTP, POP3) of a domain and what each offers; on request, sign in there
    Servers(ServersArguments),
    /// Build the address at which an administrator approves the target app for the organisation
    ConsentLink(ConsentLinkArguments),
    /// Test this computer and its network: names, proxy, certificates, clock, the way to every host that is needed
    SelfTest(SelfTestArguments),
    /// Judge a saved report again with today's knowledge
    Replay {
        /// Report saved with `check --save FILE.json`
        file: PathBuf,
        /// Save the new judgement
        #[arg(long, value_name = "FILE")]
        save: Option<PathBuf>,
        /// Also print everything that was tried
        #[arg(long)]
        details: bool,
    },
    /// Look up how the target app stands in your organisation: approvals, assignments, switched off or not (for administrators)
    AdminCheck(AdminCheckArguments),
    /// Sign-ins kept in the computer's password store
    Accounts {
        #[command(subcommand)]
        command: AccountsCommand,
    },
    /// Target apps
    Apps {
        #[command(subcommand)]
        command: ListOrShow,
    },
    /// Causes that can be named
    Causes {
        #[command(subcommand)]
        command: CausesCommand,
    },
    /// Settings in force, with where each came from
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// Print completions of the command line for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder (for those who make packages)
    #[command(hide = true)]
    Manual {
        /// The folder
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The e-mail address whose inbox won't connect
    pub address: String,
    /// Target app (see `apps list`)
    #[arg(long)]
    pub app: Option<String>,
    /// Only what needs no sign-in
    #[arg(long)]
    pub no_sign_in: bool,
    /// Also make and delete a draft and an event, and send a mail to yourself
    #[arg(long)]
    pub write_test: bool,
    /// Do not open a browser; print the sign-in address and wait for the final address to be pasted
    #[arg(long)]
    pub no_browser: bool,
    /// Save a report: .json (can be replayed), .html or .txt; names are masked
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Also print everything that was tried (a saved report always holds it)
    #[arg(long)]
    pub details: bool,
    /// How much a saved report masks
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub redact: Option<Redact>,
    /// What the browser shows when it does not come back (need-admin-approval, approval-required, …)
    #[arg(long, value_name = "PAGE")]
    pub saw: Option<String>,
    #[command(flatten)]
    pub mail: MailPassword,
}

#[derive(Debug, Args)]
pub struct ServersArguments {
    /// Domain or address
    pub target: String,
    #[command(flatten)]
    pub sign_in: MailPassword,
    /// Sign in at Microsoft or Google in the browser, for mail alone, and show the token to the mail servers; nothing is kept
    #[arg(long, conflicts_with = "typed")]
    pub oauth: bool,
}

/// A password is never an argument: other programs of the computer can read those.
#[derive(Debug, Args)]
pub struct MailPassword {
    /// Ask for the password (or app password) and sign in for reading and for sending; no mail is sent, nothing is kept
    #[arg(long, group = "typed")]
    pub password: bool,
    /// The same with the first line of standard input as the password
    #[arg(long, group = "typed")]
    pub password_stdin: bool,
    /// User name at the mail servers, where it is not the address
    #[arg(long, value_name = "NAME", requires = "typed")]
    pub user: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Redact {
    /// Only secrets, which are never in a report
    Secrets,
    /// Names and the part before the @
    Names,
    /// Domains, tenants and organisations too
    Everything,
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// File to read; `-` or nothing reads standard input
    pub file: Option<PathBuf>,
    /// The text itself
    #[arg(long, conflicts_with = "file")]
    pub text: Option<String>,
    /// Mail domain or address of the person, for the links
    #[arg(long)]
    pub domain: Option<String>,
    /// Target app
    #[arg(long)]
    pub app: Option<String>,
    /// Answer a question that an earlier run asked: QUESTION=ANSWER, by their ids
    #[arg(long, value_name = "QUESTION=ANSWER")]
    pub answer: Vec<String>,
    /// Read JSON Lines {"id":…,"text":…,"answers":[…]} and write one line for each
    #[arg(long, conflicts_with_all = ["text", "answer"])]
    pub batch: bool,
}

#[derive(Debug, Args)]
pub struct DiscoverArguments {
    /// Domains or addresses
    #[arg(required_unless_present = "input")]
    pub targets: Vec<String>,
    /// Read further domains or addresses from this file, one a line; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SelfTestArguments {
    /// Whose hosts are tried: microsoft, microsoft-us-government, microsoft-us-defense, microsoft-china, google, a target app,
    /// or all; else those of your settings
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub hosts: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ConsentLinkArguments {
    /// Mail domain (or address) of the organisation; its tenant is looked up
    #[arg(long, required_unless_present = "tenant", conflicts_with = "tenant")]
    pub domain: Option<String>,
    /// Tenant id or verified domain
    #[arg(long)]
    pub tenant: Option<String>,
    /// Target app
    #[arg(long)]
    pub app: Option<String>,
}

#[derive(Debug, Args)]
pub struct AdminCheckArguments {
    /// Your own address, to sign in with; else that of --user
    #[arg(long, value_name = "ADDRESS", required_unless_present = "user")]
    pub admin: Option<String>,
    /// Target app
    #[arg(long)]
    pub app: Option<String>,
    /// Also look up whether this person is assigned to the app
    #[arg(long, value_name = "ADDRESS")]
    pub user: Option<String>,
    /// Do not open a browser; print the sign-in address and wait for the final address to be pasted
    #[arg(long)]
    pub no_browser: bool,
}

#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// List them
    List,
    /// Sign out: revoke where the provider can, and delete
    Forget {
        /// Address of the account; all with --all
        #[arg(required_unless_present = "all")]
        address: Option<String>,
        /// Forget every one
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum ListOrShow {
    /// List all
    List,
    /// Show one
    Show {
        /// Short name
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum CausesCommand {
    /// List all
    List,
    /// Show one in words
    Show {
        /// Name of the cause
        id: String,
        /// Target app
        #[arg(long)]
        app: Option<String>,
    },
    /// The literal strings that recognition looks for, one a line
    Patterns,
}

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// List the keys that can be set
    List,
    /// Show what is set and where each value came from
    Show,
}
