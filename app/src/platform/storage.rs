//! `localStorage`: the design and the theme, never anything made from them.

use web_sys::Storage;

/// `None` where storage is off: some private windows, some settings for `file://`.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

pub(crate) fn read_storage(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Whether the value was kept; a full or forbidden storage is no fault of the page.
pub(crate) fn write_storage(name: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, value).is_ok())
}

pub(crate) fn remove_storage(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}
