//! What the desktop's own settings say about proxies, beyond what the HTTP library reads by itself. A script (PAC, WPAD) is
//! shown and never run: it is a program of somebody else's, and fetching it blindly is how it is smuggled in.

/// A proxy setting of the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DesktopProxy {
    /// A fixed proxy, `host:port`.
    Manual(String),
    /// A script at this address (PAC).
    Script(String),
    /// A script that is searched for in the network (WPAD).
    Discovery,
}

impl DesktopProxy {
    /// The word of docs/observations.md.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Manual(_) => "manual",
            Self::Script(_) => "pac",
            Self::Discovery => "wpad",
        }
    }

    /// What is set, safe to show; empty for a search in the network.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Manual(place) => crate::scrub::scrub(place),
            Self::Script(address) => crate::scrub::scrub(address),
            Self::Discovery => String::new(),
        }
    }
}

/// Reads what `gsettings list-recursively org.gnome.system.proxy` prints
/// (<https://gitlab.gnome.org/GNOME/gsettings-desktop-schemas/-/blob/master/schemas/org.gnome.system.proxy.gschema.xml.in>).
#[must_use]
pub fn read_gsettings(text: &str) -> Option<DesktopProxy> {
    let value = |schema: &str, key: &str| {
        text.lines().find_map(|line| {
            let mut words = line.splitn(3, ' ');
            let fits = words.next() == Some(schema) && words.next() == Some(key);
            fits.then(|| words.next().map(|value| value.trim().trim_matches('\'').to_owned())).flatten()
        })
    };
    const ROOT: &str = "org.gnome.system.proxy";
    match value(ROOT, "mode")?.as_str() {
        "auto" => Some(match value(ROOT, "autoconfig-url").filter(|url| !url.is_empty()) {
            Some(url) => DesktopProxy::Script(url),
            None => DesktopProxy::Discovery,
        }),
        "manual" => ["org.gnome.system.proxy.https", "org.gnome.system.proxy.http"].iter().find_map(|schema| {
            let host = value(schema, "host").filter(|host| !host.is_empty())?;
            let port = value(schema, "port")?.parse::<u16>().ok().filter(|port| *port > 0)?;
            Some(DesktopProxy::Manual(format!("{host}:{port}")))
        }),
        _ => None,
    }
}

/// Reads what `reg query "HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings" /v AutoConfigURL` prints.
#[cfg(any(windows, test))]
fn read_registry(text: &str) -> Option<DesktopProxy> {
    let line = text.lines().find(|line| line.trim_start().starts_with("AutoConfigURL"))?;
    let (_, url) = line.split_once("REG_SZ")?;
    Some(url.trim()).filter(|url| !url.is_empty()).map(|url| DesktopProxy::Script(url.to_owned()))
}

/// Asks the desktop. `None` where there is none, it has no proxy, or it does not answer in time.
pub async fn read_desktop(limit: std::time::Duration) -> Option<DesktopProxy> {
    // `auto_proxy` is what KDE's and older programs' environment names a script with.
    if let Some(url) = std::env::var("auto_proxy").ok().filter(|url| !url.is_empty()) {
        return Some(DesktopProxy::Script(url));
    }
    #[cfg(windows)]
    let (program, arguments) = (
        "reg",
        &["query", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings", "/v", "AutoConfigURL"][..],
    );
    #[cfg(not(windows))]
    let (program, arguments) = ("gsettings", &["list-recursively", "org.gnome.system.proxy"][..]);
    let output = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(limit, output).await.ok()?.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    #[cfg(windows)]
    return read_registry(&text);
    #[cfg(not(windows))]
    read_gsettings(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "org.gnome.system.proxy autoconfig-url 'http://wpad.contoso.example/proxy.pac'
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']
org.gnome.system.proxy mode 'MODE'
org.gnome.system.proxy.http host ''
org.gnome.system.proxy.http port 8080
org.gnome.system.proxy.https host 'proxy.contoso.example'
org.gnome.system.proxy.https port 3128
";

    #[test]
    fn every_mode_of_gnome_is_read() {
        let read = |mode: &str| read_gsettings(&LIST.replace("MODE", mode));
        assert_eq!(read("none"), None);
        assert_eq!(read("manual"), Some(DesktopProxy::Manual("proxy.contoso.example:3128".to_owned())));
        let script = read("auto").unwrap();
        assert_eq!(script, DesktopProxy::Script("http://wpad.contoso.example/proxy.pac".to_owned()));
        // Shown without its path, as every address is.
        assert_eq!((script.word(), script.value().as_str()), ("pac", "http://wpad.contoso.example"));
        let without = LIST.replace("'http://wpad.contoso.example/proxy.pac'", "''").replace("MODE", "auto");
        assert_eq!(read_gsettings(&without), Some(DesktopProxy::Discovery));
        assert_eq!(read_gsettings(""), None);
    }

    #[test]
    fn the_script_of_windows_is_read() {
        let text = "\r\nHKEY_CURRENT_USER\\Software\\…\\Internet Settings\r\n    AutoConfigURL    REG_SZ    http://p.example/a.pac\r\n";
        assert_eq!(read_registry(text), Some(DesktopProxy::Script("http://p.example/a.pac".to_owned())));
        assert_eq!(read_registry("ERROR: The system was unable to find the key"), None);
    }
}
