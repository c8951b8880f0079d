//! `open_link`, `open_mail`, `save_message`, `copy_text`, `browsers`, `choose_browser`, `zoom`, `quit`, `listen`: what leaves
//! the window for another program or for the desktop.

use inbox_model::Message;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::browser::{Browser, InstalledBrowser};
use crate::call::News;
use crate::commands::report::{SaveResult, ask_and_write};
use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::host::Host;
use crate::outside::ZoomStep;

/// The longest text that is put on the clipboard, in bytes: far above any message or report.
const MOST_COPIED: usize = 8 * 1024 * 1024;

/// Pages that the window itself leads to beside the catalogue's: where an own registration is made.
const GUIDES: &[&str] = &["https://console.cloud.google.com/auth/clients"];

/// A link to open.
#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    url: String,
}

/// Opens a link in the browser, when the catalogue, a target app or the settings name its host.
pub(crate) async fn open_link(host: &Host, order: Link) -> Result<(), HostError> {
    let engine = host.engine().await?;
    let browser = host.browser.clone();
    guarded_blocking(move || {
        let url = order.url;
        let endpoints = engine.settings().values.endpoints.as_ref();
        let login = endpoints.and_then(|endpoints| endpoints.microsoft.login.as_deref());
        let allowed = inbox_catalogue::is_allowed_link(&url)
            || GUIDES.iter().any(|guide| url == *guide)
            || engine.is_helpdesk_page(&url)
            || engine.apps().iter().any(|app| inbox_catalogue::is_allowed_link_for(&url, app, login));
        let parsed = Url::parse(&url).ok().filter(|_| allowed);
        let parsed = parsed.ok_or_else(|| HostErrorCode::LinkRefused.with("its host is not on the list"))?;
        browser.open(&parsed).map_err(|error| HostErrorCode::BrowserNotOpened.with(error))
    })
    .await
}

/// A message to hand over.
#[derive(Debug, Deserialize)]
pub(crate) struct Mail {
    message: Message,
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
pub(crate) async fn open_mail(host: &Host, order: Mail) -> Result<MailResult, HostError> {
    let (url, body_copied) = mail_address(&order.message);
    if body_copied {
        host.outside.copy(order.message.body).await.map_err(|error| HostErrorCode::Clipboard.with(error))?;
    }
    let outside = host.outside.clone();
    guarded_blocking(move || outside.open_mail(&url).map_err(|error| HostErrorCode::MailNotOpened.with(error))).await?;
    Ok(MailResult { body_copied })
}

/// Asks where to save a message as a draft (`.eml`), and writes it.
pub(crate) async fn save_message(host: &Host, order: Mail) -> Result<SaveResult, HostError> {
    let outside = host.outside.clone();
    guarded_blocking(move || {
        let file = inbox_catalogue::eml(&order.message);
        ask_and_write(&*outside, None, "message.eml", file.as_bytes())
    })
    .await
}

/// A text for the clipboard.
#[derive(Debug, Deserialize)]
pub(crate) struct Copy {
    text: String,
}

/// Puts a text on the clipboard.
pub(crate) async fn copy_text(host: &Host, order: Copy) -> Result<(), HostError> {
    if order.text.len() > MOST_COPIED {
        return Err(HostErrorCode::TooLong.with(order.text.len()));
    }
    host.outside.copy(order.text).await.map_err(|error| HostErrorCode::Clipboard.with(error))
}

/// The installed browsers, by name.
pub(crate) async fn browsers() -> Result<Vec<InstalledBrowser>, HostError> {
    guarded_blocking(|| Ok(Browser::installed())).await
}

/// Which browser to open addresses with.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    id: Option<String>,
}

/// Opens everything from now on with this browser; `None`: as at the start.
pub(crate) async fn choose_browser(host: &Host, order: Choice) -> Result<(), HostError> {
    let browser = host.browser.clone();
    guarded_blocking(move || {
        browser.choose(order.id.as_deref()).map_err(|error| HostErrorCode::BrowserNotOpened.with(error))
    })
    .await
}

/// A step of the zoom.
#[derive(Debug, Deserialize)]
pub(crate) struct Zoom {
    step: ZoomStep,
}

/// Makes the window's content larger or smaller.
pub(crate) async fn zoom(host: &Host, order: Zoom) -> Result<(), HostError> {
    let outside = host.outside.clone();
    guarded_blocking(move || outside.zoom(order.step).map_err(|error| HostErrorCode::Engine.with(error))).await
}

/// Ends the program as if its window had been closed.
pub(crate) fn quit(host: &Host) -> Result<(), HostError> {
    host.outside.quit();
    Ok(())
}

/// From now on the window hears what menus and desktop ask for.
pub(crate) fn listen(host: &Host, news: News) -> Result<(), HostError> {
    host.ear.listen(news);
    Ok(())
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
