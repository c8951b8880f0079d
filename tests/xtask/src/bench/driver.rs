//! As much of WebDriver (<https://www.w3.org/TR/webdriver2/>) as a stopwatch needs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

const COMMAND: Duration = Duration::from_secs(60);

/// A driver's session.
#[derive(Debug)]
pub(super) struct Driver {
    port: u16,
    session: String,
}

/// A port that nobody uses now.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

impl Driver {
    /// Waits until the driver listens.
    pub(super) fn wait_for(port: u16, limit: Duration) -> Result<()> {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begun.elapsed() > limit {
                bail!("the driver does not listen");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Opens a session, which starts the program.
    pub(super) fn open(port: u16, capabilities: &Value) -> Result<Self> {
        let body = json!({"capabilities": {"alwaysMatch": capabilities}});
        let answer = request(port, "POST", "/session", Some(&body))?;
        let session = answer.get("sessionId").and_then(Value::as_str).context("no session")?.to_owned();
        Ok(Self { port, session })
    }

    /// Whether the page has such an element now.
    pub(super) fn has(&self, css: &str) -> Result<bool> {
        let body = json!({"using": "css selector", "value": css});
        let answer = request(self.port, "POST", &format!("/session/{}/element", self.session), Some(&body))?;
        Ok(answer.get("error").is_none())
    }

    /// Ends the session and with it the program.
    pub(super) fn close(self) {
        let _ = request(self.port, "DELETE", &format!("/session/{}", self.session), None);
    }
}

fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(COMMAND))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>()?;
        }
    }
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    let answer: Value = serde_json::from_slice(&bytes)?;
    Ok(answer.get("value").cloned().unwrap_or_default())
}
