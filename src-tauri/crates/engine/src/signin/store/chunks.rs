//! Cuts a value to the size that every password store takes.
