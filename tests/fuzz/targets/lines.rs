//! Lines of mail servers: IMAP, SMTP, POP3.
#![no_main]

use inbox_model::Secret;
use inbox_net::line::{Transcript, imap, pop, sasl::Challenge, shown, smtp};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut reader = smtp::Reader::default();
    let mut list = pop::List::default();
    let transcript = Transcript::default();
    transcript.hide(Secret::new("hunter2".to_owned()));
    for line in text.split('\n') {
        let _ = shown(line);
        transcript.note(line);
        assert!(!transcript.mask(line).contains("hunter2"));
        if let Some(challenge) = Challenge::parse(imap::continuation(line).unwrap_or(line)) {
            let _ = challenge.words();
        }
        let _ = (imap::exists(line), imap::quoted(line));
        if let Some(reply) = imap::greeting(line).or_else(|| imap::tagged(line, "a1")).or_else(|| imap::bye(line)) {
            let _ = imap::capabilities_of(&reply);
        }
        if let Some(names) = imap::capabilities(line) {
            let _ = imap::mechanisms(&names);
        }
        if let Ok(Some(reply)) = reader.take(line) {
            let _ = (reply.keywords(), reply.mechanisms(), reply.codes(), reply.text(), reply.is_positive());
        }
        let _ = pop::reply(line);
        if let Ok(Some(lines)) = list.take(line) {
            let _ = (pop::capabilities(&lines), pop::mechanisms(&lines));
        }
    }
});
