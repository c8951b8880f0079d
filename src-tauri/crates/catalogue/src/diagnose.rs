//! Judges observations: pure, so that an old examination can be judged again.
//!
//! What is claimed here, in this order: what the address alone tells (`place`), who signed in (`identity`), consent
//! (`consent`), the mailbox (`mailbox`). Every failure that none of them claims goes through the general ladder
//! (`ladder`): a code row, a rule of `data/rules/diagnose.toml`, a text, else `unknown` with the evidence. At the end
//! findings of one cause are merged, consequences are suppressed with the reason, and the rest is put in the order of
//! action (`settle`). The names that observations carry are written down in `docs/observations.md`.

mod consent;
mod identity;
mod ladder;
mod mailbox;
mod network;
mod place;
mod rules;
mod settle;
mod verdict;
mod view;

use inbox_model::{Account, AppProfile, Diagnosis, Discovery, EmailAddress, Observation};
use view::View;

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

/// Judges. The same observations and context always give the same diagnosis; no list of observations makes it fail.
#[must_use]
pub fn diagnose(observations: &[Observation], context: &DiagnosisContext<'_>) -> Diagnosis {
    let view = View::new(observations, context);
    let mut bench = view::Bench::default();
    network::judge(&view, &mut bench);
    place::judge(&view, &mut bench);
    identity::judge(&view, &mut bench);
    consent::judge(&view, &mut bench);
    mailbox::judge(&view, &mut bench);
    ladder::judge(&view, &mut bench);
    let (findings, suppressed) = settle::settle(bench.findings, &view);
    let verdict = verdict::verdict(&findings, &view);
    Diagnosis { verdict, findings, suppressed }
}

#[cfg(test)]
mod tests;
