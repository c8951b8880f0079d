//! Judges observations: pure, so that an old examination can be judged again.

use inbox_model::{Account, AppProfile, Diagnosis, Discovery, EmailAddress, Observation, Verdict};

/// What is known beside the observations.
#[derive(Debug, Clone, Copy)]
pub struct DiagnosisContext<'a> {
    /// The address that was asked.
    pub address: Option<&'a EmailAddress>,
    /// The target app.
    pub app: &'a AppProfile,
    /// What was found without sign-in.
    pub discovery: Option<&'a Discovery>,
    /// Who signed in.
    pub account: Option<&'a Account>,
    /// Today.
    pub today: jiff::civil::Date,
}

/// Judges.
#[must_use]
pub fn diagnose(_observations: &[Observation], _context: &DiagnosisContext<'_>) -> Diagnosis {
    Diagnosis { verdict: Verdict::Inconclusive, findings: Vec::new(), suppressed: Vec::new() }
}
