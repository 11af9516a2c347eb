//! What is read, and the answer to it.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::explain::link;
use pki_text::en::decode_view as words;
use zeroize::Zeroizing;

use crate::platform::{self, Found, Picked};
use crate::sheet::Answer;
use crate::state::Announcer;
use crate::worker::{Ask, Desk, Reader, Stopped, Told};

/// More octets than this are not read: the worker needs several times as many to work on them.
const MOST_READ: usize = 64 << 20;
/// What stands before the text of a link, in the address after `#/decode?`.
const LINK_FIELD: &str = "d=";

/// The state of the Decode view. It outlives the view, so that nothing pasted is lost on the way
/// to Generate and back; a reload forgets it.
#[derive(Clone, Copy)]
pub(crate) struct Paste {
    /// What stands in the box. Not a signal, so that typing does not write it back there.
    text: StoredValue<String>,
    /// Changes when the box must show another text than the one that was typed there.
    put: RwSignal<u32>,
    /// Says what is read in place of the text in the box.
    source: RwSignal<Option<String>>,
    /// Why nothing could be read.
    problem: RwSignal<Option<String>>,
    blank: RwSignal<bool>,
    answer: RwSignal<Option<Result<Arc<Answer>, Stopped>>>,
    /// The time that was set by hand, in seconds since 1970.
    clock: RwSignal<Option<i64>>,
    /// The time that the answer was made for.
    judged: RwSignal<i64>,
    /// Number of the newest question; answers to older ones are not shown.
    turn: StoredValue<u32>,
    reader: StoredValue<Reader, LocalStorage>,
    announcer: Announcer,
}

impl Paste {
    pub(crate) fn new(reader: Reader, announcer: Announcer) -> Self {
        Self {
            text: StoredValue::new(String::new()),
            put: RwSignal::new(0),
            source: RwSignal::new(None),
            problem: RwSignal::new(None),
            blank: RwSignal::new(true),
            answer: RwSignal::new(None),
            clock: RwSignal::new(None),
            judged: RwSignal::new(0),
            turn: StoredValue::new(0),
            reader: StoredValue::new_local(reader),
            announcer,
        }
    }

    /// The text for the box, again only when it must change.
    pub(super) fn text(self) -> String {
        self.put.track();
        self.text.get_value()
    }

    pub(super) fn source(self) -> Option<String> {
        self.source.get()
    }

    pub(super) fn problem(self) -> Option<String> {
        self.problem.get()
    }

    pub(super) fn is_empty(self) -> bool {
        self.source.with(Option::is_none) && self.blank.get()
    }

    pub(super) fn answer(self) -> Option<Result<Arc<Answer>, Stopped>> {
        self.answer.get()
    }

    pub(super) fn clock(self) -> Option<i64> {
        self.clock.get()
    }

    pub(super) fn judged(self) -> i64 {
        self.judged.get()
    }

    /// Takes what was typed or pasted into the box.
    pub(super) fn typed(self, text: String) {
        self.source.set(None);
        self.problem.set(None);
        self.blank.set(text.trim().is_empty());
        let bytes = text.as_bytes().to_vec();
        self.text.set_value(text);
        if self.blank.get_untracked() {
            self.forget();
        } else {
            self.read(|reader, at, hear| reader.ask(at, Ask::Text, Some(bytes.into()), hear));
        }
    }

    /// Takes what was dropped, opened, or pasted beside the box.
    pub(crate) fn take(self, found: Found) {
        match found {
            Found::Text(text) => self.take_text(text),
            Found::LongText(text) => self.take_long_text(text),
            Found::Files(files) => self.take_files(files),
        }
    }

    pub(super) fn take_text(self, text: String) {
        // The box would change such a text.
        if text.contains('\0') {
            self.take_bytes(words::read_text(text.len()), text.into_bytes());
        } else {
            self.typed(text);
            self.put.update(|put| *put = put.wrapping_add(1));
        }
    }

    fn take_long_text(self, text: Picked) {
        if text.length > MOST_READ {
            let name = words::PASTED.to_owned();
            return self.refuse(words::too_large(&name, text.length, MOST_READ));
        }
        self.leave_box(Some(words::read_text(text.length)));
        self.read(|reader, at, hear| reader.ask_text(at, text, hear));
    }

    fn take_bytes(self, source: String, bytes: Vec<u8>) {
        self.leave_box(Some(source));
        self.read(|reader, at, hear| {
            reader.ask(at, Ask::Text, Some(Zeroizing::new(bytes)), hear);
        });
    }

