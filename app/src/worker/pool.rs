//! The workers that the window keeps: as many as processors, warm before they are needed.

use std::cell::RefCell;
use std::rc::Rc;

use pki_core::issue::{Entropy, Seed, SystemEntropy};

use super::message::{Bytes, Reply, Request};
use crate::platform::{self, Packet, Thread};

/// More would not pay: the largest layouts are limited by the one worker that writes the archive.
const MOST_WORKERS: usize = 8;

/// After this many ends without an answer between them, no worker is started again.
const MOST_ENDS: u32 = 8;

/// Where workers come from: what `boot.js` handed over.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) module: js_sys::WebAssembly::Module,
    pub(crate) url: String,
}

/// What happened in a worker.
pub(crate) enum Event {
    /// It answered.
    Reply { worker: usize, reply: Reply, bytes: Vec<Bytes> },
    /// It ended by itself; a fresh one stands in its place.
    Ended { reason: String },
}

/// A handle on the workers; clones are the same pool.
#[derive(Clone)]
pub(crate) struct Pool {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    source: Source,
    threads: Vec<Option<Thread>>,
    listener: Option<Rc<dyn Fn(Event)>>,
    ahead: Ahead,
    /// Ends since the last answer.
    ends: u32,
}

/// The `sa.key` that is made ahead of need.
#[derive(Default)]
enum Ahead {
    #[default]
    None,
    /// In the making.
    Making { worker: usize, algorithm: String },
    /// Made; the material is the bytes.
    Made { algorithm: String, wire: Bytes },
}

/// What a run finds of a key made ahead.
pub(crate) enum Found {
    Nothing,
    /// This worker will answer with it.
    Coming {
        worker: usize,
    },
    Ready(Bytes),
}

impl Pool {
    /// An empty pool: [`Self::warm`] starts the workers.
    pub(crate) fn new(source: Source) -> Self {
        let inner =
            Inner { source, threads: Vec::new(), listener: None, ahead: Ahead::None, ends: 0 };
        Self { inner: Rc::new(RefCell::new(inner)) }
    }

    /// Who is told of answers and ends.
    pub(crate) fn listen(&self, listener: impl Fn(Event) + 'static) {
        self.inner.borrow_mut().listener = Some(Rc::new(listener));
    }

    /// Starts the workers that are missing, and lets them exercise.
    pub(crate) fn warm(&self) {
        let count = platform::processors().clamp(1, MOST_WORKERS);
        for worker in 0..count {
            if self.is_there(worker) {
                continue;
            }
            self.start(worker);
            self.send(worker, &Request::Warm, Vec::new());
        }
    }

    /// How many workers run.
    pub(crate) fn len(&self) -> usize {
        self.inner.borrow().threads.iter().flatten().count()
    }

    fn is_there(&self, worker: usize) -> bool {
        self.inner.borrow().threads.get(worker).is_some_and(Option::is_some)
    }

    fn start(&self, worker: usize) {
        let source = self.inner.borrow().source.clone();
        let (replies, ends) = (self.clone(), self.clone());
        let thread = Thread::start(
            &source.url,
            &source.module,
            move |packet| replies.replied(worker, packet),
            move |reason| ends.ended(worker, reason),
        );
        let mut inner = self.inner.borrow_mut();
        if inner.threads.len() <= worker {
            inner.threads.resize_with(worker + 1, || None);
        }
        if let Some(place) = inner.threads.get_mut(worker) {
            *place = thread;
        }
    }

    pub(crate) fn send(&self, worker: usize, request: &Request, bytes: Vec<Bytes>) {
        let inner = self.inner.borrow();
        if let Some(Some(thread)) = inner.threads.get(worker) {
            thread.send(&request.packet(bytes));
        }
    }

