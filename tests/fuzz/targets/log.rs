//! A file: decoded and scanned.
#![no_main]

use inbox_catalogue::{TextContext, decode_text, scan};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let context = TextContext { today: jiff::civil::date(2026, 11, 24), domain: None, app: None };
    let _ = decode_text(bytes);
    if let Ok(scanned) = scan(bytes, &context, |_| true) {
        for finding in &scanned.findings {
            assert!(finding.first_line <= finding.last_line);
            assert!(finding.count > 0);
        }
    }
});
