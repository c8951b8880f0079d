//! Signing, with a certificate made here: what `cargo xtask dist` does with the one that the environment names.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::wine::{artefact, dist};

fn run(program: &str, words: &[&str], folder: &Path) -> Output {
    Command::new(program).args(words).current_dir(folder).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// Signs through the same command that the installer's compiler calls.
fn sign(file: &Path, folder: &Path, certificate: &str, key: Option<&str>) -> Output {
    let mut command = Command::new(std::env::var_os("INBOX_DOCTOR_XTASK").expect("INBOX_DOCTOR_XTASK"));
    command.arg("windows-sign").arg(file).env("INBOX_DOCTOR_SIGN_CERTIFICATE", folder.join(certificate));
    command.env_remove("INBOX_DOCTOR_SIGN_TIMESTAMP").env("INBOX_DOCTOR_SIGN_ROOTS", folder.join("own.pem"));
    match key {
        Some(key) => command.env("INBOX_DOCTOR_SIGN_KEY", folder.join(key)),
        None => command.env("INBOX_DOCTOR_SIGN_PASSWORD_FILE", folder.join("password")),
    };
    command.output().unwrap()
}

#[test]
fn programs_and_installers_are_signed_and_a_changed_one_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let made = run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=Inbox Doctor test",
            "-keyout",
            "own.key",
            "-out",
            "own.pem",
            "-addext",
            "extendedKeyUsage=codeSigning",
            "-addext",
            "keyUsage=digitalSignature",
        ],
        folder,
    );
    assert!(made.status.success(), "{made:?}");
    std::fs::write(folder.join("password"), "a password of its own").unwrap();
    let made = run(
        "openssl",
        &["pkcs12", "-export", "-in", "own.pem", "-inkey", "own.key", "-out", "own.p12", "-passout", "file:password"],
        folder,
    );
    assert!(made.status.success(), "{made:?}");
    for (original, certificate, key) in [
        (program(), "own.pem", Some("own.key")),
        (artefact("-x64.msi"), "own.pem", Some("own.key")),
        (artefact("-setup.exe"), "own.p12", None),
    ] {
        let file = folder.join(original.file_name().unwrap());
        std::fs::copy(&original, &file).unwrap();
        let end = original.display();
        let signed = sign(&file, folder, certificate, key);
        assert!(signed.status.success(), "{end}: {signed:?}");
        let good = verify(&file, folder);
        assert!(good.status.success(), "{end}: {good:?}");
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        assert!(!verify(&file, folder).status.success(), "{end}: a changed file passes");
    }
}

/// The command line, as it went into the installers.
fn program() -> PathBuf {
    dist().join("../windows/pack/tree/inbox-doctor.exe")
}

fn verify(file: &Path, folder: &Path) -> Output {
    run("osslsigncode", &["verify", "-CAfile", "own.pem", "-in", file.to_str().unwrap()], folder)
}
