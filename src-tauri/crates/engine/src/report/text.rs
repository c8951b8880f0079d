//! A report as plain text: the same words as the window, in one column.

use std::fmt::Write as _;

use inbox_catalogue::phrase;
use inbox_model::{
    Confidence, Examination, ExplainedFinding, Facts, Language, Outcome, RoadStanding, Severity, StepState, StepText,
};

/// The whole examination as text: the answer, then everything that was tried.
#[must_use]
pub fn to_text(examination: &Examination) -> String {
    let mut out = answer(examination);
    line(&mut out, "");
    evidence(&mut out, examination);
    out
}

/// The answer alone: steps and findings.
#[must_use]
pub fn answer(examination: &Examination) -> String {
    let language = examination.language;
    let mut out = String::new();
    line(&mut out, &phrase(language, "report.title", &[]));
    line(&mut out, &format!("{} → {}", examination.address, examination.app.name));
    line(&mut out, &format!("{}  ·  Inbox Doctor {}", examination.finished, examination.program));
    line(&mut out, "");
    steps(&mut out, examination);
    line(&mut out, "");
    for (number, finding) in examination.findings.iter().enumerate() {
        if number > 0 {
            line(&mut out, "");
            line(&mut out, &"─".repeat(40));
            line(&mut out, "");
        }
        let small = finding.finding.severity == Severity::Note || finding.finding.confidence == Confidence::Possible;
        if number > 0 && small {
            brief(&mut out, finding, language);
        } else {
            self::finding(&mut out, finding, language);
        }
    }
    if examination.findings.is_empty() {
        line(&mut out, &phrase(language, verdict_key(examination), &[("app", &examination.app.name)]));
    }
    roads(&mut out, examination);
    out
}

/// The roads for the target app, with the values to copy.
fn roads(out: &mut String, examination: &Examination) {
    if examination.roads.is_empty() {
        return;
    }
    heading(out, &phrase(examination.language, "report.roads", &[("app", &examination.app.name)]));
    for road in &examination.roads {
        line(out, &format!("{} {}", road_mark(road.standing), road.title));
        for value in &road.values {
            line(out, &format!("    {}: {}", value.label, value.value));
        }
        for remark in &road.remarks {
            let source = if remark.source.is_empty() { String::new() } else { format!(" ({})", remark.source) };
            line(out, &format!("    {}{source}", remark.text));
        }
    }
}

/// A shape for each standing of a road.
pub(super) fn road_mark(standing: RoadStanding) -> &'static str {
    match standing {
        RoadStanding::Take => "✓",
        RoadStanding::Possible => "○",
        RoadStanding::NotChecked => "–",
        RoadStanding::Closed => "✗",
    }
}

/// Key of the sentence for a verdict.
pub(crate) fn verdict_key(examination: &Examination) -> &'static str {
    match examination.verdict {
        inbox_model::Verdict::Works => "verdict.works",
        inbox_model::Verdict::Limited => "verdict.limited",
        inbox_model::Verdict::Blocked => "verdict.blocked",
        inbox_model::Verdict::Inconclusive => "verdict.inconclusive",
    }
}

/// The seven steps, one a line.
pub(crate) fn steps(out: &mut String, examination: &Examination) {
    for step in &examination.steps {
        let name = phrase(examination.language, &format!("step.{}", name_of(&step.step)), &[]);
        let standing = standing(step.state, step.note.as_deref(), examination.language);
        line(out, &format!("{} {name} — {standing}", mark(step.state)));
    }
}

/// How a step stands, in words. The note of a step that was not checked says so itself.
#[must_use]
pub fn standing(state: StepState, note: Option<&str>, language: Language) -> String {
    let words = phrase(language, &format!("state.{}", name_of(&state)), &[]);
    match note {
        Some(note) if state == StepState::NotChecked => note.to_owned(),
        Some(note) => format!("{words}: {note}"),
        None => words,
    }
}

/// A finding beside the first one that needs less room: a mere note, or one of several explanations.
fn brief(out: &mut String, finding: &ExplainedFinding, language: Language) {
    let words = &finding.explanation;
    line(out, &words.title);
    line(out, &words.who);
    line(out, "");
    line(out, &words.what_happened);
    list(out, &phrase(language, "report.you-can-do", &[]), &words.you_can_do);
    line(out, "");
    line(out, &technical(finding));
}

