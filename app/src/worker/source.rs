//! Where workers come from.

use std::cell::RefCell;
use std::rc::Rc;

use crate::platform::{Packet, Thread, Worker};

/// What `boot.js` handed over; clones are the same one.
#[derive(Clone)]
pub(crate) struct Source {
    module: js_sys::WebAssembly::Module,
    url: String,
    /// The worker that `boot.js` started while the module was still being compiled.
    first: Rc<RefCell<Option<Worker>>>,
}

impl Source {
    pub(crate) fn new(
        module: js_sys::WebAssembly::Module,
        url: String,
        first: Option<Worker>,
    ) -> Self {
        Self { module, url, first: Rc::new(RefCell::new(first)) }
    }

    /// A worker of one's own; the first one is far on its way already.
    pub(crate) fn start(
        &self,
        on_reply: impl FnMut(Packet) + 'static,
        on_end: impl FnMut(String) + 'static,
    ) -> Option<Thread> {
        match self.first.take() {
            Some(worker) => Some(Thread::adopt(worker, on_reply, on_end)),
            None => Thread::start(&self.url, &self.module, on_reply, on_end),
        }
    }
}
