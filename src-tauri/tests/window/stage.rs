//! Everything that a run of the real window needs, each test its own: a screen, a session bus with an unlocked password
//! store, a home, the practice cloud, the window under its driver, and a browser under its own.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use practice_cloud::{Options, PracticeCloud};
use serde_json::json;

use crate::driver::Driver;

/// Whatever happens, everything of one test is gone after this.
const TEST_LIMIT: &str = "300";
const SHORT: Duration = Duration::from_secs(20);

/// A process group that ends with its owner.
#[derive(Debug)]
struct Group(Child);

impl Group {
    /// Starts a command under `timeout`, in a group of its own.
    fn start(program: &str, setup: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", TEST_LIMIT, program]).process_group(0).stdin(Stdio::null());
        setup(&mut command);
        Self(command.spawn().unwrap_or_else(|error| panic!("{program}: {error}")))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        for signal in ["-TERM", "-KILL"] {
            let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
            let begun = Instant::now();
            while signal == "-TERM" && begun.elapsed() < Duration::from_secs(2) {
                if matches!(self.0.try_wait(), Ok(Some(_))) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = self.0.wait();
    }
}

/// Which program the window is: the one that was just built, or one that was installed somewhere.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Its path; the one that was just built where none is given.
    pub binary: Option<String>,
    /// What leads into the place where it is installed: a command that runs the command after it.
    pub enter: Vec<String>,
    /// A folder that has the same path inside and outside of that place.
    pub folder: Option<PathBuf>,
}

impl Program {
    fn path(&self) -> String {
        // Not `env!`: the tests of installed packages use this file too and have no program of their own.
        let built = option_env!("CARGO_BIN_EXE_inbox-doctor-desktop").map(str::to_owned);
        self.binary.clone().or(built).expect("a program")
    }

    fn folder(&self) -> tempfile::TempDir {
        match &self.folder {
            Some(folder) => tempfile::tempdir_in(folder).unwrap(),
            None => tempfile::tempdir().unwrap(),
        }
    }

    /// A command, run where the program is.
    fn start(&self, program: &str, setup: impl FnOnce(&mut Command)) -> Group {
        let mut words = self.enter.iter().map(String::as_str).chain([program]);
        let first = words.next().unwrap_or(program).to_owned();
        let rest: Vec<&str> = words.collect();
        Group::start(&first, |command| {
            command.args(rest);
            setup(command);
        })
    }
}

/// How a test wants its window.
#[derive(Debug, Default)]
pub struct Wish {
    /// Which program.
    pub program: Program,
    /// The user's own settings file in place of one that is named at the start: so that settings and history are kept.
    pub own_settings: bool,
    /// What lies in the home before the start, by path below it.
    pub files: Vec<(&'static str, String)>,
    /// Further arguments, after the ones of the test.
    pub arguments: Vec<PathBuf>,
    /// Shell commands that run before everything in the same mount namespace, with the home as `$HOME`.
    pub mounts: Option<&'static str>,
}

/// All of it. Fields are dropped in their order: the window before the screen, the cloud last.
#[derive(Debug)]
pub struct Stage {
    /// The window.
    pub window: Driver,
    /// The browser of the person.
    pub browser: Driver,
    name: &'static str,
    program: Program,
    display: String,
    port: u16,
    arguments: Vec<PathBuf>,
    _session: Group,
    _chrome: Group,
    _screen: Group,
    folder: tempfile::TempDir,
    /// The practice cloud.
    pub cloud: PracticeCloud,
    _runtime: tokio::runtime::Runtime,
}

impl Stage {
    /// Sets everything up and opens the window.
    pub fn open(name: &'static str, language: &str) -> Self {
        Self::open_program(name, language, Program::default())
    }

    /// The same with a program that may be somewhere else.
    pub fn open_program(name: &'static str, language: &str, program: Program) -> Self {
        Self::open_with(name, language, Wish { program, ..Wish::default() })
    }

