//! What a running check tells its watcher, and what the watcher may answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The steps that a person sees, in their order. Rows keep their place from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Step {
    Address,
    MailHost,
    Organisation,
    SignIn,
    Mailbox,
    Calendar,
    Permissions,
}

impl Step {
    /// All steps in their order.
    pub const ALL: &'static [Step] = &[
        Step::Address,
        Step::MailHost,
        Step::Organisation,
        Step::SignIn,
        Step::Mailbox,
        Step::Calendar,
        Step::Permissions,
    ];
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Its turn has not come.
    Waiting,
    /// Under way.
    Running,
    /// Checked and fine.
    Fine,
    /// Checked; something is wrong.
    Problem,
    /// Not checked; this is not "fine".
    NotChecked,
}

/// The two stages of the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Who is this really: identity scopes only.
    Identity,
    /// The target app's own scopes: will it hit a wall.
    AppScopes,
}

/// News from a running check. Carries no secret: the sign-in address holds only public parameters and one-time
/// values that are useless without the verifier kept in memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CheckEvent {
    /// A step changed.
    Step {
        /// Which.
        step: Step,
        /// How it stands now.
        state: StepState,
        /// What was found, in a few words of the asked language (a provider's name, an organisation's name).
        note: Option<String>,
    },
    /// The browser was asked to open; the check waits for the person.
    WaitingForBrowser {
        /// Which stage.
        stage: Stage,
        /// `microsoft` or `google`.
        provider: String,
        /// The address that the browser opens, for "copy the address" and "open again".
        url: String,
        /// How long the check waits at most, in seconds.
        seconds: u64,
        /// Whether the browser could be started.
        opened: bool,
    },
    /// The browser came back, or the wait ended otherwise.
    BrowserDone {
        /// Which stage.
        stage: Stage,
    },
    /// Something is slow; what it waits for, in words.
    Slow {
        /// Which step.
        step: Step,
        /// Host that does not answer.
        target: String,
    },
}

/// What the person may tell a check that waits for the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum CheckReply {
    /// The browser shows this page and does not go on.
    Saw {
        /// The page.
        page: PageSeen,
        /// Words or a code that the page shows, where the page is an error page.
        text: Option<String>,
    },
    /// The final address of the browser, pasted because it cannot come back by itself.
    PastedAddress {
        /// As pasted.
        address: String,
    },
    /// Open the browser again.
    OpenAgain,
    /// Go on without this sign-in.
    SkipSignIn,
}

/// The known pages on which a sign-in can end without coming back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PageSeen {
    /// The list of permissions with Accept and Cancel.
    PermissionList,
    /// "Need admin approval".
    NeedAdminApproval,
    /// "Approval required" with a box for the reason.
    ApprovalRequired,
    /// "Request sent".
    RequestSent,
    /// Google hasn't verified this app.
    AppNotVerified,
    /// Blocked by the administrator (Google: access blocked by your institution's administrator).
    BlockedByAdministrator,
    /// Google Advanced Protection.
    AdvancedProtection,
    /// An error page with a code or a text.
    ErrorCode,
    /// The wrong account is signed in.
    WrongAccount,
    /// Nothing opened.
    NothingOpened,
    /// None of these.
    SomethingElse,
}
