//! Reading in a worker of its own: what was pasted, or a file of the archive.
//!
//! The newest question of a [`Desk`] wins: one that has not been begun is dropped for it. So
//! typing never queues up behind a large paste, and a generation that keeps every other worker
//! busy does not keep a reader waiting.

use std::cell::RefCell;
use std::rc::Rc;

use pki_core::explain::{self, Report};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::message::Bytes;
use super::pool::Source;
use crate::platform::{self, Packet, Thread};
use crate::sheet::Answer;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Desk {
    /// The Decode view.
    Paste,
    /// The inspector of files.
    File,
}

/// To the worker. Bytes: the input; none to see another page of the one before.
#[derive(Serialize, Deserialize)]
struct Question {
    desk: Desk,
    now: i64,
    from: usize,
}

/// From the worker.
#[derive(Serialize, Deserialize)]
struct Answered {
    answer: Answer,
}

/// The reader stopped; a fresh one stands ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

type Told = Box<dyn FnOnce(Result<Answer, Stopped>)>;

struct Waiting {
    desk: Desk,
    packet: Packet,
    told: Told,
}

/// A handle on the reader; clones are the same one.
#[derive(Clone)]
pub(crate) struct Reader {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    source: Source,
    thread: Option<Thread>,
    asked: Option<Told>,
    waiting: Vec<Waiting>,
}

impl Reader {
    /// Starts no worker yet: the first question does, or [`Self::warm`].
    pub(crate) fn new(source: Source) -> Self {
        let inner = Inner { source, thread: None, asked: None, waiting: Vec::new() };
        Self { inner: Rc::new(RefCell::new(inner)) }
    }

    /// Starts the worker ahead of the first question.
    pub(crate) fn warm(&self) {
        if self.inner.borrow().thread.is_some() {
            return;
        }
        let source = self.inner.borrow().source.clone();
        let (answers, ends) = (self.clone(), self.clone());
        let thread = Thread::start(
            &source.url,
            &source.module,
            move |packet| {
                let answered = serde_json::from_str::<Answered>(&packet.head);
                answers.tell(answered.map(|answered| answered.answer).map_err(|_| Stopped));
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
    }

    /// Asks for the objects from number `from` on in `input`, or in the last input of this desk.
    ///
    /// `told` is called at most once; not at all when a newer question comes first.
    pub(crate) fn ask(
        &self,
        desk: Desk,
        input: Option<Bytes>,
        from: usize,
        told: impl FnOnce(Result<Answer, Stopped>) + 'static,
    ) {
        let question = Question { desk, now: platform::now().unix_timestamp(), from };
        // Numbers and unit variants always have a JSON form.
        let head = serde_json::to_string(&question).unwrap_or_default();
        let packet = Packet { head, bytes: input.into_iter().collect() };
        {
            let mut inner = self.inner.borrow_mut();
            inner.waiting.retain(|waiting| waiting.desk != desk);
            inner.waiting.push(Waiting { desk, packet, told: Box::new(told) });
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
                thread.send(&waiting.packet);
                inner.asked = Some(waiting.told);
            }
            None => {
                drop(inner);
                (waiting.told)(Err(Stopped));
            }
        }
    }

    fn tell(&self, answer: Result<Answer, Stopped>) {
        let asked = self.inner.borrow_mut().asked.take();
        if let Some(told) = asked {
            told(answer);
        }
        self.next();
    }
}

/// Inside the worker: what it has read last, by desk.
#[derive(Default)]
pub(super) struct Shelf {
    paste: Report,
    file: Report,
}

impl Shelf {
    /// Answers a question; `None` if the packet is none.
    pub(super) fn answer(&mut self, packet: &Packet) -> Option<Packet> {
        let question: Question = serde_json::from_str(&packet.head).ok()?;
        let kept = match question.desk {
            Desk::Paste => &mut self.paste,
            Desk::File => &mut self.file,
        };
        if let Some(input) = packet.bytes.first() {
            let now = OffsetDateTime::from_unix_timestamp(question.now)
                .unwrap_or(OffsetDateTime::UNIX_EPOCH);
            *kept = explain::read(input, now);
        }
        let answered = Answered { answer: Answer::new(kept, question.from) };
        // Texts and numbers always have a JSON form.
        let head = serde_json::to_string(&answered).unwrap_or_default();
        Some(Packet { head, bytes: Vec::new() })
    }
}
