//! `open_link`, `open_mail`, `save_message`, `copy_text`: what leaves the window for another program.

use inbox_model::Message;
use serde::Serialize;
use tauri::{AppHandle, State, WebviewWindow};
use url::Url;

use crate::clipboard;
use crate::commands::Desktop;
use crate::commands::report::{self, SaveResult};
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

/// How a message went to the mail program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailResult {
    /// The text was too long for an address: it lies on the clipboard, to be pasted.
    body_copied: bool,
}

/// Opens a message in the mail program, for the person to send. A text that would not arrive whole goes to the
/// clipboard first: were the mail program opened before, an empty message would be all there is when copying fails.
#[tauri::command]
pub(crate) async fn open_mail(app: AppHandle, message: Message) -> Result<MailResult, HostError> {
    let (url, body_copied) = mail_address(&message);
    if body_copied {
        clipboard::copy(&app, message.body).await.map_err(|error| HostErrorCode::Clipboard.with(error))?;
    }
    guarded_blocking(move || {
        tauri_plugin_opener::open_url(url, None::<&str>).map_err(|error| HostErrorCode::MailNotOpened.with(error))
    })
    .await?;
    Ok(MailResult { body_copied })
}

/// Asks where to save a message as a draft (`.eml`), and writes it.
#[tauri::command]
pub(crate) async fn save_message(window: WebviewWindow, message: Message) -> Result<SaveResult, HostError> {
    guarded_blocking(move || {
        let file = inbox_catalogue::eml(&message);
        report::ask_and_write(&window, "message.eml", file.as_bytes())
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

/// The address of a message, and whether its text had to stay out of it.
fn mail_address(message: &Message) -> (String, bool) {
    let whole = inbox_catalogue::mailto_url(message);
    if whole.len() <= inbox_catalogue::MAILTO_LIMIT {
        (whole, false)
    } else {
        (inbox_catalogue::mailto_url_short(message), true)
    }
}

#[cfg(test)]
mod tests {
    use inbox_model::Language;

    use super::*;

    fn message(body: &str) -> Message {
        Message {
            language: Language::En,
            to: Some("it@contoso.example".to_owned()),
            subject: "Approve HubSpot & more".to_owned(),
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_text_that_fits_goes_into_the_address() {
        let (address, body_copied) = mail_address(&message("Hello,\n承認してください\n"));
        assert!(!body_copied);
        assert!(address.contains("&body=Hello"), "{address}");
        assert!(Url::parse(&address).is_ok());
    }

    #[test]
    fn a_text_that_mail_programs_would_cut_stays_out_of_the_address() {
        let (address, body_copied) = mail_address(&message(&"承認してください\n".repeat(40)));
        assert!(body_copied);
        assert!(!address.contains("body="), "{address}");
        assert!(address.starts_with("mailto:it@contoso.example?subject=Approve%20HubSpot"), "{address}");
    }
}
