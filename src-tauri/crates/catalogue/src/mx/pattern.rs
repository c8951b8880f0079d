//! Host-name patterns, compared on whole labels from the right.

use std::cmp::Ordering;

/// A pattern such as `*.mail.protection.outlook.com`, `sv*.xserver.jp`, `inbound-smtp.*.amazonaws.com`.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// From the right, lower case; each may hold `*`.
    labels: Vec<String>,
    /// Whether one or more further labels must follow to the left.
    open: bool,
    literal: usize,
}

/// The labels of a name, from the right, in lower case without the trailing dot; `None` for an empty name or label.
pub(crate) fn labels(name: &str) -> Option<Vec<String>> {
    let name = name.trim();
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    if name.is_empty() || name.split('.').any(str::is_empty) {
        return None;
    }
    Some(name.rsplit('.').map(str::to_owned).collect())
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim().to_ascii_lowercase();
        let (open, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        Self {
            labels: rest.rsplit('.').map(str::to_owned).collect(),
            open,
            literal: rest.chars().filter(|c| *c != '*').count(),
        }
    }

    pub(crate) fn matches(&self, labels: &[String]) -> bool {
        let length_fits = if self.open { labels.len() > self.labels.len() } else { labels.len() == self.labels.len() };
        length_fits && self.labels.iter().zip(labels).all(|(pattern, label)| label_matches(pattern, label))
    }

    /// Orders the more specific pattern higher: more literal characters, then closed before open.
    pub(super) fn cmp_specific(&self, other: &Self) -> Ordering {
        (self.literal, self.labels.len(), !self.open).cmp(&(other.literal, other.labels.len(), !other.open))
    }
}

/// Whether the label fits a pattern in which `*` stands for any characters, also none.
fn label_matches(pattern: &str, label: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = label.strip_prefix(first) else { return false };
    let middle: Vec<&str> = parts.collect();
    let Some((last, middle)) = middle.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        labels(name).is_some_and(|labels| Pattern::parse(pattern).matches(&labels))
    }

    #[test]
    fn labels_are_compared_whole_and_from_the_right() {
        assert!(fits("*.mimecast.com", "eu-smtp-inbound-1.mimecast.com."));
        assert!(!fits("*.mimecast.com", "mx.notmimecast.com"));
        assert!(!fits("*.mimecast.com", "mimecast.com"));
        assert!(!fits("*.mimecast.com", "mx.mimecast.com.evil.example"));
    }

    #[test]
    fn a_star_inside_a_label_stays_inside_it() {
        assert!(fits("sv*.xserver.jp", "sv1234.xserver.jp"));
        assert!(!fits("sv*.xserver.jp", "sv1.mail.xserver.jp"));
        assert!(fits("inbound-smtp.*.amazonaws.com", "inbound-smtp.eu-west-1.amazonaws.com"));
        assert!(fits("*.aspmx*.googlemail.com", "x.aspmx2.googlemail.com"));
        assert!(label_matches("a*b*c", "a1b2c") && !label_matches("a*b*c", "a1c") && label_matches("a*", "a"));
    }

    #[test]
    fn empty_names_match_nothing() {
        for name in ["", ".", "..", "a..b", "   "] {
            assert_eq!(labels(name), None, "{name:?}");
        }
    }
}
