//! What the window may ask for. Thin: decode, engine, encode; every name is listed in `call.rs`, and typed in
//! `ui/src/api/host.ts`.

pub(crate) mod accounts;
pub(crate) mod check;
pub(crate) mod desk;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod outside;
pub(crate) mod registration;
pub(crate) mod report;
pub(crate) mod settings;
pub(crate) mod start;
