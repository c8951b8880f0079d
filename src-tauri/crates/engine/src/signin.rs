//! Signing in at Microsoft and Google in the system browser, and keeping the sign-in.
