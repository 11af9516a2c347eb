//! Files and folders that a person chose, dropped or pasted, as handles: workers read them.

use std::rc::Rc;

use js_sys::{Array, Function, JsString, Promise, Reflect};
use leptos::task::spawn_local;
use pki_core::order;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ClipboardEvent, DataTransfer, DragEvent, Event, File, FileList, FileSystemDirectoryEntry,
    FileSystemEntry, HtmlInputElement,
};

/// More files than this are not taken: somebody dropped a whole disk.
pub(crate) const MOST_FILES: usize = 5_000;

/// A text of more UTF-16 units than this is handed to the worker like a file.
pub(crate) const LONGEST_TEXT: u32 = 256 << 10;

/// A file that was not read yet.
#[derive(Clone)]
pub(crate) struct Picked {
    /// Its path in the folder that was dropped, or its name.
    pub(crate) name: String,
    /// In octets; of a text, in UTF-16 units.
    pub(crate) length: usize,
    /// A file, or a text as the browser holds it.
    pub(super) file: JsValue,
}

/// What came in.
pub(crate) enum Found {
    /// A text.
    Text(String),
    /// A text of more than [`LONGEST_TEXT`], which never enters the window's memory.
    LongText(Picked),
    /// Files, and those of folders.
    Files(Vec<Picked>),
}

impl Picked {
    fn new(name: String, file: Blob) -> Self {
        // Whole and not negative; the cast saturates.
        Self { name, length: file.size() as usize, file: file.into() }
    }

    /// A long text. Handing it over as it is takes a few milliseconds for 10 MB, where the same as a
    /// blob, which the window would have to encode, takes over 50.
    fn text(text: JsString) -> Self {
        Self { name: String::new(), length: text.length() as usize, file: text.into() }
    }

    /// By its path in a chosen folder, where it has one.
    fn named(file: File) -> Self {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok();
        let path = path.and_then(|path| path.as_string()).filter(|path| !path.is_empty());
        Self::new(path.unwrap_or_else(|| file.name()), file.into())
    }
}

/// The files that a person chose; forgets the choice so that it can be made again.
pub(crate) fn chosen(event: &Event) -> Vec<Picked> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let picked = input.files().map(|files| listed(&files)).unwrap_or_default();
    input.set_value("");
    picked
}

/// What was dropped, folders with all that is in them. The drop is then used up.
pub(crate) fn taken_up(event: &DragEvent, found: impl FnOnce(Found) + 'static) {
    event.prevent_default();
    if let Some(data) = event.data_transfer() {
        take(&data, found);
    }
}

/// Whether what is dropped is one file of YAML or JSON, by its name.
pub(crate) fn is_document(event: &DragEvent) -> bool {
    let files = event.data_transfer().and_then(|data| data.files());
    let Some(file) = files.filter(|files| files.length() == 1).and_then(|files| files.get(0))
    else {
        return false;
    };
    let name = file.name().to_lowercase();
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

/// What was pasted: files or text. The paste is used up if there was any.
pub(super) fn pasted(event: &ClipboardEvent, found: impl FnOnce(Found) + 'static) {
    let Some(data) = event.clipboard_data() else { return };
    let has_files = data.files().is_some_and(|files| files.length() > 0);
    if let Some(text) = text_in(&data) {
        event.prevent_default();
        found(text);
    } else if has_files {
        event.prevent_default();
        take(&data, found);
    }
}

/// The text of a paste into a field, if it is too long for one. It is then used up.
pub(crate) fn pasted_over(event: &ClipboardEvent) -> Option<Found> {
    let text = text_in(&event.clipboard_data()?)?;
    if !matches!(text, Found::LongText(_)) {
        return None;
    }
    event.prevent_default();
    Some(text)
}

/// The text that is carried; a long one is not copied into wasm.
fn text_in(data: &DataTransfer) -> Option<Found> {
    let get = Reflect::get(data, &"getData".into()).ok()?.dyn_into::<Function>().ok()?;
    let text = get.call1(data, &"text/plain".into()).ok()?.dyn_into::<JsString>().ok()?;
    match text.length() {
        0 => None,
        1..=LONGEST_TEXT => Some(Found::Text(text.into())),
        _ => Some(Found::LongText(Picked::text(text))),
    }
}

fn take(data: &DataTransfer, found: impl FnOnce(Found) + 'static) {
    let files = data.files().map(|files| listed(&files)).unwrap_or_default();
    // The items are gone when this returns, their entries are not.
    let items = data.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|index| items.get(index)?.webkit_get_as_entry().ok().flatten())
        .collect();
    if !entries.iter().any(FileSystemEntry::is_directory) {
        if !files.is_empty() {
            found(Found::Files(files));
        } else if let Some(text) = text_in(data) {
            found(text);
        }
        return;
    }
    spawn_local(async move { found(Found::Files(walk(entries).await)) });
}

fn listed(files: &FileList) -> Vec<Picked> {
    let files = (0..files.length()).filter_map(|index| files.get(index));
    files.take(MOST_FILES + 1).map(Picked::named).collect()
}

/// Every file below some entries, in the order of their paths.
async fn walk(entries: Vec<FileSystemEntry>) -> Vec<Picked> {
    let mut open = entries;
    let mut picked = Vec::new();
    while let Some(entry) = open.pop() {
        if picked.len() > MOST_FILES {
            break;
        }
        let path = entry.full_path().trim_start_matches('/').to_owned();
        // Browsers hide the classes of entries, so these casts cannot be checked.
        if entry.is_directory() {
            open.extend(children(entry.unchecked_ref()).await);
        } else {
            let file = asked(move |done, failed| {
                let _ = call(&entry, "file", &done, &failed);
            });
            if let Some(file) = file.await.and_then(|file| file.dyn_into::<File>().ok()) {
                picked.push(Picked::new(path, file.into()));
            }
        }
    }
    order::sort_by(&mut picked, |a, b| a.name.cmp(&b.name));
    picked
}

/// What is directly in a folder. A reader gives it in portions, the last of which is empty.
async fn children(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = Rc::new(folder.create_reader());
    let mut all = Vec::new();
    loop {
        let asked_reader = Rc::clone(&reader);
        let portion = asked(move |done, failed| {
            let _ = call(&asked_reader, "readEntries", &done, &failed);
        });
        let Some(portion) = portion.await.and_then(|some| some.dyn_into::<Array>().ok()) else {
            return all;
        };
        if portion.length() == 0 || all.len() > MOST_FILES {
            return all;
        }
        all.extend(portion.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

/// The answer of a function that calls back; `None` if it failed.
async fn asked(mut start: impl FnMut(Function, Function) + 'static) -> Option<JsValue> {
    JsFuture::from(Promise::new(&mut start)).await.ok()
}

fn call(on: &JsValue, name: &str, done: &Function, failed: &Function) -> Option<()> {
    let function = Reflect::get(on, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    function.call2(on, done, failed).ok()?;
    Some(())
}
