//! From clues to findings: the innermost and most specific first, wrappers only where nothing better is there.

use std::collections::BTreeMap;

use inbox_model::{Cause, Confidence, Finding};

use super::Question;
use super::fold::Folded;
use super::place::place;
use super::rules::Match;

/// From this rank on a clue is specific, and wrappers beside it say nothing more.
const SPECIFIC: u8 = 60;
/// Below this rank a clue is only a wrapper (`invalid_grant`, `access_denied`).
const WRAPPER: u8 = 40;
/// From how many codes for as many causes a text is a list.
const LISTED: usize = 3;
/// Replies of mail servers (RFC 5321, RFC 4954) that stand together only in a table.
const SMTP_REPLIES: &[&str] =
    &["421", "432", "450", "451", "452", "454", "530", "534", "535", "538", "550", "551", "552", "553", "554"];
/// Words of program sources, in plain form. Everyday words are among them: one alone says nothing.
const SOURCE: &[&str] = &[
    "const",
    "export",
    "switch",
    "case",
    "default",
    "return",
    "enum",
    "struct",
    "static",
    "frozenset",
    "impl",
    "match",
    "def",
    "let",
    "var",
    "val",
    "public",
    "private",
    "retryable",
    "permanent",
    "transient",
    "fatal",
    "string",
];
/// What a provider's answer carries and a list of codes does not.
const ANSWER: &[&str] =
    &["trace id", "trace_id", "corelation", "timestamp", "request id", "inererror", "mesage", "error_description"];
/// The most places that a finding keeps.
const PLACES: usize = 8;

/// One reason to think of a cause.
#[derive(Debug, Clone)]
pub(super) struct Clue {
    pub cause: Cause,
    pub confidence: Confidence,
    pub rank: u8,
    pub code: Option<String>,
    pub variant: Option<&'static str>,
    pub rule: String,
    /// In the plain text.
    pub start: u32,
    pub end: u32,
}

/// Everything that was found in a text.
#[derive(Debug, Default)]
pub(super) struct Clues {
    pub all: Vec<Clue>,
    /// Codes that have the form of a provider's code but are not in its list.
    pub unknown_codes: Vec<(String, u32, u32)>,
}

impl Clues {
    /// Takes a fulfilled rule in.
    pub fn rule(&mut self, found: &Match) {
        self.all.push(Clue {
            cause: found.rule.cause,
            confidence: found.rule.confidence,
            rank: found.rule.rank,
            code: found.rule.code.map(str::to_owned),
            variant: found.rule.variant,
            rule: found.rule.id.to_owned(),
            start: found.start,
            end: found.end,
        });
    }
}

/// Weighs the clues.
pub(super) fn judge(clues: Clues, text: &str, folded: &Folded) -> (Vec<Finding>, Vec<Question>) {
    let Clues { mut all, unknown_codes } = clues;
    if is_list(&all, folded) {
        all.clear();
    }
    // A rule for `unknown` says that the text is of a kind that settles nothing below its rank.
    let silenced = all.iter().filter(|clue| clue.cause == Cause::Unknown).map(|clue| clue.rank).max().unwrap_or(0);
    all.retain(|clue| clue.cause != Cause::Unknown && clue.rank > silenced);
    let best = all.iter().map(|clue| clue.rank).max().unwrap_or(0);
    if best >= SPECIFIC {
        all.retain(|clue| clue.rank >= WRAPPER);
    }
    all.sort_by(|a, b| b.rank.cmp(&a.rank).then(b.confidence.cmp(&a.confidence)).then(a.start.cmp(&b.start)));
    if all.is_empty() {
        return (vec![nothing(&unknown_codes, text, folded)], Vec::new());
    }
    let mut findings: Vec<Finding> = Vec::new();
    for clue in &all {
        let at = findings.iter().position(|finding| finding.cause == clue.cause).unwrap_or_else(|| {
            findings.push(Finding::of(clue.cause, clue.confidence));
            findings.len() - 1
        });
        if let Some(finding) = findings.get_mut(at) {
            add(finding, clue, text, folded);
        }
    }
    let questions = questions(&findings);
    (findings, questions)
}

