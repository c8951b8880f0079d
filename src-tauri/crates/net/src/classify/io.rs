//! Errors of the operating system.

use std::io::ErrorKind;

use inbox_model::FailureKind;

/// What an error of a socket means; `None` where its kind says nothing.
pub(crate) fn socket_kind(error: &std::io::Error) -> Option<FailureKind> {
    Some(match error.kind() {
        ErrorKind::ConnectionRefused => FailureKind::ConnectRefused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::NotConnected => {
            FailureKind::ConnectionReset
        }
        ErrorKind::UnexpectedEof => FailureKind::ConnectionReset,
        ErrorKind::TimedOut => FailureKind::ConnectTimeout,
        // Local firewalls answer "permission denied" (EACCES, EPERM; WSAEACCES on Windows).
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        | ErrorKind::PermissionDenied => FailureKind::ConnectUnreachable,
        _ => return None,
    })
}
