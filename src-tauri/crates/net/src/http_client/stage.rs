//! How far a request has come, so that a wait that runs out can be told as what it was.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StageReached {
    /// No connection was begun (a kept one may be in use).
    Idle,
    /// The name is being looked up.
    Resolving,
    /// A connection is being made, TLS included.
    Connecting,
    /// There is a connection.
    Connected,
}

/// The stage of one request, shared with the parts that work for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stage(Arc<AtomicU8>);

tokio::task_local! {
    /// The stage of the request that the running task works for.
    pub(crate) static STAGE: Stage;
}

impl Stage {
    pub(crate) fn set(&self, stage: StageReached) {
        self.0.store(stage as u8, Ordering::Relaxed);
    }

    pub(crate) fn reached(&self) -> StageReached {
        match self.0.load(Ordering::Relaxed) {
            0 => StageReached::Idle,
            1 => StageReached::Resolving,
            2 => StageReached::Connecting,
            _ => StageReached::Connected,
        }
    }

    /// The stage of the request that the running task works for, if it works for one.
    pub(crate) fn current() -> Option<Stage> {
        STAGE.try_with(Stage::clone).ok()
    }
}

/// Marks begin and end of making a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StageLayer;

impl<S> tower_layer::Layer<S> for StageLayer {
    type Service = StageService<S>;
    fn layer(&self, inner: S) -> Self::Service {
        StageService(inner)
    }
}

/// See [`StageLayer`].
#[derive(Debug, Clone)]
pub(crate) struct StageService<S>(S);

impl<S, R> tower_service::Service<R> for StageService<S>
where
    S: tower_service::Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let stage = Stage::current();
        if let Some(stage) = &stage {
            stage.set(StageReached::Connecting);
        }
        let connecting = self.0.call(request);
        Box::pin(async move {
            let result = connecting.await;
            if let Some(stage) = &stage
                && result.is_ok()
            {
                stage.set(StageReached::Connected);
            }
            result
        })
    }
}