    pub(super) fn take_files(self, files: Vec<Picked>) {
        let length = files.iter().fold(0_usize, |sum, file| sum.saturating_add(file.length));
        let Some(first) = files.first() else {
            return self.refuse(words::NO_FILES.to_owned());
        };
        if files.len() > platform::MOST_FILES {
            return self.refuse(words::too_many(platform::MOST_FILES));
        }
        if length > MOST_READ {
            let name = match files.len() {
                1 => first.name.clone(),
                count => words::files_together(count),
            };
            return self.refuse(words::too_large(&name, length, MOST_READ));
        }
        self.leave_box(Some(words::read_files(files.len(), &first.name, length)));
        self.read(|reader, at, hear| reader.ask_files(at, files, hear));
    }

    /// Reads what a link holds: the part of the address after `#/decode?`.
    pub(crate) fn open_link(self, query: &str) {
        let text = query.strip_prefix(LINK_FIELD).ok_or(link::Broken::Damaged);
        match text.and_then(link::read) {
            Ok(der) => self.take_bytes(words::read_link(der.len()), der),
            Err(broken) => self.refuse(words::broken_link(broken).to_owned()),
        }
    }

    /// The whole address for the text of a link.
    pub(super) fn link_address(text: &str) -> String {
        format!("{}#/decode?{LINK_FIELD}{text}", platform::address())
    }

    pub(super) fn clear(self) {
        self.typed(String::new());
        self.put.update(|put| *put = put.wrapping_add(1));
    }

    /// Judges by another time; `None` is the browser's clock.
    pub(super) fn set_clock(self, clock: Option<i64>) {
        self.clock.set(clock);
        if self.answer.with_untracked(Option::is_some) {
            self.read(|reader, at, hear| reader.ask(at, Ask::Again, None, hear));
        }
    }

    /// Asks about what was read last.
    pub(super) fn ask(
        self,
        ask: Ask,
        hear: impl FnOnce(Told, Option<Zeroizing<Vec<u8>>>) + 'static,
    ) {
        let turn = self.turn.get_value();
        self.reader.with_value(|reader| {
            reader.ask((Desk::Paste, self.judged.get_untracked()), ask, None, move |told| {
                if let Ok((told, bytes)) = told
                    && self.turn.get_value() == turn
                {
                    hear(told, bytes);
                }
            });
        });
    }

    /// Says why something cannot be read; nothing is read then.
    fn refuse(self, why: String) {
        self.leave_box(None);
        self.forget();
        self.announcer.say(why.clone());
        self.problem.set(Some(why));
    }

    /// Empties the box, for what does not go into it.
    fn leave_box(self, source: Option<String>) {
        self.text.set_value(String::new());
        self.put.update(|put| *put = put.wrapping_add(1));
        self.blank.set(true);
        self.problem.set(None);
        self.source.set(source);
    }

    /// An answer that is still on its way must not come any more.
    fn forget(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.reader.with_value(|reader| reader.forget(Desk::Paste));
        self.answer.set(None);
    }

    fn read(self, ask: impl FnOnce(&Reader, (Desk, i64), Hear)) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let turn = self.turn.get_value();
        let clock = self.clock.get_untracked();
        let now = clock.unwrap_or_else(|| platform::now().unix_timestamp());
        let hear: Hear = Box::new(move |told| {
            // Something newer was asked by then.
            if self.turn.get_value() != turn {
                return;
            }
            let answer = match told {
                Ok((Told::Answer(answer), _)) => Ok(Arc::from(answer)),
                _ => Err(Stopped),
            };
            self.announcer.say(spoken(&answer));
            self.judged.set(now);
            self.answer.set(Some(answer));
        });
        self.reader.with_value(|reader| ask(reader, (Desk::Paste, now), hear));
    }
}

type Hear = Box<dyn FnOnce(Result<(Told, Option<Zeroizing<Vec<u8>>>), Stopped>)>;

/// An answer in a sentence or two.
fn spoken(answer: &Result<Arc<Answer>, Stopped>) -> String {
    let Ok(answer) = answer else { return words::FAILED.to_owned() };
    let mut text = words::found(answer.total);
    if let ([sheet], 1) = (answer.sheets.as_slice(), answer.total) {
        for part in [Some(&sheet.kind), Some(&sheet.title), sheet.status.as_ref().map(|s| &s.text)]
        {
            text.push(' ');
            text.push_str(part.map(String::as_str).unwrap_or_default());
        }
    }
    text
}
