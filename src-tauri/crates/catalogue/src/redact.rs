//! Takes secrets out of a text and leaves what support needs; on request, takes persons out too.

mod fields;
mod opaque;
mod personal;

pub use personal::{Pseudonyms, redact_personal};

/// What stands in place of a secret.
pub(crate) const MASK: &str = "[secret]";

/// The text without tokens, codes, secrets, passwords, JWTs, authorization headers, SASL answers and cookies. Ids, times
/// and error codes stay, because support needs them.
///
/// What is cut: the value of a field that is known to hold a secret, what follows a header or command that carries one,
/// and any long run of mixed characters such as tokens are made of. Doing it twice changes nothing more.
#[must_use]
pub fn redact_secrets(text: &str) -> String {
    let mut masked = mask(text);
    // A mask shortens the run that it stands in, and what is left may look like a secret only then.
    for _ in 0..MOST_PASSES {
        let again = mask(&masked);
        if again == masked {
            break;
        }
        masked = again;
    }
    masked
}

/// Each pass that changes something leaves less; real texts need one.
const MOST_PASSES: usize = 8;

fn mask(text: &str) -> String {
    let mut spans = fields::spans(text);
    spans.extend(opaque::spans(text));
    spans.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end) in spans {
        if end <= at {
            continue;
        }
        let start = start.max(at);
        let (Some(before), Some(secret)) = (text.get(at..start), text.get(start..end)) else { continue };
        out.push_str(before);
        if !(secret.is_empty() || secret == MASK || (out.ends_with(MASK) && before.is_empty())) {
            out.push_str(MASK);
        } else if secret == MASK {
            out.push_str(secret);
        }
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
