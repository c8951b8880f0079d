//! Signatures on programs and installers, with a certificate that the environment names. Passwords are read from a file:
//! a command line can be seen by every program of the computer.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::children;

/// Names the certificate with its chain: PEM (with the key beside it), or PKCS #12.
pub(super) const CERTIFICATE: &str = "INBOX_DOCTOR_SIGN_CERTIFICATE";
/// Names the private key's file, in PEM. Not needed with PKCS #12.
const KEY: &str = "INBOX_DOCTOR_SIGN_KEY";
/// Names a file with the password of the key or of the PKCS #12 file.
const PASSWORD_FILE: &str = "INBOX_DOCTOR_SIGN_PASSWORD_FILE";
/// Address of a time stamp authority; without it a signature ends with its certificate.
const TIMESTAMP: &str = "INBOX_DOCTOR_SIGN_TIMESTAMP";
/// Names the root certificates against which signatures are checked; else the certificate's own file.
const ROOTS: &str = "INBOX_DOCTOR_SIGN_ROOTS";

/// A time stamp authority may be slow.
const LIMIT: Duration = Duration::from_secs(180);

/// Signs with one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signer {
    certificate: PathBuf,
    key: Option<PathBuf>,
    password_file: Option<PathBuf>,
    timestamp: Option<String>,
    roots: Option<PathBuf>,
}

impl Signer {
    /// The certificate of the environment; `None` where none is named.
    pub(super) fn of_environment() -> Result<Option<Self>> {
        Self::of(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn of(read: impl Fn(&str) -> Option<String>) -> Result<Option<Self>> {
        let Some(certificate) = read(CERTIFICATE).map(PathBuf::from) else { return Ok(None) };
        let key = read(KEY).map(PathBuf::from);
        if key.is_none() && !is_pkcs12(&certificate) {
            bail!("{CERTIFICATE} is no PKCS #12 file, so {KEY} must name its key");
        }
        let password_file = read(PASSWORD_FILE).map(PathBuf::from);
        Ok(Some(Self {
            certificate,
            key,
            password_file,
            timestamp: read(TIMESTAMP),
            roots: read(ROOTS).map(PathBuf::from),
        }))
    }

    /// Signs a file in place and checks the signature.
    pub(super) fn sign(&self, file: &Path) -> Result<()> {
        let signed = file.with_extension("signed");
        if signed.exists() {
            std::fs::remove_file(&signed)?;
        }
        let mut command = Command::new("osslsigncode");
        command.args(["sign", "-h", "sha256", "-n", "Inbox Doctor"]);
        match &self.key {
            Some(key) => command.arg("-certs").arg(&self.certificate).arg("-key").arg(key),
            None => command.arg("-pkcs12").arg(&self.certificate),
        };
        if let Some(password_file) = &self.password_file {
            command.arg("-readpass").arg(password_file);
        }
        if let Some(timestamp) = &self.timestamp {
            command.args(["-ts", timestamp]);
        }
        command.arg("-in").arg(file).arg("-out").arg(&signed);
        children::run(&mut command, LIMIT)?;
        std::fs::rename(&signed, file).with_context(|| file.display().to_string())?;
        self.verify(file)
    }

    /// Checks the signature on a file.
    pub(super) fn verify(&self, file: &Path) -> Result<()> {
        let mut command = Command::new("osslsigncode");
        command.arg("verify");
        if let Some(roots) = self.roots.as_ref().or((!is_pkcs12(&self.certificate)).then_some(&self.certificate)) {
            command.arg("-CAfile").arg(roots);
        }
        children::run(command.arg("-in").arg(file), LIMIT)
    }
}

fn is_pkcs12(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("p12") || kind.eq_ignore_ascii_case("pfx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_needs_its_key() {
        let of = |pairs: &[(&str, &str)]| {
            Signer::of(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[]).unwrap(), None);
        assert!(of(&[(CERTIFICATE, "own.pem")]).is_err());
        assert!(of(&[(CERTIFICATE, "own.pem"), (KEY, "own.key")]).unwrap().is_some());
        assert!(of(&[(CERTIFICATE, "own.pfx")]).unwrap().is_some());
    }
}
