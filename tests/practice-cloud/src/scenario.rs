//! The accounts: one per cause and provider, and what each is for.

mod table;

use serde::Serialize;

pub(crate) use table::ALL;

/// Who keeps the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// Microsoft.
    Microsoft,
    /// Google.
    Google,
    /// Somebody else: only discovery has something to say.
    Other,
}

/// How the browser ends under a live session (`--sso`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It comes back to the app by itself.
    Returns,
    /// It stands at this page; the words or the code on it where the page is an error page.
    Page(&'static str, &'static str),
    /// No browser is opened at all: it fails before.
    NoBrowser,
}

/// An account.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) address: &'static str,
    /// A cause of `causes.tsv`, or `works`.
    pub(crate) cause: &'static str,
    pub(crate) provider: Provider,
    pub(crate) title: &'static str,
    pub(crate) ending: Ending,
    /// Only the write test can show it.
    pub(crate) write_test: bool,
}

impl Scenario {
    /// The part before the `@`: tells scenarios of one cause apart.
    pub(crate) fn local(&self) -> &'static str {
        self.address.split('@').next().unwrap_or_default()
    }

    /// The part after the `@`.
    pub(crate) fn domain(&self) -> &'static str {
        self.address.rsplit('@').next().unwrap_or_default()
    }

    /// What is added to the provider's clock, in seconds: as seen from a computer whose own clock is seven hours late.
    pub(crate) fn clock_offset(&self) -> i64 {
        if self.cause == "clock-wrong" { 7 * 3600 } else { 0 }
    }
}

/// The account with an address, at a provider.
pub(crate) fn find(address: &str, provider: Provider) -> Option<&'static Scenario> {
    let address = address.trim();
    ALL.iter().find(|scenario| scenario.provider == provider && scenario.address.eq_ignore_ascii_case(address))
}

/// A scenario, as `--list` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedScenario {
    /// The address to check.
    pub address: String,
    /// The cause that it plays: a row of `causes.tsv`, or `works` for a healthy account.
    pub cause: String,
    /// Who keeps the account.
    pub provider: Provider,
    /// What is the matter, for a person who rehearses it.
    pub title: String,
    /// Whether the browser comes back to the app by itself when it has a live session (`--sso`).
    pub returns: bool,
    /// Where it does not come back: the id of the page that a person then sees (`data-page` of its body). `null` too
    /// where the check fails before any browser is opened.
    pub page: Option<String>,
    /// Words or code on that page, where it is an error page.
    pub page_text: Option<String>,
    /// Only the write test (`--write-test`) can show this cause.
    pub write_test: bool,
}

/// All scenarios.
pub(crate) fn listed() -> Vec<ListedScenario> {
    ALL.iter()
        .map(|scenario| {
            let (returns, page, text) = match scenario.ending {
                Ending::Returns => (true, None, None),
                Ending::Page(page, text) => (false, Some(page), (!text.is_empty()).then_some(text)),
                Ending::NoBrowser => (false, None, None),
            };
            ListedScenario {
                address: scenario.address.to_owned(),
                cause: scenario.cause.to_owned(),
                provider: scenario.provider,
                title: scenario.title.to_owned(),
                returns,
                page: page.map(str::to_owned),
                page_text: text.map(str::to_owned),
                write_test: scenario.write_test,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_address_is_there_once() {
        let addresses: BTreeSet<_> = ALL.iter().map(|scenario| scenario.address).collect();
        assert_eq!(addresses.len(), ALL.len());
    }

    #[test]
    fn every_cause_is_one_of_the_catalogue() {
        let causes = include_str!("../../../src-tauri/crates/catalogue/data/causes.tsv");
        let known: BTreeSet<_> = causes.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
        for scenario in ALL {
            assert!(scenario.cause == "works" || known.contains(scenario.cause), "{}", scenario.address);
        }
    }
}
