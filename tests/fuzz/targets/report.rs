//! A report that somebody sent: read and judged again.
#![no_main]

use inbox_catalogue::{DiagnosisContext, builtin_app, diagnose};
use inbox_model::{EmailAddress, Examination};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(examination) = serde_json::from_slice::<Examination>(bytes) else { return };
    let app = builtin_app("hubspot").expect("HubSpot is built in");
    let address = EmailAddress::parse(&examination.address).ok();
    let context = DiagnosisContext {
        address: address.as_ref(),
        app,
        discovery: examination.discovery.as_ref(),
        account: examination.account.as_ref(),
        today: jiff::civil::date(2026, 11, 24),
    };
    let first = diagnose(&examination.observations, &context);
    assert_eq!(first, diagnose(&examination.observations, &context), "the same facts judge the same");
});
