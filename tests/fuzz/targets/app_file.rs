//! A target-app file of an organisation.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = inbox_catalogue::app_from_toml(text);
});
