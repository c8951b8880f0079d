//! A typed address or domain. What was read must read again as the same.
#![no_main]

use inbox_model::{Domain, EmailAddress};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(address) = EmailAddress::parse(text) {
        assert_eq!(EmailAddress::parse(&address.to_string()).as_ref(), Ok(&address));
    }
    if let Ok(domain) = Domain::parse(text) {
        assert_eq!(Domain::parse(domain.as_ascii()).as_ref(), Ok(&domain));
        let _ = (domain.to_unicode(), domain.registrable(), domain.parent());
    }
    let _ = inbox_catalogue::match_mx(text);
});
