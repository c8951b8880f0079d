//! The way back from the browser: a listener on this computer that takes one request (RFC 8252 section 7.3).
