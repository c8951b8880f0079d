//! Puts a finding into words.

use inbox_model::{AppProfile, Domain, EmailAddress, Explanation, Finding, Language, Tenant};

/// What the words may name.
#[derive(Debug, Clone, Copy)]
pub struct ExplainContext<'a> {
    /// The target app.
    pub app: &'a AppProfile,
    /// The address, where known.
    pub address: Option<&'a EmailAddress>,
    /// The mail domain, where known (also without an address).
    pub domain: Option<&'a Domain>,
    /// The organisation at Microsoft, where known.
    pub tenant: Option<&'a Tenant>,
    /// Where messages to IT go.
    pub helpdesk: Option<&'a str>,
    /// Sign-in host in place of the cloud's own.
    pub login: Option<&'a str>,
    /// Today.
    pub today: jiff::civil::Date,
}

/// Puts a finding into words of a language.
#[must_use]
pub fn explain(finding: &Finding, _context: &ExplainContext<'_>, language: Language) -> Explanation {
    Explanation {
        language,
        title: finding.cause.meaning().to_owned(),
        what_happened: String::new(),
        why: String::new(),
        who: String::new(),
        you_can_do: Vec::new(),
        fixer_steps: Vec::new(),
        how_to_tell: String::new(),
        links: Vec::new(),
        message: None,
        dated: Vec::new(),
    }
}
