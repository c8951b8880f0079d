//! What a person answers to the questions of an explained text, and what that settles.

use inbox_model::Cause;

use crate::engine::ExplainedText;

/// An answer that fits no open question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no question has the answer `{given}`; open: {open}")]
pub struct NoSuchAnswer {
    /// As given.
    pub given: String,
    /// The answers that would fit, as `question=answer`, in the order of the questions; `-` where nothing is asked.
    pub open: String,
}

impl ExplainedText {
    /// Takes an answer: the finding that it settles goes first, and the question is no longer asked. `given` is
    /// `question=answer`, or the answer alone.
    ///
    /// # Errors
    /// When no open question has that answer.
    pub fn answer(&mut self, given: &str) -> Result<(), NoSuchAnswer> {
        let (wanted, answer) = given.split_once('=').map_or((None, given), |(id, answer)| (Some(id), answer));
        let found = self.questions.iter().enumerate().find_map(|(at, question)| {
            if wanted.is_some_and(|id| id != question.id) {
                return None;
            }
            let chosen = question.answers.iter().find(|choice| choice.id == answer)?;
            Some((at, chosen.finding.clone()))
        });
        let Some((at, settled)) = found else {
            return Err(NoSuchAnswer { given: given.to_owned(), open: self.open_answers() });
        };
        self.questions.remove(at);
        let cause = settled.finding.cause;
        self.findings.retain(|other| other.finding.cause != cause && other.finding.cause != Cause::Unknown);
        self.findings.insert(0, settled);
        Ok(())
    }

    fn open_answers(&self) -> String {
        let open: Vec<String> = self
            .questions
            .iter()
            .flat_map(|question| question.answers.iter().map(move |answer| format!("{}={}", question.id, answer.id)))
            .collect();
        if open.is_empty() { "-".to_owned() } else { open.join(", ") }
    }
}
