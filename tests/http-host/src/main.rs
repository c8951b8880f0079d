//! The user interface on a page of this computer, with the real engine and the practice cloud behind it: for end-to-end
//! tests in a browser, and never shipped.
//!
//! Prints one line of JSON (`url`, `folder`) when it serves, and ends when its standard input does. Loopback only;
//! every request carries a word that is made anew at each start, and requests of other pages are refused.

mod desk;
mod page;
mod serve;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use inbox_engine::SettingsSources;
use inbox_host::Host;
use practice_cloud::{Options, PracticeCloud};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::desk::Desk;
use crate::serve::Server;

#[tokio::main]
async fn main() -> Result<()> {
    let pages = PathBuf::from(std::env::args_os().nth(1).context("usage: http-host FOLDER-OF-PAGES")?);
    anyhow::ensure!(pages.join("index.html").is_file(), "{} holds no index.html", pages.display());
    let folder = tempfile::tempdir()?;
    let cloud = PracticeCloud::start(Options::default()).await?;

    // The user's own file, not one in its place: so that settings can be changed and a history is kept, as in the window.
    let user = folder.path().join("config/settings.json");
    std::fs::create_dir_all(folder.path().join("config"))?;
    std::fs::write(&user, serde_json::to_vec_pretty(&cloud.settings_json())?)?;
    let sources = SettingsSources {
        user: Some(user),
        policies: Some(folder.path().join("policies")),
        state: Some(folder.path().join("state")),
        ..SettingsSources::default()
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let word = format!("{:032x}", rand::random::<u128>());
    let desk = Arc::new(Desk::in_folder(folder.path())?);
    let host = Host::new(sources, None, desk.clone());
    let server = Server { host, desk, pages, word: word.clone(), origin: format!("http://{address}") };

    let ready = serde_json::json!({
        "url": format!("http://{address}/?token={word}"),
        "folder": folder.path(),
    });
    writeln!(std::io::stdout(), "{ready}")?;
    let mut input = tokio::io::stdin();
    let mut nothing = [0_u8; 64];
    let ended = async move { while input.read(&mut nothing).await.is_ok_and(|read| read > 0) {} };
    tokio::select! {
        () = ended => {}
        () = serve::run(listener, Arc::new(server)) => {}
    }
    Ok(())
}
