//! Errors of name resolution.

use hickory_resolver::{
    net::{DnsError, NetError},
    proto::op::ResponseCode,
};
use inbox_model::{Failure, FailureKind};

use super::chain;

/// What an error of the resolver means. `detail` is a short word that rules can rely on (`nxdomain`, `no-data`, `servfail`,
/// `refused`, `timeout`, `malformed`, `truncated`, `no-server`), for the rest the words of the error.
pub(crate) fn resolver_failure(error: &NetError) -> Failure {
    let (kind, detail) = match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => (FailureKind::DnsNotFound, "nxdomain"),
            ResponseCode::NoError => (FailureKind::DnsNotFound, "no-data"),
            ResponseCode::ServFail => (FailureKind::DnsServerFailed, "servfail"),
            ResponseCode::Refused => (FailureKind::DnsServerFailed, "refused"),
            other => return Failure::of(FailureKind::DnsServerFailed).with_detail(code_word(other)),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => match code {
            ResponseCode::ServFail => (FailureKind::DnsServerFailed, "servfail"),
            ResponseCode::Refused => (FailureKind::DnsServerFailed, "refused"),
            ResponseCode::FormErr => (FailureKind::DnsServerFailed, "formerr"),
            other => return Failure::of(FailureKind::DnsServerFailed).with_detail(code_word(*other)),
        },
        NetError::Timeout => (FailureKind::DnsTimeout, "timeout"),
        NetError::Proto(_) | NetError::QueryCaseMismatch | NetError::ForeignClassRecord { .. } => {
            (FailureKind::DnsUnusable, "malformed")
        }
        NetError::Truncated => (FailureKind::DnsUnusable, "truncated"),
        NetError::NoConnections | NetError::Io(_) => (FailureKind::DnsServerFailed, "no-server"),
        other => return Failure::of(FailureKind::DnsServerFailed).with_detail(chain::words(&chain::links(other))),
    };
    Failure::of(kind).with_detail(detail)
}

fn code_word(code: ResponseCode) -> String {
    format!("rcode-{}", u16::from(code))
}

/// What an error of the operating system's own resolver means. It has no error kinds, so its words must do: glibc and musl
/// ("Name or service not known", "Name does not resolve"), macOS ("nodename nor servname provided"), Windows (WSA codes).
pub(crate) fn system_failure(error: &std::io::Error) -> Failure {
    const HOST_NOT_FOUND: i32 = 11001;
    const TRY_AGAIN: i32 = 11002;
    const NO_RECOVERY: i32 = 11003;
    const NO_DATA: i32 = 11004;
    let words = error.to_string().to_lowercase();
    let not_found =
        ["name or service not known", "nodename nor servname", "no address associated", "name does not resolve"];
    let (kind, detail) = match error.raw_os_error() {
        Some(HOST_NOT_FOUND) => (FailureKind::DnsNotFound, "nxdomain"),
        Some(NO_DATA) => (FailureKind::DnsNotFound, "no-data"),
        Some(TRY_AGAIN | NO_RECOVERY) => (FailureKind::DnsServerFailed, "servfail"),
        _ if not_found.iter().any(|known| words.contains(known)) => (FailureKind::DnsNotFound, "nxdomain"),
        _ if words.contains("temporary failure in name resolution") => (FailureKind::DnsServerFailed, "servfail"),
        _ if error.kind() == std::io::ErrorKind::TimedOut => (FailureKind::DnsTimeout, "timeout"),
        _ => return Failure::of(FailureKind::DnsServerFailed).with_detail(crate::scrub::scrub(&error.to_string())),
    };
    Failure::of(kind).with_detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_operating_systems_are_known() {
        let rows = [
            ("failed to lookup address information: Name or service not known", FailureKind::DnsNotFound),
            (
                "failed to lookup address information: nodename nor servname provided, or not known",
                FailureKind::DnsNotFound,
            ),
            ("failed to lookup address information: No address associated with hostname", FailureKind::DnsNotFound),
            (
                "failed to lookup address information: Temporary failure in name resolution",
                FailureKind::DnsServerFailed,
            ),
            (
                "failed to lookup address information: Non-recoverable failure in name resolution",
                FailureKind::DnsServerFailed,
            ),
        ];
        for (words, kind) in rows {
            assert_eq!(system_failure(&std::io::Error::other(words)).kind, kind, "{words}");
        }
    }
}
