//! The `.desktop` files that open `https`, as the Desktop Entry Specification 1.5 has them
//! (<https://specifications.freedesktop.org/desktop-entry-spec/latest/>).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::InstalledBrowser;

/// Largest file that is read, in bytes; real ones have a few thousand, with a hundred translations.
const MAX_FILE: u64 = 256 * 1024;
/// What a browser says that it opens.
const HTTPS: &str = "x-scheme-handler/https";

/// The installed browsers by name. A file in a folder that comes first hides its namesakes in later ones.
pub(in super::super) fn all() -> Vec<InstalledBrowser> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = variable("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/share")));
    let further = variable("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let folders: Vec<PathBuf> =
        home.into_iter().chain(std::env::split_paths(&further)).map(|folder| folder.join("applications")).collect();
    let path = variable("PATH").unwrap_or_default();
    let programs: Vec<PathBuf> = std::env::split_paths(&path).collect();
    in_folders(&folders, &programs)
}

fn in_folders(folders: &[PathBuf], programs: &[PathBuf]) -> Vec<InstalledBrowser> {
    let mut seen = BTreeMap::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.extension().is_none_or(|extension| extension != "desktop") {
                continue;
            }
            let Some(id) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
            seen.entry(id.clone()).or_insert_with(|| {
                let small = std::fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_FILE);
                let text = small.then(|| std::fs::read_to_string(&path).ok()).flatten()?;
                read(&id, &text, programs)
            });
        }
    }
    let mut found: Vec<InstalledBrowser> = seen.into_values().flatten().collect();
    found.sort_by(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()).then(a.id.cmp(&b.id)));
    found
}

/// One file; `None` when it is no browser that could be started.
fn read(id: &str, text: &str, programs: &[PathBuf]) -> Option<InstalledBrowser> {
    let keys = main_group(text);
    let get = |key: &str| keys.get(key).map(String::as_str);
    let yes = |key: &str| get(key) == Some("true");
    let opens = get("MimeType")?.split(';').any(|kind| kind.trim() == HTTPS);
    if !opens || yes("Hidden") || yes("NoDisplay") || yes("Terminal") || get("Type") != Some("Application") {
        return None;
    }
    if get("TryExec").is_some_and(|program| !is_there(program, programs)) {
        return None;
    }
    let name = get("Name")?.to_owned();
    let command = command(&unescaped(get("Exec")?), &name)?;
    is_there(command.first()?, programs).then_some(InstalledBrowser { id: id.to_owned(), name, command })
}

/// The keys of `[Desktop Entry]`.
fn main_group(text: &str) -> BTreeMap<&str, String> {
    text.lines()
        .skip_while(|line| line.trim() != "[Desktop Entry]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim().to_owned()))
        .collect()
}

/// The escapes of a value of type string.
fn unescaped(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, false) => plain.push(letter),
            _ => match letters.next() {
                Some('s') => plain.push(' '),
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some('r') => plain.push('\r'),
                Some('\\') => plain.push('\\'),
                Some(other) => plain.extend(['\\', other]),
                None => plain.push('\\'),
            },
        }
    }
    plain
}

/// Program and arguments of an `Exec` line: quotes taken off, field codes replaced, `%u` where the address goes.
fn command(exec: &str, name: &str) -> Option<Vec<String>> {
    let mut command = Vec::new();
    let mut placed = false;
    for word in super::words(exec) {
        match word.as_str() {
            "%u" | "%U" | "%f" | "%F" => {
                if !placed {
                    command.push("%u".to_owned());
                }
                placed = true;
            }
            "%i" | "%k" | "%d" | "%D" | "%n" | "%N" | "%v" | "%m" => {}
            "%c" => command.push(name.to_owned()),
            // Flatpak marks where a file would be handed over; an address goes through as it is.
            "@@u" | "@@" => {}
            _ if word.contains("%u") || word.contains("%U") => {
                placed = true;
                command.push(word.replace("%U", "%u"));
            }
            _ => command.push(word.replace("%%", "%")),
        }
    }
    if command.is_empty() {
        return None;
    }
    if !placed {
        command.push("%u".to_owned());
    }
    Some(command)
}

fn is_there(program: &str, programs: &[PathBuf]) -> bool {
    let path = Path::new(program);
    if path.is_absolute() { path.is_file() } else { programs.iter().any(|folder| folder.join(path).is_file()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs() -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["firefox", "flatpak", "chromium"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let path = folder.path().to_owned();
        (folder, vec![path])
    }

    const FIREFOX: &str = "[Desktop Entry]\nVersion=1.0\nName=Firefox\nName[ja]=Firefox\nExec=firefox %u\nTerminal=false\n\
        Type=Application\nMimeType=text/html;x-scheme-handler/http;x-scheme-handler/https;\n\n[Desktop Action new]\nName=New\n\
        Exec=firefox --new-window\n";

    #[test]
    fn a_browser_is_read_with_the_place_of_the_address() {
        let (_folder, programs) = programs();
        let firefox = read("firefox.desktop", FIREFOX, &programs).unwrap();
        assert_eq!(firefox.name, "Firefox");
        assert_eq!(firefox.command, ["firefox", "%u"]);
    }

    #[test]
    fn what_is_no_browser_is_left_out() {
        let (_folder, programs) = programs();
        for (what, with) in [
            ("x-scheme-handler/https;", "text/x-other;"),
            ("Terminal=false", "Terminal=true"),
            ("Terminal=false", "NoDisplay=true"),
            ("Terminal=false", "Hidden=true"),
            ("Terminal=false", "TryExec=/nowhere/firefox"),
            ("Exec=firefox %u", "Exec=/nowhere/firefox %u"),
            ("Type=Application", "Type=Link"),
        ] {
            assert_eq!(read("x.desktop", &FIREFOX.replace(what, with), &programs), None, "{with}");
        }
    }

    #[test]
    fn quotes_field_codes_and_flatpaks_marks_are_read() {
        let of = |exec: &str| command(&unescaped(exec), "Name").unwrap();
        assert_eq!(of(r#"/opt/a\sb/run --flag"#), ["/opt/a", "b/run", "--flag", "%u"]);
        assert_eq!(of(r#""/opt/a b/run" --name=%c "quo\\"te" %U"#), ["/opt/a b/run", "--name=%c", "quo\"te", "%u"]);
        assert_eq!(
            of("flatpak run --file-forwarding org.x.Y @@u %U @@"),
            ["flatpak", "run", "--file-forwarding", "org.x.Y", "%u"]
        );
        assert_eq!(of("chromium --app=%u %i 100%%"), ["chromium", "--app=%u", "100%"]);
    }

    #[test]
    fn the_first_folder_hides_namesakes_in_later_ones() {
        let (_folder, programs) = programs();
        let own = tempfile::tempdir().unwrap();
        let system = tempfile::tempdir().unwrap();
        std::fs::write(own.path().join("firefox.desktop"), FIREFOX.replace("Terminal=false", "Hidden=true")).unwrap();
        std::fs::write(system.path().join("firefox.desktop"), FIREFOX).unwrap();
        std::fs::write(system.path().join("b.desktop"), FIREFOX.replace("Name=Firefox", "Name=B")).unwrap();
        std::fs::write(system.path().join("notes.txt"), FIREFOX).unwrap();
        let folders = [own.path().to_owned(), system.path().to_owned()];
        let names: Vec<_> = in_folders(&folders, &programs).into_iter().map(|browser| browser.name).collect();
        assert_eq!(names, ["B"]);
    }
}
