//! What goes between window and worker: a head, and any number of byte strings beside it.

use js_sys::{Array, Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};
use zeroize::Zeroizing;

/// Bytes on this side of the border, in wasm: wiped when they are no longer needed.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

/// Bytes on the other side of it: the window passes on keys and archives that it has no need to look
/// into, and never copies them into its own memory.
pub(crate) struct Held {
    array: Uint8Array,
    /// Whether it is still ours to wipe.
    ours: bool,
}

impl From<Uint8Array> for Held {
    fn from(array: Uint8Array) -> Self {
        Self { array, ours: true }
    }
}

impl Held {
    /// Copies them out.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Uint8Array::from(bytes).into()
    }

    /// A second one, for a second worker.
    pub(crate) fn copy(&self) -> Self {
        self.array.slice(0, self.array.length()).into()
    }

    /// Copies them in.
    pub(crate) fn bytes(&self) -> Bytes {
        Zeroizing::new(self.array.to_vec())
    }

    pub(super) fn array(&self) -> &Uint8Array {
        &self.array
    }

    /// To be handed over, which a buffer can only be as a whole.
    fn given(mut self) -> Uint8Array {
        if self.array.buffer().byte_length() != self.array.length() {
            return self.copy().given();
        }
        self.ours = false;
        self.array.clone()
    }
}

impl Drop for Held {
    /// As far as the JavaScript engine lets us.
    fn drop(&mut self) {
        if self.ours {
            self.array.fill(0, 0, self.array.length());
        }
    }
}

/// A message. The bytes may be secret: they are wiped where they are no longer needed, on both
/// sides.
pub(crate) struct Packet {
    pub(crate) head: Vec<u8>,
    pub(crate) bytes: Vec<Bytes>,
    /// In the message, these stand behind the bytes; in one that came to the window, all are held.
    pub(crate) held: Vec<Held>,
}

/// More byte strings than these go as one, behind their lengths: a buffer of its own for each of
/// ten thousand keys would take the window longer than a frame.
const FEW: usize = 32;

impl Packet {
    /// With bytes that are held behind its own.
    pub(crate) fn holding(self, held: Vec<Held>) -> Self {
        Self { held, ..self }
    }

    /// The message for `postMessage`, and the list of buffers to hand over instead of copying.
    pub(super) fn into_js(mut self) -> (Array, Array) {
        let message = Array::of1(&Uint8Array::from(self.head.as_slice()));
        let transfer = Array::new();
        let (bytes, held) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.held));
        if bytes.len() + held.len() > FEW {
            let lengths = bytes.iter().map(|bytes| bytes.len() as u32);
            // No byte string here comes near 4 GiB, which is all the memory that wasm has.
            let lengths: Vec<_> =
                lengths.chain(held.iter().map(|held| held.array.length())).collect();
            let all = Uint8Array::new_with_length(lengths.iter().sum());
            let mut end = 0;
            let mut places = lengths.iter().map(|length| {
                end += length;
                end - length
            });
            for (bytes, at) in bytes.iter().zip(&mut places) {
                all.subarray(at, at + bytes.len() as u32).copy_from(bytes);
            }
            held.iter().zip(places).for_each(|(held, at)| all.set(&held.array, at));
            transfer.push(&all.buffer());
            message.push(&Uint32Array::from(lengths.as_slice()));
            message.push(&all);
            return (message, transfer);
        }
        let out = bytes.iter().map(|bytes| Held::new(bytes));
        for array in out.chain(held).map(Held::given) {
            transfer.push(&array.buffer());
            message.push(&array);
        }
        (message, transfer)
    }

    /// Reads, in a worker, what [`Self::into_js`] wrote; `None` for messages that are not ours.
    pub(super) fn from_js(message: &JsValue) -> Option<Self> {
        let mut bytes = Vec::new();
        let head = read(message, |part| {
            if let Some(file) = part.dyn_ref::<Blob>() {
                bytes.push(Zeroizing::new(contents(file).unwrap_or_default()));
            } else if let Some(text) = part.as_string() {
                bytes.push(Zeroizing::new(text.into_bytes()));
            } else if let Ok(array) = part.dyn_into::<Uint8Array>() {
                bytes.push(Held::from(array).bytes());
            }
        })?;
        Some(Self { head, bytes, held: Vec::new() })
    }

    /// The same in the window, where all bytes stay outside.
    pub(super) fn held_from_js(message: &JsValue) -> Option<Self> {
        let mut held = Vec::new();
        let head = read(message, |part| {
            held.extend(part.dyn_into::<Uint8Array>().ok().map(Held::from));
        })?;
        Some(Self { head, bytes: Vec::new(), held })
    }
}

/// The head of a message, and each of its parts, also where several stand in one piece.
fn read(message: &JsValue, mut take: impl FnMut(JsValue)) -> Option<Vec<u8>> {
    let message = message.dyn_ref::<Array>()?;
    let head = message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec();
    let mut parts = message.iter().skip(1);
    while let Some(part) = parts.next() {
        let Some(lengths) = part.dyn_ref::<Uint32Array>() else {
            take(part);
            continue;
        };
        let all = parts.next()?.dyn_into::<Uint8Array>().ok()?;
        let mut end = 0;
        for length in lengths.to_vec() {
            take(all.subarray(end, end + length).into());
            end += length;
        }
    }
    Some(head)
}

/// Reads a file, inside a worker. Nothing if it cannot be read: it may be a folder, or be gone.
fn contents(file: &Blob) -> Option<Vec<u8>> {
    let buffer = FileReaderSync::new().ok()?.read_as_array_buffer(file).ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
