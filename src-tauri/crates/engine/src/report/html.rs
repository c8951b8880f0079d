//! A report as one web page without scripts or outside parts; prints to paper and PDF.

use inbox_catalogue::phrase;
use inbox_model::{Examination, ExplainedFinding, Language, Outcome, StepText};

use super::Branding;
use super::text::{mark, name_of, offered, road_mark, standing, verdict_key};

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:light-dark(#0e6e6b,#63cdc4);--quiet:light-dark(#505c6a,#a8b4c1)}\
*{box-sizing:border-box}body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}\
:lang(ja){font-family:'Hiragino Sans','Yu Gothic UI','BIZ UDPGothic',Meiryo,'Noto Sans CJK JP',system-ui,sans-serif;line-height:1.75;line-break:strict;word-break:auto-phrase}\
h1{font-size:1.1rem;margin:0;color:var(--accent)}h1+p{font-size:1.1rem;font-weight:600;margin:.25rem 0 0}.meta{margin:.25rem 0 0;color:var(--quiet);font-size:.85rem}\
h2{font-size:1.5rem;line-height:1.3;margin:2.5rem 0 .5rem;padding-top:1.5rem;border-top:3px solid var(--accent)}h3{font-size:1rem;margin:1.5rem 0 .25rem}\
.logo{display:block;max-height:4rem;max-width:16rem}.helpdesk{padding:.5rem 1rem;border-inline-start:3px solid var(--accent);background:var(--soft)}\
ul.steps{list-style:none;padding:.75rem 1rem;margin:1.5rem 0;border:1px solid var(--line);border-radius:10px}.steps li{padding:.15rem 0}\
.who{display:inline-block;margin:.25rem 0 .5rem;padding:.2rem .9rem;border:1px solid var(--accent);border-radius:1rem;font-weight:600}\
a{color:var(--accent)}ol,ul{padding-inline-start:1.5rem}li{padding:.1rem 0}\
pre{white-space:pre-wrap;background:var(--soft);border:1px solid var(--line);border-radius:10px;padding:1rem;font:inherit}\
table{border-collapse:collapse;width:100%;font-size:.75rem;line-height:1.4}th{color:var(--quiet);font-weight:600}\
th,td{border-bottom:1px solid var(--line);text-align:start;padding:.35rem .5rem .35rem 0;vertical-align:top}\
thead~tbody td:nth-child(-n+4){overflow-wrap:normal}thead~tbody td:nth-child(-n+3){white-space:nowrap;font-variant-numeric:tabular-nums}\
td:nth-child(n+5){min-width:11em}thead~tbody td[colspan]{white-space:pre-wrap;overflow-wrap:anywhere}\
@page{margin:16mm 14mm}\
@media print{:root{color-scheme:light;--accent:#0e6e6b;--quiet:#505c6a}body{margin:0;padding:0;max-width:none;font-size:10.5pt;color:#000;background:#fff}\
h2{font-size:15pt}a{color:#000}a::after{content:' (' attr(href) ')';font-size:.8em}\
h2,h3{break-after:avoid}tr,li,.who,.helpdesk{break-inside:avoid}thead{display:table-header-group}p,li{orphans:3;widows:3}}";

/// The whole examination as a page.
#[must_use]
pub fn to_html(examination: &Examination) -> String {
    page(examination, &Branding::default())
}

/// The page with an organisation's marks at its head.
pub(super) fn page(examination: &Examination, branding: &Branding) -> String {
    let language = examination.language;
    let title = phrase(language, "report.title", &[]);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'{}\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head>\n<body>\n",
        language.tag(),
        if branding.logo.is_some() { "; img-src data:" } else { "" },
        escape(&title)
    );
    page += &format!(
        "<h1>{}</h1>\n<p>{} → {}</p>\n<p class=\"meta\">{} · Inbox Doctor {}</p>\n",
        escape(&title),
        escape(&examination.address),
        escape(&examination.app.name),
        escape(&examination.finished),
        escape(&examination.program)
    );
    page += &head(branding, language);
    page += "<ul class=\"steps\">\n";
    for step in &examination.steps {
        let name = phrase(language, &format!("step.{}", name_of(&step.step)), &[]);
        let standing = standing(step.state, step.note.as_deref(), language);
        page += &format!("<li>{} {} — {}</li>\n", mark(step.state), escape(&name), escape(&standing));
    }
    page += "</ul>\n";
    if examination.findings.is_empty() {
        let sentence = phrase(language, verdict_key(examination), &[("app", &examination.app.name)]);
        page += &format!("<h2>{}</h2>\n", escape(&sentence));
    }
    for finding in &examination.findings {
        page += &section(finding, language);
    }
    page += &roads(examination);
    page += &evidence(examination);
    page += "</body>\n</html>\n";
    page
}

/// Logo and helpdesk.
fn head(branding: &Branding, language: Language) -> String {
    let mut out = String::new();
    if let Some(logo) = &branding.logo {
        out += &format!("<p><img class=\"logo\" alt=\"\" src=\"{}\"></p>\n", escape(logo));
    }
    if let Some(helpdesk) = &branding.helpdesk {
        out += &format!("<p class=\"helpdesk\">{}</p>\n", escape(&helpdesk.line(language)));
    }
    out
}

/// The roads for the target app, with the values to copy.
fn roads(examination: &Examination) -> String {
    if examination.roads.is_empty() {
        return String::new();
    }
    let title = phrase(examination.language, "report.roads", &[("app", &examination.app.name)]);
    let mut out = format!("<h2>{}</h2>\n", escape(&title));
    for road in &examination.roads {
        out += &format!("<h3>{} {}</h3>\n", road_mark(road.standing), escape(&road.title));
        if !road.values.is_empty() {
            out += "<table><tbody>\n";
            for value in &road.values {
                out += &format!("<tr><th>{}</th><td>{}</td></tr>\n", escape(&value.label), escape(&value.value));
            }
            out += "</tbody></table>\n";
        }
        for remark in &road.remarks {
            let source = if remark.source.is_empty() {
                String::new()
            } else {
                format!(" {}", anchor(&remark.source, &remark.source))
            };
            out += &format!("<p>{}{source}</p>\n", escape(&remark.text));
        }
    }
    out
}

fn section(finding: &ExplainedFinding, language: Language) -> String {
    let words = &finding.explanation;
    let mut out = format!("<h2>{}</h2>\n<p class=\"who\">{}</p>\n", escape(&words.title), escape(&words.who));
    for text in [&words.what_happened, &words.why] {
        if !text.is_empty() {
            out += &format!("<p>{}</p>\n", escape(text));
        }
    }
    out += &list(&phrase(language, "report.you-can-do", &[]), &words.you_can_do);
    out += &list(&phrase(language, "report.fixer-steps", &[]), &words.fixer_steps);
    if !words.how_to_tell.is_empty() {
        let title = phrase(language, "report.how-to-tell", &[]);
        out += &format!("<h3>{}</h3>\n<p>{}</p>\n", escape(&title), escape(&words.how_to_tell));
    }
    for dated in &words.dated {
        out += &format!("<p>{}</p>\n", escape(dated));
    }
    if !words.links.is_empty() {
        out += &format!("<h3>{}</h3>\n<ul>\n", escape(&phrase(language, "report.links", &[])));
        for link in &words.links {
            out += &format!("<li>{}</li>\n", anchor(&link.url, &link.label));
        }
        out += "</ul>\n";
    }
    if let Some(message) = &words.message {
        out += &format!(
            "<h3>{}</h3>\n<p>{} {}</p>\n<pre lang=\"{}\">{}</pre>\n",
            escape(&phrase(language, "report.message", &[])),
            escape(&phrase(language, "report.subject", &[])),
            escape(&message.subject),
            message.language.tag(),
            escape(message.body.trim_end())
        );
    }
    let codes = finding.finding.codes.join(", ");
    out += &format!(
        "<p class=\"meta\">{} · {} {}</p>\n",
        finding.finding.cause,
        name_of(&finding.finding.confidence),
        escape(&codes)
    );
    out
}

fn list(title: &str, steps: &[StepText]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let mut out = format!("<h3>{}</h3>\n<ol>\n", escape(title));
    for step in steps {
        let link = step.link.as_ref().map(|link| format!(" {}", anchor(&link.url, &link.label))).unwrap_or_default();
        out += &format!("<li>{}{link}</li>\n", escape(&step.text));
    }
    out + "</ol>\n"
}

fn evidence(examination: &Examination) -> String {
    let mut out = format!(
        "<h3>{}</h3>\n<table><thead><tr><th>#</th><th>UTC</th><th>ms</th><th>probe</th><th>target</th><th>outcome</th></tr></thead><tbody>\n",
        escape(&phrase(examination.language, "report.evidence", &[]))
    );
    for observation in &examination.observations {
        let outcome = match &observation.outcome {
            Outcome::Passed { facts } => format!("passed {}", offered(facts)).trim_end().to_owned(),
            Outcome::Skipped { because } => format!("skipped: {}", name_of(because)),
            Outcome::Failed { failure } => {
                let mut parts = vec![format!("failed: {}", name_of(&failure.kind))];
                parts.extend(failure.status.map(|status| status.to_string()));
                parts.extend(failure.codes.iter().map(|code| code.value.clone()));
                parts.extend(failure.ids.iter().map(|(name, value)| format!("{name}={value}")));
                parts.push(failure.detail.clone());
                parts.join(" ")
            }
        };
        out += &format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(&observation.id),
            escape(&observation.started),
            observation.took_ms,
            escape(&observation.probe),
            escape(&observation.target),
            escape(outcome.trim_end())
        );
        if !observation.said.is_empty() {
            let words = escape(&observation.said.join("\n")).replace('\n', "<br>");
            out += &format!("<tr><td></td><td colspan=\"5\">{words}</td></tr>\n");
        }
    }
    if let Some(discovery) = &examination.discovery {
        for item in &discovery.evidence {
            let points = item.points_to.as_deref().map(|host| format!(" → {host}")).unwrap_or_default();
            out += &format!(
                "<tr><td></td><td></td><td></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                name_of(&item.kind),
                escape(&item.asked),
                escape(&(item.answer.clone() + &points))
            );
        }
    }
    out + "</tbody></table>\n"
}

/// A link, only where it is https: anything else shows as text.
fn anchor(url: &str, label: &str) -> String {
    if url.starts_with("https://") {
        format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(url), escape(label))
    } else {
        format!("{}: {}", escape(label), escape(url))
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
