//! A pasted text: recognised, redacted, put into words. The places must lie inside the text.
#![no_main]

use inbox_catalogue::{ExplainContext, TextContext, builtin_app, explain, recognise, redact_personal, redact_secrets};
use inbox_model::Language;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let app = builtin_app("hubspot").expect("HubSpot is built in");
    let today = jiff::civil::date(2026, 11, 24);
    let recognition = recognise(text, &TextContext { today, domain: None, app: Some(app) });
    assert!(!recognition.findings.is_empty());
    let length = text.encode_utf16().count() as u32;
    let context = ExplainContext { app, address: None, domain: None, tenant: None, helpdesk: None, login: None, today };
    for finding in &recognition.findings {
        for place in &finding.places {
            assert!(place.start <= place.end && place.end <= length);
        }
        for language in Language::ALL {
            assert!(!explain(finding, &context, *language).title.is_empty());
        }
    }
    let once = redact_secrets(text);
    assert_eq!(redact_secrets(&once), once, "what is redacted stays as it is");
    let _ = redact_personal(text);
});
