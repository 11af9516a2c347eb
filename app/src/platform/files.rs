//! Files and texts in, by choice, drop or paste; and out, as a download.

use super::{Found, Held};
use js_sys::{Array, Uint8Array};
use leptos::ev;
use leptos::prelude::{on_cleanup, window_event_listener};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, Event, File, FileList, HtmlAnchorElement};
use web_sys::{HtmlInputElement, Url};

/// Offers bytes as a file to keep.
pub(crate) fn download(name: &str, kind: &str, bytes: &[u8]) -> bool {
    download_held(name, kind, &Held::new(bytes))
}

/// The same of bytes that never came in.
pub(crate) fn download_held(name: &str, kind: &str, bytes: &Held) -> bool {
    save(name, kind, bytes.array()).is_some()
}

fn save(name: &str, kind: &str, bytes: &Uint8Array) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(bytes);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor = document.create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    document.body()?.append_child(&anchor).ok()?;
    anchor.click();
    anchor.remove();
    // The browser has taken hold of the blob by then; Firefox does it a little later.
    super::after(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}

/// Reads the file that a person chose, and forgets the choice so that it can be made again.
pub(crate) fn read_chosen(event: &Event, found: impl FnOnce(String, Vec<u8>) + 'static) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        spawn_local(async move {
            if let Some(bytes) = bytes_of(&file).await {
                found(file.name(), bytes);
            }
            input.set_value("");
        });
    }
}

/// Reads dropped files, all as one, or else the dropped text. The drop is then used up.
pub(crate) fn dropped(event: &DragEvent, found: impl FnOnce(Vec<u8>) + 'static) {
    event.prevent_default();
    let Some(data) = event.data_transfer() else { return };
    match data.files().filter(|files| files.length() > 0) {
        Some(files) => spawn_local(async move { found(join(&files).await) }),
        None => {
            if let Ok(text) = data.get_data("text/plain") {
                found(text.into_bytes());
            }
        }
    }
}

/// The files that a person chose or dropped, each by itself. The drop is then used up.
pub(crate) fn files_of(event: &Event, found: impl FnOnce(Vec<Vec<u8>>) + 'static) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let dropped = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    event.prevent_default();
    let files = match &dropped {
        Some(data) => data.files(),
        None => input.as_ref().and_then(HtmlInputElement::files),
    };
    let Some(files) = files.filter(|files| files.length() > 0) else { return };
    spawn_local(async move {
        found(read_all(&files).await);
        if let (None, Some(input)) = (dropped, input) {
            input.set_value("");
        }
    });
}

async fn join(files: &FileList) -> Vec<u8> {
    read_all(files).await.join(&b'\n')
}

async fn read_all(files: &FileList) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for index in 0..files.length() {
        let Some(file) = files.get(index) else { continue };
        all.extend(bytes_of(&file).await);
    }
    all
}

async fn bytes_of(file: &File) -> Option<Vec<u8>> {
    let buffer: JsValue = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Drops anywhere on the page, until the current owner is gone. A file that is dropped beside its
/// place must not make the browser leave the page. What a part of the page takes for itself, which
/// it says by preventing what the browser would do, does not count.
pub(crate) fn on_drop(over: impl Fn(bool) + Clone + 'static, found: impl Fn(DragEvent) + 'static) {
    let left = over.clone();
    let ended = over.clone();
    let handles = [
        window_event_listener(ev::dragover, move |event| {
            over(!event.default_prevented());
            event.prevent_default();
        }),
        window_event_listener(ev::dragleave, move |event| {
            // Only when it leaves the window itself.
            if event.related_target().is_none() {
                left(false);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            ended(false);
            if !event.default_prevented() {
                found(event);
            }
        }),
    ];
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
}

/// Pastes that go into no field of text, as long as the page lives; only those that are wanted.
pub(crate) fn on_page_paste(
    wanted: impl Fn() -> bool + 'static,
    found: impl Fn(Found) + Clone + 'static,
) {
    let _ = window_event_listener(ev::paste, move |event| {
        if wanted() && !super::is_typing_place() {
            super::pick::pasted(&event, found.clone());
        }
    });
}

/// Pastes that go into no field, until the current owner is gone.
pub(crate) fn on_paste(found: impl Fn(String) + 'static) {
    let handle = window_event_listener(ev::paste, move |event| {
        if super::is_typing_place() {
            return;
        }
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            event.prevent_default();
            found(text);
        }
    });
    on_cleanup(move || handle.remove());
}

/// The text of a paste that has more than one line. It is then used up.
pub(crate) fn pasted_lines(event: &web_sys::ClipboardEvent) -> Option<String> {
    let text = event.clipboard_data()?.get_data("text/plain").ok()?;
    if text.trim().lines().count() < 2 {
        return None;
    }
    event.prevent_default();
    Some(text)
}
