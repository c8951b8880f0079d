//! Collects observations with running ids and times.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use inbox_model::{Facts, Failure, Observation, Operation, Outcome, SkipReason};

/// Where observations are collected; cheap to clone, shared by all probes of one run.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    next: Arc<AtomicU32>,
    kept: Arc<Mutex<Vec<Observation>>>,
}

/// An observation under way: knows when it began.
#[derive(Debug)]
pub struct Pending {
    recorder: Recorder,
    id: String,
    probe: &'static str,
    operation: Operation,
    target: String,
    started: jiff::Timestamp,
    clock: std::time::Instant,
    said: Vec<String>,
}

impl Recorder {
    /// Begins an observation.
    pub fn begin(&self, probe: &'static str, operation: Operation, target: impl Into<String>) -> Pending {
        let number = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        Pending {
            recorder: self.clone(),
            id: format!("o{number}"),
            probe,
            operation,
            target: target.into(),
            started: jiff::Timestamp::now(),
            clock: std::time::Instant::now(),
            said: Vec::new(),
        }
    }

    /// Records a probe that is not run.
    pub fn skip(&self, probe: &'static str, operation: Operation, target: impl Into<String>, because: SkipReason) {
        self.begin(probe, operation, target).finish(Outcome::Skipped { because });
    }

    /// Whether this probe was recorded already.
    #[must_use]
    pub fn has(&self, probe: &str) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().any(|observation| observation.probe == probe)
    }

    /// Takes over what another recorder saw, behind everything so far.
    pub fn adopt(&self, observations: Vec<Observation>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for mut observation in observations {
            observation.id = format!("o{}", self.next.fetch_add(1, Ordering::Relaxed) + 1);
            kept.push(observation);
        }
    }

    /// Everything so far, in the order of the ids.
    #[must_use]
    pub fn observations(&self) -> Vec<Observation> {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        all.sort_by_key(|observation| observation.id.get(1..).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0));
        all
    }
}

impl Pending {
    /// What was said, word for word but for secrets.
    #[must_use]
    pub fn saying(mut self, lines: Vec<String>) -> Self {
        self.said = lines;
        self
    }

    /// It worked.
    pub fn passed(self, facts: Facts) {
        self.finish(Outcome::Passed { facts });
    }

    /// It failed; gives the failure back for the caller to go on with.
    pub fn failed(self, failure: Failure) -> Failure {
        self.finish(Outcome::Failed { failure: failure.clone() });
        failure
    }

    /// Ends with any outcome.
    pub fn finish(self, outcome: Outcome) {
        let observation = Observation {
            id: self.id,
            probe: self.probe.to_owned(),
            operation: self.operation,
            target: self.target,
            started: self.started.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            took_ms: u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX),
            outcome,
            said: self.said,
        };
        self.recorder.kept.lock().unwrap_or_else(PoisonError::into_inner).push(observation);
    }
}
