//! Domains and their verdicts, against real servers on loopback.
