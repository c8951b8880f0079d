//! Opens the sign-in address: with the command that was asked for, `$BROWSER`, or the system's browser.

use std::process::Stdio;

use inbox_engine::BrowserFailure;
use url::Url;

/// How the browser is opened.
#[derive(Debug, Clone)]
pub enum Browser {
    /// With this command.
    Command(String),
    /// With the system's own.
    System,
    /// Not at all: the address is printed.
    None,
}

impl Browser {
    /// From the arguments and the environment.
    pub fn of(asked: Option<&str>, none: bool) -> Self {
        if none {
            return Self::None;
        }
        asked
            .map(str::to_owned)
            .or_else(|| std::env::var("BROWSER").ok())
            .filter(|command| !command.trim().is_empty())
            .map_or(Self::System, Self::Command)
    }

    /// Opens an address without waiting for the browser to end.
    pub fn open(&self, url: &Url) -> Result<(), BrowserFailure> {
        match self {
            Self::None => Err(BrowserFailure("not asked for".to_owned())),
            Self::System => open::that_detached(url.as_str()).map_err(|error| BrowserFailure(error.to_string())),
            Self::Command(command) => start(command, url),
        }
    }
}

fn start(command: &str, url: &Url) -> Result<(), BrowserFailure> {
    let mut words = split(command);
    if words.iter().any(|word| word.contains("%s")) {
        for word in &mut words {
            *word = word.replace("%s", url.as_str());
        }
    } else {
        words.push(url.to_string());
    }
    let Some((program, arguments)) = words.split_first() else {
        return Err(BrowserFailure("the browser command is empty".to_owned()));
    };
    let mut child = std::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| BrowserFailure(format!("{program}: {error}")))?;
    // Reaps the child when it ends, so that no zombie stays while a check waits.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// Splits a command into words; double and single quotes keep blanks together.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut begun = false;
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                begun = true;
            }
            (None, c) if c.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (None, c) => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(split(r#"curl -sL -o "/dev/my null" '' %s"#), ["curl", "-sL", "-o", "/dev/my null", "", "%s"]);
    }
}
