//! The packages, installed and used as a person would. The tests need the folder that `cargo xtask dist` fills, named by
//! `INBOX_DOCTOR_DIST`, and so run after it (`cargo xtask test` does both) and never with the rest of the workspace.
