//! A clean system of the same distribution in a folder: what a person's computer has before they install the package.
//!
//! It is made by debootstrap from the package sources of this computer and entered by chroot, in a mount namespace of its
//! own so that nothing stays mounted whatever happens. Its network is this computer's, so that the practice cloud on
//! loopback is reached.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock};

/// What the tests themselves need in there, beside the package's own dependencies.
const TOOLS: &[&str] = &[
    "bash",
    "curl",
    "dbus",
    "dbus-x11",
    "desktop-file-utils",
    "fonts-noto-cjk",
    "gnome-keyring",
    "procps",
    "rpm",
    "shared-mime-info",
    "webkit2gtk-driver",
];
/// The ordinary user in there.
const PERSON: &str = "1000:1000";
/// Debian's mirrors can be slow.
const MAKE_LIMIT: &str = "1500";
const RUN_LIMIT: &str = "300";

/// Path → mode, owner and kind of everything that counts.
pub type Listing = BTreeMap<PathBuf, String>;

/// The clean system. Tests take it one after the other.
#[derive(Debug)]
pub struct Root {
    folder: PathBuf,
    /// Everything in it before anything was installed, its dependencies apart.
    pub clean: Listing,
}

/// The artefact of `cargo xtask dist` whose name ends like this.
pub fn artefact(ending: &str) -> PathBuf {
    let folder = std::env::var_os("INBOX_DOCTOR_DIST")
        .map(PathBuf::from)
        .expect("INBOX_DOCTOR_DIST names the folder of `cargo xtask dist`; `cargo xtask test` sets it");
    let found = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    found
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().ends_with(ending))
        .unwrap_or_else(|| panic!("no {ending} in {}: run `cargo xtask dist`", folder.display()))
}

impl Root {
    /// The one of this test run, made at the first call.
    pub fn take() -> MutexGuard<'static, Self> {
        static ROOT: OnceLock<Mutex<Root>> = OnceLock::new();
        ROOT.get_or_init(|| Mutex::new(Self::make())).lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn make() -> Self {
        assert_eq!(
            text(&run(Command::new("id").arg("-u"))).trim(),
            "0",
            "a clean system can only be made as root (sudo)"
        );
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clean-root");
        // Written last: a system that was made completely is used again where nothing is left in it after `reset`.
        let made = folder.with_extension("made");
        let sources = sources();
        let recipe = format!("{sources:?} {TOOLS:?}");
        let mut root = Self { folder, clean: Listing::new() };
        if let Some(clean) = std::fs::read(&made).ok().and_then(|kept| read_listing(&recipe, &kept)) {
            root.clean = clean;
            root.reset();
            if root.listing() == root.clean {
                return root;
            }
        }
        let _ = std::fs::remove_file(&made);
        root.debootstrap(&sources);
        root.clean = root.listing();
        std::fs::write(made, serde_json::to_vec(&(recipe, &root.clean)).unwrap()).unwrap();
        for path in root.clean.keys() {
            let name = path.to_string_lossy().to_lowercase();
            assert!(!name.contains("inbox-doctor") && !name.contains("inboxdoctor"), "left behind: {}", path.display());
        }
        root
    }

