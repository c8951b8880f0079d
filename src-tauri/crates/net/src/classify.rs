//! Turns the errors of the libraries into [`inbox_model::FailureKind`]. The only place that looks at their types and words.

mod chain;
mod dialogue;
mod dns;
mod io;
mod tls;
mod transport;

pub(crate) use dialogue::dialogue_failure;
pub(crate) use dns::{resolver_failure, system_failure};
pub(crate) use transport::{Phase, timeout_kind, transport_failure};
