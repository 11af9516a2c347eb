//! Workers, seen from the window and from inside.

use wasm_bindgen::prelude::*;
pub(crate) use web_sys::Worker;
use web_sys::{DedicatedWorkerGlobalScope, ErrorEvent, MessageEvent};

use super::{Packet, Picked};

/// A running worker. Dropping it ends the worker at once, whatever it is doing.
pub(crate) struct Thread {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Thread {
    /// Starts a worker from the module that `boot.js` compiled.
    pub(crate) fn start(
        url: &str,
        module: &js_sys::WebAssembly::Module,
        on_reply: impl FnMut(Packet) + 'static,
        on_end: impl FnMut(String) + 'static,
    ) -> Option<Self> {
        let worker = Worker::new(url).ok()?;
        let start = js_sys::Object::new();
        js_sys::Reflect::set(&start, &"module".into(), module).ok()?;
        worker.post_message(&start).ok()?;
        Some(Self::adopt(worker, on_reply, on_end))
    }

    /// Takes over a worker that has got the module. What it said before is heard only if this is
    /// called before the browser's next turn.
    pub(crate) fn adopt(
        worker: Worker,
        mut on_reply: impl FnMut(Packet) + 'static,
        mut on_end: impl FnMut(String) + 'static,
    ) -> Self {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(packet) = Packet::held_from_js(&event.data()) {
                on_reply(packet);
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // Told to the person in words; the console need not repeat it.
            event.prevent_default();
            on_end(event.message());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self { worker, _on_message: on_message, _on_error: on_error }
    }

    /// Sends a request; its bytes are handed over, and wiped here.
    pub(crate) fn send(&self, packet: Packet) {
        self.send_with(packet, &[]);
    }

    /// The same with files, which arrive as bytes after the others; the worker reads them, so that
    /// a large one never passes through the window.
    pub(crate) fn send_with(&self, packet: Packet, files: &[Picked]) {
        let (message, transfer) = packet.into_js();
        for file in files {
            message.push(&file.file);
        }
        // Fails only for values that cannot be cloned; text, bytes and files can.
        let _ = self.worker.post_message_with_transfer(&message, &transfer);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Inside a worker: calls `serve` for each request from now on.
pub(crate) fn on_request(mut serve: impl FnMut(Packet) + 'static) {
    let scope = scope();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(packet) = Packet::from_js(&event.data()) {
            serve(packet);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
}

/// Inside a worker: answers.
pub(crate) fn send_reply(packet: Packet) {
    let (message, transfer) = packet.into_js();
    // As in `Thread::send`.
    let _ = scope().post_message_with_transfer(&message, &transfer);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
