//! The workers that the window keeps: as many as processors, warm before they are needed.

use std::cell::RefCell;
use std::rc::Rc;

use pki_core::issue::{Entropy, Seed, SystemEntropy};

use super::message::{Reply, Request};
use super::source::Source;
use super::wire::Kind;
use crate::platform::{self, Bytes, Held, Packet, Thread};

/// More would not pay: the largest layouts are limited by the one worker that writes the archive.
const MOST_WORKERS: usize = 8;

/// How often a worker rehearses before the first run: then the browser has compiled the inner loops
/// for speed. Each is over in a blink, and none is begun after the run has.
const REHEARSALS: u32 = 5;

/// After this many ends without an answer between them, no worker is started again.
const MOST_ENDS: u32 = 8;

/// What happened in a worker.
pub(crate) enum Event {
    /// It answered.
    Reply { worker: usize, reply: Reply, held: Vec<Held> },
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
    /// How often each worker is still to rehearse.
    rehearsals: Vec<u32>,
    /// Ends since the last answer.
    ends: u32,
}

/// Keys that are made ahead of need. Algorithms go by name.
#[derive(Default)]
struct Ahead {
    /// What a run would need, the most urgent first.
    wanted: Vec<&'static str>,
    /// In the making, and in which worker.
    making: Vec<(&'static str, usize)>,
    /// Made; the material is the bytes.
    made: Vec<KeyAhead>,
}

/// The algorithm's name and the material of a key that was made ahead.
pub(super) type KeyAhead = (&'static str, Held);

impl Ahead {
    /// What is wanted beyond what is made and in the making.
    fn missing(&self) -> Vec<&'static str> {
        let mut missing = self.wanted.clone();
        let making = self.making.iter().map(|(algorithm, _)| algorithm);
        for there in self.made.iter().map(|(algorithm, _)| algorithm).chain(making) {
            remove(&mut missing, there);
        }
        missing
    }
}

/// Takes one of this name away, and tells whether there was one.
fn remove(names: &mut Vec<&'static str>, name: &str) -> bool {
    let place = names.iter().position(|there| *there == name);
    place.map(|place| names.remove(place)).is_some()
}

impl Pool {
    /// An empty pool: [`Self::warm`] starts the workers.
    pub(crate) fn new(source: Source) -> Self {
        let inner = Inner {
            source,
            threads: Vec::new(),
            listener: None,
            ahead: Ahead::default(),
            rehearsals: vec![REHEARSALS; MOST_WORKERS],
            ends: 0,
        };
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
            self.rehearse(worker);
        }
        self.make_missing();
    }

    fn rehearse(&self, worker: usize) {
        let mut inner = self.inner.borrow_mut();
        let Some(left @ 1..) = inner.rehearsals.get_mut(worker) else { return };
        *left -= 1;
        drop(inner);
        self.send(worker, &Request::Warm, Vec::new());
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
        let thread = source.start(
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
        self.post(worker, request.packet(bytes));
    }

    /// Sends a request with bytes that the window never looked at.
    pub(crate) fn pass_on(&self, worker: usize, request: &Request, held: Vec<Held>) {
        self.post(worker, request.packet(Vec::new()).holding(held));
    }

    fn post(&self, worker: usize, packet: Packet) {
        if let Some(Some(thread)) = self.inner.borrow().threads.get(worker) {
            thread.send(packet);
        }
    }

    fn replied(&self, worker: usize, packet: Packet) {
        let Some(reply) = Kind::Run.unpack(&packet) else { return };
        let mut held = packet.held;
        self.inner.borrow_mut().ends = 0;
        if let Reply::Warmed = reply {
            return self.rehearse(worker);
        }
        if let Reply::KeyAhead { algorithm: made } = &reply {
            // What a run has taken over is for the run.
            if let Some(algorithm) = self.forget_ahead_of(worker) {
                // It may be of a run that is over.
                if let Some(wire) = held.pop().filter(|_| algorithm == made) {
                    self.inner.borrow_mut().ahead.made.push((algorithm, wire));
                }
                return self.make_missing();
            }
        }
        self.tell(Event::Reply { worker, reply, held });
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
            inner.ahead.making.clear();
        }
        let pool = self.clone();
        platform::after(0, move || pool.warm());
    }

    /// The algorithm of the key that this worker was to make, which it no longer is.
    fn forget_ahead_of(&self, worker: usize) -> Option<&'static str> {
        let making = &mut self.inner.borrow_mut().ahead.making;
        let place = making.iter().position(|(_, maker)| *maker == worker)?;
        Some(making.swap_remove(place).0)
    }

    /// Has keys of these algorithms made, the first ones first. Those that are not among them are
    /// thrown away.
    pub(crate) fn make_ahead(&self, wanted: Vec<&'static str>) {
        let stopped: Vec<_> = {
            let ahead = &mut self.inner.borrow_mut().ahead;
            if ahead.wanted == wanted {
                return;
            }
            let mut missing = wanted.clone();
            ahead.wanted = wanted;
            ahead.made.retain(|(algorithm, _)| remove(&mut missing, algorithm));
            let mut stopped = Vec::new();
            ahead.making.retain(|(algorithm, worker)| {
                let is_wanted = remove(&mut missing, algorithm);
                stopped.extend((!is_wanted).then_some(*worker));
                is_wanted
            });
            stopped
        };
        for worker in stopped {
            // It may be in the middle of an RSA-4096 key that nobody wants any more.
            self.start(worker);
        }
        self.make_missing();
    }

    /// Gives keys that are wanted to workers that make none. One worker is left idle, so that the
    /// page has a processor to itself.
    fn make_missing(&self) {
        let count = self.len();
        for worker in (usize::from(count > 1)..count).rev() {
            if !self.is_there(worker) {
                continue;
            }
            let algorithm = {
                let ahead = &mut self.inner.borrow_mut().ahead;
                let missing = ahead.missing();
                let Some(algorithm) = missing.first().copied() else { return };
                if ahead.making.iter().any(|(_, maker)| *maker == worker) {
                    continue;
                }
                ahead.making.push((algorithm, worker));
                algorithm
            };
            let Ok(seed) = random_seed() else { return };
            let request = Request::KeyAhead { algorithm: algorithm.to_owned() };
            self.send(worker, &request, vec![Bytes::new(seed.to_vec())]);
        }
    }

    /// Takes what was made ahead, each to be used once, and the workers that will answer with one
    /// more. No others are begun, and nothing is rehearsed any more.
    pub(super) fn take_ahead(&self) -> (Vec<KeyAhead>, Vec<usize>) {
        let mut inner = self.inner.borrow_mut();
        inner.rehearsals.clear();
        let ahead = std::mem::take(&mut inner.ahead);
        (ahead.made, ahead.making.into_iter().map(|(_, worker)| worker).collect())
    }
}

/// 32 bytes from the browser.
pub(super) fn random_seed() -> Result<Seed, String> {
    SystemEntropy(getrandom::fill).seed("").map_err(|error| error.reason)
}
