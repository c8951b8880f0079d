//! What the browser shows after the answer arrived. It says nothing about success: the program's window does that.

/// The page, in English and Japanese.
pub(super) const PAGE: &str = concat!(
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" ",
    "content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>Inbox Doctor</title><style>",
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem;",
    "color-scheme:light dark}p+p{margin-top:2rem}",
    "</style></head><body><main><p>The answer has reached Inbox Doctor. You can close this window and go back to it.</p>",
    "<p lang=\"ja\">回答が Inbox Doctor に届きました。このウィンドウを閉じて、Inbox Doctor に戻ってください。</p>",
    "</main></body></html>"
);

/// Answer to a request that does not belong to the sign-in under way.
pub(super) const STRANGER: &str = concat!(
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Inbox Doctor</title></head><body><main>",
    "<p>This answer does not belong to the sign-in that Inbox Doctor is waiting for. Go back to Inbox Doctor and open the ",
    "sign-in page from there.</p>",
    "<p lang=\"ja\">この回答は、Inbox Doctor が待っているサインインのものではありません。Inbox Doctor に戻り、",
    "そこからサインイン ページを開いてください。</p></main></body></html>"
);

/// SHA-256 of the style of [`PAGE`]: the only thing that the page may use (CSP Level 3, section 2.3.1).
pub(super) const STYLE_HASH: &str = "e8XXjOTRsQjSn+9l1O2iSFOVBpqkwyeEGNN3yTcDh+Y=";

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_allows_exactly_the_style_of_the_page() {
        let style = PAGE.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert_eq!(STYLE_HASH, STANDARD.encode(Sha256::digest(style)));
    }

    #[test]
    fn no_page_has_a_script() {
        assert!(!PAGE.contains("<script") && !STRANGER.contains("<script"));
    }
}
