//! What an organisation adds to the head of its reports.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inbox_catalogue::phrase;
use inbox_model::Language;

/// Largest picture that is taken into a report, in bytes: a report is sent by mail.
const MAX_LOGO: u64 = 256 * 1024;

/// The organisation's marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branding {
    /// A picture as a `data:` address.
    pub logo: Option<String>,
    /// Who helps.
    pub helpdesk: Option<Helpdesk>,
}

/// Who helps at the organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Helpdesk {
    /// How it is called.
    pub name: Option<String>,
    /// Its e-mail address.
    pub address: Option<String>,
    /// Its page.
    pub url: Option<String>,
}

impl Helpdesk {
    /// In one line: `Helpdesk: Contoso Service Desk · it@contoso.example · https://help.contoso.example`.
    #[must_use]
    pub fn line(&self, language: Language) -> String {
        let parts: Vec<&str> =
            [&self.name, &self.address, &self.url].into_iter().flatten().map(String::as_str).collect();
        format!("{} {}", phrase(language, "report.helpdesk", &[]), parts.join(" · "))
    }
}

/// A picture as a `data:` address. What it is, its first bytes say; drawings that can hold scripts are not taken.
///
/// # Errors
/// When it cannot be read, is too large, or is none of these kinds.
pub(crate) fn read_logo(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_LOGO {
        return Err(format!("it has {size} bytes; at most {MAX_LOGO} are taken"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let kind = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpeg",
        [b'G', b'I', b'F', b'8', ..] => "gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        _ => return Err("it is no PNG, JPEG, GIF or WebP picture".to_owned()),
    };
    Ok(format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)))
}
