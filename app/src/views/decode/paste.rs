//! What stands in the text box, and the answer to it.

use std::sync::Arc;

use leptos::prelude::*;
use pki_text::en::decode_view as words;
use zeroize::Zeroizing;

use crate::sheet::Answer;
use crate::state::Announcer;
use crate::worker::{Desk, Reader, Stopped};

/// Text beyond this is read, but not put into the box: browsers lay out long texts slowly.
const LONGEST_SHOWN: usize = 4 << 20;

/// The state of the Decode view. It outlives the view, so that nothing pasted is lost on the way
/// to Generate and back; a reload forgets it.
#[derive(Clone, Copy)]
pub(crate) struct Paste {
    text: RwSignal<String>,
    /// Length of dropped bytes that are not shown as text.
    dropped: RwSignal<Option<usize>>,
    answer: RwSignal<Option<Result<Arc<Answer>, Stopped>>>,
    reader: StoredValue<Reader, LocalStorage>,
    announcer: Announcer,
}

impl Paste {
    pub(crate) fn new(reader: Reader, announcer: Announcer) -> Self {
        Self {
            text: RwSignal::new(String::new()),
            dropped: RwSignal::new(None),
            answer: RwSignal::new(None),
            reader: StoredValue::new_local(reader),
            announcer,
        }
    }

    /// Starts the worker ahead of the first paste.
    pub(super) fn warm(self) {
        self.reader.with_value(Reader::warm);
    }

    pub(super) fn text(self) -> String {
        self.text.get()
    }

    pub(super) fn dropped_length(self) -> Option<usize> {
        self.dropped.get()
    }

    pub(super) fn is_empty(self) -> bool {
        self.dropped.with(Option::is_none) && self.text.with(|text| text.trim().is_empty())
    }

    pub(super) fn answer(self) -> Option<Result<Arc<Answer>, Stopped>> {
        self.answer.get()
    }

    /// Takes what was typed or pasted into the box.
    pub(super) fn typed(self, text: String) {
        self.dropped.set(None);
        self.text.set(text);
        self.ask_about_text();
    }

    /// Takes what was dropped, opened, or pasted beside the box.
    pub(crate) fn take(self, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(text) if text.len() <= LONGEST_SHOWN && !text.contains('\0') => self.typed(text),
            Ok(text) => self.take_bytes(text.into_bytes()),
            Err(error) => self.take_bytes(error.into_bytes()),
        }
    }

    fn take_bytes(self, bytes: Vec<u8>) {
        self.text.set(String::new());
        self.dropped.set(Some(bytes.len()));
        self.ask(Some(bytes), 0);
    }

    pub(super) fn clear(self) {
        self.typed(String::new());
    }

    /// Shows the objects from this number on.
    pub(super) fn turn_to(self, from: usize) {
        self.ask(None, from);
    }

    fn ask_about_text(self) {
        let bytes = self.text.with_untracked(|text| text.as_bytes().to_vec());
        if bytes.trim_ascii().is_empty() {
            // An answer that is still on its way must not come over the empty box.
            self.reader.with_value(|reader| {
                reader.ask(Desk::Paste, Some(Zeroizing::new(Vec::new())), 0, |_| ());
            });
            self.answer.set(None);
        } else {
            self.ask(Some(bytes), 0);
        }
    }

    fn ask(self, input: Option<Vec<u8>>, from: usize) {
        self.reader.with_value(|reader| {
            reader.ask(Desk::Paste, input.map(Zeroizing::new), from, move |answer| {
                if self.is_empty() {
                    return;
                }
                self.announcer.say(spoken(&answer));
                self.answer.set(Some(answer.map(Arc::new)));
            });
        });
    }
}

/// An answer in a sentence or two.
fn spoken(answer: &Result<Answer, Stopped>) -> String {
    let Ok(answer) = answer else { return words::FAILED.to_owned() };
    let mut text = words::found(answer.total);
    if let [sheet] = answer.sheets.as_slice() {
        for part in [Some(&sheet.kind), Some(&sheet.title), sheet.status.as_ref().map(|s| &s.text)]
        {
            text.push(' ');
            text.push_str(part.map(String::as_str).unwrap_or_default());
        }
    }
    text
}