    fn replied(&self, worker: usize, packet: Packet) {
        let Some(reply) = Reply::read(&packet.head) else { return };
        let mut bytes = packet.bytes;
        self.inner.borrow_mut().ends = 0;
        if let Reply::KeyAhead { algorithm } = &reply {
            let mut inner = self.inner.borrow_mut();
            if matches!(&inner.ahead, Ahead::Making { worker: maker, .. } if *maker == worker) {
                if let Some(wire) = bytes.pop() {
                    inner.ahead = Ahead::Made { algorithm: algorithm.clone(), wire };
                }
                return;
            }
        }
        self.tell(Event::Reply { worker, reply, bytes });
    }

    fn ended(&self, worker: usize, reason: String) {
        // From within the worker's own handler, so not before that has returned.
        let pool = self.clone();
        platform::after(0, move || {
            let ends = {
                let mut inner = pool.inner.borrow_mut();
                if let Some(place) = inner.threads.get_mut(worker) {
                    *place = None;
                }
                inner.ends += 1;
                inner.ends
            };
            if ends < MOST_ENDS {
                pool.start(worker);
            }
            pool.forget_ahead_of(worker);
            pool.tell(Event::Ended { reason });
        });
    }

    fn tell(&self, event: Event) {
        let listener = self.inner.borrow().listener.clone();
        if let Some(listener) = listener {
            listener(event);
        }
    }

    /// Ends every worker at once, whatever it does, and starts fresh ones.
    pub(crate) fn restart(&self) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.threads.clear();
            if matches!(inner.ahead, Ahead::Making { .. }) {
                inner.ahead = Ahead::None;
            }
        }
        let pool = self.clone();
        platform::after(0, move || pool.warm());
    }

    fn forget_ahead_of(&self, worker: usize) {
        let mut inner = self.inner.borrow_mut();
        if matches!(&inner.ahead, Ahead::Making { worker: maker, .. } if *maker == worker) {
            inner.ahead = Ahead::None;
        }
    }

    /// Has an `sa.key` of this algorithm made in the last worker, unless there is one. One of
    /// another algorithm is thrown away; `None` throws away whatever there is.
    pub(crate) fn make_ahead(&self, algorithm: Option<&str>) {
        let kept = match &self.inner.borrow().ahead {
            Ahead::None => None,
            Ahead::Making { algorithm, .. } | Ahead::Made { algorithm, .. } => {
                Some(algorithm.clone())
            }
        };
        if kept.as_deref() == algorithm {
            return;
        }
        let making = match std::mem::take(&mut self.inner.borrow_mut().ahead) {
            Ahead::Making { worker, .. } => Some(worker),
            Ahead::None | Ahead::Made { .. } => None,
        };
        if let Some(worker) = making {
            // It may be in the middle of an RSA-4096 key that nobody wants any more.
            self.start(worker);
        }
        let (Some(algorithm), Some(worker)) = (algorithm, self.len().checked_sub(1)) else {
            return;
        };
        let Ok(seed) = random_seed() else { return };
        let algorithm = algorithm.to_owned();
        self.inner.borrow_mut().ahead = Ahead::Making { worker, algorithm: algorithm.clone() };
        let seed = Bytes::new(seed.to_vec());
        self.send(worker, &Request::KeyAhead { algorithm }, vec![seed]);
    }

    /// Takes the key made ahead, if it is of this algorithm. It is used once.
    pub(crate) fn take_ahead(&self, wanted: &str) -> Found {
        let mut inner = self.inner.borrow_mut();
        match std::mem::take(&mut inner.ahead) {
            Ahead::Made { algorithm, wire } if algorithm == wanted => Found::Ready(wire),
            Ahead::Making { worker, algorithm } if algorithm == wanted => Found::Coming { worker },
            Ahead::None | Ahead::Made { .. } | Ahead::Making { .. } => Found::Nothing,
        }
    }
}

/// 32 bytes from the browser.
pub(super) fn random_seed() -> Result<Seed, String> {
    SystemEntropy(getrandom::fill).seed("").map_err(|error| error.reason)
}
