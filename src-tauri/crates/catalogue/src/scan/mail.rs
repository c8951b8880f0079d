//! Undoes what mails are wrapped in (RFC 2045): quoted-printable and base64 parts, in their own character sets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8};

/// Text of a base64 part is decoded when so many characters are there.
const BATCH: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    Plain,
    Quoted,
    Base64,
    /// An attachment that is no text.
    Skip,
}

/// Decodes a mail piece by piece; gives any other text back as it is.
pub(super) struct MailBody {
    is_mail: bool,
    in_header: bool,
    wrapping: Wrapping,
    charset: &'static Encoding,
    is_text: bool,
    rest: String,
    packed: String,
}

impl MailBody {
    /// Looks at the head of the file.
    pub fn new(head: &[u8]) -> Self {
        let start = String::from_utf8_lossy(head.get(..head.len().min(8192)).unwrap_or_default()).to_ascii_lowercase();
        let first_is_header = start.lines().next().is_some_and(|line| {
            line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
        });
        let named = ["\nreceived:", "\nmime-version:", "\ncontent-type:", "\nmessage-id:", "\nsubject:", "\nfrom:"];
        let padded = format!("\n{start}");
        let is_mail = first_is_header && named.iter().filter(|name| padded.contains(**name)).count() >= 2;
        Self {
            is_mail,
            in_header: true,
            wrapping: Wrapping::Plain,
            charset: UTF_8,
            is_text: true,
            rest: String::new(),
            packed: String::new(),
        }
    }

    /// Decodes a piece.
    pub fn decode<'a>(&mut self, text: &'a str) -> std::borrow::Cow<'a, str> {
        if !self.is_mail {
            return text.into();
        }
        let joined = std::mem::take(&mut self.rest) + text;
        let mut out = String::new();
        let mut pieces = joined.split_inclusive('\n').peekable();
        while let Some(line) = pieces.next() {
            if pieces.peek().is_none() && !line.ends_with('\n') {
                self.rest = line.to_owned();
                break;
            }
            self.line(line, &mut out);
        }
        out.into()
    }

    /// What is left at the end.
    pub fn finish(&mut self) -> String {
        let mut out = String::new();
        let rest = std::mem::take(&mut self.rest);
        if !rest.is_empty() {
            self.line(&rest, &mut out);
        }
        self.unpack(&mut out);
        out
    }

    fn line(&mut self, line: &str, out: &mut String) {
        let bare = line.trim_end();
        if self.in_header {
            self.header(bare);
            out.push_str(line);
            return;
        }
        // A boundary begins the header of the next part.
        if bare.starts_with("--") && bare.len() > 8 && !bare.contains(' ') {
            self.unpack(out);
            *self = Self { is_mail: true, ..Self::new(b"") };
            out.push('\n');
            return;
        }
        match self.wrapping {
            Wrapping::Plain => out.push_str(line),
            Wrapping::Skip => {}
            Wrapping::Quoted => self.quoted(bare, out),
            Wrapping::Base64 => {
                self.packed.push_str(bare);
                if self.packed.len() >= BATCH {
                    self.unpack(out);
                }
            }
        }
    }

    fn header(&mut self, line: &str) {
        let lower = line.to_ascii_lowercase();
        if lower.is_empty() {
            self.in_header = false;
            if !self.is_text && self.wrapping == Wrapping::Base64 {
                self.wrapping = Wrapping::Skip;
            }
            return;
        }
        if let Some(value) = lower.strip_prefix("content-transfer-encoding:") {
            self.wrapping = match value.trim() {
                "quoted-printable" => Wrapping::Quoted,
                "base64" => Wrapping::Base64,
                _ => Wrapping::Plain,
            };
        }
        if let Some(value) = lower.strip_prefix("content-type:") {
            let value = value.trim();
            self.is_text =
                value.starts_with("text/") || value.starts_with("message/") || value.starts_with("multipart/");
        }
        if let Some(tail) = lower.split("charset=").nth(1) {
            let label = tail.trim_matches(['"', ' ', ';', '\'']);
            let label = label.split(['"', ';', ' ']).next().unwrap_or_default();
            self.charset = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
        }
    }

    fn quoted(&self, line: &str, out: &mut String) {
        let (body, soft) = line.strip_suffix('=').map_or((line, false), |body| (body, true));
        let mut bytes = Vec::with_capacity(body.len());
        let mut rest = body.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
            match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
                Some(byte) if *first == b'=' => {
                    bytes.push(byte);
                    rest = tail.get(2..).unwrap_or_default();
                }
                _ => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        out.push_str(&self.charset.decode_without_bom_handling(&bytes).0);
        if !soft {
            out.push('\n');
        }
    }

    fn unpack(&mut self, out: &mut String) {
        if self.packed.is_empty() {
            return;
        }
        // Whole groups of four characters that hold whole characters: cut at a group; the rest waits.
        let whole = self.packed.len() / 4 * 4;
        let rest = self.packed.split_off(whole);
        let packed = std::mem::replace(&mut self.packed, rest);
        if let Ok(bytes) = STANDARD.decode(packed.as_bytes()) {
            out.push_str(&self.charset.decode_without_bom_handling(&bytes).0);
            out.push('\n');
        }
    }
}
