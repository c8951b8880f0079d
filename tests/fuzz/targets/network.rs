//! What peers send while the way to a host is looked at: certificates, first records of TLS, heads of HTTP, the ways to sign
//! in to a proxy, DNS messages, settings of the desktop, files with certificates.
#![no_main]

use inbox_net::{
    ProxySetting, proxy_schemes, read_certificate, read_dns_message, read_greeting, read_gsettings, read_head,
    read_pem_certificates,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(certificate) = read_certificate(bytes) {
        let _ = (certificate.issuer(), certificate.is_valid_at(certificate.not_before));
    }
    let _ = read_greeting(bytes);
    if let Some(head) = read_head(bytes) {
        assert!(head.length <= bytes.len());
        let _ = proxy_schemes(&head.headers);
    }
    let _ = read_dns_message("login.example", bytes);
    let _ = read_pem_certificates(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = read_gsettings(text).map(|found| found.value());
        if let Some(proxy) = ProxySetting::parse(text) {
            assert!(proxy.address().password().is_none());
        }
    }
});
