//! `open_link`, `open_mail`, `copy_text`: what leaves the window for another program.

use inbox_model::Message;
use tauri::{AppHandle, State};
use url::Url;

use crate::clipboard;
use crate::commands::Desktop;
use crate::error::{HostError, HostErrorCode, guarded_blocking};

/// The longest text that is put on the clipboard, in bytes: far above any message or report.
const MOST_COPIED: usize = 8 * 1024 * 1024;

/// Opens a link in the browser, when the catalogue, a target app or the settings name its host.
#[tauri::command]
pub(crate) async fn open_link(desktop: State<'_, Desktop>, url: String) -> Result<(), HostError> {
    let engine = desktop.engine().await?;
    let browser = desktop.browser.clone();
    guarded_blocking(move || {
        let endpoints = engine.settings().values.endpoints.as_ref();
        let login = endpoints.and_then(|endpoints| endpoints.microsoft.login.as_deref());
        let allowed = inbox_catalogue::is_allowed_link(&url)
            || engine.apps().iter().any(|app| inbox_catalogue::is_allowed_link_for(&url, app, login));
        let parsed = Url::parse(&url).ok().filter(|_| allowed);
        let parsed = parsed.ok_or_else(|| HostErrorCode::LinkRefused.with("its host is not on the list"))?;
        browser.open(&parsed).map_err(|error| HostErrorCode::BrowserNotOpened.with(error))
    })
    .await
}

/// Opens a message in the mail program, for the person to send.
#[tauri::command]
pub(crate) async fn open_mail(message: Message) -> Result<(), HostError> {
    guarded_blocking(move || {
        tauri_plugin_opener::open_url(mailto(&message), None::<&str>)
            .map_err(|error| HostErrorCode::MailNotOpened.with(error))
    })
    .await
}

/// Puts a text on the clipboard.
#[tauri::command]
pub(crate) async fn copy_text(app: AppHandle, text: String) -> Result<(), HostError> {
    if text.len() > MOST_COPIED {
        return Err(HostErrorCode::TooLong.with(text.len()));
    }
    clipboard::copy(&app, text).await.map_err(|error| HostErrorCode::Clipboard.with(error))
}

/// The message as an address (RFC 6068): blanks as `%20`, line breaks as `%0D%0A`.
fn mailto(message: &Message) -> String {
    let to = message.to.as_deref().map(|to| encode(to).replace("%40", "@")).unwrap_or_default();
    format!("mailto:{to}?subject={}&body={}", encode(&message.subject), encode(&lines(&message.body)))
}

fn lines(body: &str) -> String {
    body.lines().collect::<Vec<_>>().join("\r\n")
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use inbox_model::Language;

    use super::*;

    #[test]
    fn a_message_becomes_an_address_that_carries_nothing_else() {
        let message = Message {
            language: Language::En,
            to: Some("it@contoso.example?cc=mallory@evil.example".to_owned()),
            subject: "Approve HubSpot & more".to_owned(),
            body: "Hello,\n承認してください\n".to_owned(),
        };
        let address = mailto(&message);
        assert_eq!(address.matches('?').count(), 1);
        assert_eq!(address.matches('&').count(), 1);
        assert!(address.starts_with("mailto:it@contoso.example%3Fcc%3Dmallory"), "{address}");
        assert!(
            address.ends_with("Hello%2C%0D%0A%E6%89%BF%E8%AA%8D%E3%81%97%E3%81%A6%E3%81%8F%E3%81%A0%E3%81%95%E3%81%84")
        );
        assert!(Url::parse(&address).is_ok());
    }
}
