//! Searches blocks on several threads and hands the results back in their order: the search is most of the work of a big file,
//! and blocks do not depend on each other.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use super::prefilter::{Hits, Prefilter};

/// More threads than this gain nothing: reading and decoding are done by one.
const MOST: usize = 4;
/// Blocks that may wait for each thread, so that memory stays bounded.
const WAITING: usize = 2;

/// A block of whole lines with the number of its first line.
type Job = (u64, String);
type Done = (u64, String, Hits);

struct Worker {
    jobs: SyncSender<Job>,
    done: Receiver<Done>,
}

/// The threads of one scan.
pub(super) struct Pipeline<'a> {
    prefilter: &'a Prefilter,
    workers: Vec<Worker>,
    sent: usize,
    taken: usize,
}

impl<'a> Pipeline<'a> {
    /// Starts the threads; none where `big` does not ask for them or the computer has one core.
    pub fn start<'scope>(scope: &'scope Scope<'scope, 'a>, prefilter: &'a Prefilter, big: bool) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(MOST);
        let workers = if big && cores > 1 { cores } else { 0 };
        let workers = (0..workers)
            .map(|_| {
                let (jobs, to_do) = sync_channel::<Job>(WAITING);
                let (result, done) = sync_channel(WAITING);
                scope.spawn(move || {
                    for (first, block) in to_do {
                        let hits = prefilter.hits(&block);
                        if result.send((first, block, hits)).is_err() {
                            break;
                        }
                    }
                });
                Worker { jobs, done }
            })
            .collect();
        Self { prefilter, workers, sent: 0, taken: 0 }
    }

    /// Takes a block in; gives earlier ones out, in order.
    pub fn push(&mut self, first: u64, block: &str, take: &mut impl FnMut(u64, &str, &Hits)) {
        if self.workers.is_empty() {
            take(first, block, &self.prefilter.hits(block));
            return;
        }
        if self.sent - self.taken >= self.workers.len() * WAITING {
            self.take_one(take);
        }
        let turn = self.sent % self.workers.len();
        if self.workers.get(turn).is_some_and(|worker| worker.jobs.send((first, block.to_owned())).is_ok()) {
            self.sent += 1;
        }
    }

    /// Gives out what is still under way.
    pub fn finish(&mut self, take: &mut impl FnMut(u64, &str, &Hits)) {
        while self.taken < self.sent {
            self.take_one(take);
        }
    }

    fn take_one(&mut self, take: &mut impl FnMut(u64, &str, &Hits)) {
        let turn = self.taken % self.workers.len().max(1);
        if let Some(Ok((first, block, hits))) = self.workers.get(turn).map(|worker| worker.done.recv()) {
            take(first, &block, &hits);
        }
        self.taken += 1;
    }
}
