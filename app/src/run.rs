//! The two exports that `public/boot.js` calls.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::{platform, shell, worker};

/// Starts the interface in the document.
///
/// `module` is the compiled wasm module, to be posted as `{ module }` to every worker,
/// `worker_url` is the address of the classic script to start workers from, and `first` is a worker
/// that was sent the module already, unless it failed.
#[wasm_bindgen]
pub fn run_window(
    module: js_sys::WebAssembly::Module,
    worker_url: String,
    first: Option<platform::Worker>,
) {
    let source = worker::Source::new(module, worker_url, first);
    mount_to_body(move || view! { <shell::Shell source=source /> });
}

/// Starts a worker: installs its message handler and returns.
#[wasm_bindgen]
pub fn run_worker() {
    worker::serve();
}
