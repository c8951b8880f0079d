//! Tells the encoding of a file and decodes it piece by piece.

use encoding_rs::{EUC_JP, Encoding, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ScanError;

/// How much of the head is looked at.
const SNIFFED: usize = 64 * 1024;

/// Decodes one file.
pub(super) struct Decoder {
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    out: String,
}

impl Clone for Decoder {
    fn clone(&self) -> Self {
        Self::of(self.encoding)
    }
}

impl Decoder {
    /// Chooses by the head of the file.
    ///
    /// # Errors
    /// When the file holds no text.
    pub fn sniff(head: &[u8]) -> Result<Self, ScanError> {
        let head = head.get(..head.len().min(SNIFFED)).unwrap_or_default();
        if let Some((encoding, _)) = Encoding::for_bom(head) {
            return Ok(Self::of(encoding));
        }
        if let Some(kind) = binary_kind(head) {
            return Err(ScanError::Binary { kind });
        }
        if let Some(encoding) = utf16_without_mark(head) {
            return Ok(Self::of(encoding));
        }
        let control = head
            .iter()
            .filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b | 0x08))
            .count();
        if head.contains(&0) || control * 100 > head.len() {
            return Err(ScanError::Binary { kind: "binary" });
        }
        Ok(Self::of(guess(head)))
    }

    fn of(encoding: &'static Encoding) -> Self {
        Self { encoding, decoder: encoding.new_decoder_with_bom_removal(), out: String::new() }
    }

    /// The encoding's name.
    pub fn name(&self) -> String {
        self.encoding.name().to_owned()
    }

    /// Decodes a piece; faulty bytes become the replacement character.
    pub fn decode(&mut self, bytes: &[u8], last: bool, take: &mut dyn FnMut(&str)) {
        let mut rest = bytes;
        loop {
            self.out.clear();
            self.out.reserve(
                self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16).min(4 * 1024 * 1024),
            );
            let (result, read, _) = self.decoder.decode_to_string(rest, &mut self.out, last);
            take(&self.out);
            rest = rest.get(read..).unwrap_or_default();
            if result == encoding_rs::CoderResult::InputEmpty {
                return;
            }
        }
    }
}

fn binary_kind(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "zip"),
        (b"\x1f\x8b", "gzip"),
        (b"%PDF-", "pdf"),
        (b"\x7fELF", "program"),
        (b"MZ\x90", "program"),
        (b"\x89PNG", "image"),
        (b"\xff\xd8\xff", "image"),
        (b"GIF8", "image"),
        (b"\xd0\xcf\x11\xe0", "office document"),
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"7z\xbc\xaf", "7z"),
        (b"SQLite format 3", "database"),
        (b"ElfFile", "event log"),
    ];
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

/// PowerShell and Notepad once wrote UTF-16 without a mark: every second byte is nought.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    if head.len() < 8 {
        return None;
    }
    let pairs = head.len() / 2;
    let noughts = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (noughts(0), noughts(1));
    if odd * 10 > pairs * 6 && even * 10 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 6 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn guess(head: &[u8]) -> &'static Encoding {
    if head.windows(3).any(|part| matches!(part, b"\x1b$B" | b"\x1b$@" | b"\x1b(J")) {
        return ISO_2022_JP;
    }
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character that the head cuts in two is no fault.
        Err(error) => error.error_len().is_none(),
    };
    if valid {
        return UTF_8;
    }
    if let Some(encoding) = declared(head) {
        return encoding;
    }
    let score = |encoding: &'static Encoding| {
        let (text, faulty) = encoding.decode_without_bom_handling(head);
        if faulty && text.chars().filter(|c| *c == '\u{fffd}').count() > 1 {
            return None;
        }
        let wide = text.chars().filter(|c| !c.is_ascii()).count().max(1);
        let kana = text.chars().filter(|c| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3001}' | '\u{3002}')).count();
        let han = text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
        Some((kana * 100 / wide, (kana + han) * 100 / wide))
    };
    let japanese = [SHIFT_JIS, EUC_JP].into_iter().filter_map(|encoding| Some((score(encoding)?, encoding)));
    if let Some(((kana, both), encoding)) = japanese.max_by_key(|(score, _)| *score)
        && kana >= 15
        && both >= 60
    {
        return encoding;
    }
    let (text, faulty) = GBK.decode_without_bom_handling(head);
    let wide = text.chars().filter(|c| !c.is_ascii()).count().max(1);
    let han = text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
    // Single accented letters between ASCII letters look like Chinese by chance: Chinese stands in runs.
    let runs = text.chars().zip(text.chars().skip(1)).filter(|(a, b)| !a.is_ascii() && !b.is_ascii()).count();
    if !faulty && han * 100 / wide >= 70 && runs * 2 > wide { GBK } else { WINDOWS_1252 }
}

/// `charset=windows-1250` of an HTML page or a mail.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(head.get(..head.len().min(4096))?).to_ascii_lowercase();
    let tail = text.split("charset=").nth(1)?.trim_start_matches(['"', '\'']);
    let label: String = tail.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
}
