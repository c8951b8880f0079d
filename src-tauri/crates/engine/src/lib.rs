//! The use cases of Inbox Doctor: discovery, sign-in, probes, examination, accounts, reports.

mod accounts;
mod admin_check;
mod answers;
pub mod discovery;
mod endpoints;
mod engine;
mod examine;
mod files;
mod handover;
mod history;
mod logs;
pub mod network;
mod observe;
mod organisation;
mod places;
pub mod probe;
pub mod registration;
pub mod report;
pub mod self_test;
pub mod servers;
mod settings;
pub mod signin;
mod watcher;

pub use accounts::KeptAccount;
pub use admin_check::{AdminCheck, AdminCheckRequest, AppStanding};
pub use answers::NoSuchAnswer;
pub use endpoints::{GoogleAddresses, MicrosoftAddresses, join, local_hosts};
pub use engine::{
    Engine, EngineError, ExplainedAnswer, ExplainedNote, ExplainedQuestion, ExplainedText, MAX_TEXT, today,
};
pub use examine::{CheckRequest, SIGN_IN_SECONDS};
pub use files::replace as replace_file;
pub use handover::HandedOver;
pub use history::{History, RecentCheck};
pub use logs::{CountedFinding, ExplainedLog};
pub use observe::{Pending, Recorder};
pub use places::{config_dir, state_dir};
pub use report::{ReportFormat, render};
pub use settings::{
    ChangedSetting, Changer, Definition, Kind, ResolvedSettings, Scope, SettingsError, SettingsInForce,
    SettingsProblem, SettingsSources, change_user_setting, definition, definitions, set_user_setting,
};
pub use watcher::{BrowserFailure, Watcher};
