//! Documents of strangers on the way to a mailbox: Autodiscover (POX, SOAP), autoconfig, Exchange Web Services, CalDAV.
#![no_main]

use inbox_engine::{
    probe::{caldav, exchange},
    servers::{
        autoconfig,
        autodiscover::{pox, soap},
    },
};
use inbox_model::Domain;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(domain) = Domain::parse("contoso.example") else { return };
    if let Ok(servers) = autoconfig::parse(text, &domain, "") {
        assert!(servers.len() <= 12 && servers.iter().all(|server| Domain::parse(&server.host).is_ok()));
    }
    if let Ok(answer) = pox::parse(text, "") {
        assert!(answer.servers.len() <= 12 && answer.servers.iter().all(|server| server.port != 0));
    }
    let _ = soap::parse(text);
    let _ = exchange::parse(text);
    let _ = (caldav::href(text, "current-user-principal"), caldav::count_calendars(text));
});
