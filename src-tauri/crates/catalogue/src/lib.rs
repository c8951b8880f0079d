//! What Inbox Doctor knows: causes, codes, rules, texts, target apps. Pure functions over embedded data: [`recognise`]
//! reads a text, [`diagnose`] judges observations, [`explain`] puts a finding into words.

mod apps;
mod codes;
mod consent;
mod diagnose;
mod explain;
mod hosts;
mod links;
mod mx;
mod packed;
mod phrases;
mod recognise;
mod redact;
mod roads;
mod scan;
mod servers;
mod text;

pub use apps::{AppFileError, app_from_toml, builtin_app, builtin_apps};
pub use codes::{CodeMeaning, code_meaning, entra_meaning};
pub use consent::{ConsentLinks, consent_links};
pub use diagnose::{DiagnosisContext, diagnose};
pub use explain::{
    ExplainContext, MAILTO_LIMIT, cause_page, eml, explain, fixer, mailto_url, mailto_url_short, message,
};
pub use hosts::{HostNeed, NeededHost, host_groups, is_known_issuer, needed_host, needed_hosts};
pub use links::{is_allowed_link, is_allowed_link_for};
pub use mx::{MxClass, MxEntry, TargetKind, host_entry, host_name, match_mx, match_target};
pub use phrases::{phrase, skip_key};
pub use recognise::{Question, Recognition, SupportId, TextContext, patterns, recognise};
pub use redact::{Pseudonyms, redact_personal, redact_secrets};
pub use roads::{RoadContext, roads};
pub use scan::{LogFinding, LogScan, ScanError, decode_text, looks_like_log, scan};
pub use servers::{known_servers, server_remarks};

/// The day up to which this knowledge was checked.
pub const CATALOGUE_DATE: &str = "2026-11-24";
