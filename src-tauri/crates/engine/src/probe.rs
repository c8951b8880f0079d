//! Looking at mailbox, calendar and permissions with a grant.
