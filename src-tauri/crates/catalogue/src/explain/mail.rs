//! A message as a `mailto:` address and as a draft file for a mail program.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use inbox_model::Message;

use crate::consent::percent_encode;

/// The longest `mailto:` address that every common mail program on Windows opens whole, in characters. Japanese takes
/// nine characters for one letter, so that most messages are longer: use [`mailto_url_short`] and the clipboard, or
/// [`eml`], for those.
pub const MAILTO_LIMIT: usize = 2_000;

/// The longest encoded word, in characters. RFC 2047 section 2 allows 75, and 76 for the line with `Subject: ` in it.
const ENCODED_WORD: usize = 64;

/// The whole message as a `mailto:` address (RFC 6068).
#[must_use]
pub fn mailto_url(message: &Message) -> String {
    let body = message.body.replace("\r\n", "\n").replace('\n', "\r\n");
    format!("{}&body={}", mailto_url_short(message), percent_encode(&body))
}

/// Recipient and subject only, for messages whose text would not fit.
#[must_use]
pub fn mailto_url_short(message: &Message) -> String {
    let to = message.to.as_deref().map(encode_recipient).unwrap_or_default();
    format!("mailto:{to}?subject={}", percent_encode(&message.subject))
}

/// The message as a draft file (`.eml`, RFC 5322). `X-Unsent` makes Outlook open it for writing; sender and date are
/// left to the mail program.
#[must_use]
pub fn eml(message: &Message) -> String {
    let mut file = String::from("X-Unsent: 1\r\nMIME-Version: 1.0\r\n");
    if let Some(to) = &message.to {
        let to: String = to.chars().filter(|c| !c.is_control()).collect();
        file.push_str(&format!("To: {to}\r\n"));
    }
    file.push_str(&format!("Subject: {}\r\n", encode_subject(&message.subject)));
    file.push_str(&format!("Content-Language: {}\r\n", message.language.tag()));
    file.push_str("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    let body = message.body.replace("\r\n", "\n").replace('\n', "\r\n");
    let encoded = STANDARD.encode(body.as_bytes());
    for (place, letter) in encoded.chars().enumerate() {
        if place > 0 && place % 76 == 0 {
            file.push_str("\r\n");
        }
        file.push(letter);
    }
    file.push_str("\r\n");
    file
}

/// `@` and `,` keep their meaning in the recipient.
fn encode_recipient(to: &str) -> String {
    percent_encode(to).replace("%40", "@").replace("%2C", ",").replace("%20", "")
}

/// RFC 2047 encoded words, none longer than allowed and none split inside a letter.
fn encode_subject(subject: &str) -> String {
    let subject: String = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if subject.is_ascii() && subject.len() <= ENCODED_WORD {
        return subject;
    }
    // "=?utf-8?B?" and "?=" take 12 characters; base64 makes 4 of 3.
    let room = (ENCODED_WORD - 12) / 4 * 3;
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for letter in subject.chars() {
        if word.len() + letter.len_utf8() > room {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter);
    }
    words.push(word);
    let encoded: Vec<String> =
        words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word.as_bytes()))).collect();
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbox_model::Language;

    fn message() -> Message {
        Message {
            language: Language::Ja,
            to: Some("it@contoso.example".to_owned()),
            subject: "HubSpot の承認のお願い（Microsoft 365 のメールと予定表の接続について）".to_owned(),
            body: "こんにちは。\n100% & more\n".to_owned(),
        }
    }

    #[test]
    fn mailto_reads_back_as_it_was_written() {
        let url = url::Url::parse(&mailto_url(&message())).unwrap();
        assert_eq!(url.path(), "it@contoso.example");
        let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["subject"], message().subject);
        assert_eq!(query["body"], "こんにちは。\r\n100% & more\r\n");
        assert!(!mailto_url_short(&message()).contains("body="));
    }

    #[test]
    fn recipient_cannot_add_fields() {
        let mut message = message();
        message.to = Some("it@contoso.example?bcc=x@y.example&body=z\r\nBcc: x@y.example".to_owned());
        let url = url::Url::parse(&mailto_url(&message)).unwrap();
        assert_eq!(url.query_pairs().count(), 2);
        assert!(!eml(&message).lines().any(|line| line.starts_with("Bcc:")));
    }

    #[test]
    fn draft_file_decodes_to_the_message() {
        let file = eml(&message());
        let (head, body) = file.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("X-Unsent: 1") && head.contains("To: it@contoso.example"));
        assert!(file.lines().all(|line| line.len() <= 78 && line.is_ascii()));
        let body = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), "こんにちは。\r\n100% & more\r\n");
        let subject: String = head
            .split("=?utf-8?B?")
            .skip(1)
            .map(|word| String::from_utf8(STANDARD.decode(word.split("?=").next().unwrap()).unwrap()).unwrap())
            .collect();
        assert_eq!(subject, message().subject);
    }
}
