//! A Windows of a test's own: a Wine prefix, with what Wine 8 lacks put in, and questions about its files and registry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// Whatever happens, a program is gone after so many seconds.
const LIMIT: &str = "240";
/// The sources of small programs for these tests.
const PARTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/windows/parts");

/// Variables of the whole computer, the search path among them.
pub const ENVIRONMENT: &str = r"HKLM\System\CurrentControlSet\Control\Session Manager\Environment";

const PROGRAMS_OF_A_PERSON: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall";

/// The folder that `cargo xtask dist` filled.
pub fn dist() -> PathBuf {
    PathBuf::from(std::env::var_os("INBOX_DOCTOR_DIST").expect("INBOX_DOCTOR_DIST names what `cargo xtask dist` made"))
}

/// The one artefact whose name ends so.
pub fn artefact(end: &str) -> PathBuf {
    let found: Vec<PathBuf> = std::fs::read_dir(dist())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    let [one] = found.as_slice() else { panic!("{end}: {found:?}") };
    one.clone()
}

/// The same programs as another version, which are made for these tests only.
pub fn for_tests(name: &str) -> PathBuf {
    dist().join("../windows/for-tests").join(name)
}

/// The version of what was built.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn work() -> PathBuf {
    dist().join("../windows/wine")
}

/// A fresh prefix, made once and copied for every test.
fn template() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = work().join("template");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(folder.join("home")).unwrap();
        let folder = folder.canonicalize().unwrap();
        let mut command = Command::new("timeout");
        command.args([LIMIT, "xvfb-run", "-a", "wineboot", "-i"]);
        surroundings(&mut command, &folder);
        assert!(finished(&mut command).status.success(), "no Windows could be made");
        let system = folder.join("prefix/drive_c/windows/system32");
        compile("bcryptprimitives.c", &system.join("bcryptprimitives.dll"), &["-shared", "-ladvapi32"]);
        compile("windows.c", &system.join("windows-on-screen.exe"), &[]);
        // Where the installer service keeps its copies; there on every Windows.
        std::fs::create_dir_all(folder.join("prefix/drive_c/windows/Installer")).unwrap();
        // What every Windows has that somebody has worked with: fonts, and the list of programs of a person.
        let screen = Screen::open();
        for words in [&["windows-on-screen.exe"][..], &["reg", "add", PROGRAMS_OF_A_PERSON, "/f"]] {
            let mut command = Command::new("timeout");
            command.args([LIMIT, "wine"]).args(words);
            surroundings(&mut command, &folder);
            assert!(finished(command.env("DISPLAY", &screen.display)).status.success(), "{words:?}");
        }
        let mut stop = Command::new("timeout");
        stop.args([LIMIT, "wineserver", "-w"]);
        surroundings(&mut stop, &folder);
        finished(&mut stop);
        folder
    })
}

fn compile(source: &str, to: &Path, options: &[&str]) {
    let mut command = Command::new("x86_64-w64-mingw32-gcc");
    // Libraries come after what needs them.
    command.args(["-Os", "-s", "-o"]).arg(to).arg(Path::new(PARTS).join(source)).args(options);
    assert!(finished(&mut command).status.success(), "{source}");
}

fn surroundings(command: &mut Command, folder: &Path) {
    command.env("WINEPREFIX", folder.join("prefix")).env("HOME", folder.join("home")).env("WINEDEBUG", "-all");
    // Neither .NET nor a browser engine, which the product does not need, nor entries in this computer's own menus.
    command.env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d").env_remove("DISPLAY").stdin(Stdio::null());
    for name in ["LANG", "LC_ALL", "LANGUAGE", "BROWSER"] {
        command.env_remove(name);
    }
}

/// Runs to the end. What is said goes through files: a server that stays would keep the other end of a pipe.
fn finished(command: &mut Command) -> Output {
    let (mut out, mut wrong) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    command.stdout(out.try_clone().unwrap()).stderr(wrong.try_clone().unwrap());
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let read = |file: &mut File| {
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    };
    Output { status, stdout: read(&mut out), stderr: read(&mut wrong) }
}

