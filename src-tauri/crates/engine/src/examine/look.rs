//! The look at the network inside a check: where the check's own calls fail on the way, that way is looked at step by step, so
//! that the cause becomes exact. It begins while a step still waits for a host that may be dead, so that nobody waits twice.

use std::sync::{Mutex, PoisonError};

use inbox_model::{Observation, Step};

use super::Run;
use crate::{
    Recorder,
    network::{self, NetworkPlace},
};

/// What was seen while a step waited.
#[derive(Debug, Default)]
pub(crate) struct Meanwhile(Mutex<Option<(Vec<NetworkPlace>, Vec<Observation>)>>);

impl Run<'_> {
    /// Waits for a step that takes long, and looks at the provider's hosts beside it, once in a check. What is seen counts
    /// only where the check fails on the way; a step that ends is not held up.
    pub(super) async fn beside_a_look<T>(&self, step: Step, work: impl Future<Output = T>) -> T {
        let places = self.places_of_provider();
        let seen = self.meanwhile.0.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        // A person in front of the sign-in page takes the time that a person takes.
        if seen || step == Step::SignIn || places.is_empty() {
            return work.await;
        }
        let mut work = std::pin::pin!(work);
        let recorder = Recorder::default();
        let mut look = Box::pin(self.look(&places, &recorder));
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = &mut look => {}
        }
        drop(look);
        let found = (places, recorder.observations());
        *self.meanwhile.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        work.await
    }

    /// Where the check's own calls failed on the way, makes the cause exact: by what was seen meanwhile, else by looking now.
    pub(super) async fn look_at_network(&self) {
        let endpoints = self.engine.settings.values.endpoints.as_ref();
        let places = network::of_check(&self.recorder.observations(), self.engine.home_cloud(), endpoints);
        if self.cancel.is_cancelled() || places.is_empty() {
            return;
        }
        let seen = self.meanwhile.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((before, observations)) = seen
            && places.iter().all(|place| before.contains(place))
        {
            self.recorder.adopt(observations);
            return;
        }
        Box::pin(self.look(&places, &self.recorder)).await;
    }

    async fn look(&self, places: &[NetworkPlace], recorder: &Recorder) {
        let options = self.engine.look_options();
        network::look(places, self.net, &options, recorder, network::CHECK_BUDGET, self.cancel).await;
    }

    /// The hosts of the provider that the check deals with, as far as it is known yet.
    fn places_of_provider(&self) -> Vec<NetworkPlace> {
        let google = self.examination.discovery.as_ref().is_some_and(|found| found.provider.is_google());
        network::of_provider(google, self.engine.home_cloud(), self.engine.settings.values.endpoints.as_ref())
    }
}
