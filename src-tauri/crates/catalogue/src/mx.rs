//! Which host an MX name belongs to, from `data/mx.tsv`.

/// What a mail exchanger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MxClass {
    /// Keeps the mailbox.
    Host,
    /// Filters in front of the mailbox.
    Gateway,
    /// Forwards to some other place.
    Forwarder,
    /// Generic web hosting ("rental server") that usually keeps the mailbox.
    Hosting,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MxEntry {
    /// Short name (`microsoft-365`, `google-workspace`, `proofpoint`).
    pub host: String,
    /// Name as people know it.
    pub name: String,
    /// What it is.
    pub class: MxClass,
}

/// The row for this MX name.
#[must_use]
pub fn match_mx(_exchange: &str) -> Option<&'static MxEntry> {
    None
}
