//! Counts what was right and what was wrong.

use std::collections::BTreeMap;
use std::fmt::Write;

use inbox_catalogue::Recognition;
use inbox_model::{Cause, Confidence};
use serde::Deserialize;

/// A labelled text.
#[derive(Debug, Deserialize)]
pub struct Labelled {
    /// Its id.
    pub id: String,
    /// The text.
    pub text: String,
    /// The right cause.
    pub cause: String,
    /// Other causes that are a fair first answer.
    #[serde(default)]
    pub also: Vec<String>,
    /// Which set it belongs to.
    #[serde(default)]
    pub set: String,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    right: usize,
    all: usize,
}

/// The counts so far.
#[derive(Debug, Default)]
pub struct Score {
    total: Count,
    sets: BTreeMap<String, Count>,
    /// Findings that claimed to be certain.
    certain: Count,
    /// Texts labelled `unknown`; right where no cause was given.
    unknown: Count,
    confusion: BTreeMap<(String, &'static str), usize>,
    wrong: Vec<String>,
}

impl Score {
    /// Takes one answer in.
    pub fn add(&mut self, labelled: Labelled, recognition: &Recognition) {
        let first = recognition.findings.first();
        let given = first.map_or(Cause::Unknown, |finding| finding.cause);
        let right = given.id() == labelled.cause || labelled.also.iter().any(|cause| cause == given.id());
        self.total.note(right);
        self.sets.entry(labelled.set.clone()).or_default().note(right);
        if first.is_some_and(|finding| finding.confidence == Confidence::Certain) {
            self.certain.note(right);
        }
        if labelled.cause == Cause::Unknown.id() {
            self.unknown.note(given == Cause::Unknown || right);
        }
        if right {
            return;
        }
        *self.confusion.entry((labelled.cause.clone(), given.id())).or_default() += 1;
        let how = first.map_or_else(String::new, |finding| {
            let words: Vec<&str> = finding.places.iter().map(|place| place.words.as_str()).collect();
            format!("{:?} by {} {:?} from {words:?}", finding.confidence, finding.rules.join(","), finding.codes)
        });
        let text: String = labelled.text.chars().take(600).collect();
        self.wrong.push(format!(
            "{} [{}] is {}, got {} ({how})\n    {}",
            labelled.id,
            labelled.set,
            labelled.cause,
            given.id(),
            text.replace('\n', "\n    ")
        ));
    }

    /// The report; with the wrong ones in full on request.
    pub fn report(&self, wrong: bool) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "first finding right    {}", self.total);
        for (set, count) in &self.sets {
            let _ = writeln!(out, "  {set:<20} {count}");
        }
        let _ = writeln!(out, "certain and right      {}", self.certain);
        let _ = writeln!(out, "unknown left unknown   {}", self.unknown);
        let _ = writeln!(out, "confusion (label -> given):");
        for ((label, given), count) in &self.confusion {
            let _ = writeln!(out, "  {count:>3}  {label} -> {given}");
        }
        if wrong {
            for line in &self.wrong {
                let _ = writeln!(out, "\n{line}");
            }
        }
        out
    }
}

impl Count {
    fn note(&mut self, right: bool) {
        self.all += 1;
        self.right += usize::from(right);
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (right, all) = (self.right, self.all);
        #[allow(clippy::cast_precision_loss, reason = "counts are small")]
        let share = if all == 0 { 100.0 } else { 100.0 * right as f64 / all as f64 };
        write!(formatter, "{right}/{all} ({share:.1} %)")
    }
}

#[cfg(test)]
mod tests {
    use inbox_model::Finding;

    use super::*;

    fn answer(cause: Cause, confidence: Confidence) -> Recognition {
        Recognition {
            findings: vec![Finding::of(cause, confidence)],
            questions: Vec::new(),
            ids: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn labelled(cause: &str, also: &[&str]) -> Labelled {
        Labelled {
            id: "x".to_owned(),
            text: "some text".to_owned(),
            cause: cause.to_owned(),
            also: also.iter().map(|cause| (*cause).to_owned()).collect(),
            set: "own".to_owned(),
        }
    }

    #[test]
    fn right_wrong_and_certain_are_counted() {
        let mut score = Score::default();
        score.add(labelled("throttled", &[]), &answer(Cause::Throttled, Confidence::Certain));
        score.add(labelled("mailbox-full", &["send-refused"]), &answer(Cause::SendRefused, Confidence::Likely));
        score.add(labelled("unknown", &[]), &answer(Cause::NetworkDns, Confidence::Certain));
        let report = score.report(true);
        assert!(report.contains("first finding right    2/3"), "{report}");
        assert!(report.contains("certain and right      1/2"), "{report}");
        assert!(report.contains("unknown left unknown   0/1"), "{report}");
        assert!(report.contains("unknown -> network-dns"), "{report}");
    }
}
