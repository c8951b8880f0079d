//! Which browsers are installed, as each operating system tells.

#[cfg(all(unix, not(target_os = "macos")))]
mod desktop_entry;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use desktop_entry::all;
#[cfg(target_os = "macos")]
pub(super) use macos::all;
#[cfg(windows)]
pub(super) use windows::all;

/// A command line cut into words: at blanks, double quotes keep together, and a backslash inside them takes the next
/// quote, dollar, backquote or backslash as it is.
#[cfg(not(target_os = "macos"))]
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if cfg!(not(windows))
                && quoted
                && letters.peek().is_some_and(|next| matches!(next, '"' | '`' | '$' | '\\')) =>
            {
                word.get_or_insert_default().extend(letters.next());
            }
            _ if letter.is_whitespace() && !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}
