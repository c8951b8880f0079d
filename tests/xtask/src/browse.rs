//! A browser for a computer without a screen: fetches a loopback address and follows its redirects. It is what the
//! command-line run hands to `--browser`; the practice cloud's `--sso` answers it like a session that is signed in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

const LIMIT: Duration = Duration::from_secs(10);
/// A sign-in has two or three redirects; a loop has more.
const MOST_REDIRECTS: usize = 10;
/// Pages of the practice cloud are a few kilobytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// `cargo xtask browse ADDRESS`.
pub(crate) fn browse(arguments: &[String]) -> Result<ExitCode> {
    let [address] = arguments else { bail!("usage: cargo xtask browse ADDRESS") };
    let mut address = address.clone();
    for _ in 0..MOST_REDIRECTS {
        match fetch(&address)? {
            Answer::Redirect(next) => address = resolve(&address, &next),
            Answer::Page(status) if status < 400 => return Ok(ExitCode::SUCCESS),
            // A page that goes nowhere, as in a real browser: the check finds out by itself.
            Answer::Page(status) => bail!("the page answered {status}"),
        }
    }
    bail!("more than {MOST_REDIRECTS} redirects")
}

enum Answer {
    Page(u16),
    Redirect(String),
}

fn fetch(address: &str) -> Result<Answer> {
    let (host, path) = split(address)?;
    let mut stream = TcpStream::connect(&host).with_context(|| format!("{host} cannot be reached"))?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.split("\r\n\r\n").next().unwrap_or_default().lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .with_context(|| format!("{host} does not speak HTTP"))?;
    let location = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("location"))
        .map(|(_, value)| value.trim().to_owned());
    Ok(match location {
        Some(next) if (300..400).contains(&status) => Answer::Redirect(next),
        _ => Answer::Page(status),
    })
}

/// `host:port` and path of a plain http address on this computer; anything else is refused.
fn split(address: &str) -> Result<(String, String)> {
    let rest = address.strip_prefix("http://").with_context(|| format!("{address} is not plain http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        bail!("{name} is not this computer");
    }
    let host = if host == name { format!("{host}:80") } else { host.to_owned() };
    let path = path.split('#').next().unwrap_or_default();
    Ok((host, format!("/{path}")))
}

fn resolve(base: &str, next: &str) -> String {
    if next.starts_with('/') {
        split(base).map_or_else(|_| next.to_owned(), |(host, _)| format!("http://{host}{next}"))
    } else {
        next.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_fetched() {
        assert!(split("http://login.example/x").is_err());
        assert!(split("https://127.0.0.1/x").is_err());
        assert_eq!(split("http://127.0.0.1:80/a?b#c").unwrap(), ("127.0.0.1:80".to_owned(), "/a?b".to_owned()));
    }

    #[test]
    fn a_relative_redirect_stays_on_its_host() {
        assert_eq!(resolve("http://localhost:8000/a/b", "/c"), "http://localhost:8000/c");
    }
}