/// One Windows; gone with its owner.
#[derive(Debug)]
pub struct Wine {
    folder: PathBuf,
    language: Option<PathBuf>,
}

impl Wine {
    /// A fresh one.
    pub fn new(name: &str) -> Self {
        let folder = work().join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let copied = Command::new("cp").args(["-a", "--reflink=auto"]).args([template(), &folder]).status().unwrap();
        assert!(copied.success());
        let wine = Self { folder: folder.canonicalize().unwrap(), language: None };
        wine.switch_on();
        wine
    }

    /// Starts what stays between two commands, because starting it takes seconds.
    fn switch_on(&self) {
        let mut server = Command::new("wineserver");
        server.arg("-p");
        surroundings(&mut server, &self.folder);
        assert!(finished(&mut server).status.success(), "wineserver");
    }

    /// Ends everything that runs in it and starts again: a desktop that was begun by a command without a screen shows
    /// nothing on a screen that comes later.
    pub fn restart(&self) {
        for what in ["-k", "-w"] {
            let mut command = Command::new("timeout");
            command.args(["30", "wineserver", what]);
            surroundings(&mut command, &self.folder);
            finished(&mut command);
        }
        self.switch_on();
    }

    /// The same in Japanese.
    pub fn japanese(name: &str) -> Self {
        let mut wine = Self::new(name);
        let languages = wine.folder.join("languages");
        std::fs::create_dir_all(&languages).unwrap();
        let made = Command::new("localedef")
            .args(["-i", "ja_JP", "-f", "UTF-8"])
            .arg(languages.join("ja_JP.UTF-8"))
            .status()
            .unwrap();
        assert!(made.success(), "localedef");
        wine.language = Some(languages);
        wine
    }

