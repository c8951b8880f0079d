//! What a single code of a provider means, from `data/codes/*.tsv`.

use inbox_model::{Cause, CodeFamily, Confidence};

/// The meaning of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeMeaning {
    /// The cause that the code settles or points to.
    pub cause: Cause,
    /// How sure the code alone makes it. Wrapper codes (`invalid_grant`, 401) are `Possible`.
    pub confidence: Confidence,
    /// A narrower case with words of its own.
    pub variant: Option<String>,
}

/// Looks a code up. `None` for a code that is not known: that is not an error.
#[must_use]
pub fn code_meaning(_family: CodeFamily, _value: &str) -> Option<CodeMeaning> {
    None
}
