//! XML of strangers: no DTD (entities may grow without end, or read files), a bounded number of parts.

use roxmltree::{Document, Node, ParsingOptions};

/// The most elements, attributes and texts of a document.
const MAX_NODES: u32 = 4096;
/// The longest text that is kept of an element, in characters.
const MAX_TEXT: usize = 512;

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// No XML, or one with a DTD, or too much of it.
    #[error("this XML cannot be used: {0}")]
    Xml(String),
    /// XML of another kind.
    #[error("this is XML of another kind")]
    OtherKind,
}

/// Reads a document.
pub(crate) fn document(text: &str) -> Result<Document<'_>, XmlError> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    Document::parse_with_options(text, options).map_err(|error| XmlError::Xml(error.to_string()))
}

/// The children with this local name, whatever their namespace.
pub(crate) fn children<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The first element below with this local name.
pub(crate) fn find<'a, 'input: 'a>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.descendants().find(|below| below.is_element() && below.tag_name().name() == name)
}

/// The text of the first child with this name: trimmed, shortened, without control characters; `None` where it is empty.
pub(crate) fn text(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    let found = children(node, name).next()?;
    let text: String =
        found.text().unwrap_or_default().trim().chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// Text for an element.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
        out
    })
}
