use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};

use super::*;

fn context() -> TextContext<'static> {
    TextContext { today: crate::CATALOGUE_DATE.parse().unwrap(), domain: None, app: None }
}

fn scanned(bytes: &[u8]) -> LogScan {
    scan(bytes, &context(), |_| true).unwrap()
}

fn causes(bytes: &[u8]) -> Vec<&'static str> {
    scanned(bytes).findings.iter().map(|found| found.finding.cause.id()).collect()
}

const JAPANESE: &str =
    "連携の画面に「管理者の承認が必要」と出ました。サインインできません。\nよろしくお願いいたします。\n";

#[test]
fn every_encoding_is_read() {
    let utf16: Vec<u8> = JAPANESE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16).collect();
    for bytes in [
        JAPANESE.as_bytes().to_vec(),
        with_mark,
        SHIFT_JIS.encode(JAPANESE).0.into_owned(),
        EUC_JP.encode(JAPANESE).0.into_owned(),
        ISO_2022_JP.encode(JAPANESE).0.into_owned(),
    ] {
        assert_eq!(causes(&bytes), ["consent-admin-required"], "{}", scanned(&bytes).encoding);
    }
    let german = encoding_rs::WINDOWS_1252.encode("Das Postfach ist voll, schöne Grüße aus München\n").0.into_owned();
    assert_eq!(scanned(&german).encoding, "windows-1252");
    assert_eq!(causes(&german), ["mailbox-full"]);
}

#[test]
fn mails_are_unwrapped() {
    let quoted = "From: a@contoso.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nEs hei=DFt: Genehmigung durch Admini=\nstrator erforderlich\n";
    assert_eq!(causes(quoted.as_bytes()), ["consent-admin-required"]);
    use base64::Engine;
    let body = base64::engine::general_purpose::STANDARD.encode("AADSTS50105: not assigned");
    let packed = format!(
        "Received: by x\nFrom: a@contoso.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}\n"
    );
    assert_eq!(causes(packed.as_bytes()), ["user-not-assigned"]);
}

#[test]
fn a_log_gives_each_finding_once_with_its_lines() {
    let mut log = String::new();
    for minute in 0..40_000 {
        log.push_str(&format!("2026-11-24T08:{:02}:00Z INFO sync of box {minute} done\n", minute % 60));
        if minute % 1000 == 7 {
            log.push_str(&format!(
                "2026-11-24T08:00:00Z ERROR AADSTS50076: use multi-factor authentication {minute}\n"
            ));
        }
    }
    assert!(log.len() > WHOLE);
    let scan = scanned(log.as_bytes());
    assert_eq!(scan.findings.len(), 1, "{:?}", scan.findings);
    let found = &scan.findings[0];
    assert_eq!((found.finding.cause, found.count, found.first_line), (Cause::MfaRequired, 40, 9));
    // The 39,008th quiet line, 39 errors before it, and the error itself.
    assert_eq!(found.last_line, 39_008 + 39 + 1);
    assert_eq!(scan.lines, 40_040);
    assert_eq!(scan.bytes, log.len() as u64);
}

#[test]
fn binary_files_are_refused() {
    for bytes in [&b"PK\x03\x04rest"[..], b"%PDF-1.7", b"\x7fELF\x02\x01", b"abc\x00\x01\x02def\x03\x04\x05\x06\x07"] {
        assert!(matches!(scan(bytes, &context(), |_| true), Err(ScanError::Binary { .. })));
    }
}

#[test]
fn a_scan_stops_when_told() {
    assert!(matches!(scan(&b"text"[..], &context(), |_| false), Err(ScanError::Stopped)));
}

#[test]
fn an_endless_line_is_read_in_bounded_pieces() {
    let mut bytes = vec![b'x'; 3 * 1024 * 1024];
    bytes.extend_from_slice(b" AADSTS50105 ");
    assert_eq!(causes(&bytes), ["user-not-assigned"]);
}
