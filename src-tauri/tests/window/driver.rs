//! A small WebDriver client (W3C WebDriver, <https://www.w3.org/TR/webdriver2/>), the same for the window (WebKitWebDriver)
//! and for the browser (chromedriver). Blocking and bounded: a driver that hangs ends the test, not the test run.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

/// One command of a driver; a session of a debug build on a busy computer takes the longest.
const COMMAND: Duration = Duration::from_secs(60);
/// How often a wait looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// The key under which drivers hand out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver's session.
#[derive(Debug)]
pub struct Driver {
    port: u16,
    session: String,
}

impl Driver {
    /// Opens a session.
    pub fn open(port: u16, capabilities: &Value) -> Self {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < COMMAND, "no driver on port {port}");
            std::thread::sleep(LOOK_EVERY);
        }
        let answer = request(port, "POST", "/session", Some(&json!({"capabilities": {"alwaysMatch": capabilities}})))
            .unwrap_or_else(|error| panic!("no session: {error}"));
        Self { port, session: answer["sessionId"].as_str().expect("a session id").to_owned() }
    }

    /// Ends the session; a window that is gone already is fine.
    pub fn end(&self) {
        let _ = self.ask("DELETE", "", None);
    }

    /// Asks and gives the error of the driver back.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        request(self.port, method, &format!("/session/{}{path}", self.session), body)
    }

    fn must(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.ask(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Goes to an address.
    pub fn go(&self, address: &str) {
        self.must("POST", "/url", Some(&json!({"url": address})));
    }

    /// Runs a script and gives its value.
    pub fn run(&self, script: &str) -> Value {
        self.must("POST", "/execute/sync", Some(&json!({"script": script, "args": []})))
    }

    /// The first element, where there is one now.
    pub fn find(&self, css: &str) -> Option<String> {
        let found = self.ask("POST", "/element", Some(&json!({"using": "css selector", "value": css}))).ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    /// Waits until a question about the page has an answer.
    pub fn wait<T>(&self, what: &str, limit: Duration, mut question: impl FnMut(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = question(self) {
                return answer;
            }
            if begun.elapsed() > limit {
                let page = self.run("return document.body ? document.body.innerText : ''");
                panic!("waited {limit:?} for {what}; the page says:\n{}", page.as_str().unwrap_or_default());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits for an element.
    pub fn element(&self, css: &str, limit: Duration) -> String {
        self.wait(css, limit, |driver| driver.find(css))
    }

    /// Waits for an element and clicks it, as soon as it takes clicks.
    pub fn click(&self, css: &str, limit: Duration) {
        self.wait(&format!("{css} to take a click"), limit, |driver| {
            let element = driver.find(css)?;
            driver.ask("POST", &format!("/element/{element}/click"), Some(&json!({}))).ok()
        });
    }

    /// Types into a field.
    pub fn type_into(&self, css: &str, text: &str, limit: Duration) {
        let element = self.element(css, limit);
        self.must("POST", &format!("/element/{element}/clear"), Some(&json!({})));
        self.must("POST", &format!("/element/{element}/value"), Some(&json!({"text": text})));
    }

    /// The text of an element, as a person sees it.
    pub fn text(&self, css: &str, limit: Duration) -> String {
        self.wait(css, limit, |driver| {
            let element = driver.find(css)?;
            let text = driver.ask("GET", &format!("/element/{element}/text"), None).ok()?;
            text.as_str().map(str::to_owned)
        })
    }

    /// Saves a picture of the page.
    pub fn picture(&self, file: &Path) {
        // What was changed just now is drawn with the next frame.
        let script = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(null)))";
        self.must("POST", "/execute/async", Some(&json!({"script": script, "args": []})));
        let encoded = self.must("GET", "/screenshot", None);
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

/// One exchange; the `value` of the answer.
fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(COMMAND)).map_err(|error| error.to_string())?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .map_err(|error| error.to_string())?;
    let mut reader = BufReader::new(stream);
    let mut length = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).map_err(|error| format!("no answer to {method} {path}: {error}"))?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let length = length.ok_or_else(|| format!("{method} {path}: the answer has no length"))?;
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).map_err(|error| error.to_string())?;
    let answer: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let value = answer["value"].clone();
    match value.get("error").and_then(Value::as_str) {
        Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
        None => Ok(value),
    }
}
