//! Reading in a worker of its own: what was pasted, or a file of the archive.
//!
//! The worker keeps the last input of each [`Desk`] and its report; the window asks for the parts
//! that it shows. The newest question wins: one of the same [`Lane`] that has not been begun is
//! dropped for it, and a new input drops all that wait. So typing never queues up behind a large
//! paste, and a generation that keeps every other worker busy does not keep a reader waiting.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::message::Request;
use super::source::Source;
use super::wire::Kind;
use crate::platform::{self, Bytes, Packet, Picked, Thread};
use crate::sheet::{Answer, Lines, Sheet, Tab, Table, Tree};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Desk {
    /// The Decode view.
    Paste,
    /// The inspector of files.
    File,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Read this text, which comes as bytes.
    Text,
    /// Read these files, whose contents come as bytes in the same order.
    Files(Vec<Named>),
    /// Judge the last input at another time.
    Again,
    /// An object.
    Object(usize),
    /// A form of an object; `secret` to see also what is kept back.
    Form { object: usize, tab: Tab, secret: bool },
    /// Lines of the list of objects in which a text occurs.
    Lines { filter: String, from: usize, count: usize },
    /// The expiry table, by one of its columns.
    Table { column: usize, descending: bool },
    /// The whole expiry table as a text.
    TableText { csv: bool },
    /// The whole report as JSON, which comes as bytes.
    Report,
    /// The text of a link to what is public.
    Link,
}

/// A file to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// Its length as the browser gave it; one that comes out otherwise could not be read.
    pub(crate) length: usize,
}

