//! What goes between window and worker: a head, and any number of byte strings beside it.

use js_sys::{Array, Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};
use zeroize::Zeroizing;

/// A message. The bytes may be secret: they are wiped where they are no longer needed, on both
/// sides, as far as the JavaScript engine lets us.
pub(crate) struct Packet {
    pub(crate) head: Vec<u8>,
    pub(crate) bytes: Vec<Zeroizing<Vec<u8>>>,
}

/// More byte strings than these go as one, behind their lengths: a buffer of its own for each of
/// ten thousand keys would take the window longer than a frame.
const FEW: usize = 32;

impl Packet {
    /// The message for `postMessage`, and the list of buffers to hand over instead of copying.
    pub(super) fn to_js(&self) -> (Array, Array) {
        let message = Array::of1(&Uint8Array::from(self.head.as_slice()));
        let transfer = Array::new();
        if self.bytes.len() > FEW {
            // No byte string here comes near 4 GiB, which is all the memory that wasm has.
            let lengths: Vec<_> = self.bytes.iter().map(|bytes| bytes.len() as u32).collect();
            let total = self.bytes.iter().map(|bytes| bytes.len()).sum();
            // Sized beforehand, so that growing leaves no copies of keys behind.
            let mut all = Zeroizing::new(Vec::with_capacity(total));
            self.bytes.iter().for_each(|bytes| all.extend_from_slice(bytes));
            let all = Uint8Array::from(all.as_slice());
            transfer.push(&all.buffer());
            message.push(&Uint32Array::from(lengths.as_slice()));
            message.push(&all);
            return (message, transfer);
        }
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
        let head = message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec();
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
            if let Some(lengths) = part.dyn_ref::<Uint32Array>() {
                let all = message.get(index + 1).dyn_into::<Uint8Array>().ok()?;
                bytes.extend(split(&all, &lengths.to_vec())?);
                break;
            }
            let array = part.dyn_into::<Uint8Array>().ok()?;
            bytes.push(Zeroizing::new(array.to_vec()));
            array.fill(0, 0, array.length());
        }
        Some(Self { head, bytes })
    }
}

/// Takes apart what stands in one piece.
fn split(array: &Uint8Array, lengths: &[u32]) -> Option<Vec<Zeroizing<Vec<u8>>>> {
    let all = Zeroizing::new(array.to_vec());
    array.fill(0, 0, array.length());
    let mut rest = all.as_slice();
    let mut next = |length: &u32| {
        let (piece, after) = rest.split_at_checked(*length as usize)?;
        rest = after;
        Some(Zeroizing::new(piece.to_vec()))
    };
    lengths.iter().map(&mut next).collect()
}

/// Reads a file, inside a worker. Nothing if it cannot be read: it may be a folder, or be gone.
fn contents(file: &Blob) -> Option<Vec<u8>> {
    let buffer = FileReaderSync::new().ok()?.read_as_array_buffer(file).ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