/// Whether the text is a list of codes (a table of a manual, a switch of a program, a course sheet) and no report of
/// something that happened: many codes for many causes, and none of the ids that a real answer carries.
fn is_list(all: &[Clue], folded: &Folded) -> bool {
    let carries_ids = ["trace id", "trace_id", "corelation", "timestamp", "request id"];
    if carries_ids.iter().any(|label| folded.text.contains(label)) {
        return false;
    }
    let entra: Vec<&Clue> = all.iter().filter(|clue| clue.rule.starts_with("aadsts-")).collect();
    let mut codes: Vec<&str> = entra.iter().map(|clue| clue.rule.as_str()).collect();
    let mut causes: Vec<Cause> = entra.iter().map(|clue| clue.cause).collect();
    codes.sort_unstable();
    codes.dedup();
    causes.sort_unstable();
    causes.dedup();
    if codes.len() >= LISTED && causes.len() >= LISTED {
        return true;
    }
    if is_source(all, folded) {
        return true;
    }
    let mut replies: Vec<&str> = folded.text.split(' ').filter(|word| SMTP_REPLIES.contains(word)).collect();
    replies.sort_unstable();
    replies.dedup();
    replies.len() > LISTED
}

/// Whether the text is a piece of a program that only names codes: codes for several causes between words of a source.
fn is_source(all: &[Clue], folded: &Folded) -> bool {
    if ANSWER.iter().any(|label| folded.text.contains(label)) {
        return false;
    }
    let coded =
        all.iter().filter(|clue| clue.code.as_deref() == Some(clue.rule.as_str()) || clue.rule.starts_with("aadsts-"));
    let mut causes: Vec<Cause> = coded.map(|clue| clue.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    let mut words: Vec<&str> = folded.text.split(' ').filter(|word| SOURCE.contains(word)).collect();
    words.sort_unstable();
    words.dedup();
    causes.len() >= LISTED && !words.is_empty() || causes.len() + 1 >= LISTED && words.len() >= LISTED - 1
}

fn add(finding: &mut Finding, clue: &Clue, text: &str, folded: &Folded) {
    finding.confidence = finding.confidence.max(clue.confidence);
    if finding.rules.is_empty() {
        finding.variant = clue.variant.map(str::to_owned);
    }
    if !finding.rules.contains(&clue.rule) {
        finding.rules.push(clue.rule.clone());
    }
    if let Some(code) = &clue.code
        && !finding.codes.contains(code)
    {
        finding.codes.push(code.clone());
    }
    let (start, end) = folded.origin(clue.start as usize, clue.end as usize);
    let place = place(text, start, end);
    if finding.places.len() < PLACES && !finding.places.iter().any(|known| known.start == place.start) {
        finding.places.push(place);
    }
}

/// The honest answer where nothing settles a cause; a code that nobody documents is named.
fn nothing(unknown_codes: &[(String, u32, u32)], text: &str, folded: &Folded) -> Finding {
    let mut finding = Finding::of(Cause::Unknown, Confidence::Possible);
    for (code, start, end) in unknown_codes {
        if finding.codes.contains(code) {
            continue;
        }
        finding.codes.push(code.clone());
        let (start, end) = folded.origin(*start as usize, *end as usize);
        finding.places.push(place(text, start, end));
        finding.parameters.entry("unknown-code".to_owned()).or_insert_with(|| code.clone());
    }
    finding
}

/// The question that splits the first finding, where its code alone has several causes.
fn questions(findings: &[Finding]) -> Vec<Question> {
    let Some(first) = findings.first() else { return Vec::new() };
    if findings.iter().filter(|finding| finding.confidence == Confidence::Certain).count() == 1
        && first.confidence == Confidence::Certain
        && !first.codes.iter().any(|code| SPLITS.iter().any(|(id, _, _)| id == code))
    {
        return Vec::new();
    }
    let codes: Vec<&str> = first.codes.iter().map(String::as_str).collect();
    SPLITS
        .iter()
        .filter(|(code, _, _)| codes.contains(code))
        .map(|(_, id, answers)| Question {
            id: (*id).to_owned(),
            answers: answers.iter().map(|(answer, cause)| ((*answer).to_owned(), *cause)).collect(),
        })
        .fold(BTreeMap::new(), |mut unique, question| {
            unique.entry(question.id.clone()).or_insert(question);
            unique
        })
        .into_values()
        .collect()
}

type Split = (&'static str, &'static str, &'static [(&'static str, Cause)]);

