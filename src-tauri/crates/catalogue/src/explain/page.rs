//! The documentation page of a cause, made from the same words that the program shows.

use inbox_model::{Cause, Confidence, EmailAddress, Finding, Fixer, Language};
use jiff::civil::Date;

use super::{ExplainContext, explain};
use crate::text::{CauseText, DatedWords, cause_text};

/// `docs/causes/<cause>.md`: the words in both languages, as they read for HubSpot and `ana@contoso.example`.
#[must_use]
pub fn cause_page(cause: Cause) -> String {
    let mut page = format!("# {cause}\n\n{}\n", cause.meaning());
    page.push_str(&format!("\nMended by: {}\n", fixer_name(cause.fixer())));
    page.push_str("\n<!-- Made from data/text by `UPDATE_DOCS=1 cargo test -p inbox-catalogue`; edit the data, not this page. -->\n");
    for language in Language::ALL {
        page.push_str(&in_language(cause, *language));
    }
    page
}

fn in_language(cause: Cause, language: Language) -> String {
    let (Some(app), Some(words)) = (crate::builtin_app("hubspot"), cause_text(cause, language)) else {
        return String::new();
    };
    let address = EmailAddress::parse("ana@contoso.example").ok();
    let today = crate::CATALOGUE_DATE.parse().unwrap_or(Date::ZERO);
    let context = ExplainContext {
        app,
        address: address.as_ref(),
        domain: None,
        tenant: None,
        helpdesk: None,
        login: None,
        today,
    };
    let labels = Labels::of(language);
    let mut page = format!("\n## {}\n\n", labels.language);
    page.push_str(&explanation(&Finding::of(cause, Confidence::Certain), &context, language, 3));
    for name in words.variant.keys() {
        let mut finding = Finding::of(cause, Confidence::Certain);
        finding.variant = Some(name.clone());
        page.push_str(&format!("### {} `{name}`\n\n", labels.variant));
        page.push_str(&explanation(&finding, &context, language, 4));
    }
    page.push_str(&codes(cause, &context, language));
    page.push_str(&dated(words, language));
    page
}

/// The codes of Microsoft Entra that have words of their own in place of the cause's, each in a line.
fn codes(cause: Cause, context: &ExplainContext<'_>, language: Language) -> String {
    let labels = Labels::of(language);
    let plain = Finding::of(cause, Confidence::Certain);
    let usual = explain(&plain, context, language);
    let mut lines = String::new();
    for row in crate::codes::entra_codes().iter().filter(|row| row.cause == cause) {
        let Some(variant) = row.variant.filter(|name| name.starts_with("aadsts-")) else { continue };
        let finding = Finding { variant: Some(variant.to_owned()), ..plain.clone() };
        let words = explain(&finding, context, language);
        let title = if words.title == usual.title { String::new() } else { format!(" **{}**", words.title) };
        let by = match super::fixer(&finding) {
            other if other != cause.fixer() => format!(" {}", words.who),
            _ => String::new(),
        };
        lines.push_str(&format!("- `AADSTS{}`:{title} {}{by}\n", row.number, words.what_happened));
    }
    if lines.is_empty() { lines } else { format!("### {}\n\n{lines}\n", labels.codes) }
}

fn explanation(finding: &Finding, context: &ExplainContext<'_>, language: Language, level: usize) -> String {
    let words = explain(finding, context, language);
    let labels = Labels::of(language);
    let mark = "#".repeat(level);
    let mut page = format!("**{}**\n\n{}\n\n{}\n\n{}\n\n", words.title, words.what_happened, words.why, words.who);
    for (heading, steps) in [(labels.you, &words.you_can_do), (labels.fixer, &words.fixer_steps)] {
        if steps.is_empty() {
            continue;
        }
        page.push_str(&format!("{mark} {heading}\n\n"));
        for (number, step) in steps.iter().enumerate() {
            let link = step.link.as_ref().map(|link| format!(" [{}]({})", link.label, link.url)).unwrap_or_default();
            page.push_str(&format!("{}. {}{link}\n", number + 1, step.text));
        }
        page.push('\n');
    }
    page.push_str(&format!("{mark} {}\n\n{}\n\n", labels.tell, words.how_to_tell));
    if !words.links.is_empty() {
        page.push_str(&format!("{mark} {}\n\n", labels.links));
        for link in &words.links {
            page.push_str(&format!("- [{}]({})\n", link.label, link.url));
        }
        page.push('\n');
    }
    if let Some(message) = &words.message {
        page.push_str(&format!(
            "{mark} {}\n\n```text\n{}\n\n{}\n```\n\n",
            labels.message, message.subject, message.body
        ));
    }
    page
}

/// Every statement with its days and its source, whether it holds today or not.
fn dated(words: &CauseText, language: Language) -> String {
    let labels = Labels::of(language);
    let own = words.variant.keys().map(|name| words.of_variant(Some(name), language)).flat_map(|words| words.dated);
    let mut rows: Vec<DatedWords> = words.dated.clone();
    for row in own {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let mut page = format!("### {}\n\n", labels.dated);
    for row in rows {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        page.push_str(&format!(
            "- {} – {}: {} (<{}>, {} {})\n",
            day(row.valid_from),
            day(row.valid_to),
            row.text,
            row.source,
            labels.checked,
            row.checked_on
        ));
    }
    page
}

fn fixer_name(fixer: Fixer) -> &'static str {
    match fixer {
        Fixer::You => "the person themselves",
        Fixer::Admin => "an administrator of the organisation",
        Fixer::Vendor => "the vendor of the app",
        Fixer::Wait => "time",
        Fixer::Network => "whoever runs the network",
        Fixer::Nobody => "not known",
    }
}

/// Headings of the page. They belong to the documentation, not to the program's own words.
struct Labels {
    language: &'static str,
    variant: &'static str,
    you: &'static str,
    fixer: &'static str,
    tell: &'static str,
    links: &'static str,
    message: &'static str,
    codes: &'static str,
    dated: &'static str,
    checked: &'static str,
}

impl Labels {
    fn of(language: Language) -> Self {
        match language {
            Language::En => Labels {
                language: "English",
                variant: "Narrower case",
                you: "What you can do",
                fixer: "What whoever mends it does",
                tell: "How to tell that it worked",
                links: "Links",
                message: "Message",
                codes: "Codes with words of their own",
                dated: "Statements with a date",
                checked: "checked on",
            },
            Language::Ja => Labels {
                language: "日本語",
                variant: "個別のケース",
                you: "ご自身でできること",
                fixer: "対応する方が行うこと",
                tell: "解決したかどうかの確認",
                links: "リンク",
                message: "送信用メッセージ",
                codes: "個別の文章があるコード",
                dated: "期間のある情報",
                checked: "確認日",
            },
        }
    }
}
