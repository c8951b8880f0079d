//! The packages for Linux in a clean system: installed, used by an ordinary user, upgraded, removed without leftovers.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(missing_docs, dead_code, reason = "tests")]

mod documents;
#[path = "../../../../src-tauri/tests/window/driver.rs"]
mod driver;
#[path = "../../../../src-tauri/tests/window/person.rs"]
mod person;
mod root;
#[path = "../../../../src-tauri/tests/window/stage.rs"]
mod stage;

use std::path::{Path, PathBuf};
use std::process::Command;

use practice_cloud::{Options, PracticeCloud};
use serde_json::Value;

use person::{SOON, test_id};
use root::{Root, artefact, run, text, wrong};
use stage::{Program, Stage};

/// A folder that has the same path here and in the clean system.
struct Shared(PathBuf, PathBuf);

impl Shared {
    fn new(root: &Root, name: &str) -> Self {
        let path = PathBuf::from(format!("/tmp/inbox-doctor-{name}-{}", std::process::id()));
        let real = root.path(path.to_str().unwrap());
        std::fs::create_dir_all(&real).unwrap();
        std::os::unix::fs::symlink(&real, &path).unwrap();
        Self(path, real)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_dir_all(&self.1);
    }
}

fn install(root: &Root, package: &Path) {
    root.copy_in(package, "/var/tmp/package.deb");
    root.administrator("apt-get -q install -y --no-install-recommends --allow-downgrades /var/tmp/package.deb");
}

fn remove(root: &Root) {
    root.administrator("apt-get -q purge -y inbox-doctor");
}

#[test]
fn the_debian_package_has_no_errors_by_lintian() {
    let output = Command::new("lintian").args(["--fail-on", "error", "--allow-root"]).arg(artefact(".deb")).output();
    let output = output.expect("lintian");
    println!("{}", text(&output));
    assert!(output.status.success(), "{}{}", text(&output), wrong(&output));
}

#[test]
fn the_debian_package_is_installed_used_and_removed() {
    let root = Root::take();
    root.reset();
    install(&root, &artefact(".deb"));
    files_are_the_administrators(&root);
    desktop_knows_the_program(&root);
    command_line_answers(&root);
    policies_are_read(&root);
    window_gives_the_answer(&root);
    remove(&root);
    root.assert_clean();
    for path in root.home() {
        assert!(is_own_place(&path), "written outside the program's own folders: {path}");
    }
}

/// What the program, its web view and the password store keep for a person.
fn is_own_place(path: &str) -> bool {
    const PLACES: &[&str] = &[
        ".config/inbox-doctor",
        ".local/state/inbox-doctor",
        ".local/share/inbox-doctor",
        ".cache/inbox-doctor",
        ".local/share/app.inboxdoctor.desktop",
        ".cache/app.inboxdoctor.desktop",
        ".config/app.inboxdoctor.desktop",
        // The password store's own, the drawing library's and the fonts'.
        ".local/share/keyrings",
        ".cache/mesa_shader_cache",
        ".cache/fontconfig",
    ];
    const SKELETON: &[&str] = &[".bashrc", ".profile", ".bash_logout"];
    SKELETON.contains(&path)
        || PLACES.iter().any(|place| Path::new(path).starts_with(place) || Path::new(place).starts_with(path))
}

fn files_are_the_administrators(root: &Root) {
    let now = root.listing();
    let mut seen = 0;
    for (path, owner) in now.iter().filter(|(path, _)| !root.clean.contains_key(*path)) {
        seen += 1;
        let mode = u32::from_str_radix(owner.split(' ').next().unwrap(), 8).unwrap();
        assert!(owner.ends_with(" 0:0"), "{} belongs to {owner}", path.display());
        let is_link = mode & 0o170_000 == 0o120_000;
        assert!(is_link || mode & 0o6022 == 0, "{} may be written or runs with more rights: {mode:o}", path.display());
    }
    assert!(seen > 20, "{seen} files");
}