const WHERE_MAILBOX: &[(&str, Cause)] = &[
    ("own-server", Cause::MailboxNotInCloud),
    ("no-licence", Cause::LicenceMissing),
    ("guest-account", Cause::WrongOrganisation),
    ("never-had-one", Cause::MailboxMissing),
    ("being-moved", Cause::MailboxMoving),
];
const WHICH_PAGE: &[(&str, Cause)] = &[
    ("need-admin-approval", Cause::ConsentAdminRequired),
    ("permission-list", Cause::ConsentDeclined),
    ("closed-window", Cause::SignInCancelled),
];
const WHICH_STEP: &[(&str, Cause)] = &[
    ("second-factor", Cause::MfaRequired),
    ("not-assigned", Cause::UserNotAssigned),
    ("policy-page", Cause::ConditionalAccessBlocked),
    ("just-sign-in", Cause::InteractionRequired),
];
const PASSWORD_OR_POLICY: &[(&str, Cause)] = &[
    ("second-factor-on", Cause::AppPasswordNeeded),
    ("password-wrong", Cause::WrongPassword),
    ("password-sign-in-off", Cause::BasicAuthOff),
    ("protocol-off", Cause::ImapOff),
];
const WHO_MAY_CONSENT: &[(&str, Cause)] =
    &[("page-asks-admin", Cause::ConsentAdminRequired), ("page-has-accept", Cause::ConsentUserNeeded)];
const GOOGLE_DENIED: &[(&str, Cause)] = &[
    ("page-says-testing", Cause::AppUnverified),
    ("pressed-cancel", Cause::ConsentDeclined),
    ("page-names-admin", Cause::AppBlockedByAdmin),
];
const GRAPH_DENIED: &[(&str, Cause)] = &[
    ("own-mailbox", Cause::PermissionMissing),
    ("other-mailbox", Cause::AccessDenied),
    ("app-limited-by-admin", Cause::AppAccessPolicy),
];
const WHAT_CHANGED: &[(&str, Cause)] = &[
    ("password-changed", Cause::TokenRevoked),
    ("long-unused", Cause::TokenExpired),
    ("nothing-changed", Cause::TokenInvalid),
];

/// Codes with several causes: the code, the question, its answers. The words are in `data/text/*/questions.toml`.
const SPLITS: &[Split] = &[
    ("MailboxNotEnabledForRESTAPI", "where-is-the-mailbox", WHERE_MAILBOX),
    ("MailboxNotSupportedForRESTAPI", "where-is-the-mailbox", WHERE_MAILBOX),
    ("RESTAPINotEnabledForComponentSharedMailbox", "where-is-the-mailbox", WHERE_MAILBOX),
    ("OFFICE_ERROR_REST_API_NOT_ENABLED_FOR_COMPONENT_SHARED_MAILBOX", "where-is-the-mailbox", WHERE_MAILBOX),
    ("access_denied", "which-page-did-you-see", WHICH_PAGE),
    ("interaction_required", "which-step-was-asked", WHICH_STEP),
    ("AADSTS65001", "who-may-consent", WHO_MAY_CONSENT),
    ("consent_required", "who-may-consent", WHO_MAY_CONSENT),
    ("Error 403: access_denied", "what-did-google-say", GOOGLE_DENIED),
    ("ErrorAccessDenied", "whose-mailbox", GRAPH_DENIED),
    ("invalid_grant", "what-changed", WHAT_CHANGED),
    ("AUTHENTICATIONFAILED", "password-or-policy", PASSWORD_OR_POLICY),
    ("5.7.3", "password-or-policy", PASSWORD_OR_POLICY),
    ("5.7.8", "password-or-policy", PASSWORD_OR_POLICY),
];