    fn debootstrap(&self, sources: &[(String, String)]) {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).unwrap();
        }
        let (mirror, suite) = sources.iter().find(|(_, suite)| !suite.contains('-')).expect("a main package source");
        run(Command::new("timeout")
            .args([MAKE_LIMIT, "debootstrap", "--variant=minbase", suite.as_str()])
            .arg(&self.folder)
            .arg(mirror));
        let lines: Vec<String> = sources.iter().map(|(uri, suite)| format!("deb {uri} {suite} main")).collect();
        std::fs::write(self.folder.join("etc/apt/sources.list"), lines.join("\n") + "\n").unwrap();
        self.copy_in(&artefact(".deb"), "/var/tmp/package.deb");
        self.administrator("apt-get -q update");
        self.administrator(&format!("apt-get -q install -y --no-install-recommends {}", TOOLS.join(" ")));
        // Its dependencies come with it and stay: what is compared later is the package alone.
        self.administrator("apt-get -q install -y --no-install-recommends /var/tmp/package.deb");
        self.administrator("apt-get -q purge -y inbox-doctor");
        self.administrator("useradd --create-home --uid 1000 --shell /bin/bash person");
    }

    /// A path in there as seen from here.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside.trim_start_matches('/'))
    }

    /// Copies a file into it.
    pub fn copy_in(&self, from: &Path, inside: &str) {
        std::fs::copy(from, self.path(inside)).unwrap();
    }

    /// The command that leads in, as the ordinary user. `own`: a folder in there that becomes theirs.
    pub fn enter(&self, own: Option<&Path>) -> Vec<String> {
        self.entering(Some(PERSON), own)
    }

    fn entering(&self, user: Option<&str>, own: Option<&Path>) -> Vec<String> {
        let root = self.folder.display();
        let user = user.map(|user| format!("--userspec={user}")).unwrap_or_default();
        let own = own.map(|own| format!("chown -R {PERSON} {root}{} && ", own.display())).unwrap_or_default();
        let script = format!(
            "{own}mount -t proc proc {root}/proc && mount --rbind /dev {root}/dev && mount --rbind /sys {root}/sys && exec chroot {user} {root} \"$@\""
        );
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", &script, "sh"].map(str::to_owned).to_vec()
    }

    /// Runs a shell line as the administrator; it must succeed.
    pub fn administrator(&self, line: &str) -> String {
        let output = self.line(None, line);
        assert!(output.status.success(), "{line}: {}\n{}{}", output.status, text(&output), wrong(&output));
        text(&output)
    }

    /// Runs a shell line as the ordinary user, with a home and nothing else of this test's environment.
    pub fn person(&self, line: &str) -> Output {
        self.line(Some(PERSON), line)
    }

    fn line(&self, user: Option<&str>, line: &str) -> Output {
        let words = self.entering(user, None);
        let (first, rest) = words.split_first().unwrap();
        Command::new("timeout")
            .args([if user.is_none() { MAKE_LIMIT } else { RUN_LIMIT }, first])
            .args(rest)
            .args(["bash", "-c", line])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", if user.is_none() { "/root" } else { "/home/person" })
            .env("LANG", "C.UTF-8")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Everything in it but what changes by itself.
    pub fn listing(&self) -> Listing {
        const PASSING: &[&str] = &[
            "proc",
            "sys",
            "dev",
            "tmp",
            "run",
            "var/tmp",
            "var/log",
            "var/cache",
            "var/lib/apt",
            "var/lib/rpm",
            "var/lib/dpkg/updates",
            "var/lib/dpkg/triggers",
            "home",
            "root",
        ];
        let mut listing = Listing::new();
        let mut open = vec![self.folder.clone()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let inside = path.strip_prefix(&self.folder).unwrap().to_owned();
                if PASSING.iter().any(|passing| inside == Path::new(passing)) || is_backup(&inside) {
                    continue;
                }
                let meta = path.symlink_metadata().unwrap();
                if meta.is_dir() {
                    open.push(path);
                }
                let owner = format!("{:o} {}:{}", meta.permissions().mode(), meta.uid(), meta.gid());
                listing.insert(inside, owner);
            }
        }
        listing
    }

    /// Everything below the ordinary user's home.
    pub fn home(&self) -> Vec<String> {
        let output = self.person("cd ~ && find . -mindepth 1 | sort");
        text(&output).lines().map(|line| line.trim_start_matches("./").to_owned()).collect()
    }

    /// As it was at the beginning, whatever an earlier test left when it failed.
    pub fn reset(&self) {
        self.administrator(
            "rm -rf /home/person && cp -a /etc/skel /home/person && chown -R 1000:1000 /home/person; \
             ! rpm -q inbox-doctor >/dev/null 2>&1 || rpm -e --nodeps inbox-doctor; \
             ! dpkg -s inbox-doctor >/dev/null 2>&1 || apt-get -q purge -y inbox-doctor; rm -rf /etc/inbox-doctor",
        );
    }

    /// Nothing but the clean system may be left.
    pub fn assert_clean(&self) {
        let now = self.listing();
        let differing: Vec<String> = now
            .iter()
            .filter(|(path, owner)| self.clean.get(*path) != Some(*owner))
            .map(|(path, owner)| format!("new or changed: {} {owner}", path.display()))
            .chain(
                self.clean
                    .keys()
                    .filter(|path| !now.contains_key(*path))
                    .map(|path| format!("gone: {}", path.display())),
            )
            .collect();
        assert!(differing.is_empty(), "{}", differing.join("\n"));
    }
}

/// The listing that was kept, where it is of the same recipe.
fn read_listing(recipe: &str, kept: &[u8]) -> Option<Listing> {
    let (of, listing): (String, Listing) = serde_json::from_slice(kept).ok()?;
    (of == recipe).then_some(listing)
}

/// dpkg keeps the state before the last one.
fn is_backup(path: &Path) -> bool {
    path.starts_with("var/lib/dpkg") && path.to_string_lossy().ends_with("-old")
}

/// Address and suite of this computer's own distribution, from what apt knows.
fn sources() -> Vec<(String, String)> {
    let listed = run(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(ORIGIN) $(COMPONENT) $(REPO_URI) $(CODENAME)",
        "Created-By: Packages",
    ]));
    let mut found: Vec<(String, String)> = text(&listed)
        .lines()
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [origin, "main", uri, suite] = words.as_slice() else { return None };
            ["Debian", "Ubuntu"].contains(origin).then(|| ((*uri).to_owned(), (*suite).to_owned()))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Runs a command on this computer; it must succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}\n{}{}", output.status, text(&output), wrong(&output));
    output
}

/// Standard output.
pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard error.
pub fn wrong(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
