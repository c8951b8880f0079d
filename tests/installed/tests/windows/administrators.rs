//! The MSI: silent, with properties; kept over repair and upgrade; refused when older; removed whole.

use crate::wine::{ENVIRONMENT, Ran, Wine, artefact, for_tests, version};
use crate::{ADMINISTRATORS, POLICIES};

/// What the installer service remembers of what the package wrote.
const OWN: &str = r"HKLM\Software\InboxDoctor\Installer";
const FILES: &[&str] = &["WebView2Loader.dll", "inbox-doctor-desktop.exe", "inbox-doctor.exe", "licences.txt"];
/// 1603 (the installation failed), of which a Unix program gets the lower eight bits.
const FAILED: i32 = 1603 & 0xff;

#[test]
fn the_package_is_installed_repaired_upgraded_and_removed() {
    let wine = Wine::new("administrators");
    let before = wine.state();
    let this = artefact("-x64.msi");
    let properties = ["MICROSOFTCLIENTID=11111111-2222-3333-4444-555555555555", "ALLOWWRITETEST=false"];
    assert_eq!(wine.msiexec("/i", &this, &properties), 0);
    files_are_there(&wine);
    registry_is_written(&wine);
    assert_eq!(installed_version(&wine), Some(version()));
    // Written into the policies, and nothing that was not asked for.
    assert_eq!(wine.value(POLICIES, "microsoftClientId").as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!(wine.value(POLICIES, "allowWriteTest").as_deref(), Some("false"));
    assert_eq!(wine.value(POLICIES, "language"), None);
    nothing_is_elsewhere(&wine.state().since(&before));

    // Somebody else's policy, and a change of ours by hand.
    wine.set_value(POLICIES, "language", "REG_SZ", "ja");
    wine.set_value(POLICIES, "allowWriteTest", "REG_SZ", "true");
    repaired(&wine);
    refused_when_older(&wine);
    upgraded(&wine);

    assert_eq!(wine.msiexec("/x", &for_tests("newer.msi"), &[]), 0);
    assert_eq!(wine.value(POLICIES, "language").as_deref(), Some("ja"), "a policy of somebody else was removed");
    wine.delete_value(POLICIES, "language");
    wine.run(&["reg", "delete", POLICIES, "/f"]);
    assert_eq!(left(wine.state().since(&before)), Vec::<String>::new());
}

#[test]
fn an_older_version_is_upgraded_and_settings_stay() {
    let wine = Wine::new("upgrade");
    assert_eq!(wine.msiexec("/i", &for_tests("older.msi"), &["APP=hubspot"]), 0);
    let settings = wine.path(&format!(r"C:\users\{}\AppData\Roaming\inbox-doctor\config\settings.json", user()));
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    std::fs::write(&settings, r#"{"language":"ja"}"#).unwrap();
    assert_eq!(wine.msiexec("/i", &artefact("-x64.msi"), &[]), 0);
    assert_eq!(installed_version(&wine), Some(version()));
    assert_eq!(wine.value(POLICIES, "app").as_deref(), Some("hubspot"));
    let shown = show(&wine);
    assert!(shown.out.contains("\"ja\"") && shown.out.contains("mandatory-policy"), "{shown:?}");
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), r#"{"language":"ja"}"#);
    // Another build of the same version takes its place and does not stand beside it.
    assert_eq!(wine.msiexec("/i", &artefact("-x64.msi"), &["REINSTALL=ALL", "REINSTALLMODE=vomus"]), 0);
    assert_eq!(entries(&wine).len(), 1);
    assert_eq!(wine.msiexec("/x", &artefact("-x64.msi"), &[]), 0);
    assert!(settings.exists(), "the settings belong to the person");
}

fn files_are_there(wine: &Wine) {
    let mut names: Vec<String> = std::fs::read_dir(wine.path(ADMINISTRATORS))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, FILES);
    let state = wine.state();
    assert!(state.files.iter().any(|path| path.ends_with("Programs/Inbox Doctor.lnk")), "no entry in the Start menu");
}

fn registry_is_written(wine: &Wine) {
    let classes = r"HKLM\Software\Classes";
    assert_eq!(wine.value(&format!(r"{classes}\.inboxdoctor"), "").as_deref(), Some("InboxDoctor.Report.1"));
    let command = wine.value(&format!(r"{classes}\InboxDoctor.Report.1\shell\open\command"), "").unwrap();
    assert_eq!(command, format!("\"{ADMINISTRATORS}\\inbox-doctor-desktop.exe\" \"%1\""));
    let path = wine.value(ENVIRONMENT, "PATH").unwrap();
    assert!(path.contains("system32") && path.contains(ADMINISTRATORS), "{path}");
    // Found by its name alone.
    let ran = wine.run(&["cmd", "/c", "inbox-doctor", "--version"]);
    assert!(ran.code == 0 && ran.out.contains(&version()), "{ran:?}");
}