impl Ask {
    /// Questions of one lane replace each other.
    fn lane(&self) -> Lane {
        match self {
            Self::Text | Self::Files(_) | Self::Again => Lane::Input,
            Self::Object(_) => Lane::Object,
            Self::Form { object, .. } => Lane::Form(*object),
            Self::Lines { .. } => Lane::Lines,
            Self::Table { .. } => Lane::Table,
            Self::TableText { .. } | Self::Report | Self::Link => Lane::Press,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Input,
    Object,
    Form(usize),
    Lines,
    Table,
    Press,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Told {
    Answer(Box<Answer>),
    Sheet(Box<Sheet>),
    Text(String),
    Tree(Box<Tree>),
    Lines(Lines),
    Table(Table),
    /// The answer is in the bytes.
    Bytes,
    /// The text of a link, or the sentence on why there is none.
    Link(Result<String, String>),
    /// There is no such thing.
    Nothing,
}

/// To the worker.
#[derive(Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) desk: Desk,
    /// The time to judge by, in seconds since 1970.
    pub(super) now: i64,
    pub(super) ask: Ask,
}

/// The reader stopped; a fresh one stands ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

type Hear = Box<dyn FnOnce(Result<(Told, Option<Bytes>), Stopped>)>;

struct Waiting {
    desk: Desk,
    lane: Lane,
    packet: Packet,
    files: Vec<Picked>,
    hear: Hear,
}

/// A handle on the reader; clones are the same one.
#[derive(Clone)]
pub(crate) struct Reader {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    source: Source,
    thread: Option<Thread>,
    asked: Option<Hear>,
    waiting: Vec<Waiting>,
    /// How many inputs each desk was given.
    inputs: [u32; 2],
}

impl Reader {
    /// Starts no worker yet: the first question does, or [`Self::warm`].
    pub(crate) fn new(source: Source) -> Self {
        let inner =
            Inner { source, thread: None, asked: None, waiting: Vec::new(), inputs: [0; 2] };
        Self { inner: Rc::new(RefCell::new(inner)) }
    }

    /// Starts the worker ahead of the first question.
    pub(crate) fn warm(&self) {
        if self.inner.borrow().thread.is_some() {
            return;
        }
        let source = self.inner.borrow().source.clone();
        let (answers, ends) = (self.clone(), self.clone());
        let thread = source.start(
            move |mut packet| {
                let told = Kind::Read.unpack(&packet);
                let bytes = packet.held.pop().map(|held| held.bytes());
                answers.tell(told.map(|told| (told, bytes)).ok_or(Stopped));
            },
            move |_| {
                // From within the worker's own handler, so not before that has returned.
                let ends = ends.clone();
                platform::after(0, move || {
                    ends.inner.borrow_mut().thread = None;
                    ends.tell(Err(Stopped));
                });
            },
        );
        self.inner.borrow_mut().thread = thread;
        let reader = self.clone();
        platform::at_next_idle(move || reader.exercise());
    }

    /// Has the browser compile what reads, unless somebody waits for an answer already.
    fn exercise(&self) {
        let inner = self.inner.borrow();
        if let (Some(thread), None, true) = (&inner.thread, &inner.asked, inner.waiting.is_empty())
        {
            thread.send(Request::WarmReader.packet(Vec::new()));
        }
    }

    /// Asks about the last input of a desk, or about a text that becomes it.
    ///
    /// `hear` is called at most once; not at all when a newer question takes its place.
    pub(crate) fn ask(
        &self,
        (desk, now): (Desk, i64),
        ask: Ask,
        text: Option<Bytes>,
        hear: impl FnOnce(Result<(Told, Option<Bytes>), Stopped>) + 'static,
    ) {
        self.put((desk, now), ask, text, Vec::new(), Box::new(hear));
    }

    /// Asks about files, which become the input. The worker reads them.
    pub(crate) fn ask_files(
        &self,
        (desk, now): (Desk, i64),
        files: Vec<Picked>,
        hear: impl FnOnce(Result<(Told, Option<Bytes>), Stopped>) + 'static,
    ) {
        let names = files.iter().map(|file| Named { name: file.name.clone(), length: file.length });
        let ask = Ask::Files(names.collect());
        self.put((desk, now), ask, None, files, Box::new(hear));
    }

    /// Asks about a long text, which becomes the input. The worker reads it.
    pub(crate) fn ask_text(
        &self,
        (desk, now): (Desk, i64),
        text: Picked,
        hear: impl FnOnce(Result<(Told, Option<Bytes>), Stopped>) + 'static,
    ) {
        self.put((desk, now), Ask::Text, None, vec![text], Box::new(hear));
    }

    /// Number of the present input of a desk: what was answered to an earlier one must ask no more.
    pub(crate) fn input(&self, desk: Desk) -> u32 {
        let [paste, file] = self.inner.borrow().inputs;
        if desk == Desk::Paste { paste } else { file }
    }

    /// Forgets what waits at a desk: an answer that is still to come must not come any more.
    pub(crate) fn forget(&self, desk: Desk) {
        self.inner.borrow_mut().waiting.retain(|waiting| waiting.desk != desk);
    }

    fn put(
        &self,
        (desk, now): (Desk, i64),
        ask: Ask,
        text: Option<Bytes>,
        files: Vec<Picked>,
        hear: Hear,
    ) {
        let lane = ask.lane();
        let question = Question { desk, now, ask };
        let packet = Kind::Read.pack(&question, text.into_iter().collect());
        {
            let mut inner = self.inner.borrow_mut();
            if lane == Lane::Input {
                let [paste, file] = &mut inner.inputs;
                let number = if desk == Desk::Paste { paste } else { file };
                *number = number.wrapping_add(1);
            }
            inner.waiting.retain(|waiting| {
                waiting.desk != desk || (lane != Lane::Input && waiting.lane != lane)
            });
            inner.waiting.push(Waiting { desk, lane, packet, files, hear });
        }
        self.next();
    }

    fn next(&self) {
        if self.inner.borrow().asked.is_some() || self.inner.borrow().waiting.is_empty() {
            return;
        }
        self.warm();
        let mut inner = self.inner.borrow_mut();
        let waiting = inner.waiting.remove(0);
        match &inner.thread {
            Some(thread) => {
                thread.send_with(waiting.packet, &waiting.files);
                inner.asked = Some(waiting.hear);
            }
            None => {
                drop(inner);
                (waiting.hear)(Err(Stopped));
            }
        }
    }

    fn tell(&self, answer: Result<(Told, Option<Bytes>), Stopped>) {
        let asked = self.inner.borrow_mut().asked.take();
        if let Some(hear) = asked {
            hear(answer);
        }
        self.next();
    }
}