    /// A command of this Windows, ready to be run.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, words: &[S]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", LIMIT, "wine"]).args(words);
        surroundings(&mut command, &self.folder);
        if let Some(languages) = &self.language {
            command.env("LOCPATH", languages).env("LANG", "ja_JP.UTF-8");
        }
        command
    }

    /// What the windows on a screen say, a line for each and for each of their parts.
    pub fn words_on(&self, screen: &Screen) -> String {
        let output = finished(self.command(&["windows-on-screen.exe"]).env("DISPLAY", &screen.display));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs a command to its end.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, words: &[S]) -> Ran {
        let output = finished(&mut self.command(words));
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            wrong: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs the installer service on a package.
    pub fn msiexec(&self, what: &str, package: &Path, more: &[&str]) -> i32 {
        let mut words = vec!["msiexec".to_owned(), what.to_owned(), host_path(package), "/qn".to_owned()];
        words.extend(more.iter().map(|&word| word.to_owned()));
        let ran = self.run(&words);
        if ran.code != 0 {
            println!("{words:?}: {ran:?}");
        }
        ran.code
    }

    /// Where a path such as `C:\Program Files` is on this computer.
    pub fn path(&self, windows: &str) -> PathBuf {
        let rest = windows.strip_prefix("C:\\").expect("a path on drive C");
        self.folder.join("prefix/drive_c").join(rest.replace('\\', "/"))
    }

    /// A folder outside of this Windows, for whatever a test needs.
    pub fn outside(&self) -> PathBuf {
        let folder = self.folder.join("outside");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A value of the registry; the default one of a key has an empty name.
    pub fn value(&self, key: &str, name: &str) -> Option<String> {
        let (words, shown) = if name.is_empty() { (vec!["/ve"], "(Default)") } else { (vec!["/v", name], name) };
        let ran = self.run(&[&["reg", "query", key][..], &words].concat());
        if ran.code != 0 {
            return None;
        }
        ran.out.lines().find_map(|line| {
            let line = line.trim_end_matches('\r').strip_prefix("    ")?.strip_prefix(shown)?;
            let mut parts = line.strip_prefix("    ")?.splitn(2, "    ");
            parts.next()?;
            Some(parts.next().unwrap_or_default().to_owned())
        })
    }

    /// Writes a value into the registry.
    pub fn set_value(&self, key: &str, name: &str, kind: &str, value: &str) {
        let ran = self.run(&["reg", "add", key, "/v", name, "/t", kind, "/d", value, "/f"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    /// Takes a value out of the registry.
    pub fn delete_value(&self, key: &str, name: &str) {
        let ran = self.run(&["reg", "delete", key, "/v", name, "/f"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    /// Everything on drive C and in the registry.
    pub fn state(&self) -> State {
        let mut files = BTreeSet::new();
        walk(&self.folder.join("prefix/drive_c"), &mut |path| {
            let path = path.strip_prefix(self.folder.join("prefix")).unwrap();
            files.insert(path.to_string_lossy().into_owned());
        });
        let mut values = BTreeMap::new();
        for root in ["HKLM\\Software", ENVIRONMENT, "HKCU"] {
            let file = self.outside().join("export.reg");
            let ran = self.run(&["reg", "export", root, &host_path(&file), "/y"]);
            assert_eq!(ran.code, 0, "{ran:?}");
            read_export(&std::fs::read(&file).unwrap(), &mut values);
        }
        State { files, values }
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let mut command = Command::new("timeout");
        command.args(["30", "wineserver", "-k"]);
        surroundings(&mut command, &self.folder);
        let _ = command.status();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What a command said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub wrong: String,
}

/// Files, and values of the registry as `key\name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub files: BTreeSet<String>,
    pub values: BTreeMap<String, String>,
}

impl State {
    /// What is here and was not there before, or is another value now.
    pub fn since(&self, before: &Self) -> Vec<String> {
        let files = self.files.difference(&before.files).cloned();
        let values = self.values.iter().filter(|(key, value)| before.values.get(*key) != Some(value));
        files.chain(values.map(|(key, value)| format!("{key} = {value}"))).collect()
    }
}

/// How Windows names a file of this computer.
pub fn host_path(path: &Path) -> String {
    let path = path
        .canonicalize()
        .unwrap_or_else(|_| path.parent().unwrap().canonicalize().unwrap().join(path.file_name().unwrap()));
    format!("Z:{}", path.display()).replace('/', "\\")
}

fn walk(folder: &Path, seen: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        seen(&entry.path());
        // A link leads to the home folder of this computer.
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), seen);
        }
    }
}

/// Reads an export of the registry (UTF-16 with a mark at its start).
fn read_export(bytes: &[u8], values: &mut BTreeMap<String, String>) {
    let units: Vec<u16> = bytes.chunks_exact(2).skip(1).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16_lossy(&units).replace("\\\r\n  ", "");
    let mut key = String::new();
    for line in text.lines() {
        if let Some(named) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            named.clone_into(&mut key);
            values.insert(key.clone(), "key".to_owned());
        } else if let Some((name, value)) = line.split_once('=') {
            values.insert(format!("{key}\\{}", name.trim_matches('"')), value.to_owned());
        }
    }
}

/// A screen that nobody sees; gone with its owner.
#[derive(Debug)]
pub struct Screen {
    server: Child,
    pub display: String,
}

impl Screen {
    pub fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1100x800x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb");
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { server, display: format!(":{}", line.trim()) }
    }

    /// Leaves a picture of the screen in `target/screenshots`.
    pub fn picture(&self, name: &str) {
        let folder = dist().join("../screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        let mut command = Command::new("import");
        command.args(["-display", &self.display, "-window", "root"]).arg(file);
        assert!(finished(&mut command).status.success(), "no picture");
    }

    /// Presses a key in the window of this name; there is no window manager that would give it the focus.
    pub fn press(&self, window: &str, key: &str) {
        let mut command = Command::new("timeout");
        command.args([LIMIT, "xdotool", "search", "--name", window, "windowfocus", "--sync", "key", key]);
        command.env("DISPLAY", &self.display);
        assert!(finished(&mut command).status.success(), "xdotool");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
