//! Domains that a provider itself owns and gives to everybody: the domain alone decides.

use inbox_model::Domain;

/// The host's short name for a consumer domain.
///
/// Google: <https://support.google.com/mail/answer/10313>. Apple: <https://support.apple.com/102540>. The country domains of
/// Microsoft and Yahoo are from general knowledge; a contradicting MX record wins over this list.
pub(super) fn host_of(domain: &Domain) -> Option<&'static str> {
    let name = domain.as_ascii();
    let exact = match name {
        "gmail.com" | "googlemail.com" => Some("gmail"),
        "icloud.com" | "me.com" | "mac.com" => Some("icloud"),
        "msn.com" | "passport.com" | "windowslive.com" => Some("outlook-com"),
        "aol.com" | "aim.com" | "ymail.com" | "rocketmail.com" => Some("yahoo"),
        "yahoo.co.jp" | "ymail.ne.jp" => Some("yahoo-japan"),
        "proton.me" | "protonmail.com" | "pm.me" => Some("proton"),
        "fastmail.com" | "fastmail.fm" => Some("fastmail"),
        _ => None,
    };
    exact.or_else(|| {
        let (label, suffix) = name.split_once('.')?;
        let (host, suffixes): (_, &[&str]) = match label {
            "outlook" => ("outlook-com", OUTLOOK),
            "hotmail" => ("outlook-com", HOTMAIL),
            "live" => ("outlook-com", LIVE),
            "yahoo" => ("yahoo", YAHOO),
            _ => return None,
        };
        suffixes.contains(&suffix).then_some(host)
    })
}

const OUTLOOK: &[&str] = &[
    "at", "be", "cl", "co.id", "co.il", "co.th", "com", "com.ar", "com.au", "com.br", "com.gr", "com.pe", "com.tr",
    "com.vn", "cz", "de", "dk", "es", "fr", "hu", "ie", "in", "it", "jp", "kr", "lv", "my", "ph", "pt", "sa", "sg",
    "sk",
];

const HOTMAIL: &[&str] = &[
    "be", "ca", "ch", "cl", "co.jp", "co.kr", "co.th", "co.uk", "com", "com.ar", "com.au", "com.br", "com.tr",
    "com.tw", "cz", "de", "dk", "es", "fi", "fr", "gr", "hu", "it", "nl", "no", "se", "sg",
];

const LIVE: &[&str] = &[
    "at", "be", "ca", "cl", "cn", "co.kr", "co.uk", "co.za", "com", "com.ar", "com.au", "com.mx", "com.my", "com.ph",
    "com.pt", "com.sg", "de", "dk", "fi", "fr", "hk", "ie", "in", "it", "jp", "nl", "no", "ru", "se",
];

const YAHOO: &[&str] = &[
    "at", "be", "ca", "co.id", "co.in", "co.nz", "co.th", "co.uk", "co.za", "com", "com.ar", "com.au", "com.br",
    "com.co", "com.hk", "com.mx", "com.my", "com.ph", "com.sg", "com.tr", "com.tw", "com.vn", "de", "dk", "es", "fi",
    "fr", "gr", "ie", "in", "it", "nl", "no", "pl", "ro", "se",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumer_domains_are_known_and_look_alikes_are_not() {
        let rows = [
            ("gmail.com", Some("gmail")),
            ("googlemail.com", Some("gmail")),
            ("outlook.com", Some("outlook-com")),
            ("outlook.jp", Some("outlook-com")),
            ("hotmail.co.uk", Some("outlook-com")),
            ("live.com", Some("outlook-com")),
            ("msn.com", Some("outlook-com")),
            ("yahoo.com", Some("yahoo")),
            ("yahoo.co.jp", Some("yahoo-japan")),
            ("me.com", Some("icloud")),
            ("mail.gmail.com", None),
            ("gmail.com.example", None),
            ("outlook.example", None),
            ("live.contoso.com", None),
        ];
        for (domain, host) in rows {
            assert_eq!(host_of(&Domain::parse(domain).unwrap()), host, "{domain}");
        }
    }

    #[test]
    fn every_host_is_in_the_table() {
        for domain in ["gmail.com", "icloud.com", "msn.com", "aol.com", "yahoo.co.jp", "proton.me", "fastmail.com"] {
            let host = host_of(&Domain::parse(domain).unwrap()).unwrap();
            assert!(inbox_catalogue::host_entry(host).is_some(), "{host}");
        }
    }
}
