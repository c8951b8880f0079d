//! A network of the test's own: a network namespace with addresses, name servers and packet filters that belong to nobody
//! else. Nothing in it can reach the internet, and nothing outside sees it.

use std::{
    net::{SocketAddr, TcpStream},
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// A program that does not listen by then is broken.
const LIMIT: Duration = Duration::from_secs(30);

/// A namespace with everything that runs in it; it ends with the value.
pub struct Space {
    name: String,
    pub folder: tempfile::TempDir,
    children: Vec<(Child, String)>,
}

fn ip(arguments: &[&str]) {
    let output = Command::new("ip").args(arguments).output().unwrap_or_else(|error| panic!("ip: {error}"));
    assert!(
        output.status.success(),
        "`ip {}` failed: {}\nThese tests make network namespaces of their own. They need the right to do so (root, or CAP_SYS_ADMIN \
         and CAP_NET_ADMIN), and iproute2. They are not skipped, because nothing else shows what they show.",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
}

impl Space {
    /// Only the loopback interface: a computer without any network.
    pub fn alone() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("inboxdoctor-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        ip(&["netns", "add", &name]);
        let space = Self { name, folder: tempfile::tempdir().unwrap(), children: Vec::new() };
        // The servers' own accounts must get through.
        std::fs::set_permissions(space.folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        space.ip(&["link", "set", "lo", "up"]);
        // What every program in it reads in place of the computer's own files (ip-netns(8)).
        std::fs::create_dir_all(space.etc()).unwrap();
        std::fs::write(space.etc().join("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
            .unwrap();
        space.hosts("");
        space
    }

    /// A computer in a network: a way out, and the addresses of a whole internet on itself.
    pub fn connected() -> Self {
        let space = Self::alone();
        space.ip(&["route", "add", "local", "198.51.100.0/24", "dev", "lo"]);
        space.ip(&["link", "add", "out", "type", "veth", "peer", "name", "nowhere"]);
        space.ip(&["link", "set", "out", "up"]);
        space.ip(&["link", "set", "nowhere", "up"]);
        space.ip(&["addr", "add", "203.0.113.2/24", "dev", "out"]);
        space.ip(&["route", "add", "default", "via", "203.0.113.1"]);
        space
    }

    fn etc(&self) -> PathBuf {
        Path::new("/etc/netns").join(&self.name)
    }

    /// Lines of the hosts file beside `localhost`.
    pub fn hosts(&self, lines: &str) {
        std::fs::write(self.etc().join("hosts"), format!("127.0.0.1 localhost\n::1 localhost\n{lines}")).unwrap();
    }

    pub fn ip(&self, arguments: &[&str]) {
        ip(&[&["-n", &self.name], arguments].concat());
    }

    /// A packet filter: rules of the output chain.
    pub fn filter(&self, rules: &[&str]) {
        let text = format!(
            "table inet test {{\n chain output {{ type filter hook output priority 0; policy accept;\n{}\n }}\n}}\n",
            rules.join("\n")
        );
        let file = self.folder.path().join("rules.nft");
        std::fs::write(&file, text).unwrap();
        let output = self.command("nft").arg("-f").arg(&file).output().unwrap();
        assert!(output.status.success(), "nft: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A command that runs inside.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]).stdin(Stdio::null());
        command
    }

    /// Starts a program inside and waits until it listens at these places.
    pub fn start(&mut self, name: &str, mut command: Command, places: &[SocketAddr]) {
        let output = self.folder.path().join(format!("{name}.output"));
        let file = std::fs::File::create(&output).unwrap();
        command.stdout(file.try_clone().unwrap()).stderr(file);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        let begun = Instant::now();
        let places = places.to_vec();
        loop {
            let wanted = places.clone();
            if self.inside(move || wanted.iter().all(|place| TcpStream::connect(place).is_ok())) {
                break;
            }
            let ended = child.try_wait().unwrap();
            let said = std::fs::read_to_string(&output).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < LIMIT, "{name} does not listen ({ended:?}): {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
        self.children.push((child, name.to_owned()));
    }

    /// Does something on a thread that lives inside.
    pub fn inside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let name = self.name.clone();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            enter(&name);
            let _ = sender.send(work());
        });
        receiver.recv_timeout(LIMIT).expect("the thread inside the namespace failed")
    }

    /// Runs servers on a thread that lives inside, for as long as the test's process does; `listen` says when they listen.
    pub fn serve<F>(&self, servers: impl FnOnce(mpsc::Sender<()>) -> F + Send + 'static)
    where
        F: Future<Output = ()>,
    {
        let name = self.name.clone();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            enter(&name);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(servers(sender));
        });
        receiver.recv_timeout(LIMIT).expect("the servers inside the namespace do not listen");
    }
}

/// Moves this thread, and what it opens from now on, into the namespace.
fn enter(name: &str) {
    let file = std::fs::File::open(Path::new("/run/netns").join(name)).unwrap();
    rustix::thread::move_into_link_name_space(file.as_fd(), Some(rustix::thread::LinkNameSpaceType::Network)).unwrap();
}

impl Drop for Space {
    fn drop(&mut self) {
        for (child, _) in &mut self.children {
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        }
        for (child, _) in &mut self.children {
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(3) && !matches!(child.try_wait(), Ok(Some(_))) {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(self.etc());
        let _ = Command::new("ip").args(["netns", "delete", &self.name]).status();
    }
}
