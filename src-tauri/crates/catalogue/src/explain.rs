//! Puts a finding into words.

mod fill;
mod mail;
mod page;
mod parameters;

use inbox_model::{
    AppProfile, Cause, Domain, EmailAddress, Explanation, Finding, Fixer, Language, Link, Message, StepText, Tenant,
};

use crate::links::{self, LinkValues};
use crate::text::{CauseText, StepWords, cause_text};
use fill::fill;
pub use mail::{MAILTO_LIMIT, eml, mailto_url, mailto_url_short};
pub use page::cause_page;
use parameters::{Parameters, Voice};

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
pub fn explain(finding: &Finding, context: &ExplainContext<'_>, language: Language) -> Explanation {
    let Some(words) = words_for(finding, language) else {
        return without_words(finding.cause, language);
    };
    let parameters = Parameters::new(finding, context, language, Voice::Window);
    let say = |text: &str| fill(text, &parameters);
    let you_can_do = steps(&words.you_can_do, finding, context, language, &parameters);
    let fixer_steps = steps(&words.fixer_steps, finding, context, language, &parameters);
    let links = all_links(&words, &you_can_do, &fixer_steps, finding, context, language);
    Explanation {
        language,
        title: say(&words.title),
        what_happened: say(&words.what_happened),
        why: say(&words.why),
        who: say(&words.who),
        how_to_tell: say(&words.how_to_tell),
        dated: words.dated.iter().filter(|dated| dated.holds_on(context.today)).map(|dated| say(&dated.text)).collect(),
        message: write_message(&words, finding, context, language),
        you_can_do,
        fixer_steps,
        links,
    }
}

/// The message to whoever can mend the finding, in a language of its own: the administrator's may differ from the
/// window's. `None` where the person mends it, or nobody has to.
#[must_use]
pub fn message(finding: &Finding, context: &ExplainContext<'_>, language: Language) -> Option<Message> {
    write_message(&words_for(finding, language)?, finding, context, language)
}

/// Who can mend the finding: whoever the finding names, or whoever the words of its narrower case name. The window's mark
/// and the words then say the same.
#[must_use]
pub fn fixer(finding: &Finding) -> Fixer {
    if finding.fixer != finding.cause.fixer() {
        return finding.fixer;
    }
    cause_text(finding.cause, Language::En)
        .and_then(|words| words.narrow(case(finding, words)?, Language::En)?.fixer)
        .unwrap_or(finding.fixer)
}

fn words_for(finding: &Finding, language: Language) -> Option<CauseText> {
    let words = cause_text(finding.cause, language)?;
    Some(words.of_variant(case(finding, words), language))
}

/// Which narrower case the finding is. A refusal that Inbox Doctor's own registration met comes first: whatever else is
/// known about it, the target app was not asked.
fn case<'a>(finding: &'a Finding, words: &CauseText) -> Option<&'a str> {
    let own = met_by_own_registration(finding);
    if own && words.variant.contains_key(OWN_REGISTRATION) {
        return Some(OWN_REGISTRATION);
    }
    let by_vendor =
        |name: &&str| words.narrow(name, Language::En).is_some_and(|case| case.fixer == Some(Fixer::Vendor));
    // What Inbox Doctor's own request was refused for is no matter of the target app's vendor.
    let given = finding.variant.as_deref().filter(|name| !own || !by_vendor(name));
    if given.is_some() || finding.cause != Cause::Unknown {
        return given;
    }
    match (finding.codes.is_empty(), finding.evidence.is_empty()) {
        (false, _) => Some("unknown-code"),
        (true, true) => Some("nothing-found"),
        (true, false) => None,
    }
}

fn met_by_own_registration(finding: &Finding) -> bool {
    finding.parameters.get("met_by").is_some_and(|who| who == "inbox-doctor")
}

/// The narrower case for a refusal that was seen on Inbox Doctor's own sign-in.
const OWN_REGISTRATION: &str = "own-registration";

fn write_message(
    words: &CauseText,
    finding: &Finding,
    context: &ExplainContext<'_>,
    language: Language,
) -> Option<Message> {
    let message = words.message.as_ref()?;
    let parameters = Parameters::new(finding, context, language, Voice::Message);
    // The vendor's support does not sit at the organisation's helpdesk.
    let to = context.helpdesk.filter(|_| fixer(finding) != Fixer::Vendor).map(ToOwned::to_owned);
    Some(Message { language, to, subject: fill(&message.subject, &parameters), body: fill(&message.body, &parameters) })
}

/// A step whose words are empty (a conditional step) is left out.
fn steps(
    words: &[StepWords],
    finding: &Finding,
    context: &ExplainContext<'_>,
    language: Language,
    parameters: &Parameters,
) -> Vec<StepText> {
    words
        .iter()
        .map(|step| StepText {
            text: fill(step.text(), parameters),
            link: step.link().and_then(|id| link(id, finding, context, language)),
        })
        .filter(|step| !step.text.is_empty())
        .collect()
}

fn link(id: &str, finding: &Finding, context: &ExplainContext<'_>, language: Language) -> Option<Link> {
    let code = aadsts_numbers(finding).next();
    let at_google =
        finding.parameters.get("provider").is_some_and(|name| name.contains("Google") || name.contains("Gmail"));
    links::build(id, context, LinkValues { code, object_id: object_id(finding), at_google }, language)
}

/// Links of the steps, then those of the cause, the look-up of each code, the vendor's article; each address once. The
/// consent address comes first wherever it is: it mends most.
fn all_links(
    words: &CauseText,
    you_can_do: &[StepText],
    fixer_steps: &[StepText],
    finding: &Finding,
    context: &ExplainContext<'_>,
    language: Language,
) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let of_steps = you_can_do.iter().chain(fixer_steps).filter_map(|step| step.link.clone());
    let of_cause = words.links.iter().filter_map(|id| link(id, finding, context, language));
    let of_codes = aadsts_numbers(finding).filter_map(|code| {
        links::build("aadsts-code", context, LinkValues { code: Some(code), ..LinkValues::default() }, language)
    });
    let of_vendor = links::build("vendor-troubleshoot", context, LinkValues::default(), language);
    for link in of_steps.chain(of_cause).chain(of_codes).chain(of_vendor) {
        if !links.iter().any(|other| other.url == link.url) {
            links.push(link);
        }
    }
    links.sort_by_key(|link| match link.kind.as_str() {
        "admin-consent" => 0,
        "admin-consent-full" => 1,
        _ => 2,
    });
    links
}

/// The numbers of the AADSTS codes, without their letters.
fn aadsts_numbers(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.codes.iter().filter_map(|code| {
        let number = code.get(..6).filter(|head| head.eq_ignore_ascii_case("AADSTS")).and_then(|_| code.get(6..))?;
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
    })
}

fn object_id(finding: &Finding) -> Option<&str> {
    finding.parameters.get("object_id").map(String::as_str).filter(|id| crate::consent::is_guid(id))
}

/// Cannot be met while the test holds that every cause has words; better than nothing for whoever adds a cause.
fn without_words(cause: Cause, language: Language) -> Explanation {
    Explanation {
        language,
        title: cause.meaning().to_owned(),
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

#[cfg(test)]
mod tests;
