//! Who keeps the mailbox of an address, found without any sign-in.