fn technical(finding: &ExplainedFinding) -> String {
    let mut text = format!("cause: {}   confidence: {}", finding.finding.cause, name_of(&finding.finding.confidence));
    if !finding.finding.codes.is_empty() {
        let _ = write!(text, "   codes: {}", finding.finding.codes.join(", "));
    }
    if !finding.finding.evidence.is_empty() {
        let _ = write!(text, "   evidence: {}", finding.finding.evidence.join(", "));
    }
    text
}

/// One finding: answer first, then why, then steps, links, message.
pub fn finding(out: &mut String, finding: &ExplainedFinding, language: Language) {
    let words = &finding.explanation;
    line(out, &words.title);
    for text in [&words.who, &words.what_happened, &words.why] {
        if !text.is_empty() {
            line(out, "");
            line(out, text);
        }
    }
    list(out, &phrase(language, "report.you-can-do", &[]), &words.you_can_do);
    list(out, &phrase(language, "report.fixer-steps", &[]), &words.fixer_steps);
    if !words.how_to_tell.is_empty() {
        heading(out, &phrase(language, "report.how-to-tell", &[]));
        line(out, &words.how_to_tell);
    }
    for dated in &words.dated {
        line(out, "");
        line(out, dated);
    }
    if !words.links.is_empty() {
        heading(out, &phrase(language, "report.links", &[]));
        for link in &words.links {
            line(out, &format!("- {}: {}", link.label, link.url));
        }
    }
    if let Some(message) = &words.message {
        heading(out, &phrase(language, "report.message", &[]));
        line(out, &format!("{} {}", phrase(language, "report.subject", &[]), message.subject));
        line(out, "");
        line(out, message.body.trim_end());
    }
    heading(out, &phrase(language, "report.technical", &[]));
    line(out, &technical(finding));
}

fn evidence(out: &mut String, examination: &Examination) {
    heading(out, &phrase(examination.language, "report.evidence", &[]));
    for observation in &examination.observations {
        let outcome = match &observation.outcome {
            Outcome::Passed { facts } => format!("passed {}", offered(facts)),
            Outcome::Skipped { because } => format!("skipped ({})", name_of(because)),
            Outcome::Failed { failure } => {
                let codes: Vec<&str> = failure.codes.iter().map(|code| code.value.as_str()).collect();
                let status = failure.status.map(|status| format!(" {status}")).unwrap_or_default();
                let ids: Vec<String> = failure.ids.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("failed ({}{status}) {} {}", name_of(&failure.kind), codes.join(" "), ids.join(" "))
            }
        };
        line(
            out,
            &format!(
                "{:<4} {} {:>6} ms  {:<22} {}  {}",
                observation.id,
                observation.started,
                observation.took_ms,
                observation.probe,
                observation.target,
                outcome.trim_end()
            ),
        );
        for words in &observation.said {
            line(out, &format!("       {words}"));
        }
    }
    if let Some(discovery) = &examination.discovery {
        for item in &discovery.evidence {
            let points = item.points_to.as_deref().map(|host| format!(" → {host}")).unwrap_or_default();
            line(out, &format!("{:<22} {} = {}{points}", name_of(&item.kind), item.asked, item.answer));
        }
    }
}

/// What a mail server offers, for copying into an app; empty for every other observation.
pub(super) fn offered(facts: &Facts) -> String {
    let text = |name: &str| facts.get(name).and_then(serde_json::Value::as_str);
    let Some(security) = text("security") else { return String::new() };
    let names = facts.get("mechanisms").and_then(serde_json::Value::as_array);
    let names: Vec<&str> = names.into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
    format!("({security}; {}; {})", text("source").unwrap_or_default(), names.join(" "))
}

fn list(out: &mut String, title: &str, steps: &[StepText]) {
    if steps.is_empty() {
        return;
    }
    heading(out, title);
    for (number, step) in steps.iter().enumerate() {
        line(out, &format!("{}. {}", number + 1, step.text));
        if let Some(link) = &step.link {
            line(out, &format!("   {}: {}", link.label, link.url));
        }
    }
}

fn heading(out: &mut String, title: &str) {
    line(out, "");
    line(out, title);
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// A shape for each state, so that nothing is told by colour alone.
#[must_use]
pub fn mark(state: StepState) -> &'static str {
    match state {
        StepState::Fine => "✓",
        StepState::Problem => "✗",
        StepState::Running => "…",
        StepState::Waiting | StepState::NotChecked => "–",
    }
}

/// The public name of an enum value.
#[must_use]
pub fn name_of<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
