//! What goes between window and worker: a JSON text and any number of byte strings.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

/// A message. The bytes may be secret: they are wiped where they are no longer needed, on both
/// sides, as far as the JavaScript engine lets us.
pub(crate) struct Packet {
    pub(crate) head: String,
    pub(crate) bytes: Vec<Zeroizing<Vec<u8>>>,
}

impl Packet {
    /// The message for `postMessage`, and the list of buffers to hand over instead of copying.
    pub(super) fn to_js(&self) -> (JsValue, Array) {
        let message = Array::of1(&JsValue::from_str(&self.head));
        let transfer = Array::new();
        for bytes in &self.bytes {
            let array = Uint8Array::from(bytes.as_slice());
            transfer.push(&array.buffer());
            message.push(&array);
        }
        (message.into(), transfer)
    }

    /// Reads what [`Self::to_js`] wrote; `None` for messages that are not ours.
    pub(super) fn from_js(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        let head = message.get(0).as_string()?;
        let mut bytes = Vec::new();
        for index in 1..message.length() {
            let array = message.get(index).dyn_into::<Uint8Array>().ok()?;
            bytes.push(Zeroizing::new(array.to_vec()));
            array.fill(0, 0, array.length());
        }
        Some(Self { head, bytes })
    }
}
