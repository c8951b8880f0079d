//! What comes back in a sign-in: the browser's request to the program's own port, token answers and refusals of providers.
#![no_main]

use inbox_engine::{
    probe::refusal,
    signin::{is_token_answer, read_token_refusal},
};
use inbox_model::{CodeFamily, Secret};
use inbox_net::{
    Response,
    loopback::{PastedAddress, read_request_line},
};

const STATE: &str = "expected-state";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(line) = std::str::from_utf8(bytes)
        && let PastedAddress::Answer(_) = read_request_line(line, "/", &Secret::new(STATE.to_owned()))
    {
        assert!(line.starts_with("GET /?"));
    }
    let _ = is_token_answer(bytes);
    for status in [400, 429, 503] {
        assert_eq!(read_token_refusal(status, bytes).status, Some(status));
        let response = Response { status, headers: Default::default(), body: bytes.to_vec() };
        for family in [CodeFamily::Graph, CodeFamily::Google] {
            assert!(refusal(&response, family).detail.chars().count() <= 501);
        }
    }
});