    /// The same as a test wants it.
    pub fn open_with(name: &'static str, language: &str, wish: Wish) -> Self {
        let program = wish.program;
        let folder = program.folder();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let cloud = runtime.block_on(PracticeCloud::start(Options::default())).unwrap();
        let mut settings = cloud.settings_json();
        settings["language"] = json!(language);
        let settings_file = match wish.own_settings {
            true => folder.path().join("home/.config/inbox-doctor/settings.json"),
            false => folder.path().join("settings.json"),
        };
        std::fs::create_dir_all(settings_file.parent().unwrap()).unwrap();
        std::fs::write(&settings_file, settings.to_string()).unwrap();
        for (path, text) in wish.files {
            let path = folder.path().join("home").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        let (screen, display) = screen(folder.path());
        let command = outside_command(folder.path(), "browser", "opened");
        outside_command(folder.path(), "xdg-open", "mail");
        let port = free_port();
        let mut arguments = vec![PathBuf::from("--browser"), command];
        if !wish.own_settings {
            arguments.extend([PathBuf::from("--settings"), settings_file]);
        }
        let session = session(&program, folder.path(), &display, port, &log(name), wish.mounts);
        let given = [arguments.clone(), wish.arguments].concat();
        let window = Driver::open(port, &capabilities(&program, &given));
        let (chrome, browser) = chromium(folder.path());
        Self {
            window,
            browser,
            name,
            program,
            display,
            port,
            arguments,
            _session: session,
            _chrome: chrome,
            _screen: screen,
            folder,
            cloud,
            _runtime: runtime,
        }
    }

    /// Opens the window again after it was closed, with these arguments beside the first ones.
    pub fn open_again(&mut self, further: &[&Path]) {
        let given: Vec<PathBuf> = self.arguments.iter().cloned().chain(further.iter().map(PathBuf::from)).collect();
        self.window.end();
        self.window = Driver::open(self.port, &capabilities(&self.program, &given));
    }

    /// Presses keys in the window, as `xdotool` names them.
    pub fn press(&self, keys: &str) {
        let id = self.window_id();
        self.xdotool(&["windowfocus", &id]);
        self.xdotool(&["key", "--window", "0", keys]);
    }

    /// The window's number at the X server.
    pub fn window_id(&self) -> String {
        let begun = Instant::now();
        loop {
            let found = self.xdotool(&["search", "--onlyvisible", "--name", "Inbox Doctor"]);
            if let Some(id) = found.lines().last() {
                return id.to_owned();
            }
            assert!(begun.elapsed() < SHORT, "there is no window");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the window is gone.
    pub fn wait_closed(&self) {
        let begun = Instant::now();
        while !self.xdotool(&["search", "--onlyvisible", "--name", "Inbox Doctor"]).is_empty() {
            assert!(begun.elapsed() < SHORT, "the window does not close");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A command on the same desktop; what it printed.
    pub fn on_desktop(&self, program: &str, arguments: &[&str]) -> String {
        let bus = std::fs::read_to_string(self.folder.path().join("bus")).unwrap();
        let output = Command::new("timeout")
            .args(["60", program])
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .env("DISPLAY", &self.display)
            .env("HOME", self.folder.path().join("home"))
            .env("XDG_RUNTIME_DIR", self.folder.path().join("run"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The next address that the window asked to open in the browser, in the order of asking.
    pub fn opened(&self, limit: Duration) -> String {
        self.next("opened", limit)
    }

    /// The next address that the window gave to the mail program.
    pub fn mailed(&self, limit: Duration) -> String {
        self.next("mail", limit)
    }

    fn next(&self, kind: &str, limit: Duration) -> String {
        self.window.wait(&format!("an address in {kind}"), limit, |_| self.asked(kind))
    }

    /// The next address that a command was given, where there is one now.
    pub fn asked(&self, kind: &str) -> Option<String> {
        let entries = std::fs::read_dir(self.folder.path().join(kind)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let first = files.into_iter().find(|file| file.extension().is_none())?;
        let address = std::fs::read_to_string(&first).unwrap();
        std::fs::remove_file(first).unwrap();
        Some(address)
    }

    /// Starts the program a second time on the same desktop and waits for its end.
    pub fn start_again(&self, arguments: &[&Path]) -> std::process::ExitStatus {
        let bus = std::fs::read_to_string(self.folder.path().join("bus")).unwrap();
        let mut second = self.program.start(&self.program.path(), |command| {
            command
                .args(arguments)
                .env("DBUS_SESSION_BUS_ADDRESS", bus)
                .env("DISPLAY", &self.display)
                .env("HOME", self.folder.path().join("home"))
                .env("XDG_RUNTIME_DIR", self.folder.path().join("run"));
        });
        let begun = Instant::now();
        loop {
            if let Some(status) = second.0.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < SHORT, "the second start does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Answers the desktop's own "save as" window, which no web driver reaches: waits for it, types a path, confirms.
    pub fn answer_save_dialog(&self, path: &Path) {
        let begun = Instant::now();
        let id = loop {
            let found = self.xdotool(&["search", "--onlyvisible", "--name", "Save"]);
            if let Some(id) = found.lines().next() {
                break id.to_owned();
            }
            assert!(begun.elapsed() < SHORT, "no save dialog comes up");
            std::thread::sleep(Duration::from_millis(50));
        };
        // With no window manager the keys go to the window under the pointer.
        self.xdotool(&["mousemove", "--window", &id, "200", "15"]);
        self.xdotool(&["key", "ctrl+a"]);
        self.xdotool(&["type", &path.display().to_string()]);
        self.xdotool(&["key", "Return"]);
    }

    /// `xdotool` on this screen; what it printed.
    pub fn xdotool(&self, arguments: &[&str]) -> String {
        let output = Command::new("timeout")
            .args(["20", "xdotool"])
            .args(arguments)
            .env("DISPLAY", &self.display)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A folder that ends with the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Saves a picture of the window under `target/screenshots`.
    pub fn picture(&self, what: &str) {
        self.window.picture(&kept().join(format!("{}-{what}.png", self.name)));
    }
}

/// Where pictures and the programs' own words are kept: `target/screenshots`.
fn kept() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What bus, driver and window of a test say.
fn log(name: &str) -> PathBuf {
    kept().join(format!("{name}.log"))
}

/// A command that writes the address it is given into a folder, one file for each, complete when its name shows.
fn outside_command(folder: &Path, name: &str, kind: &str) -> PathBuf {
    let bin = folder.join("bin");
    let asked = folder.join(kind);
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::create_dir_all(&asked).unwrap();
    let command = bin.join(name);
    let shown = asked.display();
    let script = format!(
        "#!/bin/sh\nfile={shown}/$(date +%s%N)-$$\nprintf '%s' \"$1\" > \"$file.part\" && mv \"$file.part\" \"$file\"\n"
    );
    std::fs::write(&command, script).unwrap();
    std::fs::set_permissions(&command, std::fs::Permissions::from_mode(0o755)).unwrap();
    command
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// An X server of its own; it chooses its number itself and says which.
fn screen(folder: &Path) -> (Group, String) {
    let told = folder.join("display");
    let file = std::fs::File::create(&told).unwrap();
    let group = Group::start("Xvfb", |command| {
        command
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdout(file)
            .stderr(Stdio::null());
    });
    let begun = Instant::now();
    loop {
        let text = std::fs::read_to_string(&told).unwrap();
        if text.ends_with('\n') {
            return (group, format!(":{}", text.trim()));
        }
        assert!(begun.elapsed() < SHORT, "Xvfb does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A session bus with an unlocked password store, and in it the driver that will start the window. The single-instance
/// rule of the program holds on a bus, so that tests with one each can run side by side.
fn session(program: &Program, folder: &Path, display: &str, port: u16, log: &Path, mounts: Option<&str>) -> Group {
    let log = std::fs::File::create(log).unwrap();
    let home = folder.join("home");
    let run = folder.join("run");
    for folder in [&home, &run] {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap());
    let script = format!(
        "printf '%s' \"$DBUS_SESSION_BUS_ADDRESS\" > {}/bus\n\
         printf 'practice\\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &\n\
         exec WebKitWebDriver --port={port}",
        folder.display()
    );
    let first = if mounts.is_some() { "unshare" } else { "dbus-run-session" };
    program.start(first, |command| {
        if let Some(mounts) = mounts {
            // Mounts of its own, which end with the session and need no administrator.
            command.args(["--map-root-user", "--mount", "sh", "-ec", &format!("{mounts}\nexec \"$@\""), "sh"]);
            command.arg("dbus-run-session");
        }
        command
            .args(["--", "bash", "-c", &script])
            .env_clear()
            .env("PATH", path)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", run)
            .env("DISPLAY", display)
            .env("LANG", "C.UTF-8")
            .env("GDK_BACKEND", "x11")
            // Without it the driver waits for ever for its window.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .stderr(log);
    })
}

/// What the driver starts.
fn capabilities(program: &Program, arguments: &[PathBuf]) -> serde_json::Value {
    json!({"webkitgtk:browserOptions": {"binary": program.path(), "args": arguments}})
}

/// A browser with a fresh profile that reaches nothing but this computer.
fn chromium(folder: &Path) -> (Group, Driver) {
    let port = free_port();
    let group = Group::start("chromedriver", |command| {
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    });
    let profile = format!("--user-data-dir={}", folder.join("chromium").display());
    let driver = Driver::open(
        port,
        &json!({"browserName": "chrome", "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1", profile,
        ]}}),
    );
    (group, driver)
}
