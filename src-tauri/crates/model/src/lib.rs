//! The words of Inbox Doctor: addresses, providers, observations, causes, findings, settings.
//!
//! Pure: no input or output, no clock, no randomness. Everything that travels between the parts of the program, to a
//! file or to the window is defined here.

mod address;
mod app_profile;
mod cause;
mod discovery;
mod event;
mod examination;
mod explanation;
mod finding;
mod mail_server;
mod observation;
mod road;
mod secret;
mod setting;
mod version;

pub use address::{AddressError, Domain, EmailAddress};
pub use app_profile::{AppConsent, AppLink, AppProfile, ErrorString, GoogleApp, MicrosoftApp};
pub use cause::{Cause, Fixer};
pub use discovery::{
    Autodiscover, Discovery, Evidence, EvidenceKind, MailReception, NamedService, Provider, Realm, Tenant,
};
pub use event::{CheckEvent, CheckReply, PageSeen, Stage, Step, StepState};
pub use examination::{Account, AppReference, Examination, RedactionLevel, StepSummary};
pub use explanation::{Explanation, Language, Link, Message, StepText};
pub use finding::{Confidence, Diagnosis, ExplainedFinding, Finding, Place, Severity, Suppressed, Verdict};
pub use mail_server::{MailProtocol, MailSecurity, MailServer, MailUser, ServerSource};
pub use observation::{
    CodeFamily, Facts, Failure, FailureKind, Observation, Operation, Outcome, ProviderCode, SkipReason,
};
pub use road::{Road, RoadKind, RoadRemark, RoadStanding, RoadValue};
pub use secret::Secret;
pub use setting::{
    Cloud, Endpoints, GoogleEndpoints, LogLevel, MicrosoftEndpoints, Origin, Setting, SettingRow, Settings,
    SignInProvider, Theme,
};
pub use version::{BUILD, VERSION, version_line};

/// Version of every JSON document that the program writes.
pub const SCHEMA: u32 = 1;
