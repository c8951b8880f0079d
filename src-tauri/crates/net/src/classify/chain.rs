//! Walks from an error down to its roots.

use std::error::Error;

/// The most links that are looked at.
const MAX_LINKS: usize = 32;

/// All errors of the chain, outermost first. An `io::Error` that wraps another error hides it from `source`, so the wrapped one
/// is taken out by hand.
pub(crate) fn links<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut all: Vec<&'a (dyn Error + 'static)> = Vec::new();
    let mut next = Some(error);
    while let Some(link) = next {
        if all.len() >= MAX_LINKS {
            break;
        }
        all.push(link);
        next = match link.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => match link.downcast_ref::<h2::Error>().and_then(h2::Error::get_io) {
                Some(io) => Some(io as &(dyn Error + 'static)),
                None => link.source(),
            },
        };
    }
    all
}

/// The words of the chain without repetition, outermost first.
pub(crate) fn words(links: &[&(dyn Error + 'static)]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for link in links {
        let text = link.to_string();
        if !text.is_empty() && !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
    }
    crate::scrub::scrub(&texts.join(": "))
}
