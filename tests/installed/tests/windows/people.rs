//! setup.exe: for one person, without an administrator.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::wine::{Screen, Wine, artefact, for_tests, host_path, version};

const ENTRY: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\InboxDoctor";
const OWN: &str = r"HKCU\Software\InboxDoctor\Setup";
/// The uninstaller copies itself and goes on after its end.
const GONE_WITHIN: Duration = Duration::from_secs(120);
const SHOWN_WITHIN: Duration = Duration::from_secs(180);
/// As in the installer's source.
const NEWER_IS_THERE: i32 = 3;

fn folder(wine: &Wine) -> PathBuf {
    let windows = wine.value(OWN, "InstallDir").expect("installed");
    wine.path(&windows)
}

fn run_silently(wine: &Wine, setup: PathBuf) -> i32 {
    wine.run(&[host_path(&setup), "/S".to_owned()]).code
}

#[test]
fn setup_installs_for_one_person_upgrades_and_removes_itself() {
    let wine = Wine::new("people");
    let before = wine.state();
    assert_eq!(run_silently(&wine, for_tests("older-setup.exe")), 0);
    assert_eq!(run_silently(&wine, artefact("-setup.exe")), 0);
    assert_eq!(wine.value(ENTRY, "DisplayVersion"), Some(version()));
    let place = folder(&wine);
    for name in ["inbox-doctor.exe", "inbox-doctor-desktop.exe", "WebView2Loader.dll", "licences.txt", "uninstall.exe"]
    {
        assert!(place.join(name).is_file(), "{name}");
    }
    let ran = wine.run(&[host_path(&place.join("inbox-doctor.exe")), "--version".to_owned()]);
    assert!(ran.code == 0 && ran.out.contains(&version()), "{ran:?}");
    let command = wine.value(r"HKCU\Software\Classes\InboxDoctor.Report.1\shell\open\command", "").unwrap();
    assert!(command.ends_with("inbox-doctor-desktop.exe\" \"%1\""), "{command}");
    // Nothing of the machine, only of the person.
    for change in wine.state().since(&before) {
        let of_person = change.contains("/users/") || change.contains("HKEY_CURRENT_USER");
        assert!(of_person, "not of this person: {change}");
        let own = ["inboxdoctor", "inbox doctor"].iter().any(|name| change.to_lowercase().contains(name));
        assert!(own || is_wines(&change), "written outside of its own places: {change}");
    }
    // An older one is refused and changes nothing.
    let now = wine.state();
    assert_eq!(run_silently(&wine, for_tests("older-setup.exe")), NEWER_IS_THERE);
    assert_eq!(wine.state().since(&now).into_iter().filter(|change| !is_wines(change)).collect::<Vec<_>>(), [""; 0]);
    let uninstall = place.join("uninstall.exe");
    assert_eq!(wine.run(&[host_path(&uninstall), "/S".to_owned()]).code, 0);
    let begun = Instant::now();
    while place.exists() || wine.value(ENTRY, "DisplayName").is_some() {
        assert!(begun.elapsed() < GONE_WITHIN, "{} is still there", place.display());
        std::thread::sleep(Duration::from_millis(50));
    }
    let left: Vec<String> = wine.state().since(&before).into_iter().filter(|change| !is_wines(change)).collect();
    assert_eq!(left, [""; 0]);
}

/// Wine's own notes about menus, the folder that every installer of a person makes first, and temporary files: the
/// uninstaller runs as a copy there, which the system removes at its next start.
fn is_wines(change: &str) -> bool {
    change.contains(r"HKEY_CURRENT_USER\Software\Wine")
        || change.ends_with("AppData/Local/Programs")
        || change.contains("/Temp/")
        || change == r"HKEY_CURRENT_USER\Software\Classes = key"
}

/// Opens the installer as a person does and gives what its windows say.
fn first_page(wine: &Wine, picture: &str, wanted: &str) -> String {
    let screen = Screen::open();
    let mut command = wine.command(&[host_path(&artefact("-setup.exe"))]);
    let mut running = command.env("DISPLAY", &screen.display).spawn().unwrap();
    let begun = Instant::now();
    let said = loop {
        let said = wine.words_on(&screen);
        if said.contains(wanted) {
            break said;
        }
        assert!(begun.elapsed() < SHOWN_WITHIN, "not shown: {wanted}\n{said}");
        std::thread::sleep(Duration::from_millis(100));
    };
    screen.picture(picture);
    let _ = running.kill();
    let _ = running.wait();
    said
}

#[test]
fn setup_speaks_english_and_japanese() {
    let english = first_page(&Wine::new("setup-en"), "windows-setup-en", "Inbox Doctor");
    assert!(english.contains("Install"), "{english}");
    let japanese = first_page(&Wine::japanese("setup-ja"), "windows-setup-ja", "Inbox Doctor");
    assert!(japanese.contains("インストール"), "{japanese}");
}
