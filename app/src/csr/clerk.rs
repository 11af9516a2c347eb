//! The desk's worker, seen from the window.
//!
//! Questions wait in line; of those that only look, the newest takes the place of one that has
//! not been begun.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::message::{Answer, Ask, File, Told};
use crate::platform::{self, Bytes, Packet, Thread};
use crate::worker::{Kind, Source};

/// The worker ended while it worked on a question; a fresh one stands ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed;

type Tell = Box<dyn FnOnce(Result<Answer, Closed>)>;

/// To the worker.
#[derive(Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) ask: Ask,
    pub(super) now: i64,
}

struct Waiting {
    /// Which later question makes this one idle; 0 for none.
    place: u8,
    packet: Packet,
    tell: Tell,
}

struct Inner {
    source: Source,
    thread: Option<Thread>,
    asked: Option<Tell>,
    waiting: VecDeque<Waiting>,
}

/// A handle on the worker; clones are the same one.
#[derive(Clone)]
pub(crate) struct Clerk {
    inner: Rc<RefCell<Inner>>,
}

impl Clerk {
    /// Starts no worker yet: the first question does, or [`Self::warm`].
    pub(crate) fn new(source: Source) -> Self {
        let inner = Inner { source, thread: None, asked: None, waiting: VecDeque::new() };
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
            move |packet| answers.tell(read(packet)),
            move |_| {
                // From within the worker's own handler, so not before that has returned.
                let ends = ends.clone();
                platform::after(0, move || {
                    ends.inner.borrow_mut().thread = None;
                    ends.tell(Err(Closed));
                });
            },
        );
        self.inner.borrow_mut().thread = thread;
    }

    /// Asks. `place` numbers the questions of which only the newest counts; 0 is for those that
    /// all count. `tell` is called at most once.
    pub(crate) fn ask(
        &self,
        place: u8,
        ask: Ask,
        bytes: Vec<Bytes>,
        tell: impl FnOnce(Result<Answer, Closed>) + 'static,
    ) {
        let question = Question { ask, now: platform::now().unix_timestamp() };
        let packet = Kind::Desk.pack(&question, bytes);
        {
            let mut inner = self.inner.borrow_mut();
            inner.waiting.retain(|waiting| place == 0 || waiting.place != place);
            inner.waiting.push_back(Waiting { place, packet, tell: Box::new(tell) });
        }
        self.next();
    }

    fn next(&self) {
        if self.inner.borrow().asked.is_some() {
            return;
        }
        let Some(waiting) = self.inner.borrow_mut().waiting.pop_front() else { return };
        self.warm();
        let mut inner = self.inner.borrow_mut();
        match &inner.thread {
            Some(thread) => {
                thread.send(waiting.packet);
                inner.asked = Some(waiting.tell);
            }
            None => {
                drop(inner);
                (waiting.tell)(Err(Closed));
            }
        }
    }

    fn tell(&self, answer: Result<Answer, Closed>) {
        let asked = self.inner.borrow_mut().asked.take();
        if let Some(tell) = asked {
            tell(answer);
        }
        self.next();
    }
}

fn read(packet: Packet) -> Result<Answer, Closed> {
    let mut told: Told = Kind::Desk.unpack(&packet).ok_or(Closed)?;
    let files = std::mem::take(&mut told.files)
        .into_iter()
        .zip(packet.held)
        .map(|(head, content)| File { head, content: Arc::new(content.bytes()) })
        .collect();
    Ok(Answer { told, files })
}
