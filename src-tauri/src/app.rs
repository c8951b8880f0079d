//! The window: builder, plugins, commands, what the desktop asks of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use inbox_engine::SettingsSources;
use inbox_host::{COMMANDS, Host, HostErrorCode, News};
use tauri::ipc::{Channel, Invoke, InvokeBody, InvokeError, JavaScriptChannelId};
use tauri::{App, AppHandle, Manager as _, RunEvent, WebviewWindowBuilder, WindowEvent, Wry};

use crate::arguments::{self, Arguments, Start};
use crate::desktop::{self, Desktop, WINDOW};
use crate::place::Place;
use crate::{menu, web_view};

/// The window could not be opened, as in the command line's contract.
const NO_WINDOW: i32 = 3;

/// Arguments that carry the channel of a command's news.
const CHANNELS: &[&str] = &["onEvent", "onAnswer"];

/// Opens the window and runs until it is closed. Gives the exit code.
///
/// # Errors
/// When the window cannot be made (no display, no web view).
pub(crate) fn run(arguments: Arguments) -> tauri::Result<i32> {
    let app = tauri::Builder::default()
        // First, so that a second start ends before it does anything.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            show(app);
            open_given(app, arguments, Path::new(&folder));
        }))
        .plugin(tauri_plugin_dialog::init())
        // Without its script for links: the window opens them through `open_link` only.
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(answer)
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .on_window_event(|window, event| {
            let Some(window) = window.get_webview_window(WINDOW) else { return };
            let place = window.state::<Place>();
            match event {
                WindowEvent::Resized(_) | WindowEvent::Moved(_) => place.note(&window),
                WindowEvent::CloseRequested { .. } | WindowEvent::Focused(false) => place.keep(),
                _ => {}
            }
        })
        .setup(move |app| {
            // An error that left this closure would be a panic of the framework.
            if let Err(error) = set_up(app, arguments) {
                web_view::tell(&format!("the window cannot be opened: {error}"));
                app.handle().exit(NO_WINDOW);
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let stopping = AtomicBool::new(false);
    Ok(app.run_return(move |app, event| match event {
        RunEvent::ExitRequested { api, code, .. } => {
            app.state::<Place>().keep();
            let host = app.state::<Host>().inner().clone();
            if host.idle() || stopping.swap(true, Ordering::Relaxed) {
                return;
            }
            // A check is under way: it stops now, and cleans up what it made before the program ends.
            api.prevent_exit();
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                host.stop().await;
                app.exit(code.unwrap_or(0));
            });
        }
        RunEvent::Exit => {
            if let Some(folder) = app.try_state::<ForNow>() {
                let _ = std::fs::remove_dir_all(&folder.0);
            }
        }
        // A Mac hands files over this way, not as arguments.
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for path in urls.iter().filter_map(|url| url.to_file_path().ok()) {
                open_report(app, path);
            }
        }
        _ => {}
    }))
}

fn set_up(app: &App, arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let handle = app.handle();
    let sources = SettingsSources::of_this_computer(arguments.settings);
    app.manage(Place::in_folder(sources.state.clone()));
    let host = Host::new(sources, arguments.browser, Arc::new(Desktop::new(handle.clone())));
    app.manage(host.clone());
    menu::set(handle);
    desktop::set_theme(handle);
    // Beside the web view, which takes longer to come up.
    tauri::async_runtime::spawn(async move { host.engine().await.map(drop) });
    if let Some(path) = arguments.report {
        open_report(handle, path);
    }
    let config = app.config().app.windows.first().ok_or("the configuration has no window")?;
    let mut window = WebviewWindowBuilder::from_config(handle, config)?.visible(false);
    if !app.path().app_local_data_dir().is_ok_and(|folder| can_keep(&folder)) {
        // A home that is read-only, or a full disk: the web view keeps its things until the end, and the window opens all
        // the same.
        let folder = for_now(app)?;
        window = window.data_directory(folder.clone());
        app.manage(ForNow(folder));
    }
    let window = window.build()?;
    app.state::<Place>().restore(&window);
    window.show()?;
    Ok(())
}

/// Whether something can be written in a folder, which is made where it is not there.
fn can_keep(folder: &Path) -> bool {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let kept = std::fs::create_dir_all(folder).is_ok() && std::fs::write(&probe, "1").is_ok();
    let _ = std::fs::remove_file(&probe);
    kept
}

/// A folder that ends with the program.
struct ForNow(PathBuf);

/// A folder that nobody else can read, where the user's own programs keep what need not outlive them.
fn for_now(app: &App) -> std::io::Result<PathBuf> {
    let place = app.path().runtime_dir().ok().filter(|folder| folder.is_dir()).unwrap_or_else(std::env::temp_dir);
    let folder = place.join(format!("inbox-doctor-{}", std::process::id()));
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only here a mode is set"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    // One that is there already may be somebody else's.
    builder.create(&folder)?;
    Ok(folder)
}

/// Every command: decode, call, encode. What is no command of this program is left to the framework, which refuses it.
fn answer(invoke: Invoke<Wry>) -> bool {
    let message = invoke.message;
    let name = message.command().to_owned();
    if !COMMANDS.contains(&name.as_str()) {
        return false;
    }
    let webview = message.webview();
    let InvokeBody::Json(arguments) = message.payload().clone() else {
        invoke.resolver.reject(HostErrorCode::Engine.with("the arguments are no JSON"));
        return true;
    };
    let channel = CHANNELS.iter().find_map(|key| arguments.get(key)?.as_str()?.parse::<JavaScriptChannelId>().ok());
    let channel: Option<Channel<serde_json::Value>> = channel.map(|id| id.channel_on(webview.clone()));
    let news: News = Arc::new(move |news| {
        // A window that is gone hears nothing.
        let _ = channel.as_ref().map(|channel| channel.send(news));
    });
    let host = webview.state::<Host>().inner().clone();
    invoke.resolver.respond_async(async move { host.call(&name, arguments, news).await.map_err(InvokeError::from) });
    true
}

/// Brings the window to the front when the program is started a second time.
fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(WINDOW) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Opens the report file that a second start was given; other arguments hold for the first start only.
fn open_given(app: &AppHandle, given: Vec<String>, folder: &Path) {
    let read = arguments::read(given.into_iter().skip(1).map(Into::into));
    if let Ok(Start::Window(Arguments { report: Some(path), .. })) = read {
        open_report(app, folder.join(path));
    }
}

fn open_report(app: &AppHandle, path: PathBuf) {
    let host = app.state::<Host>().inner().clone();
    // A file may lie on a share that answers late.
    tauri::async_runtime::spawn_blocking(move || host.open_outside(&path));
}

#[cfg(test)]
mod tests {
    use inbox_host::COMMANDS;

    #[test]
    fn every_command_has_a_permission_and_the_window_has_it() {
        let build = include_str!("../build.rs");
        let given: serde_json::Value = serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let given = given["permissions"].as_array().unwrap();
        for command in COMMANDS {
            assert!(build.contains(&format!("    \"{command}\",\n")), "{command} is not in build.rs");
            assert!(given.contains(&format!("allow-{}", command.replace('_', "-")).into()), "{command} is not allowed");
        }
        assert_eq!(given.len(), COMMANDS.len(), "something is allowed that is no command");
    }
}
