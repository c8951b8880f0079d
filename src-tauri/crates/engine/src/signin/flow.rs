//! The sign-ins themselves.

use inbox_model::{Failure, FailureKind};

use super::{Grant, Granted, IdentityProvider, SignInContext, SignInRequest, Stopped, StoredSignIn};

/// Signs in with the browser.
///
/// # Errors
/// How it ended without a grant; everything is recorded already.
pub async fn sign_in(
    _context: SignInContext<'_>,
    _provider: &IdentityProvider,
    _request: &SignInRequest,
) -> Result<Granted, Stopped> {
    Err(Stopped::Failed(Failure::of(FailureKind::ConnectUnreachable)))
}

/// Gets the scopes of the target app on top of a grant: silently where the provider allows that, with the browser where a
/// person can help. Stops where no click can help; the recorded refusal is then the finding.
///
/// # Errors
/// How it ended without a grant; everything is recorded already.
pub async fn extend(
    _context: SignInContext<'_>,
    _provider: &IdentityProvider,
    _grant: &Grant,
    _request: &SignInRequest,
) -> Result<Granted, Stopped> {
    Err(Stopped::Failed(Failure::of(FailureKind::ConnectUnreachable)))
}

/// Signs in with a kept sign-in, without a browser; recorded as `sign-in-stored`.
///
/// # Errors
/// How it ended without a grant; everything is recorded already.
pub async fn refresh(
    _context: SignInContext<'_>,
    _provider: &IdentityProvider,
    _stored: &StoredSignIn,
    _scopes: &[String],
) -> Result<Granted, Stopped> {
    Err(Stopped::Failed(Failure::of(FailureKind::ConnectUnreachable)))
}

/// Records who signed in where the sign-in itself could not tell: `known` are the addresses that the provider's directory
/// gives for the person (mail, proxy addresses, user principal name). Whether the asked address is among them.
pub fn confirm_identity(
    _context: SignInContext<'_>,
    _provider: &IdentityProvider,
    _request: &SignInRequest,
    _granted: &Granted,
    _known: &[String],
) -> bool {
    false
}
