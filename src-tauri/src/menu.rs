//! The menu bar, where the desktop has one: on macOS at the top of the screen, on Windows in the window. On Linux a page like
//! this has none by custom; there the same keys work through the page.

use inbox_catalogue::phrase;
use inbox_engine::SettingsInForce;
use inbox_host::{Host, MenuItem, Told};
use inbox_model::Language;
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder, PredefinedMenuItem, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Manager as _};

/// Key of an item, as in `ui/src/api/events.ts`.
fn accelerator(item: MenuItem) -> Option<&'static str> {
    Some(match item {
        MenuItem::NewCheck => "CmdOrCtrl+N",
        MenuItem::OpenReport => "CmdOrCtrl+O",
        MenuItem::SaveReport => "CmdOrCtrl+S",
        MenuItem::Settings => "CmdOrCtrl+,",
        MenuItem::About => "F1",
        MenuItem::ZoomIn => "CmdOrCtrl+=",
        MenuItem::ZoomOut => "CmdOrCtrl+-",
        MenuItem::ZoomReset => "CmdOrCtrl+0",
        MenuItem::Quit => "CmdOrCtrl+Q",
        MenuItem::Explain | MenuItem::Desk => return None,
    })
}

/// Sets the menu bar in the language in force, where there is one. A menu that cannot be made is no reason to do without
/// the window.
pub(crate) fn set(app: &AppHandle) {
    if !cfg!(any(target_os = "macos", windows)) {
        return;
    }
    let menu = Words::of(app).menu(app);
    let _ = menu.and_then(|menu| app.set_menu(menu));
}

/// Hands a chosen item to the window.
pub(crate) fn chosen(app: &AppHandle, id: &str) {
    if let Some(item) = MenuItem::ALL.into_iter().find(|item| item.id() == id) {
        app.state::<Host>().tell(Told::Menu { item });
    }
}

/// Makes menus in one language.
struct Words(Language);

impl Words {
    fn of(app: &AppHandle) -> Self {
        let settings = SettingsInForce::read(app.state::<Host>().sources()).ok();
        let chosen = settings.and_then(|settings| settings.values.language);
        let japanese = || sys_locale::get_locale().is_some_and(|locale| locale.starts_with("ja"));
        Self(chosen.unwrap_or_else(|| if japanese() { Language::Ja } else { Language::En }))
    }

    fn word(&self, name: &str) -> String {
        phrase(self.0, &format!("menu.{name}"), &[])
    }

    fn item(&self, app: &AppHandle, item: MenuItem) -> tauri::Result<tauri::menu::MenuItem<tauri::Wry>> {
        let builder = MenuItemBuilder::with_id(item.id(), self.word(item.id()));
        match accelerator(item) {
            Some(keys) => builder.accelerator(keys).build(app),
            None => builder.build(app),
        }
    }

    fn menu(&self, app: &AppHandle) -> tauri::Result<Menu<tauri::Wry>> {
        let mac = cfg!(target_os = "macos");
        let menu = MenuBuilder::new(app);
        let menu = if mac { menu.item(&self.of_the_program(app)?) } else { menu };
        let menu = menu.item(&self.file(app, mac)?).item(&self.edit(app)?).item(&self.view(app, mac)?);
        let menu = if mac { menu.item(&self.window(app)?) } else { menu.item(&self.help(app)?) };
        menu.build()
    }

    /// The first menu of a Mac (<https://developer.apple.com/design/human-interface-guidelines/the-menu-bar>).
    fn of_the_program(&self, app: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
        let name = app.package_info().name.clone();
        SubmenuBuilder::new(app, &name)
            .item(&self.item(app, MenuItem::About)?)
            .separator()
            .item(&self.item(app, MenuItem::Settings)?)
            .separator()
            .item(&PredefinedMenuItem::services(app, Some(&self.word("services")))?)
            .separator()
            .item(&PredefinedMenuItem::hide(app, Some(&self.word("hide")))?)
            .item(&PredefinedMenuItem::hide_others(app, Some(&self.word("hide-others")))?)
            .item(&PredefinedMenuItem::show_all(app, Some(&self.word("show-all")))?)
            .separator()
            .item(&self.item(app, MenuItem::Quit)?)
            .build()
    }

    fn file(&self, app: &AppHandle, mac: bool) -> tauri::Result<Submenu<tauri::Wry>> {
        let menu = SubmenuBuilder::new(app, self.word("file"))
            .item(&self.item(app, MenuItem::NewCheck)?)
            .item(&self.item(app, MenuItem::OpenReport)?)
            .item(&self.item(app, MenuItem::SaveReport)?)
            .separator();
        if mac {
            return menu.item(&PredefinedMenuItem::close_window(app, Some(&self.word("close")))?).build();
        }
        menu.item(&self.item(app, MenuItem::Settings)?).separator().item(&self.item(app, MenuItem::Quit)?).build()
    }

    /// Without these a Mac's fields know no copy and paste.
    fn edit(&self, app: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
        SubmenuBuilder::new(app, self.word("edit"))
            .item(&PredefinedMenuItem::undo(app, Some(&self.word("undo")))?)
            .item(&PredefinedMenuItem::redo(app, Some(&self.word("redo")))?)
            .separator()
            .item(&PredefinedMenuItem::cut(app, Some(&self.word("cut")))?)
            .item(&PredefinedMenuItem::copy(app, Some(&self.word("copy")))?)
            .item(&PredefinedMenuItem::paste(app, Some(&self.word("paste")))?)
            .item(&PredefinedMenuItem::select_all(app, Some(&self.word("select-all")))?)
            .build()
    }

    fn view(&self, app: &AppHandle, mac: bool) -> tauri::Result<Submenu<tauri::Wry>> {
        let menu = SubmenuBuilder::new(app, self.word("view"))
            .item(&self.item(app, MenuItem::Explain)?)
            .item(&self.item(app, MenuItem::Desk)?)
            .separator()
            .item(&self.item(app, MenuItem::ZoomIn)?)
            .item(&self.item(app, MenuItem::ZoomOut)?)
            .item(&self.item(app, MenuItem::ZoomReset)?);
        if mac {
            return menu
                .separator()
                .item(&PredefinedMenuItem::fullscreen(app, Some(&self.word("full-screen")))?)
                .build();
        }
        menu.build()
    }

    fn window(&self, app: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
        SubmenuBuilder::new(app, self.word("window"))
            .item(&PredefinedMenuItem::minimize(app, Some(&self.word("minimize")))?)
            .item(&PredefinedMenuItem::maximize(app, Some(&self.word("maximize")))?)
            .build()
    }

    fn help(&self, app: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
        SubmenuBuilder::new(app, self.word("help")).item(&self.item(app, MenuItem::About)?).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_menus_is_there_in_both_languages() {
        let further = [
            "file",
            "edit",
            "view",
            "window",
            "help",
            "services",
            "hide",
            "hide-others",
            "show-all",
            "close",
            "undo",
            "redo",
            "cut",
            "copy",
            "paste",
            "select-all",
            "full-screen",
            "minimize",
            "maximize",
        ];
        for language in [Language::En, Language::Ja] {
            for name in MenuItem::ALL.map(MenuItem::id).iter().chain(&further) {
                let word = Words(language).word(name);
                assert!(!word.starts_with("menu."), "{word} has no {language:?} words");
            }
        }
    }

    #[test]
    fn no_two_items_have_the_same_key() {
        let mut keys: Vec<_> = MenuItem::ALL.into_iter().filter_map(accelerator).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
