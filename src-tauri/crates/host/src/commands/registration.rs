//! `test_registration`: an own OAuth registration, as far as the provider tells without a sign-in.

use inbox_engine::registration::{RegistrationRequest, RegistrationTest};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::error::{HostError, guarded_on_one_thread};
use crate::host::Host;

/// What is to be tried.
#[derive(Debug, Deserialize)]
pub(crate) struct Try {
    request: RegistrationRequest,
}

/// Asks the provider; nothing is stored.
pub(crate) async fn test_registration(host: &Host, order: Try) -> Result<RegistrationTest, HostError> {
    let engine = host.engine().await?;
    // Each request has its own limit of some seconds; nothing needs to be stopped.
    guarded_on_one_thread(move || async move {
        Ok(engine.test_registration(&order.request, &CancellationToken::new()).await?)
    })
    .await
}
