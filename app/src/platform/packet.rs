//! What goes between window and worker: a JSON text and any number of byte strings.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};
use zeroize::Zeroizing;

/// A message. The bytes may be secret: they are wiped where they are no longer needed, on both
/// sides, as far as the JavaScript engine lets us.
pub(crate) struct Packet {
    pub(crate) head: String,
    pub(crate) bytes: Vec<Zeroizing<Vec<u8>>>,
}

impl Packet {
    /// The message for `postMessage`, and the list of buffers to hand over instead of copying.
    pub(super) fn to_js(&self) -> (Array, Array) {
        let message = Array::of1(&JsValue::from_str(&self.head));
        let transfer = Array::new();
        for bytes in &self.bytes {
            let array = Uint8Array::from(bytes.as_slice());
            transfer.push(&array.buffer());
            message.push(&array);
        }
        (message, transfer)
    }

    /// Reads what [`Self::to_js`] wrote; `None` for messages that are not ours.
    pub(super) fn from_js(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        let head = message.get(0).as_string()?;
        let mut bytes = Vec::new();
        for index in 1..message.length() {
            let part = message.get(index);
            if let Some(file) = part.dyn_ref::<Blob>() {
                bytes.push(Zeroizing::new(contents(file).unwrap_or_default()));
                continue;
            }
            if let Some(text) = part.as_string() {
                bytes.push(Zeroizing::new(text.into_bytes()));
                continue;
            }
            let array = part.dyn_into::<Uint8Array>().ok()?;
            bytes.push(Zeroizing::new(array.to_vec()));
            array.fill(0, 0, array.length());
        }
        Some(Self { head, bytes })
    }
}

/// Reads a file, inside a worker. Nothing if it cannot be read: it may be a folder, or be gone.
fn contents(file: &Blob) -> Option<Vec<u8>> {
    let buffer = FileReaderSync::new().ok()?.read_as_array_buffer(file).ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