fn desktop_knows_the_program(root: &Root) {
    let id = "app.inboxdoctor.InboxDoctor";
    root.administrator(&format!("desktop-file-validate /usr/share/applications/{id}.desktop"));
    root.administrator(&format!(
        "grep -q 'inbox-doctor.report+json={id}.desktop' /usr/share/applications/mimeinfo.cache"
    ));
    root.administrator("grep -q 'application/vnd.inbox-doctor.report+json:\\*.inboxdoctor' /usr/share/mime/globs2");
    root.administrator("gzip -dc /usr/share/man/man1/inbox-doctor.1.gz | grep -q policies\\\\\\|policy");
    root.administrator("bash -n /usr/share/bash-completion/completions/inbox-doctor");
    let metainfo = root.path(&format!("/usr/share/metainfo/{id}.metainfo.xml"));
    run(Command::new("appstreamcli").args(["validate", "--no-net"]).arg(metainfo));
}

fn command_line_answers(root: &Root) {
    let version = text(&root.person("inbox-doctor --version"));
    assert!(version.starts_with(&format!("inbox-doctor {}", env!("CARGO_PKG_VERSION"))), "{version}");
    let output = root.person("inbox-doctor --json explain --text 'AADSTS90094: The grant requires admin permission'");
    assert_eq!(output.status.code(), Some(0), "{}", wrong(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["findings"][0]["fixer"], "admin", "{answer}");
    let cloud = Cloud::new(root, "command-line");
    for (address, code, verdict) in
        [("works@contoso.example", 0, "works"), ("consent-admin-required@contoso.example", 1, "blocked")]
    {
        let output = root.person(&cloud.command(&format!("--json check {address}")));
        assert_eq!(output.status.code(), Some(code), "{address}: {}{}", text(&output), wrong(&output));
        let examination: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(examination["verdict"], verdict, "{address}");
    }
}

fn policies_are_read(root: &Root) {
    let policy = "/etc/inbox-doctor/policies/managed/10-organisation.json";
    std::fs::write(root.path(policy), r#"{"helpdeskAddress": "help@contoso.example"}"#).unwrap();
    let shown = text(&root.person("inbox-doctor policy show"));
    let line = shown.lines().find(|line| line.contains("helpdeskAddress")).unwrap_or_else(|| panic!("{shown}"));
    assert!(line.contains("help@contoso.example"), "{line}");
    std::fs::remove_file(root.path(policy)).unwrap();
}

fn window_gives_the_answer(root: &Root) {
    let shared = Shared::new(root, "window");
    let program = Program {
        binary: Some("/usr/bin/inbox-doctor-desktop".to_owned()),
        enter: root.enter(Some(&shared.0)),
        folder: Some(shared.0.clone()),
    };
    let stage = Stage::open_program("installed", "en", program);
    stage.window.element(&test_id("address-input"), SOON);
    stage.check("consent-admin-required@contoso.example");
    stage.sign_in_until_result();
    stage.picture("result");
    let (cause, who, title) = stage.answer();
    assert_eq!(cause, "consent-admin-required", "{}", stage.words());
    assert!(who.contains("IT admin") && title.contains("HubSpot"), "{who} / {title}");
    // What it kept becomes the ordinary user's, to be looked at and to be found again by a later version.
    root.administrator(&format!("cp -a {}/home/. /home/person/", stage.folder().display()));
}

/// The practice cloud with live sessions, and a settings file for the ordinary user.
struct Cloud {
    settings: String,
    option: String,
    _cloud: PracticeCloud,
    _runtime: tokio::runtime::Runtime,
    _shared: Shared,
}

impl Cloud {
    fn new(root: &Root, name: &str) -> Self {
        let shared = Shared::new(root, name);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let options = Options { sso: true, sign_in_seconds: Some(30), ..Default::default() };
        let cloud = runtime.block_on(PracticeCloud::start(options)).unwrap();
        let settings = shared.0.join("settings.json");
        std::fs::write(&settings, cloud.settings_json().to_string()).unwrap();
        let settings = settings.display().to_string();
        Self { option: format!("--settings {settings}"), settings, _cloud: cloud, _runtime: runtime, _shared: shared }
    }

    /// From now on the commands read the ordinary user's own settings.
    fn with_own_settings(mut self) -> Self {
        self.option = String::new();
        self
    }

    /// The installed command on a session with an unlocked password store.
    fn command(&self, arguments: &str) -> String {
        format!(
            "mkdir -p -m 700 /tmp/run-person; export XDG_RUNTIME_DIR=/tmp/run-person; exec dbus-run-session -- bash -c \"printf 'practice\\n' | \
             gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec inbox-doctor {} --browser \
             'curl --silent --location --max-time 20 --output /dev/null' {arguments}\"",
            self.option
        )
    }
}

#[test]
fn an_upgrade_keeps_settings_history_and_sign_ins() {
    let root = Root::take();
    root.reset();
    let older = repacked(&artefact(".deb"), "0.0.9");
    install(&root, &older);
    // History and settings are the person's only where no other settings file is named.
    let cloud = Cloud::new(&root, "upgrade");
    root.person(&format!(
        "mkdir -p ~/.config/inbox-doctor && cp {} ~/.config/inbox-doctor/settings.json",
        cloud.settings
    ));
    let cloud = cloud.with_own_settings();
    let first = root.person(&cloud.command("--json check works@contoso.example"));
    assert_eq!(first.status.code(), Some(0), "{}", wrong(&first));
    let policy = "/etc/inbox-doctor/policies/recommended/10-own.json";
    std::fs::write(root.path(policy), r#"{"helpdeskAddress": "help@contoso.example"}"#).unwrap();
    let before = kept(&root);
    assert!(before.contains("settings.json") && before.contains("/history/"), "{before}");

    install(&root, &artefact(".deb"));
    assert_eq!(kept(&root), before);
    assert!(root.path(policy).exists(), "the administrator's policy stays");
    let accounts = root.person(&cloud.command("--json accounts list"));
    assert!(text(&accounts).contains("works@contoso.example"), "{}{}", text(&accounts), wrong(&accounts));
    let shown = text(&root.person("inbox-doctor policy show"));
    assert!(shown.contains("help@contoso.example"), "{shown}");

    std::fs::remove_file(root.path(policy)).unwrap();
    remove(&root);
    root.assert_clean();
}

/// Every file of the ordinary user with its content.
fn kept(root: &Root) -> String {
    let line = "cd ~ && find .config .local/state .local/share -type f -path '*inbox*' 2>/dev/null | sort | xargs -r sh -c \
                'for f; do echo \"== $f\"; cat \"$f\"; done' sh";
    text(&root.person(line))
}

/// The same package with another version.
fn repacked(package: &Path, version: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("repacked-{version}"));
    let _ = std::fs::remove_dir_all(&folder);
    run(Command::new("dpkg-deb").arg("-R").arg(package).arg(&folder));
    let control = folder.join("DEBIAN/control");
    let text = std::fs::read_to_string(&control).unwrap();
    let changed: Vec<String> = text
        .lines()
        .map(|line| if line.starts_with("Version:") { format!("Version: {version}") } else { line.to_owned() })
        .collect();
    std::fs::write(&control, changed.join("\n") + "\n").unwrap();
    let file = folder.with_extension("deb");
    run(Command::new("dpkg-deb").args(["--root-owner-group", "-Zgzip", "-z1", "-b"]).arg(&folder).arg(&file));
    std::fs::remove_dir_all(folder).unwrap();
    file
}

/// There is no Fedora here: rpm itself unpacks, verifies and removes, in a Debian that has the same libraries.
#[test]
fn the_rpm_package_is_installed_used_and_removed() {
    let root = Root::take();
    root.reset();
    root.copy_in(&artefact(".rpm"), "/var/tmp/package.rpm");
    root.administrator("rpm --initdb && rpm -K --nosignature /var/tmp/package.rpm");
    libraries_are_named(&root);
    // Debian's own packages are not in rpm's database, so that it cannot know that what is required is there.
    root.administrator("rpm -i --nodeps /var/tmp/package.rpm");
    root.administrator("rpm -V --nodeps inbox-doctor");
    files_are_the_administrators(&root);
    command_line_answers(&root);
    policies_are_read(&root);
    window_gives_the_answer(&root);
    root.administrator("rpm -e --nodeps inbox-doctor");
    root.administrator("update-mime-database /usr/share/mime; update-desktop-database");
    root.assert_clean();
}

/// What the package requires by library name is what the programs link.
fn libraries_are_named(root: &Root) {
    let required = root.administrator("rpm -qp --requires --nosignature /var/tmp/package.rpm");
    let known = root.administrator("ldconfig -p");
    let mut seen = 0;
    for line in required.lines().filter(|line| line.contains(".so.")) {
        let library = line.split('(').next().unwrap();
        assert!(known.contains(library), "{library} is required and is not in a system with its libraries");
        seen += 1;
    }
    assert!(required.contains("libwebkit2gtk-4.1.so.0") && seen > 5, "{required}");
}
