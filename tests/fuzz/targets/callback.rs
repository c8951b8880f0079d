//! The address that a person pastes because the browser cannot come back.
#![no_main]

use inbox_model::Secret;
use inbox_net::loopback::Callback;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let state = Secret::new("expected-state".to_owned());
    let _ = Callback::from_pasted(text, &state);
});