fn entries(wine: &Wine) -> Vec<String> {
    let ran = wine.run(&["reg", "query", r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall"]);
    let keys = ran.out.lines().map(|line| line.trim_end_matches('\r')).filter(|line| line.starts_with("HKEY"));
    keys.filter(|key| wine.value(key, "DisplayName").as_deref() == Some("Inbox Doctor")).map(str::to_owned).collect()
}

fn installed_version(wine: &Wine) -> Option<String> {
    let entries = entries(wine);
    let [one] = entries.as_slice() else { panic!("{entries:?}") };
    wine.value(one, "DisplayVersion")
}

/// What was lost comes back, and what was changed by hand stays.
fn repaired(wine: &Wine) {
    std::fs::remove_file(wine.path(&format!(r"{ADMINISTRATORS}\licences.txt"))).unwrap();
    wine.delete_value(POLICIES, "microsoftClientId");
    // `msiexec /f`, which Wine does not know, does the same.
    assert_eq!(wine.msiexec("/i", &artefact("-x64.msi"), &["REINSTALL=ALL", "REINSTALLMODE=omus"]), 0);
    files_are_there(wine);
    assert_eq!(wine.value(POLICIES, "microsoftClientId").as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!(wine.value(POLICIES, "allowWriteTest").as_deref(), Some("true"));
}

fn refused_when_older(wine: &Wine) {
    let before = wine.state();
    assert_eq!(wine.msiexec("/i", &for_tests("older.msi"), &["ALLOWWRITETEST=other"]), FAILED);
    assert_eq!(left(wine.state().since(&before)), Vec::<String>::new());
    assert_eq!(installed_version(wine), Some(version()));
}

/// Values that are not given stay, given ones replace theirs, `-` takes one away.
fn upgraded(wine: &Wine) {
    let newer = std::fs::read_to_string(for_tests("newer.version")).unwrap();
    let file = wine.path(&format!(r"{ADMINISTRATORS}\inbox-doctor.exe"));
    let old = std::fs::read(&file).unwrap();
    let properties = ["ALLOWWRITETEST=-", "HELPDESKADDRESS=help@contoso.example"];
    assert_eq!(wine.msiexec("/i", &for_tests("newer.msi"), &properties), 0);
    assert_eq!(installed_version(wine), Some(newer));
    files_are_there(wine);
    assert_ne!(std::fs::read(&file).unwrap(), old, "the program was not replaced");
    assert_eq!(wine.value(POLICIES, "microsoftClientId").as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!(wine.value(POLICIES, "allowWriteTest"), None);
    assert_eq!(wine.value(POLICIES, "helpdeskAddress").as_deref(), Some("help@contoso.example"));
    assert_eq!(wine.value(POLICIES, "language").as_deref(), Some("ja"));
    assert_eq!(wine.value(OWN, "language"), None, "a policy of somebody else was taken over");
}

/// Only the product's own places, and what the installer service keeps for every package.
fn nothing_is_elsewhere(changes: &[String]) {
    const OWN_PLACES: &[&str] = &["Inbox Doctor", "InboxDoctor", "inboxdoctor", "Environment\\PATH"];
    for change in changes {
        let own = OWN_PLACES.iter().any(|place| change.contains(place)) || is_bookkeeping(change);
        assert!(own, "written outside of its own places: {change}");
    }
}

/// The installer service's own records, and what Wine writes by itself when a program runs.
fn is_bookkeeping(change: &str) -> bool {
    const RECORDS: &[&str] = &[
        r"Software\Microsoft\Windows\CurrentVersion\Installer",
        r"Software\Microsoft\Windows\CurrentVersion\Uninstall",
        r"Software\Classes\Installer",
        r"Software\Microsoft\Installer",
        "drive_c/windows/Installer",
        // Wine's own settings, and its list of the fonts of this computer.
        r"HKEY_CURRENT_USER\Software\Wine",
        r"Software\Microsoft\Windows NT\CurrentVersion\Fonts",
    ];
    RECORDS.iter().any(|place| change.contains(place))
}

/// What is left, without what Wine's installer service forgets to take away: empty keys of its own, and a stray `;` in the
/// search path.
fn left(changes: Vec<String>) -> Vec<String> {
    changes
        .into_iter()
        .filter(|change| {
            let empty_record = is_bookkeeping(change) && change.ends_with(" = key");
            let stray = change.contains("Environment\\PATH") && !change.contains("Inbox");
            !(empty_record || stray)
        })
        .collect()
}

fn show(wine: &Wine) -> Ran {
    wine.run(&[&format!(r"{ADMINISTRATORS}\inbox-doctor.exe"), "policy", "show", "--json"])
}

fn user() -> String {
    std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "root".to_owned())
}
