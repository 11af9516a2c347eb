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
    /// Of a pack, which is several byte strings one behind the other: how long each is.
    lengths: Option<Uint32Array>,
    /// Whether it is still ours to wipe.
    ours: bool,
}

impl From<Uint8Array> for Held {
    fn from(array: Uint8Array) -> Self {
        Self { array, lengths: None, ours: true }
    }
}

impl Held {
    /// Copies them out.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Uint8Array::from(bytes).into()
    }

    /// Copies several out, into one piece: a buffer of its own for each of ten thousand keys would
    /// take the window longer than a frame.
    fn pack(all: &[Bytes]) -> Self {
        // No byte string here comes near 4 GiB, which is all the memory that wasm has.
        let lengths: Vec<_> = all.iter().map(|bytes| bytes.len() as u32).collect();
        let array = Uint8Array::new_with_length(lengths.iter().sum());
        let mut end = 0;
        for bytes in all {
            let start = end;
            end += bytes.len() as u32;
            array.subarray(start, end).copy_from(bytes);
        }
        Self { array, lengths: Some(Uint32Array::from(lengths.as_slice())), ours: true }
    }

    /// A second one, for a second worker.
    pub(crate) fn copy(&self) -> Self {
        let array = self.array.slice(0, self.array.length());
        Self { array, lengths: self.lengths.clone(), ours: true }
    }

    /// Each of the byte strings that it is.
    pub(crate) fn singles(self) -> Vec<Self> {
        match &self.lengths {
            None => vec![self],
            Some(lengths) => cut(&self.array, lengths).map(|one| Self::from(one).copy()).collect(),
        }
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

/// The byte strings of a pack, as views of it.
fn cut(array: &Uint8Array, lengths: &Uint32Array) -> impl Iterator<Item = Uint8Array> {
    let mut end = 0;
    lengths.to_vec().into_iter().map(move |length| {
        let start = end;
        end += length;
        array.subarray(start, end)
    })
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

/// More byte strings than these go as one.
const FEW: usize = 16;

impl Packet {
    /// With bytes that are held behind its own.
    pub(crate) fn holding(self, held: Vec<Held>) -> Self {
        Self { held, ..self }
    }

    /// The message for `postMessage`, and the list of buffers to hand over instead of copying.
    pub(super) fn into_js(self) -> (Array, Array) {
        let message = Array::of1(&Uint8Array::from(self.head.as_slice()));
        let transfer = Array::new();
        let out = if self.bytes.len() > FEW {
            vec![Held::pack(&self.bytes)]
        } else {
            self.bytes.iter().map(|bytes| Held::new(bytes)).collect()
        };
        for held in out.into_iter().chain(self.held) {
            if let Some(lengths) = &held.lengths {
                message.push(lengths);
            }
            let array = held.given();
            transfer.push(&array.buffer());
            message.push(&array);
        }
        (message, transfer)
    }

    /// Reads, in a worker, what [`Self::into_js`] wrote; `None` for messages that are not ours.
    pub(super) fn from_js(message: &JsValue) -> Option<Self> {
        let mut bytes = Vec::new();
        let head = read(message, |lengths, part| {
            if let Some(file) = part.dyn_ref::<Blob>() {
                bytes.push(Zeroizing::new(contents(file).unwrap_or_default()));
            } else if let Some(text) = part.as_string() {
                bytes.push(Zeroizing::new(text.into_bytes()));
            } else if let Ok(array) = part.dyn_into::<Uint8Array>() {
                match lengths {
                    None => bytes.push(Zeroizing::new(array.to_vec())),
                    Some(lengths) => {
                        bytes.extend(cut(&array, &lengths).map(|one| Zeroizing::new(one.to_vec())));
                    }
                }
                drop(Held::from(array));
            }
        })?;
        Some(Self { head, bytes, held: Vec::new() })
    }

    /// The same in the window, where all bytes stay outside.
    pub(super) fn held_from_js(message: &JsValue) -> Option<Self> {
        let mut held = Vec::new();
        let head = read(message, |lengths, part| {
            let array = part.dyn_into::<Uint8Array>().ok();
            held.extend(array.map(|array| Held { array, lengths, ours: true }));
        })?;
        Some(Self { head, bytes: Vec::new(), held })
    }
}

/// The head of a message, and each of its parts; of a pack, also its lengths.
fn read(message: &JsValue, mut take: impl FnMut(Option<Uint32Array>, JsValue)) -> Option<Vec<u8>> {
    let message = message.dyn_ref::<Array>()?;
    let head = message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec();
    let mut parts = message.iter().skip(1);
    while let Some(part) = parts.next() {
        match part.dyn_into::<Uint32Array>() {
            Ok(lengths) => take(Some(lengths), parts.next()?),
            Err(part) => take(None, part),
        }
    }
    Some(head)
}

/// Reads a file, inside a worker. Nothing if it cannot be read: it may be a folder, or be gone.
fn contents(file: &Blob) -> Option<Vec<u8>> {
    let buffer = FileReaderSync::new().ok()?.read_as_array_buffer(file).ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
