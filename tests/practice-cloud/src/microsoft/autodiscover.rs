//! Autodiscover JSON (version 2) at Microsoft's host. Form of the request and of the answer:
//! <https://github.com/microsoft/CSS-Exchange> (`Hybrid/Test-HMAEAS.ps1`) and
//! <https://github.com/David-Barrett-MS/PowerShell> (`Miscellaneous/Get-AutoDiscover.ps1`). That a redirect to another
//! host hints at an on-premises mailbox is an inference, not documented.

use serde_json::json;

use crate::{
    directory,
    reply::{Incoming, Reply},
};

/// Protocols and where each is served.
const PROTOCOLS: [(&str, &str); 5] = [
    ("AutodiscoverV1", "https://outlook.office365.com/autodiscover/autodiscover.xml"),
    ("EWS", "https://outlook.office365.com/EWS/Exchange.asmx"),
    ("ActiveSync", "https://outlook.office365.com/Microsoft-Server-ActiveSync"),
    ("REST", "https://outlook.office.com/api"),
    ("Substrate", "https://substrate.office.com"),
];

pub(crate) fn answer(incoming: &Incoming) -> Reply {
    let segments: Vec<String> = incoming.segments().into_iter().map(str::to_ascii_lowercase).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (address, protocol) = match segments.as_slice() {
        ["autodiscover", "autodiscover.json", "v1.0", address] => {
            ((*address).to_owned(), incoming.query("Protocol").or_else(|| incoming.query("protocol")))
        }
        ["autodiscover", "autodiscover.json"] => (
            incoming.query("Email").unwrap_or_default().to_ascii_lowercase(),
            incoming.query("Protocol").or_else(|| incoming.query("protocol")),
        ),
        _ => return Reply::not_found(),
    };
    let Some(protocol) = protocol else {
        return Reply::json(
            400,
            &json!({
                "ErrorCode": "MandatoryParameterMissing",
                "ErrorMessage": "A valid value must be provided for the query parameter 'Protocol'.",
            }),
        );
    };
    let Some((name, place)) = PROTOCOLS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(protocol)) else {
        return Reply::json(
            400,
            &json!({
                "ErrorCode": "InvalidProtocol",
                "ErrorMessage": format!(
                    "The given protocol value '{protocol}' is invalid. Supported values are \
                     'ActiveSync,AutodiscoverV1,Ews,Rest,Substrate'."
                ),
            }),
        );
    };
    let domain = address.rsplit('@').next().unwrap_or_default();
    // A hybrid organisation's mailboxes are asked for at its own server.
    if domain == "treyresearch.example" {
        return Reply::redirect(&format!(
            "https://mail.treyresearch.example/autodiscover/autodiscover.json/v1.0/{address}?Protocol={name}"
        ));
    }
    match directory::of_domain(domain) {
        Some(_) => Reply::json(200, &json!({ "Protocol": name, "Url": place })),
        // Body of an unknown address: unverified.
        None => Reply::json(
            404,
            &json!({ "ErrorCode": "UserNotFound", "ErrorMessage": "The specified user was not found." }),
        ),
    }
}
